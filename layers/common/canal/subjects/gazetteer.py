"""The town's streets, squares and landmarks: a place out of words, and words for a pin.

``find`` lives in ``place_search.py``; this file holds what a place is. A street with a number is a Spot of its own,
whose id carries the number ("sant_roc:12"), so that a choice on the screen needs nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from canal.subjects.geo import metres
from canal.subjects.origin import Both

if TYPE_CHECKING:
    from canal.subjects.place_search import PlaceSearch

NUMBER = re.compile(r"\d{1,4}[a-z]?")
DEGREE = 111_000  # metres of latitude, a little less than they are


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: ``name`` as it is shown, ``also`` other spellings, ``numbers`` the portals with known positions."""

    id: str
    kind: str  # "street", "square", "landmark" or "quarter"
    name: Both
    also: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    numbers: Mapping[str, tuple[float, float]]
    zone: str
    demo: bool

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Place:
        return cls(
            record["id"],
            record["kind"],
            record["name"],
            tuple(record.get("also", ())),
            record.get("latitude"),
            record.get("longitude"),
            {number: (point[0], point[1]) for number, point in record.get("numbers", {}).items()},
            record.get("zone", ""),
            bool(record.get("demo", False)),
        )

    def spot(self, number: str = "") -> Spot:
        """This place, at the house of that number: where it is not known exactly, somewhere in the street."""
        latitude, longitude = self.numbers.get(number, (self.latitude, self.longitude))
        identifier = f"{self.id}:{number}" if number else self.id
        return Spot(identifier, self.kind, self.name, number, latitude, longitude, self.zone, self.demo)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to send somebody to. Coordinates are WGS 84 degrees, both None where they are not known; ``demo``: they
    are made up for a demonstration.
    """

    id: str
    kind: str
    name: Both
    number: str
    latitude: float | None
    longitude: float | None
    zone: str
    demo: bool

    def label(self, language: str) -> str:
        """As people write it: "c/ Sant Roc, 12"."""
        name = self.name.get(language) or next(iter(self.name.values()))
        return f"{name}, {self.number}" if self.number else name


@dataclass(frozen=True, slots=True)
class Match:
    """A place that words may mean; ``sure`` when they mean it and nothing else."""

    spot: Spot
    sure: bool


@dataclass(frozen=True)  # no slots: its indexes are made when somebody first asks
class Gazetteer:
    """All places of a town; none at all in a town that has not loaded them."""

    places: tuple[Place, ...]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Gazetteer:
        """From the compiled ``gazetteer`` section."""
        return cls(tuple(Place.from_content(each) for each in data["places"]))

    def find(self, text: str, limit: int = 3) -> tuple[Match, ...]:
        """The places that a sentence names, in either language, slips forgiven; best first, none where none is."""
        found = self._search.find(text)[:limit]
        return tuple(Match(self._by_id[place].spot(number), sure) for place, number, sure in found)

    def spot(self, identifier: str) -> Spot | None:
        """The Spot of an id that ``find`` or ``near`` gave; None once the content has it no more."""
        name, _, number = identifier.partition(":")
        place = self._by_id.get(name)
        return place.spot(number) if place and (not number or NUMBER.fullmatch(number)) else None

    def near(self, latitude: float, longitude: float, within: float = 150) -> Spot | None:
        """The nearest place to a pin, at most ``within`` metres away; None for a pin that is nowhere."""
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return None
        low = bisect_left(self._points, latitude - within / DEGREE, key=_latitude)
        high = bisect_right(self._points, latitude + within / DEGREE, key=_latitude)
        reach = (
            (metres(latitude, longitude, lat, lon), place, number) for lat, lon, place, number in self._points[low:high]
        )
        found = min((each for each in reach if each[0] <= within), key=lambda each: each[0], default=None)
        return found[1].spot(found[2]) if found else None

    @cached_property
    def _by_id(self) -> Mapping[str, Place]:
        return {place.id: place for place in self.places}

    @cached_property
    def _points(self) -> list[tuple[float, float, Place, str]]:
        return sorted(_points_of(self.places), key=_latitude)

    @cached_property
    def _search(self) -> PlaceSearch:
        from canal.subjects.place_search import PlaceSearch

        return PlaceSearch.of(self.places)


def _latitude(point: tuple[float, float, Place, str]) -> float:
    return point[0]


def _points_of(places: tuple[Place, ...]) -> Iterator[tuple[float, float, Place, str]]:
    for place in places:
        if place.latitude is not None and place.longitude is not None and place.kind != "quarter":
            yield place.latitude, place.longitude, place, ""
        yield from ((latitude, longitude, place, number) for number, (latitude, longitude) in place.numbers.items())
