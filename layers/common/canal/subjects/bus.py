"""The bus: its lines and stops, when the next one leaves, and which stop is nearest.

Reads the ``bus`` section of the compiled content (made of a GTFS feed, see ``content/importers/gtfs.py``).
Times of a feed count from noon minus 12 hours of the service day and go beyond 24 hours at night, so a
question asked at 00:20 is answered from yesterday's service day too. Moments are compared in UTC seconds: on
the two days a year when the clocks change, a wall time may come twice or not at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from canal.dialogue.understanding import text
from canal.subjects.geo import Located, Near, nearest

NIGHT_ENDS = time(4)  # what leaves before this hour belongs, for people, to the evening before
LOOK_AHEAD = 14  # days searched for the next bus of a stop that has none today

# Folded words that go with any stop, in either language: the station of the buses is more than "autobús".
_OF_ANY_STOP = frozenset(
    (
        "autobus",
        "autobusos",
        "autobuses",
        "buses",
        "busos",
        "dels",
        "parada",
        "parades",
        "paradas",
        "linia",
        "linea",
    )
)

Name = Mapping[str, str]  # {"ca", "es"}
Row = Sequence[int]  # seconds, line, headsign: positions in the section's lists


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop, or a station with all its platforms. ``codes`` are printed on its poles."""

    id: str
    name: Name
    latitude: float
    longitude: float
    codes: tuple[str, ...] = ()
    wheelchair: bool | None = None  # None: not known
    lines: tuple[str, ...] = ()  # short names of the lines that call here


@dataclass(frozen=True, slots=True)
class Direction:
    """One way of a line with its stops in order."""

    id: str
    headsign: Name
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line: ``name`` is what people call it ("3"), ``colour`` six hexadecimal digits or empty."""

    id: str
    name: str
    long_name: Name
    colour: str = ""
    directions: tuple[Direction, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Departure:
    """A bus that leaves a stop. ``time`` is aware, in the town's zone; ``minutes`` from now until then."""

    time: datetime
    line: Line
    headsign: Name
    minutes: int


@dataclass(frozen=True, slots=True)
class Service:
    """The days on which some trips run. ``hours``: (from, to) in which they are under way, seconds."""

    weekdays: str
    start: date | None
    end: date | None
    added: frozenset[date]
    removed: frozenset[date]
    hours: tuple[tuple[int, int], ...]

    def runs_on(self, day: date) -> bool:
        if day in self.added:
            return True
        if self.start is None or self.end is None or day in self.removed:
            return False
        return self.start <= day <= self.end and self.weekdays[day.weekday()] == "1"


class Bus:
    """The town's bus. Make it once with ``from_content``; every query is a look into what stands ready."""

    def __init__(
        self,
        lines: tuple[Line, ...],
        stops: Mapping[str, Stop],
        services: Mapping[str, Service],
        departures: Mapping[str, Mapping[str, Sequence[Row]]],
        headsigns: tuple[Name, ...],
        zone: ZoneInfo,
        valid: tuple[date, date],
        demo: bool,
    ) -> None:
        self.zone = zone
        self.valid_from, self.valid_until = valid
        self.demo = demo  # the timetable is made up and the answer must say so
        self._lines = lines
        self._stops = stops
        self._services = services
        self._departures = departures
        self._headsigns = headsigns
        self._served = tuple(stop for stop in stops.values() if stop.id in departures)
        latest = (hour[1] for service in services.values() for hour in service.hours)
        self._days_back = max(1, max(latest, default=0) // 86_400)

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Bus:
        """From the compiled ``bus`` section, whose shape ``content/importers/gtfs.py`` gives."""
        called: list[list[str]] = [[] for _ in data["stops"]]
        for line in data["lines"]:
            for place in {place for way in line["directions"] for place in way["stops"]}:
                called[place].append(line["name"])
        stops = tuple(_stop(stop, called[place]) for place, stop in enumerate(data["stops"]))
        return cls(
            lines=tuple(_line(line, stops) for line in data["lines"]),
            stops={stop.id: stop for stop in stops},
            services={id_: _service(service) for id_, service in data["services"].items()},
            departures=data["departures"],
            headsigns=tuple(_name(name) for name in data["headsigns"]),
            zone=ZoneInfo(data["timezone"]),
            valid=(_date(data["valid_from"]) or date.min, _date(data["valid_until"]) or date.max),
            demo=data["demo"],
        )

    # --- lines and stops --------------------------------------------------------------------------

    def lines(self) -> tuple[Line, ...]:
        """All lines, in the feed's order."""
        return self._lines

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self._lines if line.id == line_id), None)

    def find_lines(self, words: str) -> tuple[Line, ...]:
        """The lines whose name is one of the words: "la línia 3" is line 3."""
        said = set(text.words(words))
        return tuple(line for line in self._lines if said.issuperset(text.words(line.name)))

    def stops(self) -> tuple[Stop, ...]:
        """All stops, in the feed's order."""
        return tuple(self._stops.values())

    def stop(self, stop_id: str) -> Stop | None:
        return self._stops.get(stop_id)

    def find_stops(self, words: str, limit: int = 5) -> tuple[Stop, ...]:
        """The stops that ``words`` name, best first: by a code on the pole, else by name, typos forgiven."""
        said = text.words(words)
        meant = {known for word in said for known in self._meant(word)}
        scored = [(max(_fit(meant, name) for name in names), stop) for stop, names in self._named]
        best = max((score for score, _ in scored), default=0.0)
        by_name = [pair for pair in scored if pair[0] > 0 and pair[0] >= best / 2]
        by_name.sort(key=lambda pair: -pair[0])
        by_code = [stop for stop in self._stops.values() if _is_said(said, stop.codes)]
        return tuple({stop.id: stop for stop in (*by_code, *(stop for _, stop in by_name))}.values())[:limit]

    def nearest_stops(self, pin: Located, limit: int = 3) -> tuple[Near[Stop], ...]:
        """The stops nearest to ``pin`` where one can get on, with their distance in metres."""
        return nearest(pin, self._served, limit)

    @cached_property
    def _named(self) -> tuple[tuple[Stop, tuple[tuple[str, ...], ...]], ...]:
        """Every stop with the words of its name in each language."""
        return tuple((stop, tuple({text.words(name) for name in stop.name.values()})) for stop in self._stops.values())

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(word for _, names in self._named for name in names for word in name)

    def _meant(self, said: str) -> tuple[str, ...]:
        """The words of stop names that a typed word stands for: itself, else what it begins or misspells.

        Words of four letters are not taken for misspelt: "on para" is not Pare Pompili.
        """
        if said in self._vocabulary:
            return (said,)
        return tuple(
            word
            for word in self._vocabulary
            if (len(said) > 3 and len(word) > len(said) + 1 and word.startswith(said))
            or (len(said) > 4 and text.same(said, word))
        )

    # --- the timetable ----------------------------------------------------------------------------

    def valid_on(self, day: date) -> bool:
        """Whether the feed says anything about ``day``; a feed that has ended must never pass for current."""
        return self.valid_from <= day <= self.valid_until

    def is_running(self, now: datetime) -> bool:
        """Whether buses are under way at ``now``, pauses of up to an hour included."""
        moment = _minute(now)
        return any(
            begin <= moment - midnight <= end
            for midnight, day in self._days(now, self._days_back, 1)
            for service in self._services.values()
            if service.runs_on(day)
            for begin, end in service.hours
        )

    def departures(
        self, stop_id: str, now: datetime, limit: int = 3, line_id: str | None = None
    ) -> tuple[Departure, ...]:
        """The next buses at a stop until the end of this evening's night, soonest first; perhaps none.

        ``now`` is aware. A bus of this very minute counts. ``line_id`` keeps to one line.
        """
        moment = _minute(now)
        tomorrow = now.astimezone(self.zone).date() + timedelta(days=1)
        night_ends = datetime.combine(tomorrow, NIGHT_ENDS, self.zone).timestamp()
        found = {
            (midnight + seconds, line, sign)
            for midnight, day in self._days(now, self._days_back, 1)
            for seconds, line, sign in self._coming(stop_id, day, moment - midnight, limit, line_id)
            if day < tomorrow or midnight + seconds < night_ends
        }
        return tuple(self._departure(row, moment) for row in sorted(found)[:limit])

    def next_service(self, stop_id: str, now: datetime) -> Departure | None:
        """The next bus at a stop, today or within LOOK_AHEAD days; None when there is none."""
        moment = _minute(now)
        best: tuple[int, int, int] | None = None
        for midnight, day in self._days(now, self._days_back, LOOK_AHEAD):
            if best and best[0] < midnight:
                break
            for seconds, line, sign in self._coming(stop_id, day, moment - midnight, 1, None):
                found = (midnight + seconds, line, sign)
                best = min(best, found) if best else found
        return self._departure(best, moment) if best else None

    def _days(self, now: datetime, back: int, ahead: int) -> Iterator[tuple[int, date]]:
        """The service days around ``now`` that the feed covers, each with the UTC second it begins at."""
        today = now.astimezone(self.zone).date()
        for days in range(-back, ahead + 1):
            day = today + timedelta(days=days)
            if self.valid_on(day):
                noon = datetime.combine(day, time(12), self.zone)
                yield int(noon.timestamp()) - 43_200, day

    def _coming(self, stop_id: str, day: date, seconds: int, limit: int, line_id: str | None) -> Iterator[Row]:
        """Rows of a service day from ``seconds`` on, up to ``limit`` of each service."""
        for service, rows in self._departures.get(stop_id, {}).items():
            if self._services[service].runs_on(day):
                first = bisect_left(rows, seconds, key=_seconds)
                coming = (rows[place] for place in range(first, len(rows)))
                wanted = (row for row in coming if line_id is None or self._lines[row[1]].id == line_id)
                yield from islice(wanted, limit)

    def _departure(self, row: tuple[int, int, int], moment: int) -> Departure:
        at, line, sign = row
        return Departure(
            time=datetime.fromtimestamp(at, self.zone),
            line=self._lines[line],
            headsign=self._headsigns[sign],
            minutes=(at - moment) // 60,
        )


def _minute(now: datetime) -> int:
    """The UTC second at which the minute of ``now`` began; ValueError for a naive ``now``."""
    if now.tzinfo is None:
        raise ValueError("now must know its time zone")
    return int(now.timestamp()) // 60 * 60


def _seconds(row: Row) -> int:
    return row[0]


def _is_said(said: tuple[str, ...], codes: Sequence[str]) -> bool:
    """Whether one of the codes stands in the words: "D12" is in "parada d12"."""
    return any(text.fold(code) in said or text.words(code) == said for code in codes)


def _fit(meant: Container[str], name: Sequence[str]) -> float:
    """How well the words meant fit a stop's name: 0 not at all; more for more letters, and for all of them.

    Words of up to three letters ("del", "av") and those said of any stop ("autobús") name none alone, but
    help to choose between two.
    """
    matched = [word for word in name if word in meant]
    telling = any(len(word) > 3 and word not in _OF_ANY_STOP for word in matched)
    if not matched or not (telling or len(matched) == len(name)):
        return 0.0
    letters = sum(map(len, matched))
    return letters * (1 + letters / sum(map(len, name)))


def _name(name: str | Name) -> Name:
    return {"ca": name, "es": name} if isinstance(name, str) else name


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _stop(stop: Mapping[str, Any], lines: Sequence[str]) -> Stop:
    return Stop(
        id=stop["id"],
        name=_name(stop["name"]),
        latitude=stop["latitude"],
        longitude=stop["longitude"],
        codes=tuple(stop["codes"]),
        wheelchair=stop["wheelchair"],
        lines=tuple(lines),
    )


def _line(line: Mapping[str, Any], stops: Sequence[Stop]) -> Line:
    return Line(
        id=line["id"],
        name=line["name"],
        long_name=_name(line["long_name"]),
        colour=line["colour"],
        directions=tuple(
            Direction(way["id"], _name(way["headsign"]), tuple(stops[place] for place in way["stops"]))
            for way in line["directions"]
        ),
    )


def _service(service: Mapping[str, Any]) -> Service:
    return Service(
        weekdays=service["weekdays"],
        start=_date(service["start"]),
        end=_date(service["end"]),
        added=frozenset(map(date.fromisoformat, service["added"])),
        removed=frozenset(map(date.fromisoformat, service["removed"])),
        hours=tuple((begin, end) for begin, end in service["hours"]),
    )
