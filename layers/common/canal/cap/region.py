"""Whom in the town an alert's areas concern: the whole town, some of its zones, or nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from canal.cap.alert import Area
from canal.cap.shapes import Shape, covers, meets
from canal.dialogue.town import Town
from canal.subjects.municipality import Municipality

Zones = tuple[str, ...]  # none: the whole town, as in a campaign
WHOLE: Zones = ()


def concerned(areas: Iterable[Area], town: Town, named: Mapping[str, Zones]) -> Zones | None:
    """The zones that ``areas`` meet; None where they do not concern the town. ``named``: see ``watched.Watch``."""
    found = [zones for area in areas if (zones := _of(area, town, named)) is not None]
    return together(found, town.municipality)


def together(found: Iterable[Zones], ground: Municipality) -> Zones | None:
    """All of them in one, in the town's order; the whole town where one says so, or all are named."""
    parts = list(found)
    if not parts:
        return None
    wanted = {zone for zones in parts for zone in zones}
    everywhere = WHOLE in parts or wanted >= {zone.id for zone in ground.zones}
    return WHOLE if everywhere else tuple(zone.id for zone in ground.zones if zone.id in wanted)


def _of(area: Area, town: Town, named: Mapping[str, Zones]) -> Zones | None:
    """What the town says of the area's code or name counts before its shape."""
    keys = [known(value) for _, value in area.geocodes] + [known(area.description)]
    listed = [named[key] for key in keys if key in named]
    if listed:
        return together(listed, town.municipality)
    if any(name.upper().startswith("INE") and value == town.facts.get("ine_code") for name, value in area.geocodes):
        return WHOLE
    return met((*area.polygons, *area.circles), town.municipality)


def met(shapes: tuple[Shape, ...], ground: Municipality) -> Zones | None:
    """By the shapes. A zone whose ground is not known cannot be ruled out, so it is told as well."""
    pieces = [piece.outline for piece in ground.pieces]
    if not any(meets(shape, piece) for shape in shapes for piece in pieces):
        return None
    if all(any(covers(shape, piece) for shape in shapes) for piece in pieces):
        return WHOLE
    touched = [zone for zone in ground.zones if any(meets(shape, piece) for shape in shapes for piece in zone.pieces)]
    unknown = [zone for zone in ground.zones if not zone.pieces]
    return together([tuple(zone.id for zone in (*touched, *unknown))], ground) if touched else WHOLE


def known(name: str) -> str:
    """A code or name as it is compared."""
    return " ".join(name.split()).casefold()
