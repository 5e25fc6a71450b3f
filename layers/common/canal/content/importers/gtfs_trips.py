"""The trips of a GTFS feed: when the buses of each service leave each stop, and in which order they call.

Times are seconds since the service day began (noon minus 12 hours) and may exceed 24 hours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NoReturn

from canal.content.importers.gtfs_names import Name, Names
from canal.content.importers.gtfs_tables import Row, Tables
from canal.errors import BadContent

MAX_DEPARTURES = 500_000  # a town's feed has thousands; one second of headway would make millions
PAUSE = 3600  # buses an hour apart still count as one stretch of service, seconds


@dataclass(frozen=True, slots=True)
class Call:
    """A bus at a stop. ``seconds`` is None where the feed leaves it to be reckoned from its neighbours."""

    sequence: int
    stop: int
    seconds: int | None
    headsign: str
    boards: bool  # one may get on
    line: int  # of stop_times.txt


@dataclass(slots=True)
class Trip:
    """One run of a bus, or the pattern of many when ``starts`` lists them (frequencies.txt)."""

    id: str
    line: int
    service: str
    direction: str
    headsign: str
    row: Row
    calls: list[Call] = field(default_factory=list)
    starts: list[range] = field(default_factory=list)


@dataclass(slots=True)
class Timetable:
    """What all trips together come to. Stops, lines and headsigns are positions in their lists."""

    signs: dict[str | tuple[str, str], tuple[int, Name]] = field(default_factory=dict)
    departures: dict[int, dict[str, set[tuple[int, int, int]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )  # stop -> service -> (seconds, line, headsign)
    patterns: dict[tuple[int, str], Counter[tuple[tuple[int, ...], int]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )  # (line, direction) -> (stops in order, headsign of the trip) -> how many buses run so
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0

    def headsign(self, name: Name) -> int:
        """The position of ``name`` among the headsigns, where it is put if it is new."""
        key = name if isinstance(name, str) else (name["ca"], name["es"])
        return self.signs.setdefault(key, (len(self.signs), name))[0]

    @property
    def headsigns(self) -> list[Name]:
        return [name for _, name in self.signs.values()]

    def stretches(self, service: str) -> list[list[int]]:
        """When buses of ``service`` are under way, [from, to], pauses of up to an hour bridged."""
        merged: list[list[int]] = []
        for begin, end in sorted(self.spans[service]):
            if merged and begin <= merged[-1][1] + PAUSE:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([begin, end])
        return merged


def read_trips(
    tables: Tables, lines: Mapping[str, int], services: Container[str], stops: Mapping[str, int | None]
) -> dict[str, Trip]:
    """Every trip with its calls in order. ``stops``: position of each stop, None for what is no stop."""
    trips: dict[str, Trip] = {}
    for row in tables.rows("trips.txt", "trip_id", "route_id", "service_id"):
        if trip := _trip(row, lines, services):
            if trip.id in trips:
                row.fault(f"trip_id '{trip.id}' stands twice; give each trip its own")
            trips[trip.id] = trip
    needed = ("trip_id", "stop_id", "stop_sequence", "departure_time")
    for count, row in enumerate(tables.rows("stop_times.txt", *needed)):
        if count > MAX_DEPARTURES:
            _refuse_so_many(row)
        if call := _call(row, trips, stops):
            trips[row.text("trip_id")].calls.append(call)
    for row in tables.rows("frequencies.txt", "trip_id", "start_time", "end_time", "headway_secs"):
        _add_frequency(row, trips)
    return trips


def _trip(row: Row, lines: Mapping[str, int], services: Container[str]) -> Trip | None:
    trip, line, service = row.required("trip_id"), row.required("route_id"), row.required("service_id")
    direction = row.choice("direction_id", "", "0", "1")
    if trip is None or line is None or service is None or direction is None:
        return None
    if line not in lines:
        row.fault(f"route_id '{line}' is not in routes.txt; add it there or mend it here")
    elif service not in services:
        row.fault(f"service_id '{service}' is in no calendar; add it there or mend it here")
    else:
        return Trip(trip, lines[line], service, direction, row.text("trip_headsign"), row)
    return None


def _call(row: Row, trips: Mapping[str, Trip], stops: Mapping[str, int | None]) -> Call | None:
    if row.text("trip_id") not in trips:
        row.fault(f"trip_id '{row.text('trip_id')}' is not in trips.txt; add it there or mend it here")
        return None
    stop = stops.get(row.text("stop_id"))
    if stop is None:
        row.fault(f"stop_id '{row.text('stop_id')}' is no stop of stops.txt; add it there or mend it here")
        return None
    sequence = row.whole("stop_sequence")
    column = "departure_time" if row.text("departure_time") else "arrival_time"
    seconds = row.seconds(column) if row.text(column) else None
    pickup = row.choice("pickup_type", "", "0", "1", "2", "3")
    if sequence is None or pickup is None:
        return None
    return Call(sequence, stop, seconds, row.text("stop_headsign"), pickup != "1", row.line)


def _add_frequency(row: Row, trips: Mapping[str, Trip]) -> None:
    start, end, headway = row.seconds("start_time"), row.seconds("end_time"), row.whole("headway_secs")
    if row.text("trip_id") not in trips:
        row.fault(f"trip_id '{row.text('trip_id')}' is not in trips.txt; add it there or mend it here")
    elif headway == 0:
        row.fault("headway_secs is 0; write the seconds from one bus to the next")
    elif start is not None and end is not None and headway is not None:
        if end <= start:
            row.fault("end_time is not after start_time; after midnight write 25:00:00 for 1:00")
        trips[row.text("trip_id")].starts.append(range(start, end, headway))


def timetable(trips: Mapping[str, Trip], stop_names: Mapping[int, Name], names: Names) -> Timetable:
    """All departures of all trips. Trips with fewer than two calls go nowhere and are left out."""
    table = Timetable()
    for trip in trips.values():
        calls = _timed(trip)
        if len(calls) > 1:
            _enter(table, trip, calls, stop_names, names)
    return table


def _timed(trip: Trip) -> list[tuple[Call, int]]:
    """The calls in order with their times, those left open spread evenly. Empty when there is a fault."""
    calls = sorted(trip.calls, key=lambda call: call.sequence)
    if len(calls) < 2 or not _is_sound(trip, calls):
        return []
    return list(zip(calls, _filled(calls), strict=True))


def _is_sound(trip: Trip, calls: list[Call]) -> bool:
    faults = list(_faults(calls))
    for call, problem in faults:
        trip.row.faults.add("stop_times.txt", call.line, problem)
    return not faults


def _faults(calls: list[Call]) -> Iterator[tuple[Call, str]]:
    """What is wrong with the order and the times of a trip's calls."""
    for before, after in pairwise(calls):
        if before.sequence == after.sequence:
            yield after, f"stop_sequence {after.sequence} stands twice in this trip; number the calls"
    for end in (calls[0], calls[-1]):
        if end.seconds is None:
            yield end, "the first and the last call of a trip need a time; fill it in"
    known = [(call, call.seconds) for call in calls if call.seconds is not None]
    for (_, earlier), (call, later) in pairwise(known):
        if later < earlier:
            yield call, "this time is before that of the call before; after midnight write 24:10:00"


def _filled(calls: list[Call]) -> Iterator[int]:
    known = [(place, call.seconds) for place, call in enumerate(calls) if call.seconds is not None]
    for (here, begin), (there, end) in pairwise(known):
        for place in range(here, there):
            yield begin + (end - begin) * (place - here) // (there - here)
    yield known[-1][1]


def _enter(
    table: Timetable, trip: Trip, calls: list[tuple[Call, int]], stop_names: Mapping[int, Name], names: Names
) -> None:
    first, last = calls[0][1], calls[-1][1]
    starts = _starts(table, trip, first, len(calls))
    towards = stop_names[calls[-1][0].stop]
    if trip.headsign:
        towards = names.both(trip.headsign, "trips", "trip_headsign", trip.id)
    sign = table.headsign(towards)
    order = tuple(call.stop for call, _ in calls)
    table.patterns[trip.line, trip.direction or str(towards)][order, sign] += len(starts)
    table.spans[trip.service].extend((start, start + last - first) for start in starts)
    for call, seconds in calls[:-1]:  # the last call is an arrival: nobody gets on there
        if call.boards:
            shown = table.headsign(_shown(call, trip, names)) if call.headsign else sign
            table.departures[call.stop][trip.service].update(
                (start + seconds - first, trip.line, shown) for start in starts
            )


def _shown(call: Call, trip: Trip, names: Names) -> Name:
    """What the front of the bus says at this very stop."""
    return names.both(call.headsign, "stop_times", "stop_headsign", trip.id, str(call.sequence))


def _starts(table: Timetable, trip: Trip, first: int, calls: int) -> list[int]:
    """When the trip leaves its first stop: once, or as often as frequencies.txt says, within bounds."""
    table.count += calls * (sum(map(len, trip.starts)) or 1)
    if table.count > MAX_DEPARTURES:
        _refuse_so_many(trip.row)
    return [start for starts in trip.starts for start in starts] or [first]


def _refuse_so_many(row: Row) -> NoReturn:
    """Gives up at once: reading on would fill the memory."""
    problem = f"over {MAX_DEPARTURES:,} departures; mend headways in frequencies.txt, leave out other towns"
    raise BadContent([*row.faults.problems, f"{row.file}, line {row.line}: {problem}"])
