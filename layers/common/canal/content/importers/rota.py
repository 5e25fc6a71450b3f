"""Pharmacies and their duty rota, from the CSV files that the town exports.

``pharmacies.csv``: id, name, name_es, address, address_es, phone, latitude, longitude, demo, source,
source_date, verified_at; the ``_es`` columns only where Spanish differs. ``rota.csv``, one row a shift:
date, pharmacy (id or name), kind (24h, day or night; 24h when empty), and from, to when the hours are not
the usual ones. A shift whose end is not after its start ends the next day. Two pharmacies may be on duty at
once; one pharmacy twice at once is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from canal.content.importers.table import Row, raise_all, read_day, read_flag, read_table, read_time
from canal.content.yamlfile import checked
from canal.dialogue.understanding.text import fold

HOURS: Mapping[str, tuple[time, time]] = {
    "full": (time(9), time(9)),
    "day": (time(9), time(22)),
    "night": (time(22), time(9)),
}
KINDS: Mapping[str, str] = {
    word: kind
    for kind, text in (
        ("full", " 24h 24 24hores 24horas full"),
        ("day", "day dia diurn diurno d"),
        ("night", "night nit noche nocturn nocturno n"),
    )
    for word in text.split(" ")
}
PHARMACY_HEADINGS = {
    "id": ("codi", "codigo"),
    "name": ("nom", "nombre", "farmacia"),
    "name_es": ("nom es", "nombre es"),
    "address": ("adreça", "direccion"),
    "address_es": ("adreça es", "direccion es"),
    "phone": ("telefon", "telefono"),
    "latitude": ("latitud", "lat"),
    "longitude": ("longitud", "lon"),
    "demo": (),
    "source": ("font", "fuente"),
    "source_date": (),
    "verified_at": (),
}
ROTA_HEADINGS = {
    "date": ("data", "dia", "fecha"),
    "pharmacy": ("farmacia",),
    "kind": ("torn", "turno", "tipus", "tipo"),
    "from": ("des de", "desde", "inici", "inicio"),
    "to": ("fins", "fins a", "hasta", "fi", "fin"),
}


@dataclass(frozen=True, slots=True)
class _Read:
    """A shift and the row it was read from."""

    row: Row
    pharmacy: str
    starts: datetime
    ends: datetime
    kind: str


def compile_pharmacies(folder: Path, zone: ZoneInfo) -> dict[str, Any]:
    """The ``pharmacies`` section of a folder with ``pharmacies.csv``, ``rota.csv`` and ``ask.yaml``.

    The rota holds ``[pharmacy id, start, end, kind]`` with ISO moments in the town's offset.
    """
    pharmacies = read_pharmacies(folder / "pharmacies.csv")
    rota = read_rota(folder / "rota.csv", pharmacies, zone)
    return {"pharmacies": pharmacies, "rota": rota, "ask": _read_ask(folder / "ask.yaml")}


def _read_ask(path: Path) -> list[dict[str, Any]]:
    seen: set[str] = set()
    with checked(path) as top:
        return [
            {"id": each.identifier(seen), "text": each.both("text"), **each.origin()} for each in top.records("ask")
        ]


def read_pharmacies(path: Path) -> list[dict[str, Any]]:
    """The pharmacies of the file, as compiled records."""
    problems: list[str] = []
    seen: set[str] = set()
    records = [_pharmacy(row, seen, problems) for row in read_table(path, PHARMACY_HEADINGS, ("id", "name", "address"))]
    raise_all(problems)
    return records


def _pharmacy(row: Row, seen: set[str], problems: list[str]) -> dict[str, Any]:
    if not row["id"] or row["id"] in seen:
        problems.append(row.fault(f"the id «{row['id']}» is empty or used twice; give each pharmacy its own"))
    seen.add(row["id"])
    if not row["name"]:
        problems.append(row.fault("the name is empty; write the pharmacy's name"))
    if not row["source"] and not read_flag(row["demo"]):
        problems.append(row.fault("the source is empty; say where the fact comes from, or demo = yes"))
    record: dict[str, Any] = {
        "id": row["id"],
        "name": {"ca": row["name"], "es": row["name_es"] or row["name"]},
        "address": {"ca": row["address"], "es": row["address_es"] or row["address"]},
        **{key: row[key] for key in ("phone", "source", "source_date", "verified_at") if row[key]},
        **_coordinates(row, problems),
    }
    return record | {"demo": True} if read_flag(row["demo"]) else record


def _coordinates(row: Row, problems: list[str]) -> dict[str, float]:
    """Both or none; in Spain, so that swapped or comma-less numbers are seen."""
    if not row["latitude"] and not row["longitude"]:
        return {}
    try:
        latitude, longitude = (float(row[key].replace(",", ".")) for key in ("latitude", "longitude"))
    except ValueError:
        latitude = longitude = float("nan")
    if not (27 <= latitude <= 44 and -19 <= longitude <= 5):
        problems.append(row.fault("latitude and longitude must be degrees in Spain, as 39.15 and -0.435"))
        return {}
    return {"latitude": latitude, "longitude": longitude}


def read_rota(path: Path, pharmacies: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> list[list[str]]:
    """The shifts of the file, earliest first, each ``[pharmacy id, start, end, kind]``."""
    names = {fold(name): each["id"] for each in pharmacies for name in (each["id"], *each["name"].values())}
    problems: list[str] = []
    rows = read_table(path, ROTA_HEADINGS, ("date", "pharmacy"))
    read = [shift for row in rows if (shift := _shift(row, names, zone, problems))]
    read.sort(key=lambda shift: (shift.starts, shift.row.line))
    problems += _overlaps(read)
    raise_all(problems)
    return [[each.pharmacy, each.starts.isoformat(), each.ends.isoformat(), each.kind] for each in read]


def _shift(row: Row, names: Mapping[str, str], zone: ZoneInfo, problems: list[str]) -> _Read | None:
    day, pharmacy, kind = read_day(row["date"]), names.get(fold(row["pharmacy"])), KINDS.get(_kind_word(row))
    faults = [
        (day is None, f"«{row['date']}» is no date; write it as 23/11/2026 or 2026-11-23"),
        (pharmacy is None, f"pharmacy «{row['pharmacy']}» is not in pharmacies.csv; add it or mend the name"),
        (kind is None, f"«{row['kind']}» is no kind of duty; write 24h, day or night"),
    ]
    hours = _hours(row, kind or "full")
    faults.append((hours is None, "the hours must be as 09:00, or both empty"))
    problems += [row.fault(sentence) for wrong, sentence in faults if wrong]
    if day is None or pharmacy is None or kind is None or hours is None:
        return None
    starts, ends = (datetime.combine(day, hour, zone) for hour in hours)
    return _Read(row, pharmacy, starts, ends if ends > starts else ends + timedelta(days=1), kind)


def _kind_word(row: Row) -> str:
    return fold(row["kind"]).replace(" ", "")


def _hours(row: Row, kind: str) -> tuple[time, time] | None:
    """The row's own hours, or the usual ones of its kind where it says none."""
    if not row["from"] and not row["to"]:
        return HOURS[kind]
    starts, ends = read_time(row["from"]), read_time(row["to"])
    return None if starts is None or ends is None else (starts, ends)


def _overlaps(shifts: Iterable[_Read]) -> list[str]:
    """Faults of pharmacies that are on duty twice at once; ``shifts`` earliest first."""
    last: dict[str, _Read] = {}
    faults: list[str] = []
    for shift in shifts:
        before = last.get(shift.pharmacy)
        if before and shift.starts < before.ends:
            faults.append(
                shift.row.fault(
                    f"the shift overlaps with line {before.row.line} of the same pharmacy; keep one of them"
                )
            )
        if not before or shift.ends > before.ends:
            last[shift.pharmacy] = shift
    return faults
