"""Where the demonstration cases are: a few steps from the places that the town's gazetteer knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.subjects.gazetteer import Spot

STEPS = 0.0005  # degrees, some fifty metres
TRIES = 20  # for each, since a place may lie at the very border


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees, its zone (empty where it lies in none), and its address in each language."""

    latitude: float
    longitude: float
    zone: str
    address: Mapping[Language, str]


def places(town: Town, dice: Random, count: int) -> Iterator[Place]:
    """``count`` points in the municipality. Raises LookupError when the gazetteer knows no position in it."""
    spots = [spot for spot in known(town) if inside(town, spot.latitude, spot.longitude)]
    if not spots:
        raise LookupError("the gazetteer knows no position in the municipality")
    for _ in range(count):
        yield near(town, dice.choice(spots), dice)


def known(town: Town) -> Iterator[Spot]:
    """The gazetteer's places, in its order, as far as their positions are known."""
    spots = (place.spot() for place in town.gazetteer.places)
    return (spot for spot in spots if spot.latitude is not None)


def inside(town: Town, latitude: float | None, longitude: float | None) -> bool:
    return latitude is not None and longitude is not None and town.municipality.contains(latitude, longitude)


def near(town: Town, spot: Spot, dice: Random) -> Place:
    """A point a few steps from ``spot``."""
    assert spot.latitude is not None
    assert spot.longitude is not None
    latitude, longitude = spot.latitude, spot.longitude
    for _ in range(TRIES):
        north, east = dice.uniform(-STEPS, STEPS), dice.uniform(-STEPS, STEPS)
        if inside(town, latitude + north, longitude + east):
            latitude, longitude = latitude + north, longitude + east
            break
    zone = town.municipality.zone_of(latitude, longitude) or spot.zone
    return Place(round(latitude, 6), round(longitude, 6), zone, {each: spot.label(each) for each in LANGUAGES})
