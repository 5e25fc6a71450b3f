"""Trastos i Ecoparc: the pick-up, the ecoparc and its hours, and where each thing goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from canal.subjects.finding import Finder
from canal.subjects.hours import OpeningHours, OpenState, Shifts
from canal.subjects.origin import Both, Origin


@dataclass(frozen=True, slots=True)
class Pickup:
    """The pick-up of bulky things at home, by telephone."""

    name: Both
    about: Both
    number: str
    dial: str
    steps: tuple[Both, ...]
    warning: Both
    unknown: Both  # what is not known of it, as a sentence
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Pickup:
        return cls(
            record["name"],
            record["about"],
            record["number"],
            record["dial"],
            tuple(record["steps"]),
            record["warning"],
            record["unknown"],
            Origin.from_content(record),
        )


@dataclass(frozen=True, slots=True)
class Ecoparc:
    """The collection site. ``note`` is a caution about its hours; the coordinates may be unknown."""

    name: Both
    where: Both
    who: Both
    hours: OpeningHours
    takes: tuple[Both, ...]
    note: Both
    latitude: float | None
    longitude: float | None
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Ecoparc:
        return cls(
            record["name"],
            record["where"],
            record["who"],
            OpeningHours.from_content(record["hours"]),
            tuple(record["takes"]),
            record["note"],
            record.get("latitude"),
            record.get("longitude"),
            Origin.from_content(record),
        )

    def state(self, now: datetime) -> OpenState:
        """Open until when, or closed until when, by the usual hours of the week."""
        return self.hours.state(now)

    def may_differ(self, now: datetime, holidays: Collection[date]) -> bool:
        """Whether today is a holiday for which the town has not told the hours: say so beside ``state``."""
        today = now.date()
        return today in holidays and self.hours.holiday is None and today not in self.hours.exceptions

    def week(self) -> tuple[Days, ...]:
        """The usual hours as a table reads them."""
        return tuple(Days(first, last, tuple(map(str, shifts))) for first, last, shifts in _alike(self.hours.week))


@dataclass(frozen=True, slots=True)
class Days:
    """Neighbouring weekdays, 0 being Monday, with the same ``hours``: "09:00-14:00", none when closed."""

    first: int
    last: int
    hours: tuple[str, ...]


def _alike(week: Sequence[Shifts]) -> Iterator[tuple[int, int, Shifts]]:
    """(first, last, shifts) of each run of equal days."""
    for shifts, days in groupby(range(len(week)), key=lambda weekday: week[weekday]):
        run = tuple(days)
        yield run[0], run[-1], shifts


@dataclass(frozen=True, slots=True)
class OtherService:
    """Something else about waste that the town offers."""

    id: str
    name: Both
    about: Both
    origin: Origin


@dataclass(frozen=True, slots=True)
class Destination:
    """Where things go: a container, the ecoparc, the pharmacy."""

    id: str
    name: Both
    about: Both


@dataclass(frozen=True, slots=True)
class WasteItem:
    """A thing to get rid of. ``destinations`` in the order to try them; ``note`` may be empty."""

    id: str
    name: Both
    words: tuple[str, ...]
    destinations: tuple[Destination, ...]
    note: Both


@dataclass(frozen=True, slots=True)
class Waste:
    """Waste in one town. ``items_origin``: where the rules of the items come from, all alike."""

    pickup: Pickup
    ecoparc: Ecoparc
    others: tuple[OtherService, ...]
    destinations: tuple[Destination, ...]
    items: tuple[WasteItem, ...]
    items_origin: Origin
    finder: Finder[WasteItem]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Waste:
        """From the compiled ``waste`` section."""
        places = {each["id"]: Destination(each["id"], each["name"], each["about"]) for each in data["destinations"]}
        items = tuple(_item(each, places) for each in data["items"])
        others = (
            OtherService(each["id"], each["name"], each["about"], Origin.from_content(each)) for each in data["others"]
        )
        return cls(
            Pickup.from_content(data["pickup"]),
            Ecoparc.from_content(data["ecoparc"]),
            tuple(others),
            tuple(places.values()),
            items,
            Origin.from_content(data["items_origin"]),
            Finder.of(((item, (*item.words, *item.name.values())) for item in items), data["ignored"]),
        )

    def find_item(self, text: str, limit: int = 3) -> tuple[WasteItem, ...]:
        """The things meant by typed words ("on puc tirar un sofà?"), the best first; slips forgiven."""
        return tuple(found.thing for found in self.finder.find(text, limit))

    def item(self, identifier: str) -> WasteItem | None:
        return next((item for item in self.items if item.id == identifier), None)


def _item(record: Mapping[str, Any], places: Mapping[str, Destination]) -> WasteItem:
    return WasteItem(
        record["id"],
        record["name"],
        tuple(record["words"]),
        tuple(places[place] for place in record["to"]),
        record.get("note", {}),
    )
