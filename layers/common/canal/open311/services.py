"""The categories of incidents that are public, as the standard's services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canal.dialogue.messages import Language
from canal.dialogue.town import Town
from canal.incidents.case import Case, Kind
from canal.open311.asked import Answer, Asked, Outside
from canal.open311.formats import Document, Row
from canal.open311.refusal import bad, unknown

if TYPE_CHECKING:
    from canal.subjects.categories import Category

KEEP = 300


def services(asked: Asked, outside: Outside) -> Answer:
    groups = {group.id: group.name[asked.language] for group in asked.town.incidents.groups}
    rows = [row(category, groups, asked.language) for category in public(asked.town)]
    return Answer(Document("services", rows), KEEP)


def definition(asked: Asked, outside: Outside) -> Answer:
    """No category has questions of its own, so every definition is empty."""
    code = service(asked.town, asked.name).id
    return Answer(Document("service_definition", {"service_code": code, "attributes": []}), KEEP)


def row(category: Category, groups: dict[str, str], language: Language) -> Row:
    return {
        "service_code": category.id,
        "service_name": category.name[language],
        "description": category.hint.get(language, ""),
        "metadata": False,
        "type": "realtime",
        "keywords": ", ".join(category.words),
        "group": groups.get(category.group, category.group),
    }


def public(town: Town) -> list[Category]:
    return [category for category in town.incidents.categories if category.public]


def service(town: Town, code: str) -> Category:
    """The public category of a code. Raises Refusal."""
    if not code:
        raise bad("service_code is missing.")
    category = town.incidents.category(code)
    if category is None or not category.public:
        raise unknown("There is no such service_code; services lists them.")
    return category


def listed(case: Case, town: Town) -> Category | None:
    """The category of a case that anybody may see; None where the case is nobody's business."""
    if case.kind != Kind.INCIDENT or case.erased:
        return None
    category = town.incidents.category(case.category)
    return category if category and category.public else None
