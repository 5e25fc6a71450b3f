"""The ground of a CAP alert, read. A shape that cannot be relied on makes the alert a bad one: dropping it in silence
could leave out the very people whom it concerns.
"""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

from canal.cap.alert import Area, BadAlert, Circle
from canal.cap.nodes import many, one, required, values
from canal.cap.text import line
from canal.subjects.municipality import Outline

MOST_POINTS = 20_000  # of one polygon
FARTHEST = 20_100.0  # kilometres: half around the earth


def area(node: Element) -> Area:
    """Raises BadAlert."""
    return Area(
        description=line(required(node, "areaDesc"), 500),
        polygons=tuple(polygon(each) for each in values(node, "polygon", 500) if each),
        circles=tuple(circle(each) for each in values(node, "circle", 500) if each),
        geocodes=tuple((one(each, "valueName"), one(each, "value")) for each in many(node, "geocode", 1_000)),
    )


def polygon(text: str) -> Outline:
    """ "38.47,-120.14 38.34,-119.95 …": one that is not closed is closed."""
    pairs = text.split()
    if len(pairs) > MOST_POINTS:
        raise BadAlert(f"a polygon has more than {MOST_POINTS:,} points", "too_large")
    points = [point(pair) for pair in pairs]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(set(points)) < 3:
        raise BadAlert("a polygon has fewer than three different points")
    return tuple(points)


def circle(text: str) -> Circle:
    """ "32.9525,-115.5527 25": the centre and the kilometres."""
    centre, _, radius = " ".join(text.split()).partition(" ")
    kilometres = _number(radius)
    if not 0 <= kilometres <= FARTHEST:
        raise BadAlert("a circle has no radius in kilometres")
    return Circle(*point(centre), kilometres)


def point(text: str) -> tuple[float, float]:
    """ "latitude,longitude" in degrees."""
    pieces = text.split(",")
    if len(pieces) != 2:
        raise BadAlert("a point is not latitude,longitude")
    latitude, longitude = map(_number, pieces)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadAlert("a point does not lie on the earth")
    return latitude, longitude


def _number(text: str) -> float:
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadAlert("a coordinate is no number")
    return value
