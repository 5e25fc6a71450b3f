"""Whom in the town an alert's ground concerns."""

from __future__ import annotations

import pytest
from canal.cap.alert import Area, Circle
from canal.cap.region import concerned
from canal.cap.shapes import covers, meets
from canal.subjects.municipality import Outline

from tests.alerts import AROUND, FAR
from tests.towns import alzira

SQUARE: Outline = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0))
VILA = (39.1505, -0.4335)
UNKNOWN = tuple(zone.id for zone in alzira().municipality.zones if not zone.pieces)


def zones_of(*areas: Area, **named: tuple[str, ...]) -> tuple[str, ...] | None:
    return concerned(areas, alzira(), named)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (((0.4, 0.4), (0.4, 0.6), (0.6, 0.5)), True),  # inside
        (((-1.0, -1.0), (-1.0, 2.0), (2.0, 2.0), (2.0, -1.0)), True),  # around
        (((0.4, -1.0), (0.4, 2.0), (0.6, 2.0), (0.6, -1.0)), True),  # across, with no corner in either
        (((1.0, 1.0), (2.0, 2.0), (2.0, 1.0)), True),  # in one corner
        (((1.1, 1.1), (2.0, 2.0), (2.0, 1.1)), False),
        (((-0.5, 0.9), (0.5, 2.0), (-0.5, 2.0)), False),  # boxes meet, shapes do not
    ],
)
def test_two_polygons_meet_where_they_share_a_point(other: Outline, expected: bool) -> None:
    assert meets(other, SQUARE) is expected
    assert meets(SQUARE, other) is expected


@pytest.mark.parametrize(
    ("circle", "meeting", "covering"),
    [
        (Circle(0.5, 0.5, 0), True, False),
        (Circle(1.5, 0.5, 50), False, False),
        (Circle(1.5, 0.5, 60), True, False),
        (Circle(0.5, 0.5, 200), True, True),
        (Circle(90, 0, 1), False, False),
    ],
)
def test_a_circle_meets_what_lies_within_its_kilometres(circle: Circle, meeting: bool, covering: bool) -> None:
    assert meets(circle, SQUARE) is meeting
    assert covers(circle, SQUARE) is covering


def test_a_polygon_around_the_municipality_is_the_whole_town() -> None:
    assert zones_of(Area("Ribera", (AROUND,))) == ()


def test_a_polygon_elsewhere_is_not_ours() -> None:
    assert zones_of(Area("Galicia", (FAR,))) is None


def test_a_circle_in_a_quarter_is_that_quarter_and_those_whose_ground_nobody_knows() -> None:
    assert zones_of(Area("La Vila", circles=(Circle(*VILA, 0.1),))) == ("vila", *UNKNOWN)


def test_ground_of_the_municipality_in_no_known_quarter_is_the_whole_town() -> None:
    assert zones_of(Area("horta", circles=(Circle(39.07, -0.31, 0.1),))) == ()


def test_an_area_of_the_town_by_its_number() -> None:
    assert zones_of(Area("Alzira", geocodes=(("INE", "46017"),))) == ()
    assert zones_of(Area("Alzira", geocodes=(("SAME", "46017"),))) is None


def test_what_the_town_says_of_a_code_or_a_name_counts_before_the_shape() -> None:
    coded = Area("Zona", (FAR,), geocodes=(("AEMET-Meteoalerta zona", "990001"),))
    assert zones_of(coded, **{"990001": ("garrofera",)}) == ("garrofera",)
    assert zones_of(Area("  LA  Ribera "), **{"la ribera": ()}) == ()


def test_several_areas_are_taken_together_in_the_towns_order() -> None:
    here = Area("a", geocodes=(("c", "1"),))
    there = Area("b", geocodes=(("c", "2"),))
    named = {"1": ("tulell",), "2": ("vila",)}
    assert zones_of(here, there, Area("Galicia", (FAR,)), **named) == ("vila", "tulell")
    assert zones_of(here, Area("all", geocodes=(("c", "3"),)), **named, **{"3": ()}) == ()


def test_all_zones_by_name_are_the_whole_town() -> None:
    every = tuple(zone.id for zone in alzira().municipality.zones)
    assert zones_of(Area("x"), x=every) == ()


def test_without_any_area_it_is_not_ours() -> None:
    assert zones_of() is None
    assert zones_of(Area("somewhere")) is None
