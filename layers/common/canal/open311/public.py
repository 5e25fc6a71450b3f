"""A case as anybody may see it. This module decides what leaves the town hall: see docs/open311.md.

Nothing that a citizen wrote passes here. Description and address are made anew from the content, and a photo shows
only once staff allowed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from canal.dialogue.messages import Language
from canal.dialogue.town import Town
from canal.incidents.case import Case, Position
from canal.incidents.states import State
from canal.open311.dates import shown
from canal.open311.formats import Row, Value
from canal.ports import PhotoLinks

if TYPE_CHECKING:
    from canal.subjects.categories import Category
    from canal.subjects.gazetteer import Spot

EXACT, ABOUT = 6, 3  # decimals of a degree: ten centimetres, a hundred metres
NEAR = 60.0  # metres: farther than that, a place is not called after what stands there


def row(case: Case, category: Category, town: Town, language: Language, links: PhotoLinks | None = None) -> Row:
    """A service request. Without ``links``, as in a long list, it has no photo."""
    name, address = category.name[language], place(case, category, town, language)
    return {
        "service_request_id": case.id,
        "status": "open" if case.open else "closed",
        "status_notes": notes(case, town, language),
        "service_name": name,
        "service_code": category.id,
        "description": f"{name}: {address}" if address else name,
        "agency_responsible": agency(case, town, language),
        "service_notice": None,
        "requested_datetime": shown(case.created_at, town.zone),
        "updated_datetime": shown(case.closed_at or case.updated_at or case.created_at, town.zone),
        "expected_datetime": shown(case.due_at, town.zone),
        "address": address or None,
        "address_id": None,
        "zipcode": None,
        **coordinates(case.position, category),
        "media_url": photo(case, category, links),
    }


def notes(case: Case, town: Town, language: Language) -> str:
    """The state in words, and whether the case is made up."""
    words = state_words(case.state, case.duplicate_of, town, language)
    return f"{words} {town.text('public.demo', language)}" if case.demo else words


def state_words(state: State, original: str, town: Town, language: Language) -> str:
    if state == State.DUPLICATE and original:
        return town.text("public.original", language, case=original)
    return town.text(f"public.state.{state.value}", language)


def agency(case: Case, town: Town, language: Language) -> str | None:
    department = town.incidents.department(case.department)
    return department.name[language] if department else None


def coordinates(position: Position | None, category: Category) -> dict[str, Value]:
    """None for a position that is made up: on a map it would look like any other."""
    if position is None or position.source == "demo":
        return {"lat": None, "long": None}
    digits = ABOUT if category.private else EXACT
    return {"lat": round(position.latitude, digits), "long": round(position.longitude, digits)}


def place(case: Case, category: Category, town: Town, language: Language) -> str:
    """The address in the gazetteer's words, never in the citizen's; empty where it is private or not known."""
    if category.private:
        return ""
    spot = named(case.address, town) or beside(case, town)
    return spot.label(language) if spot else ""


def named(address: str, town: Town) -> Spot | None:
    """The place that an address surely means."""
    found = town.gazetteer.find(address, limit=1) if address else ()
    return next((match.spot for match in found if match.sure), None)


def beside(case: Case, town: Town) -> Spot | None:
    """The place that stands where the case is. One whose position is made up tells nothing about a true case."""
    if case.position is None:
        return None
    spot = town.gazetteer.near(case.position.latitude, case.position.longitude, within=NEAR)
    return spot if spot and (case.demo or not spot.demo) else None


def photo(case: Case, category: Category, links: PhotoLinks | None) -> str | None:
    """A link, good for an hour, to the first photo that staff allowed to be seen."""
    if links is None or category.private:
        return None
    allowed = [file for file in case.files if file.is_photo and file.state == "stored" and file.public]
    return links.link(allowed[0].key) if allowed and allowed[0].key else None
