"""The outlines of ``incidents.yaml``: the pieces of the municipality and its zones.

An outline is ``outline: [[39.15, -0.43], …]`` (latitude, longitude) or, for a rough one, ``around: {latitude,
longitude, metres}``; circles are compiled to outlines, so that the reader knows one form only.
"""

from __future__ import annotations

import math
from typing import Any

from canal.content.facts import point
from canal.content.yamlfile import Section
from canal.subjects.municipality import Outline

CORNERS = 24  # of a circle
DEGREE = 111_195  # metres of latitude
MOST_POINTS = 2_000
MOST_METRES = 20_000
SPAIN = ((27.0, 44.0), (-19.0, 5.0))


def compile_piece(section: Section, seen: set[str]) -> dict[str, Any]:
    """One of the separate grounds of the municipality."""
    outlines = _outlines(section)
    if not outlines:
        section.wrong("«outline» is missing; write its corners as [[39.15, -0.43], …]")
    return {
        "id": section.identifier(seen),
        "name": section.both("name"),
        "outline": outlines[0] if outlines else [],
        **_marks(section),
    }


def compile_zone(section: Section, seen: set[str]) -> dict[str, Any]:
    """A zone; its ground may be unknown."""
    return {
        "id": section.identifier(seen),
        "name": section.both("name"),
        "words": section.words("words"),
        "pieces": _outlines(section),
        **_marks(section),
    }


def _marks(section: Section) -> dict[str, Any]:
    """Where it comes from, and whether it is only roughly so, with the reason."""
    rough = section.flag("approximate")
    reason = section.text("reason", required=rough)
    return {**({"approximate": True, "reason": reason} if rough else {}), **section.origin()}


def _outlines(section: Section) -> list[list[list[float]]]:
    found = []
    if "outline" in section:
        found.append(_outline(section))
    if "around" in section:
        found.append(_circle(section.section("around")))
    return [outline for outline in found if outline]


def _outline(section: Section) -> list[list[float]]:
    """The corners; none (and a fault) where it is no outline."""
    corners = section.take("outline", list, "a list of corners: [[39.15, -0.43], …]") or []
    if not all(_is_corner(corner) for corner in corners):
        section.wrong("each corner of «outline» must be [latitude, longitude] in Spain, as [39.15, -0.43]")
        return []
    outline = [[float(corner[0]), float(corner[1])] for corner in corners]
    if outline and outline[0] == outline[-1]:  # closed, as GeoJSON has it
        outline.pop()
    if not 3 <= len(outline) <= MOST_POINTS:
        section.wrong(f"«outline» has {len(outline)} different corners; it needs 3 to {MOST_POINTS:,}")
        return []
    if crosses_itself(tuple((corner[0], corner[1]) for corner in outline)):
        section.wrong("«outline» crosses itself; list the corners in the order in which one walks around it")
        return []
    return outline


def _is_corner(corner: Any) -> bool:
    if not isinstance(corner, list) or len(corner) != len(SPAIN):
        return False
    return all(
        isinstance(degree, (int, float)) and not isinstance(degree, bool) and low <= degree <= high
        for degree, (low, high) in zip(corner, SPAIN, strict=True)
    )


def _circle(section: Section) -> list[list[float]]:
    centre = point(section)
    metres = section.number("metres")
    if metres is not None and not 1 <= metres <= MOST_METRES:
        section.wrong(f"«metres» must be from 1 to {MOST_METRES:,}")
    latitude, longitude = centre["latitude"], centre["longitude"]
    if latitude is None or longitude is None or metres is None:
        return []
    high = metres / DEGREE
    wide = high / math.cos(math.radians(latitude))
    turns = (2 * math.pi * corner / CORNERS for corner in range(CORNERS))
    return [[round(latitude + high * math.sin(turn), 6), round(longitude + wide * math.cos(turn), 6)] for turn in turns]


def crosses_itself(outline: Outline) -> bool:
    """Whether two sides that are no neighbours meet. Long outlines, which nobody draws by hand, are trusted."""
    count = len(outline)
    if count > 500:
        return False
    sides = [(outline[number], outline[(number + 1) % count]) for number in range(count)]
    return any(
        _cross(*sides[one], *sides[other])
        for one in range(count)
        for other in range(one + 2, count)
        if (other + 1) % count != one
    )


Corner = tuple[float, float]


def _cross(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Corner, b: Corner, c: Corner) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
