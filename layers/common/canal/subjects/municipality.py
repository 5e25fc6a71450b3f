"""The town's ground: whether a pin lies in it, and in which zone.

Outlines are lists of (latitude, longitude) in WGS 84 degrees; a municipality and its zones may consist of several. A
town of a few kilometres is flat enough for plane geometry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from canal.subjects.finding import Finder
from canal.subjects.origin import Both, Origin

Outline = tuple[tuple[float, float], ...]  # (latitude, longitude); the last point joins the first


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the separate grounds of a municipality. ``approximate``: the true limit is not known."""

    id: str
    name: Both
    outline: Outline
    approximate: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Zone:
    """A quarter or an outlying place; without ``pieces`` where its ground is not known."""

    id: str
    name: Both
    words: tuple[str, ...]
    pieces: tuple[Outline, ...]
    approximate: bool
    origin: Origin


@dataclass(frozen=True)  # no slots: the search of its names is made when somebody first asks
class Municipality:
    """One town's ground."""

    pieces: tuple[Piece, ...]
    zones: tuple[Zone, ...]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Municipality:
        """From the compiled ``incidents`` section."""
        return cls(tuple(map(_piece, data["municipality"])), tuple(map(_zone, data["zones"])))

    def contains(self, latitude: float, longitude: float) -> bool:
        """Whether the point lies in the municipality; its border counts as inside."""
        return _in_any((piece.outline for piece in self.pieces), latitude, longitude)

    def zone_of(self, latitude: float, longitude: float) -> str:
        """The id of the first zone that the point lies in; empty where it is in none."""
        return next((zone.id for zone in self.zones if _in_any(zone.pieces, latitude, longitude)), "")

    def zone(self, identifier: str) -> Zone | None:
        return next((zone for zone in self.zones if zone.id == identifier), None)

    def zone_named(self, text: str) -> str:
        """The id of the zone that the words name; empty where they name none, or two alike."""
        found = self._names.find(text)
        alone = len(found) == 1 or (len(found) > 1 and found[0].score > found[1].score)
        return found[0].thing.id if alone and found[0].score >= 1 else ""

    def zones_named(self, text: str) -> tuple[str, ...]:
        """The ids of all zones that the words name, in the town's order."""
        named = {found.thing.id for found in self._names.find(text, len(self.zones)) if found.score >= 1}
        return tuple(zone.id for zone in self.zones if zone.id in named)

    @cached_property
    def _names(self) -> Finder[Zone]:
        return Finder.of((zone, (*zone.words, *zone.name.values())) for zone in self.zones)


def inside(outline: Sequence[tuple[float, float]], latitude: float, longitude: float) -> bool:
    """Whether the point lies in the outline or on its border. Fewer than three points hold nothing, NaN is nowhere."""
    within = False
    for number, (lat1, lon1) in enumerate(outline if len(outline) > 2 else ()):
        lat2, lon2 = outline[number - 1]
        if _on_side(lat1, lon1, lat2, lon2, latitude, longitude):
            return True
        if (lat1 > latitude) != (lat2 > latitude):  # the side crosses the point's parallel
            crossing = lon1 + (latitude - lat1) * (lon2 - lon1) / (lat2 - lat1)
            within ^= longitude < crossing
    return within


def _on_side(lat1: float, lon1: float, lat2: float, lon2: float, latitude: float, longitude: float) -> bool:
    if not (min(lat1, lat2) <= latitude <= max(lat1, lat2) and min(lon1, lon2) <= longitude <= max(lon1, lon2)):
        return False
    return (lat2 - lat1) * (longitude - lon1) == (lon2 - lon1) * (latitude - lat1)


def _in_any(outlines: Iterable[Outline], latitude: float, longitude: float) -> bool:
    return any(inside(outline, latitude, longitude) for outline in outlines)


def _piece(record: Mapping[str, Any]) -> Piece:
    return Piece(
        record["id"],
        record["name"],
        _outline(record["outline"]),
        bool(record.get("approximate", False)),
        Origin.from_content(record),
    )


def _zone(record: Mapping[str, Any]) -> Zone:
    return Zone(
        record["id"],
        record["name"],
        tuple(record["words"]),
        tuple(_outline(piece) for piece in record["pieces"]),
        bool(record.get("approximate", False)),
        Origin.from_content(record),
    )


def _outline(points: Iterable[Sequence[float]]) -> Outline:
    return tuple((point[0], point[1]) for point in points)
