"""The municipality: what lies in it, and in which zone."""

from __future__ import annotations

import math
from typing import Any

import pytest
from canal.subjects.municipality import Municipality, inside
from hypothesis import given
from hypothesis import strategies as st

from tests.towns import alzira

BOTH = {"ca": "a", "es": "b"}
SQUARE = ((39.0, -0.5), (39.2, -0.5), (39.2, -0.3), (39.0, -0.3))
NOTCHED = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 2.0), (0.0, 4.0))  # a bite out of its side


def piece(identifier: str, outline: Any) -> dict[str, Any]:
    return {"id": identifier, "name": BOTH, "outline": outline, "source": "a page"}


def zone(identifier: str, *pieces: Any, words: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "id": identifier,
        "name": {"ca": identifier, "es": identifier},
        "words": words,
        "pieces": pieces,
        "demo": True,
    }


TOWN = Municipality.from_content(
    {
        "municipality": [
            piece("main", SQUARE),
            piece("apart", [[39.1, -0.9], [39.2, -0.9], [39.2, -0.8], [39.1, -0.8]]),
        ],
        "zones": [
            zone("centre", [[39.1, -0.45], [39.2, -0.45], [39.2, -0.4]]),
            zone("around", SQUARE),
            zone("known_by_name", words=("la Murta",)),
        ],
    }
)


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        (39.1, -0.4, True),
        (39.15, -0.85, True),  # the other piece
        (39.15, -0.6, False),  # between the two
        (39.0, -0.5, True),  # a corner
        (39.1, -0.5, True),  # a side
        (39.3, -0.4, False),
        (-39.1, 0.4, False),
        (0.0, 0.0, False),
        (math.nan, math.nan, False),
        (math.inf, -0.4, False),
    ],
)
def test_a_point_is_in_one_of_the_pieces_or_outside(latitude: float, longitude: float, expected: bool) -> None:
    assert TOWN.contains(latitude, longitude) is expected


@pytest.mark.parametrize(
    ("point", "expected"),
    [((1.0, 1.0), True), ((2.0, 3.0), False), ((3.5, 3.0), True), ((2.0, 2.0), True), ((2.0, 5.0), False)],
)
def test_an_outline_may_have_a_bite_out_of_it(point: tuple[float, float], expected: bool) -> None:
    assert inside(NOTCHED, *point) is expected


def test_the_first_zone_that_holds_the_point_is_its_zone() -> None:
    assert TOWN.zone_of(39.18, -0.44) == "centre"
    assert TOWN.zone_of(39.05, -0.35) == "around"
    assert TOWN.zone_of(39.15, -0.85) == ""


def test_a_zone_is_found_by_its_id_or_by_its_name_in_a_sentence() -> None:
    murta = TOWN.zone("known_by_name")
    assert murta
    assert murta.pieces == ()
    assert TOWN.zone("gone") is None
    assert TOWN.zone_named("fem al camí de la Murta") == "known_by_name"
    assert TOWN.zone_named("fem al camí") == ""


@given(st.integers(3, 40), st.floats(0.001, 0.2), st.floats(0, 6.28), st.floats(0, 0.98))
def test_what_is_near_the_middle_of_a_ring_is_inside_and_what_is_beyond_is_not(
    corners: int, radius: float, turn: float, part: float
) -> None:
    ring = tuple(
        (39 + radius * math.sin(2 * math.pi * n / corners), -0.4 + radius * math.cos(2 * math.pi * n / corners))
        for n in range(corners)
    )
    within = radius * math.cos(math.pi / corners) * part
    assert inside(ring, 39 + within * math.sin(turn), -0.4 + within * math.cos(turn))
    beyond = radius * 1.01
    assert not inside(ring, 39 + beyond * math.sin(turn), -0.4 + beyond * math.cos(turn))


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=8), st.floats(), st.floats())
def test_no_outline_and_no_point_is_a_fault(
    outline: list[tuple[float, float]], latitude: float, longitude: float
) -> None:
    assert inside(outline, latitude, longitude) in (True, False)


@given(st.permutations(range(4)).map(lambda order: order[0]), st.floats(38.9, 39.3), st.floats(-0.6, -0.2))
def test_it_does_not_matter_where_an_outline_begins(first: int, latitude: float, longitude: float) -> None:
    turned = (*SQUARE[first:], *SQUARE[:first])
    assert inside(turned, latitude, longitude) is inside(SQUARE, latitude, longitude)


def test_alzira_holds_its_centre_and_la_garrofera_and_not_its_neighbours() -> None:
    ground = alzira().municipality
    assert [ground.contains(39.15, -0.435), ground.contains(39.15, -0.58)] == [True, True]
    assert [ground.contains(39.47, -0.376), ground.contains(40.4, -3.7)] == [False, False]
    assert ground.zone_of(39.15, -0.58) == "garrofera"


def test_alzira_says_that_its_outlines_are_not_the_official_ones() -> None:
    ground = alzira().municipality
    assert all(piece.approximate for piece in ground.pieces)
    assert all(zone.origin.demo or zone.approximate for zone in ground.zones if zone.pieces)
