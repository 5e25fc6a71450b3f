"""Option 7, La Clau: a procedure found by words, the best three, or by family; nothing found leads to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.draft import LONGEST
from canal.dialogue.report.parts import UNHEARD
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen, elsewhere, page_of
from canal.dialogue.turn import NotUnderstood
from canal.dialogue.understanding.reading import Reading

if TYPE_CHECKING:
    from canal.subjects.procedures import Procedure

BEST = 3
PAGE = 8


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``procedures``, ``procedures:family:ID[:PAGE]``, ``procedures:show:ID`` and ``procedures:law:ID``."""
    match path:
        case ():
            return families(scene)
        case ("family", identifier):
            return family(scene, identifier, 1)
        case ("family", identifier, page) if page.isdecimal():
            return family(scene, identifier, int(page))
        case ("show", identifier):
            found = scene.town.procedures.get(identifier)
            return procedure(scene, found) if found else None
        case ("law", identifier):
            found = scene.town.procedures.get(identifier)
            return law(scene, found) if found else None
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """One that is surely meant is shown; several are offered; none found is said, with a person to ask."""
    matches = scene.town.procedures.find(words, scene.language, BEST)
    if matches and matches[0].sure:
        others = [match.procedure for match in matches[1:]]
        return procedure(scene, matches[0].procedure, others)
    if matches:
        items = tuple(item(scene, match.procedure) for match in matches)
        items = (*items, *ask_the_town(scene), *scene.named("person"))
        body = scene.text("procedures.which")
        return Screen(Place.PROCEDURES, scene.say(body, items), items=items, notes={UNHEARD: words[:LONGEST]})
    here = scene.citizen.place == Place.PROCEDURES and not words.isdecimal() and not elsewhere(scene, reading)
    return nothing_found(scene, words) if here and not scene.citizen.missed % 2 else None


def nothing_found(scene: Scene, words: str) -> Screen:
    """The second time in a row it is left to what all places say, so that no sentence comes twice."""
    items = (*ask_the_town(scene), *scene.named("person", "procedures", "menu"))
    reply = scene.say(scene.text("procedures.nothing"), items)
    notes = {UNHEARD: words[:LONGEST]}
    return Screen(Place.PROCEDURES, reply, items=items, notes=notes, effects=(NotUnderstood(words),))


def ask_the_town(scene: Scene) -> tuple[Item, ...]:
    """What was asked may be no procedure at all: a person can read it as it is."""
    return () if scene.citizen.blocked else (scene.item("question:pass", "question.pass"),)


def families(scene: Scene) -> Screen:
    procedures = scene.town.procedures
    items = tuple(
        Item(f"procedures:family:{each.id}", scene.pick(each.label), scene.pick(each.name))
        for each in procedures.families
    )
    body = scene.text("procedures.body", number=len(procedures))
    return Screen(Place.PROCEDURES, scene.say(body, items), address="procedures", items=items)


def family(scene: Scene, identifier: str, number: int) -> Screen | None:
    found = scene.town.procedures.family(identifier)
    if found is None:
        return None
    page, more = page_of(scene.town.procedures.by_family(identifier), number, PAGE)
    if not page:
        return None
    items = tuple(item(scene, each) for each in page)
    if more:
        items = (*items, scene.item(f"procedures:family:{identifier}:{number + 1}", "common.more"))
    body = f"📁 *{scene.pick(found.name)}*"
    address = f"procedures:family:{identifier}:{number}"
    return Screen(Place.PROCEDURES, scene.say(body, items), address=address, items=items)


def item(scene: Scene, procedure: Procedure) -> Item:
    return Item(f"procedures:show:{procedure.id}", scene.pick(procedure.label), scene.pick(procedure.name))


def procedure(scene: Scene, found: Procedure, others: list[Procedure] | None = None) -> Screen:
    """What it is, what is needed, fee, deadline, link; what is not known is said."""
    related = others if others is not None else list(scene.town.procedures.related(found))
    items = (*(item(scene, each) for each in related[:BEST]), *scene.named("appointment", "person"))
    if found.law:
        items = (*items, scene.item(f"procedures:law:{found.id}", "procedures.law_link"))
    parts = [
        f"📄 *{scene.pick(found.name)}*\n{scene.pick(found.summary)}",
        needed(scene, found),
        facts(scene, found),
        scene.text("procedures.related") if related else "",
    ]
    body = "\n\n".join(filter(None, parts))
    address = f"procedures:show:{found.id}"
    return Screen(Place.PROCEDURES, scene.say(body, items), address=address, items=items)


def needed(scene: Scene, found: Procedure) -> str:
    if not found.needed:
        return ""
    return "\n".join([scene.text("procedures.needed"), *(f"• {scene.pick(each)}" for each in found.needed)])


def facts(scene: Scene, found: Procedure) -> str:
    """Fee, deadline, silence, who decides, link, and what the town has not told us yet."""
    fields = (
        ("fee", scene.pick(found.fee)),
        ("deadline", scene.pick(found.deadline)),
        ("effect", scene.pick(found.effect)),
        ("who_decides", scene.pick(found.who_decides)),
        ("office_hours", scene.pick(found.office_hours)),
        ("form", found.form),
        ("url", found.url),
    )
    lines = [scene.text(f"procedures.{name}", value=value) for name, value in fields if value]
    if found.unknown and not found.who_decides:
        missing = ", ".join(scene.text(f"procedures.missing_{name}") for name in found.unknown)
        lines.append(scene.text("procedures.unknown", missing=missing))
    return "\n".join(lines)


def law(scene: Scene, found: Procedure) -> Screen:
    """The rules that fix what the screen of the procedure says, each with its source."""
    rules = (f"• {scene.pick(each.name)}\n{each.url}".strip() for each in found.law)
    items = (item(scene, found), *scene.named("menu"))
    body = "\n".join([f"⚖️ *{scene.pick(found.name)}*", "", *rules])
    return Screen(Place.PROCEDURES, scene.say(body, items), address=f"procedures:law:{found.id}", items=items)


RULES = PlaceRules(show=show, hear=hear)
