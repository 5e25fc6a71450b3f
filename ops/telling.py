"""What the operator reads: a table of the templates, one line for each language, and what they add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ops.comparing import GOOD, MISSING, WAITING, Action, Row

HEADINGS = ("template", "status", "category", "quality", "to do", "")


def table(rows: Sequence[Row]) -> str:
    """Columns as wide as their widest word; what needs a look begins with an exclamation mark."""
    cells = [HEADINGS, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS) - 1)]
    return "\n".join(_line(line, widths) for line in cells)


def _cells(row: Row) -> tuple[str, ...]:
    mark = "! " if row.in_trouble else "  "
    return f"{mark}{row.label}", row.status, row.category, row.quality or "-", row.action, "; ".join(row.notes)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*padded, cells[-1]]).rstrip()


def totals(rows: Sequence[Row]) -> str:
    """ "14 in the repository: 10 approved, 2 pending, 2 missing. 1 more at Meta." """
    ours = [row for row in rows if row.action != Action.FOREIGN]
    counted = Counter(_kind(row) for row in ours)
    said = ", ".join(f"{number} {kind}" for kind, number in counted.most_common()) or "none"
    others = len(rows) - len(ours)
    return f"{len(ours)} in the repository: {said}." + (f" {others} more at Meta." if others else "")


def _kind(row: Row) -> str:
    if row.status in GOOD:
        return "approved"
    if row.status in WAITING:
        return "under review"
    return "missing" if row.status == MISSING else row.status.lower()
