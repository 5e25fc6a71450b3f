"""CSV as offices save it: commas or semicolons, UTF-8 or older Windows text, headings in any language.

``read_table`` gives rows that know their line; readers of a cell note what is wrong in ``problems`` and go
on.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from canal.content.importers.files import bounded, decoded
from canal.dialogue.understanding.text import fold
from canal.errors import BadContent

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_PROBLEMS = 50
MAX_CELL = 4_000  # characters

Headings = Mapping[str, Sequence[str]]  # column -> the folded headings it may stand under


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; an absent or empty cell is empty text."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fault(self, sentence: str) -> str:
        return f"{self.file}, line {self.line}: {sentence}"


def read_table(path: Path, headings: Headings, required: Sequence[str], most: int | None = None) -> list[Row]:
    """The rows of the file, at most ``most`` (else MAX_ROWS); BadContent where it is too big, no table, or lacks a
    required column.
    """
    text = decoded(bounded(path, MAX_BYTES, "keep the rows that are still needed"))
    if "\0" in text:
        raise BadContent([f"{path.name}: not a text table; save the sheet as CSV"])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        columns = _columns(path.name, next(reader, []), headings, required)
        return _rows(path.name, reader, columns, most or MAX_ROWS)
    except csv.Error as fault:
        raise BadContent([f"{path.name}, line {reader.line_num}: {fault}; check its quotes"]) from fault


def raise_all(problems: Sequence[str]) -> None:
    """Raises the faults, if any, as one BadContent of readable length."""
    if len(problems) > MAX_PROBLEMS:
        problems = [*problems[:MAX_PROBLEMS], f"… and {len(problems) - MAX_PROBLEMS:,} more"]
    if problems:
        raise BadContent(list(problems))


def read_day(text: str) -> date | None:
    """A date as 23/11/2026 (also with - or .) or 2026-11-23; None where it is neither."""
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text.strip()):
        day, month, year = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text.strip()):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """An hour as 9, 9:00, 09.30 or 9h; 24:00 is midnight. None where it is none of them."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2})?)?", text.strip().lower())
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return time(hour % 24, minute) if minute < 60 and hour < 24 + (minute == 0) else None


def read_flag(text: str) -> bool:
    return fold(text) in {"1", "si", "yes", "true", "x"}


def _delimiter(text: str) -> str:
    heading = text.lstrip().split("\n", 1)[0]
    return max(",;\t", key=heading.count)


def _columns(file: str, heading: list[str], headings: Headings, required: Sequence[str]) -> list[str]:
    known = {fold(name): column for column, names in headings.items() for name in (column, *names)}
    columns = [known.get(fold(cell), "") for cell in heading]
    problems = [
        f"{file}, line 1: there is no column «{column}»; the first line must name the columns"
        for column in required
        if column not in columns
    ]
    problems += [
        f"{file}, line 1: column «{cell[:40]}» is not known; known are {', '.join(headings)}"
        for cell, column in zip(heading, columns, strict=True)
        if not column and cell.strip()
    ]
    raise_all(problems)
    return columns


def _rows(
    file: str,
    reader: csv._reader,  # type: ignore[name-defined,unused-ignore]
    columns: list[str],
    most: int,
) -> list[Row]:
    rows: list[Row] = []
    problems: list[str] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
            continue
        row = Row(file, reader.line_num, dict(zip(columns, map(str.strip, cells), strict=False)))
        if len(cells) > len(columns):
            problems.append(row.fault("has more cells than the first line; quote texts that hold the separator"))
        if any(len(cell) > MAX_CELL for cell in cells):
            problems.append(row.fault(f"has a text of over {MAX_CELL:,} characters; shorten it"))
        rows.append(row)
        if len(rows) > most:
            raise BadContent([f"{file}: over {most:,} rows; keep the ones that are still needed"])
    raise_all(problems)
    return rows
