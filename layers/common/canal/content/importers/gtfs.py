"""GTFS Schedule (gtfs.org) to the ``bus`` section of the compiled content, which ``subjects/bus.py`` reads.

The section, all of it JSON (a name is a string, or {"ca", "es"} where translations.txt tells them apart)::

    {"demo": bool, "publisher": str, "version": str, "timezone": "Europe/Madrid",
     "valid_from": "2026-01-01", "valid_until": "2027-12-31",
     "stops": [{"id", "codes": [str], "name", "latitude", "longitude", "wheelchair": true | false | null}],
     "lines": [{"id", "name": "3", "long_name", "colour": "00843d" or "",
                "directions": [{"id", "headsign", "stops": [position in stops]}]}],
     "headsigns": [name],
     "services": {id: {"weekdays": "1111100", "start", "end", "added", "removed", "hours": [[from, to]]}},
     "departures": {stop id: {service id: [[seconds, line, headsign], ...in order]}}}

Seconds count from the beginning of the service day (noon minus 12 hours) and may exceed 24 hours.

A feed is **demonstration data** when ``feed_publisher_name`` says so ("DEMOSTRACIÓ", "DEMOSTRACIÓN" or
"DEMONSTRATION", in any case, with or without accents); the standard has no field for it.

The platforms of a station are one stop, the station, since that is what people look for; ``codes`` has what
is printed on the poles of all of them. An id holding more than letters, digits and "_.-~" is percent-encoded,
so that it can stand in the address of a screen.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from canal.content.importers.gtfs_calendar import Service, read_services
from canal.content.importers.gtfs_names import Names, address_part
from canal.content.importers.gtfs_tables import Row, Tables, open_tables
from canal.content.importers.gtfs_trips import Timetable, read_trips, timetable

REQUIRED = ("agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
OPTIONAL = ("calendar.txt", "calendar_dates.txt", "frequencies.txt", "feed_info.txt", "translations.txt")

_WHEELCHAIR = {"1": True, "2": False}


def read_gtfs(source: Path) -> dict[str, Any]:
    """The compiled section from a folder or zip at ``source``; BadContent says all that must be mended."""
    tables = open_tables(source, (*REQUIRED, *OPTIONAL))
    _require_files(tables)
    names = Names(tables)
    stops, positions = _stops(tables, names)
    lines, line_positions = _lines(tables, names)
    services = read_services(tables)
    about = _about(tables, services)
    trips = read_trips(tables, line_positions, services, positions)
    table = timetable(trips, {place: stop["name"] for place, stop in enumerate(stops)}, names)
    if not table.departures:
        tables.faults.add("stop_times.txt", 0, "not one departure in it; check that the feed is whole")
    tables.faults.raise_if_any()
    return {
        **about,
        "stops": stops,
        "lines": [{**line, "directions": list(_directions(table, n))} for n, line in enumerate(lines)],
        "headsigns": table.headsigns,
        "services": {
            name: {**service.compiled(), "hours": table.stretches(name)} for name, service in services.items()
        },
        "departures": {
            stops[stop]["id"]: {service: sorted(map(list, rows)) for service, rows in by_service.items()}
            for stop, by_service in table.departures.items()
        },
    }


def _require_files(tables: Tables) -> None:
    for file in REQUIRED:
        if file not in tables:
            tables.faults.add(file, 0, "the file is missing; every GTFS feed has it")
    if "calendar.txt" not in tables and "calendar_dates.txt" not in tables:
        tables.faults.add("calendar.txt", 0, "the file is missing, and calendar_dates.txt too; add one")
    tables.faults.raise_if_any()


def _about(tables: Tables, services: Mapping[str, Service]) -> dict[str, Any]:
    """Who publishes the feed and when it holds: its own dates, else those of its calendars."""
    about = {"demo": False, "publisher": "", "version": "", "timezone": _timezone(tables)}
    days = [day for service in services.values() for day in service.ends()]
    start, end = min(days, default=None), max(days, default=None)
    for row in tables.rows("feed_info.txt", "feed_publisher_name"):
        publisher = row.text("feed_publisher_name")
        about |= {"publisher": publisher, "version": row.text("feed_version"), "demo": _is_demo(publisher)}
        start = row.day("feed_start_date") if row.text("feed_start_date") else start
        end = row.day("feed_end_date") if row.text("feed_end_date") else end
        if start and end and end < start:
            row.fault("feed_end_date is before feed_start_date; mend one of them")
    about["valid_from"] = start.isoformat() if start else None
    about["valid_until"] = end.isoformat() if end else None
    return about


def _is_demo(publisher: str) -> bool:
    plain = unicodedata.normalize("NFKD", publisher.casefold()).encode("ascii", "ignore").decode()
    return "demostracio" in plain or "demonstration" in plain


def _timezone(tables: Tables) -> str:
    zone = ""
    for row in tables.rows("agency.txt", "agency_timezone"):
        if zone and row.text("agency_timezone") != zone:
            row.fault("agency_timezone differs from the line above; one feed, one time zone")
        zone = row.text("agency_timezone")
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, KeyError):
            row.fault(f"agency_timezone '{zone}' is unknown; write one such as Europe/Madrid")
    if not zone:
        tables.faults.add("agency.txt", 0, "no agency_timezone in it; write one such as Europe/Madrid")
    return zone


def _stops(tables: Tables, names: Names) -> tuple[list[dict[str, Any]], dict[str, int | None]]:
    """The stops, and the position of each id of stops.txt among them (None: an entrance, no stop)."""
    rows: dict[str, Row] = {}
    for row in tables.rows("stops.txt", "stop_id", "stop_name", "stop_lat", "stop_lon"):
        if stop := row.required("stop_id"):
            if stop in rows:
                row.fault(f"stop_id '{stop}' stands twice; give each stop its own")
            rows[stop] = row
    kinds = {stop: row.choice("location_type", "", "0", "1", "2", "3", "4") for stop, row in rows.items()}
    stops: list[dict[str, Any]] = []
    positions: dict[str, int | None] = {}
    for stop, row in rows.items():
        if kinds[stop] == "1" or (kinds[stop] in ("", "0") and not row.text("parent_station")):
            positions[stop] = len(stops)
            stops.append(_stop(stop, row, names))
    for stop, row in rows.items():
        parent = row.text("parent_station")
        if parent and kinds.get(parent) != "1":
            row.fault(f"parent_station '{parent}' is no station of stops.txt; add it (location_type 1)")
        elif stop not in positions:
            place = positions.get(parent) if kinds[stop] in ("", "0") else None
            positions[stop] = place
            if place is not None and row.text("stop_code"):
                stops[place]["codes"].append(row.text("stop_code"))
    return stops, positions


def _stop(stop: str, row: Row, names: Names) -> dict[str, Any]:
    name = row.required("stop_name") or ""
    return {
        "id": address_part(stop),
        "codes": [code] if (code := row.text("stop_code")) else [],
        "name": names.both(name, "stops", "stop_name", stop),
        "latitude": row.degrees("stop_lat", 90),
        "longitude": row.degrees("stop_lon", 180),
        "wheelchair": _WHEELCHAIR.get(row.text("wheelchair_boarding")),
    }


def _lines(tables: Tables, names: Names) -> tuple[list[dict[str, Any]], dict[str, int]]:
    lines: list[dict[str, Any]] = []
    positions: dict[str, int] = {}
    for row in tables.rows("routes.txt", "route_id"):
        line = row.required("route_id")
        short, long = row.text("route_short_name"), row.text("route_long_name")
        if not short and not long:
            row.fault("route_short_name and route_long_name are both empty; fill one in")
        if line in positions:
            row.fault(f"route_id '{line}' stands twice; give each line its own")
        if line:
            positions[line] = len(lines)
            lines.append(
                {
                    "id": address_part(line),
                    "name": short or long,
                    "long_name": names.both(long, "routes", "route_long_name", line),
                    "colour": row.text("route_color").lower(),
                }
            )
    return lines, positions


def _directions(table: Timetable, line: int) -> Iterator[dict[str, Any]]:
    """Each way of a line, by the run that most of its buses make; among equals the one with most stops."""
    ways = sorted((way, runs) for (number, way), runs in table.patterns.items() if number == line)
    for position, (_, runs) in enumerate(ways):
        stops, sign = _usual(runs)
        yield {"id": str(position), "headsign": table.headsigns[sign], "stops": list(stops)}


def _usual(runs: Counter[tuple[tuple[int, ...], int]]) -> tuple[tuple[int, ...], int]:
    return max(runs, key=lambda run: (runs[run], len(run[0]), run))
