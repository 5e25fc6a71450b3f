"""``gazetteer.csv``, the town's streets, squares and landmarks, becomes the compiled ``gazetteer`` section.

Columns: id, kind, name_ca, name_es, also (other spellings, separated by ``|``), number, latitude, longitude, zone,
demo, source. A row with a number is a house of the street with that id: only id, number and coordinates are needed.
A street with houses and without coordinates of its own stands in their middle. How a town makes the file from open
data is told in ``gazetteer.md`` beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from canal.content.importers.table import Row, raise_all, read_flag, read_table
from canal.content.yamlfile import load
from canal.dialogue.understanding.text import fold
from canal.errors import BadContent
from canal.subjects.gazetteer import NUMBER

MAX_ROWS = 60_000
LONGEST_NAME = 60  # characters; with its number it is the title of a row
HEADINGS = {
    "id": ("codi", "codigo"),
    "kind": ("tipus", "tipo"),
    "name_ca": ("nom", "nom ca", "name"),
    "name_es": ("nombre", "nombre es"),
    "also": ("altres noms", "otros nombres", "alies", "alias"),
    "number": ("numero", "num", "portal"),
    "latitude": ("latitud", "lat"),
    "longitude": ("longitud", "lon", "lng"),
    "zone": ("zona",),
    "demo": (),
    "source": ("font", "fuente"),
}
KINDS: Mapping[str, str] = {
    fold(word): kind
    for kind, words in (
        ("street", "street carrer calle avinguda avenida passeig paseo ronda cami camino carretera travessia travesia"),
        ("square", "square placa plaza"),
        ("landmark", "landmark lloc lugar"),
        ("quarter", "quarter barri barrio partida"),
    )
    for word in words.split()
}


def compile_gazetteer(path: Path, zones: Collection[str] | None = None) -> dict[str, Any]:
    """The ``gazetteer`` section; empty where the town has no such file. ``zones``: those that a row may name, if
    they are known. Raises BadContent with the faults, each by its line.
    """
    if not path.exists():
        return {"places": []}
    rows = read_table(path, HEADINGS, ("id",), MAX_ROWS)
    problems: list[str] = []
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        if not re.fullmatch(r"[a-z0-9_]{1,40}", row["id"]):
            problems.append(row.fault(f"the id «{row['id'][:50]}» must be 1 to 40 of a-z, 0-9 and _"))
        else:
            by_id.setdefault(row["id"], []).append(row)
    places = [_place(same, zones, problems) for same in by_id.values()]
    raise_all(problems)
    return {"places": places}


def zones_of(path: Path) -> set[str] | None:
    """The ids of the zones in ``incidents.yaml``; None where it cannot be read, which others report."""
    try:
        zones = load(path).get("zones")
    except BadContent:
        return None
    listed = zones if isinstance(zones, list) else []
    return {str(zone["id"]) for zone in listed if isinstance(zone, dict) and "id" in zone}


def _place(rows: Sequence[Row], zones: Collection[str] | None, problems: list[str]) -> dict[str, Any]:
    """One place out of its row and those of its houses."""
    own = [row for row in rows if not row["number"]]
    problems += [row.fault(f"the id «{row['id']}» is used twice; ids must differ") for row in own[1:]]
    first = next(iter(own), next((row for row in rows if row["name_ca"] or row["name_es"]), rows[0]))
    numbers = _numbers(rows, problems)
    point = _point(own[0], problems) if own else None
    point = point or _middle(numbers.values())
    record: dict[str, Any] = {
        "id": first["id"],
        "kind": _kind(first, numbers, problems),
        "name": _name(first, problems),
        "also": [name.strip() for name in first["also"].split("|") if fold(name)],
        "zone": _zone(first, zones, problems),
    }
    if not first["source"] and not read_flag(first["demo"]):
        problems.append(first.fault("the source is empty; say where the name comes from, or demo = yes"))
    record |= {"latitude": point[0], "longitude": point[1]} if point else {}
    record |= {"numbers": numbers} if numbers else {}
    record |= {"source": first["source"]} if first["source"] else {}
    return record | ({"demo": True} if read_flag(first["demo"]) else {})


def _name(row: Row, problems: list[str]) -> dict[str, str]:
    """In both languages; one that is missing is the other."""
    name = {"ca": row["name_ca"] or row["name_es"], "es": row["name_es"] or row["name_ca"]}
    if not fold(name["ca"]) or not fold(name["es"]):
        problems.append(row.fault("the name is empty; write it under name_ca, name_es or both"))
    elif any(len(text) > LONGEST_NAME for text in name.values()):
        problems.append(row.fault(f"the name has over {LONGEST_NAME} characters; shorten it"))
    return name


def _kind(row: Row, numbers: Mapping[str, Any], problems: list[str]) -> str:
    kind = KINDS.get(fold(row["kind"])) if row["kind"] else "street"
    if kind is None:
        problems.append(
            row.fault(f"the kind «{row['kind'][:40]}» is not known; write street, square, landmark or quarter")
        )
    elif numbers and kind not in ("street", "square"):
        problems.append(row.fault("only streets and squares have house numbers"))
    return kind or "street"


def _zone(row: Row, zones: Collection[str] | None, problems: list[str]) -> str:
    if row["zone"] and zones is not None and row["zone"] not in zones:
        listed = ", ".join(sorted(zones)) or "none; add it to incidents.yaml"
        problems.append(row.fault(f"there is no zone «{row['zone'][:40]}»; known are {listed}"))
    return row["zone"]


def _numbers(rows: Iterable[Row], problems: list[str]) -> dict[str, list[float]]:
    """The houses with their positions."""
    found: dict[str, list[float]] = {}
    for row in rows:
        number = row["number"].replace(" ", "").lower()
        if not number:
            continue
        if not NUMBER.fullmatch(number):
            problems.append(row.fault(f"the number «{row['number'][:20]}» must be as 12 or 12b"))
        elif number in found:
            problems.append(row.fault(f"number {number} of «{row['id']}» stands twice"))
        elif point := _point(row, problems):
            found[number] = point
        elif not (row["latitude"] or row["longitude"]):
            problems.append(row.fault("a house needs its latitude and longitude"))
    return found


def _point(row: Row, problems: list[str]) -> list[float] | None:
    """Both coordinates or none; in Spain, so that swapped numbers are seen. A decimal comma is read as a point."""
    texts = [row[key].replace(",", ".") for key in ("latitude", "longitude")]
    if not any(texts):
        return None
    try:
        latitude, longitude = map(float, texts)
    except ValueError:
        latitude = longitude = float("nan")
    if not (isfinite(latitude) and isfinite(longitude) and 27 <= latitude <= 44 and -19 <= longitude <= 5):
        problems.append(row.fault("latitude and longitude must be degrees in Spain, as 39.15 and -0.435"))
        return None
    return [round(latitude, 6), round(longitude, 6)]


def _middle(points: Collection[Sequence[float]]) -> list[float] | None:
    """The point in the midst of some; None of none."""
    if not points:
        return None
    return [round(sum(point[axis] for point in points) / len(points), 6) for axis in (0, 1)]
