"""Cells of the map: known names, and no neighbour is ever missed."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from canal.errors import BadInput
from canal.incidents.geohash import cells, encode
from canal.subjects.geo import metres
from hypothesis import assume, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (57.64911, 10.40744, "u4pruydqqvj"),
        (42.605, -5.603, "ezs42"),
        (-25.382708, -49.265506, "6gkzwgjz"),
        (39.1512, -0.4341, "eyzwwp"),
        (0.0, 0.0, "s00000"),
        (-90.0, -180.0, "000000"),
        (90.0, 180.0, "zzzzzz"),
    ],
)
def test_known_places_have_their_known_names(latitude: float, longitude: float, name: str) -> None:
    assert encode(latitude, longitude, len(name)) == name


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(math.nan, 0.0), (0.0, math.nan), (math.inf, 0.0), (90.1, 0.0), (0.0, -180.1), (1e308, 1e308)],
)
def test_what_is_no_place_on_earth_is_bad_input(latitude: float, longitude: float) -> None:
    with pytest.raises(BadInput):
        encode(latitude, longitude)
    with pytest.raises(BadInput):
        cells(latitude, longitude, 100)


def test_a_small_circle_lies_in_one_cell_and_in_four_where_cells_meet() -> None:
    assert cells(39.1512, -0.4341, 50) == ("eyzwwp",)
    corner = (39.1552734375, -0.439453125)  # a multiple of 180 / 2**15 and of 360 / 2**15
    assert len(cells(*corner, 50)) == 4
    assert all(len(cells(39.15 + step / 1000, -0.43 + step / 700, 100)) <= 4 for step in range(60))


@pytest.mark.parametrize("radius", [0, -5])
def test_a_circle_without_extent_is_its_own_cell(radius: float) -> None:
    assert cells(39.1512, -0.4341, radius) == (encode(39.1512, -0.4341),)


def test_a_circle_around_a_pole_or_the_date_line_goes_all_the_way_round() -> None:
    assert encode(10.0, -179.9999, 4) in cells(10.0, 179.9999, 100, 4)
    assert encode(89.9999, -135.0, 2) in cells(89.9999, 45.0, 100, 2)


latitudes = st.floats(-89.9, 89.9)
longitudes = st.floats(-180, 180)


@given(latitudes, longitudes, st.floats(0, 2_000), st.floats(0, 1), st.floats(0, 2 * math.pi))
def test_no_point_within_the_radius_is_missed(
    latitude: float, longitude: float, radius: float, part: float, direction: float
) -> None:
    high = math.degrees(radius * part / 6_371_008.8)
    there = latitude + high * math.cos(direction)
    assume(-90 <= there <= 90)
    beside = longitude + high * math.sin(direction) / math.cos(math.radians(latitude))
    beside = (beside + 180) % 360 - 180
    assume(metres(latitude, longitude, there, beside) <= radius)
    if abs(latitude) < 60 or radius < 300:  # nearer the poles there are many
        assert encode(there, beside) in cells(latitude, longitude, radius)


@given(latitudes, longitudes, st.floats(0, 2_000))
def test_a_cell_is_named_once(latitude: float, longitude: float, radius: float) -> None:
    assume(abs(latitude) < 60)
    found = sorted(cells(latitude, longitude, radius))
    assert all(one != other for one, other in pairwise(found))
