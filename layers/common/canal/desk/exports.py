"""Lists of cases as files for other programs: CSV for spreadsheets, GeoJSON for maps. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from canal.desk.views import Feature, FeatureCollection, Point, Row

BOM = "\ufeff"  # without it Excel takes UTF-8 for something older
COLUMNS = (
    "id kind state category department zone words address latitude longitude created_at updated_at due_at closed_at "
    "overdue escalated rating duplicate_of channel language demo"
).split()
NAMED = frozenset({"kind", "state", "category", "department", "zone"})  # identifiers that have a name for people
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what a spreadsheet may take for the beginning of one
SEPARATORS: Mapping[str, str] = {"comma": ",", "semicolon": ";"}

Name = Callable[[str, str], str]  # column and identifier -> the name in the reader's language
Local = Callable[[datetime], datetime]


def as_csv(rows: Iterable[Row], header: Mapping[str, str], name: Name, local: Local, separator: str = ",") -> str:
    """One line a case under a line of column names, with a byte order mark; hours on the town's clock."""
    text = io.StringIO()
    text.write(BOM)
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow([header[column] for column in COLUMNS])
    for row in rows:
        writer.writerow([cell(column, getattr(row, column), name, local) for column in COLUMNS])
    return text.getvalue()


def cell(column: str, value: object, name: Name, local: Local) -> str:
    """What stands in a cell. Numbers of ours stay numbers, a west longitude too; words can be no formula."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    return harmless(name(column, str(value)) if column in NAMED else str(value))


def harmless(words: str) -> str:
    """``words`` with an apostrophe before what a spreadsheet would calculate; spaces do not hide it."""
    return f"'{words}" if words.startswith(FORMULA) or words.lstrip().startswith(FORMULA) else words


def as_geojson(rows: Iterable[Row]) -> FeatureCollection:
    """One feature a case; without geometry where the place is known in words only."""
    return FeatureCollection(features=[feature(row) for row in rows])


def feature(row: Row) -> Feature:
    place = None
    if row.latitude is not None and row.longitude is not None:
        place = Point(coordinates=[row.longitude, row.latitude])
    properties = row.model_dump(mode="json", exclude={"id", "latitude", "longitude"})
    return Feature(id=row.id, geometry=place, properties=properties)
