"""The tables of a GTFS feed, read within bounds from a folder or a zip; faults name file and line.

Knows nothing of buses: ``gtfs.py`` asks for rows and says what is wrong with them.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from canal.errors import BadContent

MAX_BYTES = 50 * 1024 * 1024  # all tables together, unpacked
MAX_TEXT = 120  # a name or an id: it must fit a message and an address
MAX_PROBLEMS = 25  # told at once; the rest is likely the same mistake again

# Of what zipfile can unpack, these alone are unpacked piece by piece: a bomb cannot fill the memory.
_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TIME = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)", re.ASCII)
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


class Faults:
    """What is wrong with a feed, a sentence each. Gives up as soon as there is plenty to mend."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def add(self, file: str, line: int, problem: str) -> None:
        """Note a fault; line 0 stands for the file as a whole."""
        self.problems.append(f"{file}, line {line}: {problem}" if line else f"{file}: {problem}")
        if len(self.problems) >= MAX_PROBLEMS:
            raise BadContent([*self.problems, "There may be more: mend these first."])

    def raise_if_any(self) -> None:
        if self.problems:
            raise BadContent(self.problems)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. A column that the file lacks reads as empty; ``None`` is a fault already noted."""

    file: str
    line: int
    values: Mapping[str, str]
    faults: Faults

    def fault(self, problem: str) -> None:
        self.faults.add(self.file, self.line, problem)

    def text(self, column: str) -> str:
        value = self.values.get(column, "")
        if len(value) > MAX_TEXT:
            self.fault(f"{column} has over {MAX_TEXT} characters; shorten it")
            return value[:MAX_TEXT]
        return value

    def required(self, column: str) -> str | None:
        value = self.text(column)
        if not value:
            self.fault(f"{column} is empty; fill it in")
        return value or None

    def whole(self, column: str) -> int | None:
        """A number of at most nine digits, not negative."""
        if _WHOLE.fullmatch(self.text(column)):
            return int(self.text(column))
        self._wrong(column, "a whole number")
        return None

    def _wrong(self, column: str, wanted: str) -> None:
        self.fault(f"{column} is '{self.values.get(column, '')[:40]}'; write {wanted}")

    def choice(self, column: str, *allowed: str) -> str | None:
        if self.text(column) in allowed:
            return self.text(column)
        self._wrong(column, "one of: " + ", ".join(word or "nothing" for word in allowed))
        return None

    def degrees(self, column: str, bound: float) -> float | None:
        """Decimal degrees between ``-bound`` and ``bound``."""
        try:
            value = float(self.text(column))
        except ValueError:
            value = float("nan")
        if -bound <= value <= bound:
            return round(value, 6)
        self._wrong(column, f"degrees between -{bound:g} and {bound:g}")
        return None

    def seconds(self, column: str) -> int | None:
        """A GTFS time, H:MM:SS, as seconds since the service day began; may exceed 24 hours."""
        if found := _TIME.fullmatch(self.text(column)):
            hours, minutes, seconds = map(int, found.groups())
            return hours * 3600 + minutes * 60 + seconds
        self._wrong(column, "a time as 07:45:00 (25:10:00 for 1:10 the next night)")
        return None

    def day(self, column: str) -> date | None:
        """A GTFS date, YYYYMMDD."""
        if found := _DATE.fullmatch(self.text(column)):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                pass
        self._wrong(column, "a date as 20261231")
        return None


class Tables:
    """The files of one feed. Use ``open_tables``."""

    def __init__(self, files: Mapping[str, bytes], faults: Faults) -> None:
        self._files = files
        self.faults = faults

    def __contains__(self, file: str) -> bool:
        return file in self._files

    def rows(self, file: str, *columns: str) -> Iterator[Row]:
        """The rows of ``file``, nothing when it is not there. ``columns`` are those it cannot do without."""
        if file not in self._files:
            return
        try:
            text = self._files[file].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self._files[file].count(b"\n", 0, error.start) + 1
            self.faults.add(file, line, "the text is not UTF-8; save the file as UTF-8")
            return
        reader = csv.reader(io.StringIO(text, newline=""))
        try:
            header = [name.strip() for name in next(reader, [])]
            if self._has(file, header, columns):
                for values in reader:
                    if any(values):
                        cells = (value.strip() for value in values)
                        yield Row(file, reader.line_num, dict(zip(header, cells, strict=False)), self.faults)
        except csv.Error as error:
            self.faults.add(file, reader.line_num, f"not comma-separated values ({error}); mend the line")

    def _has(self, file: str, header: Sequence[str], columns: Sequence[str]) -> bool:
        missing = [column for column in columns if column not in header]
        for column in missing:
            self.faults.add(file, 1, f"the column {column} is missing; add it")
        return not missing


def open_tables(source: Path, wanted: Sequence[str]) -> Tables:
    """The ``wanted`` files of the folder or zip at ``source``, those that are there.

    Raises BadContent when it is neither, cannot be unpacked, or holds more than MAX_BYTES.
    """
    try:
        files = _from_folder(source, wanted) if source.is_dir() else _from_zip(source, wanted)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        # RuntimeError: the zip has a password; NotImplementedError, its child: packed in an unknown way
        raise BadContent([f"{source.name}: not a readable folder or zip of GTFS files ({error})"]) from error
    return Tables(files, Faults())


def _from_folder(folder: Path, wanted: Sequence[str]) -> dict[str, bytes]:
    paths = [folder / name for name in wanted if (folder / name).is_file()]
    _refuse_if_large(folder, sum(path.stat().st_size for path in paths))
    return {path.name: path.read_bytes() for path in paths}


def _from_zip(source: Path, wanted: Sequence[str]) -> dict[str, bytes]:
    """The files may stand in a folder of the zip, as people often pack them; the shallowest one counts."""
    _refuse_if_large(source, source.stat().st_size)
    with zipfile.ZipFile(source) as archive:
        found: dict[str, zipfile.ZipInfo] = {}
        for info in sorted(archive.infolist(), key=lambda info: info.filename.count("/"), reverse=True):
            name = info.filename.rpartition("/")[2]
            if name in wanted:
                found[name] = info
        if not all(info.compress_type in _BOUNDED for info in found.values()):
            raise ValueError("packed in an unusual way; make a plain zip")
        # zipfile hands out no more than the size that the directory declares, so this bounds the reading too
        _refuse_if_large(source, sum(info.file_size for info in found.values()))
        return {name: archive.read(info) for name, info in found.items()}


def _refuse_if_large(source: Path, size: int) -> None:
    if size > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise BadContent([f"{source.name}: over {limit} MB unpacked; leave only the town's lines in it"])
