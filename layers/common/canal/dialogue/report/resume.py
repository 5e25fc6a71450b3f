"""A report that was left half way, one that is there no more, and one that is not taken."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.draft import LONGEST, Draft
from canal.dialogue.report.parts import category_of, item, name_of, summary
from canal.dialogue.scene import Item, Scene, Screen
from canal.incidents.kinds import Kind


def half_way(scene: Scene) -> Item | None:
    """The answer that goes on with the report left half way, where there is one."""
    draft = scene.draft
    return item(scene, draft.kind or Kind.INCIDENT, "go", "resume") if draft.begun else None


def offer(scene: Scene, kind: str = "", said: str = "", key: str = "report.half_way") -> Screen:
    """To go on with it, or to begin anew (a report of ``kind``, with the words just ``said``)."""
    draft = scene.draft
    held = draft.kind or Kind.INCIDENT
    items = (item(scene, held, "go", "resume"), item(scene, kind or held, "new"), *scene.named("menu"))
    body = scene.text(key, kind=name_of(scene, draft), summary=summary(scene, draft))
    notes = {"step": "resume", "yes": items[0].address, "no": items[1].address}
    if said:
        notes["said"] = said[:LONGEST]
    return Screen(Place(held), scene.say(body, items), items=items, notes=notes)


def more_of_it(scene: Scene, draft: Draft) -> str:
    """The words that led to the question, where they may tell more of ``draft``: not those of a report of another
    kind, nor those that name another category.
    """
    said, anew = scene.citizen.notes.get("said", ""), scene.citizen.notes.get("no")
    named = [each.id for each in scene.town.incidents.find(said)] if said and category_of(scene, draft) else []
    return said if anew == f"{draft.kind}:new" and (not named or draft.category in named) else ""


def file_added(scene: Scene, draft: Draft, file: str) -> Screen:
    """A photo came elsewhere while a report is half way: it is kept with it, unless it begins another."""
    held = draft.kind or Kind.INCIDENT
    items = (
        item(scene, held, "go", "resume"),
        item(scene, Kind.INCIDENT, f"only:{file}", "only"),
        *scene.named("menu"),
    )
    body = scene.text("report.file_added", kind=name_of(scene, draft), summary=summary(scene, draft))
    return Screen(Place(held), scene.say(body, items), items=items, notes={"step": "resume"}, draft=draft)


def nothing(scene: Scene, kind: str) -> Screen:
    """For a second tap on "send", or one on the list of a report long gone."""
    items = scene.named("my_cases", kind, "menu")
    return Screen(Place(kind), scene.say(scene.text("report.nothing"), items), items=items)


def cancelled(scene: Scene, kind: str) -> Screen:
    items = scene.named(kind, "menu")
    return Screen(Place(kind), scene.say(scene.text("report.cancelled"), items), items=items, draft=Draft())


def refused(scene: Scene, kind: str) -> Screen:
    """Staff take no more reports of this citizen here; who else to turn to."""
    items = scene.named("phones", "menu")
    return Screen(Place(kind), scene.say(scene.text("report.refused"), items), address=kind, items=items)
