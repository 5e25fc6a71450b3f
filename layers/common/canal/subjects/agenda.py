"""Programació cultural: what is on today, this weekend and in the next days, by kind.

Repeats were expanded when the content was compiled; cancelled events stay, marked, so that nobody goes in
vain. Moments carry their offset, so they compare across the change of the clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from canal.subjects.finding import Finder
from canal.subjects.origin import Both, Origin

FRIDAY, SUNDAY = 4, 6
WEEKEND_FROM = timedelta(hours=18)  # the weekend starts on Friday evening
UNSAID_LENGTH = timedelta(hours=2)  # how long an event without an end counts as going on


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: theatre, cinema, exhibitions."""

    id: str
    name: Both
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Venue:
    """Where it is. ``approximate``: the pin stands for the neighbourhood, not the door; say so."""

    name: Both
    latitude: float | None
    longitude: float | None
    approximate: bool

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Venue:
        return cls(
            record["name"],
            record.get("latitude"),
            record.get("longitude"),
            bool(record.get("approximate", False)),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence. ``id`` has no colon and stays the same from one build to the next.

    All-day events start and end at midnight, ``ends`` being the midnight after the last day. ``ends`` is
    None where the agenda does not say. ``moved_from`` is when a moved occurrence should have been.
    """

    id: str
    title: Both
    about: Both
    kind: str
    venue: Venue | None
    starts: datetime
    ends: datetime | None
    all_day: bool
    cancelled: bool
    moved_from: datetime | None
    url: str
    price: Both
    origin: Origin

    @property
    def over_at(self) -> datetime:
        return self.ends or self.starts + UNSAID_LENGTH

    @property
    def last_day(self) -> date:
        """The last day on which it is on; a concert that ends after midnight belongs to its evening."""
        if self.all_day and self.ends:
            return (self.ends - timedelta(microseconds=1)).date()
        return self.starts.date() if self.lasts_hours else self.over_at.date()

    @property
    def lasts_hours(self) -> bool:
        """Whether it is over within a day, unlike an exhibition."""
        return self.over_at - self.starts <= timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Agenda:
    """The events of one town, earliest first, within the days that were compiled."""

    since: date
    until: date  # the day after the last one that is loaded
    kinds: tuple[Kind, ...]
    events: tuple[Event, ...]
    finder: Finder[Kind]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Agenda:
        """From the compiled ``agenda`` section."""
        kinds = tuple(Kind(each["id"], each["name"], tuple(each["words"])) for each in data["kinds"])
        events = (_event(data["items"][when["item"]], when) for when in data["occurrences"])
        return cls(
            date.fromisoformat(data["since"]),
            date.fromisoformat(data["until"]),
            kinds,
            tuple(sorted(events, key=lambda event: event.starts)),
            Finder.of((kind, kind.words) for kind in kinds),
        )

    def today(self, now: datetime, kind: str | None = None) -> tuple[Event, ...]:
        """What is on, or still to come, until midnight."""
        return self.between(now, _midnight(now) + timedelta(days=1), kind)

    def tomorrow(self, now: datetime, kind: str | None = None) -> tuple[Event, ...]:
        """What is on from midnight to midnight."""
        midnight = _midnight(now) + timedelta(days=1)
        return self.between(midnight, midnight + timedelta(days=1), kind)

    def weekend(self, now: datetime, kind: str | None = None) -> tuple[Event, ...]:
        """From Friday evening to Sunday night: this weekend if it has begun, else the coming one."""
        friday = _midnight(now) + timedelta(days=FRIDAY - now.weekday())
        return self.between(max(now, friday + WEEKEND_FROM), friday + timedelta(days=3), kind)

    def next_days(self, now: datetime, days: int = 7, kind: str | None = None) -> tuple[Event, ...]:
        """What is on from now on, today being the first of ``days`` days."""
        return self.between(now, _midnight(now) + timedelta(days=days), kind)

    def between(self, start: datetime, stop: datetime, kind: str | None = None) -> tuple[Event, ...]:
        """What is on at some moment of ``start <= t < stop``; exhibitions and the like come last."""
        on = (
            event
            for event in self.events
            if event.starts < stop and event.over_at > start and kind in (None, event.kind)
        )
        return tuple(sorted(on, key=lambda event: (not event.lasts_hours, event.starts)))

    def knows(self, day: date) -> bool:
        """Whether that day was compiled: "nothing on" and "agenda not loaded" are different answers."""
        return self.since <= day < self.until

    def kinds_of(self, events: Iterable[Event]) -> tuple[Kind, ...]:
        """The kinds that these events are of, in the town's order."""
        present = {event.kind for event in events}
        return tuple(kind for kind in self.kinds if kind.id in present)

    def get(self, identifier: str) -> Event | None:
        return next((event for event in self.events if event.id == identifier), None)

    def kind(self, identifier: str) -> Kind | None:
        return next((kind for kind in self.kinds if kind.id == identifier), None)

    def find_kind(self, text: str) -> Kind | None:
        """The kind meant by typed words ("cine", "obres de teatre")."""
        found = self.finder.find(text, 1)
        return found[0].thing if found else None


def _event(item: Mapping[str, Any], when: Mapping[str, Any]) -> Event:
    """An occurrence and what it shares with its repeats."""
    starts, moved_from = datetime.fromisoformat(when["start"]), _moment(when.get("moved_from"))
    return Event(
        id=f"{item['id']}.{moved_from or starts:%Y%m%d%H%M}",
        title=item["title"],
        about=item["about"],
        kind=item["kind"],
        venue=Venue.from_content(item["venue"]) if "venue" in item else None,
        starts=starts,
        ends=_moment(when.get("end")),
        all_day=bool(when.get("all_day", False)),
        cancelled=bool(when.get("cancelled", False)),
        moved_from=moved_from,
        url=item.get("url", ""),
        price=item.get("price", {}),
        origin=Origin.from_content(item),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _midnight(now: datetime) -> datetime:
    """The start of the day, on the clock of ``now``."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
