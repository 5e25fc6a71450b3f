"""Distances within a town: which of the town's places lie nearest to a citizen's pin."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from typing import Generic, Protocol, TypeVar

EARTH_RADIUS = 6_371_008.8  # metres, the mean radius of WGS 84


class Located(Protocol):
    """Anything with a place, WGS 84 degrees: a citizen's Pin, say."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


class MaybeLocated(Protocol):
    """A fact whose place may not be known: both are then None."""

    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


Item = TypeVar("Item", bound=MaybeLocated)


@dataclass(frozen=True, slots=True)
class Near(Generic[Item]):
    """A place and how far it is from the pin, in metres as the crow flies."""

    item: Item
    metres: float


def metres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great-circle distance between two points given in WGS 84 degrees, in metres (haversine)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_phi, half_lambda = (phi2 - phi1) / 2, math.radians(lon2 - lon1) / 2
    square = math.sin(half_phi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, square)))


def nearest(pin: Located, items: Iterable[Item], limit: int = 3, within: float = math.inf) -> tuple[Near[Item], ...]:
    """The ``limit`` items nearest to ``pin``, nearest first, none farther than ``within`` metres.

    Items without coordinates are left out; equal distances keep the order given.
    """
    found = (
        Near(item, metres(pin.latitude, pin.longitude, item.latitude, item.longitude))
        for item in items
        if item.latitude is not None and item.longitude is not None
    )
    return tuple(nsmallest(limit, (near for near in found if near.metres <= within), key=_distance))


def _distance(near: Near[Item]) -> float:
    return near.metres
