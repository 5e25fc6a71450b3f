"""Distances: known ones, and what is nearest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from canal.dialogue.messages import Pin
from canal.subjects.geo import metres, nearest
from hypothesis import given
from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Spot:
    name: str
    latitude: float | None
    longitude: float | None


CENTRE = Pin(39.15, -0.435)
NORTH = Spot("north", 39.16, -0.435)
SOUTH = Spot("south", 39.145, -0.435)
UNKNOWN = Spot("unknown", None, None)

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres(39, 0, 40, 0) == pytest.approx(111_195, rel=1e-3)


def test_a_degree_of_longitude_is_shorter_away_from_the_equator() -> None:
    assert metres(60, 0, 60, 1) == pytest.approx(metres(0, 0, 0, 1) / 2, rel=1e-3)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_the_same_both_ways_and_never_beyond_half_the_earth(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    there = metres(lat1, lon1, lat2, lon2)
    assert 0 <= there <= math.pi * 6_371_009
    assert there == pytest.approx(metres(lat2, lon2, lat1, lon1), abs=1e-3)


def test_the_nearest_come_first_with_their_distance() -> None:
    found = nearest(CENTRE, [NORTH, SOUTH])
    assert [near.item for near in found] == [SOUTH, NORTH]
    assert found[0].metres == pytest.approx(556, abs=1)


def test_what_has_no_known_place_is_left_out() -> None:
    assert [near.item for near in nearest(CENTRE, [UNKNOWN, NORTH])] == [NORTH]


def test_no_more_than_the_limit_are_given_and_none_beyond_reach() -> None:
    assert len(nearest(CENTRE, [NORTH, SOUTH], limit=1)) == 1
    assert [near.item for near in nearest(CENTRE, [NORTH, SOUTH], within=600)] == [SOUTH]


def test_equal_distances_keep_the_order_given() -> None:
    first, second = Spot("first", 39.16, -0.435), Spot("second", 39.16, -0.435)
    assert [near.item.name for near in nearest(CENTRE, [first, second])] == ["first", "second"]
