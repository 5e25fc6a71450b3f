"""Cita prèvia: where to book, what is known to need an appointment, what to bring, what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canal.subjects.finding import Finder
from canal.subjects.origin import Both, Origin


@dataclass(frozen=True, slots=True)
class Bookable:
    """Something that needs an appointment. ``bring``: what it needs besides what all appointments do."""

    id: str
    name: Both
    about: Both
    where: Both
    bring: tuple[Both, ...]
    words: tuple[str, ...]
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Bookable:
        return cls(
            record["id"],
            record["name"],
            record["about"],
            record["where"],
            tuple(record["bring"]),
            tuple(record["words"]),
            Origin.from_content(record),
        )


@dataclass(frozen=True, slots=True)
class Appointments:
    """Booking in one town. ``bring`` holds for every appointment; ``unknown``: in sentences."""

    url: str
    about: Both
    origin: Origin
    bookable: tuple[Bookable, ...]
    bring: tuple[Both, ...]
    unknown: tuple[Both, ...]
    finder: Finder[Bookable]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Appointments:
        """From the compiled ``appointments`` section."""
        bookable = tuple(Bookable.from_content(each) for each in data["bookable"])
        return cls(
            data["booking"]["url"],
            data["booking"]["about"],
            Origin.from_content(data["booking"]),
            bookable,
            tuple(data["bring"]),
            tuple(data["unknown"]),
            Finder.of(((each, each.words) for each in bookable), data.get("ignored", ())),
        )

    def get(self, identifier: str) -> Bookable | None:
        return next((each for each in self.bookable if each.id == identifier), None)

    def find(self, text: str, limit: int = 3) -> tuple[Bookable, ...]:
        """What typed words ask an appointment for, the best first; empty where nothing known fits."""
        return tuple(found.thing for found in self.finder.find(text, limit))
