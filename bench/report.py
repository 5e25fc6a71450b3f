"""A row of the report: what, figure, floor, ratio, and whether it is within what the design asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    figure: str
    floor: str
    ratio: float | None
    most: float | None  # the ratio that the design allows

    @property
    def met(self) -> bool:
        return self.ratio is None or self.most is None or self.ratio <= self.most


def table(rows: list[Row]) -> str:
    lines = [f"{'what':<58}{'figure':>16}{'floor':>16}{'ratio':>8}{'at most':>9}"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        most = "" if row.most is None else f"{row.most:.2f}"
        mark = "" if row.met else "  ← missed"
        lines.append(f"{row.what:<58}{row.figure:>16}{row.floor:>16}{ratio:>8}{most:>9}{mark}")
    return "\n".join(lines)
