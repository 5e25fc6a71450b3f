"""Whether the shapes of an alert meet the town's ground. Plane geometry, as ``subjects/municipality`` has it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from canal.cap.alert import Circle
from canal.subjects.geo import metres
from canal.subjects.municipality import Outline, inside

Point = tuple[float, float]  # latitude, longitude
Shape = Outline | Circle


def meets(shape: Shape, ground: Outline) -> bool:
    """Whether they have a point in common."""
    if isinstance(shape, Circle):
        return inside(ground, shape.latitude, shape.longitude) or _nearest(shape, ground) <= shape.kilometres * 1000
    if _apart(shape, ground):
        return False
    if any(inside(ground, *point) for point in shape) or any(inside(shape, *point) for point in ground):
        return True
    return any(_cross(*one, *other) for one in _sides(shape) for other in _sides(ground))


def covers(shape: Shape, ground: Outline) -> bool:
    """Whether every corner of the ground lies in the shape."""
    if isinstance(shape, Circle):
        radius = shape.kilometres * 1000
        return all(metres(shape.latitude, shape.longitude, *corner) <= radius for corner in ground)
    return all(inside(shape, *corner) for corner in ground)


def _apart(one: Outline, other: Outline) -> bool:
    """Whether their boxes do not even touch."""
    return any(
        max(point[axis] for point in one) < min(point[axis] for point in other)
        or max(point[axis] for point in other) < min(point[axis] for point in one)
        for axis in (0, 1)
    )


def _sides(outline: Outline) -> Iterator[tuple[Point, Point]]:
    return ((outline[number - 1], outline[number]) for number in range(len(outline)))


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _nearest(circle: Circle, ground: Outline) -> float:
    """Metres from the circle's centre to the nearest point of the ground's sides."""
    centre = (circle.latitude, circle.longitude)
    return min((metres(*centre, *_foot(centre, *side)) for side in _sides(ground)), default=math.inf)


def _foot(point: Point, start: Point, end: Point) -> Point:
    """The point of a side that is nearest to ``point``; a degree of longitude is shorter than one of latitude."""
    narrow = math.cos(math.radians(point[0])) or 1e-9
    along = (end[0] - start[0], (end[1] - start[1]) * narrow)
    towards = (point[0] - start[0], (point[1] - start[1]) * narrow)
    length = along[0] ** 2 + along[1] ** 2
    share = max(0.0, min(1.0, (along[0] * towards[0] + along[1] * towards[1]) / length)) if length else 0.0
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
