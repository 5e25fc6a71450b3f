"""The screens of a report by their addresses ("incident:where"), those of old lists included."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.draft import Draft
from canal.dialogue.pins import parse_pin
from canal.dialogue.questions import CaseOf
from canal.dialogue.report import filing, resume, review, steps, where
from canal.dialogue.report.entering import begun, mine, pinned, with_unheard
from canal.dialogue.report.parts import OTHER
from canal.dialogue.scene import Scene, Screen
from canal.incidents.case import Kind

ANEW = frozenset({"new", "only"})  # steps that leave another report behind
ENDS = frozenset({"send", "review", "change", "cancel", "join", "another", "go", "written"})  # need something begun


def at(scene: Scene, kind: str, path: tuple[str, ...]) -> Screen | None:
    """The screen of an address, old ones included."""
    held = scene.draft
    step = path[0] if path else ""
    if held.begun and held.kind not in ("", kind) and step not in ANEW:
        return resume.offer(scene, kind)
    if held.begun and held.kind and not path:
        return resume.offer(scene, kind)
    draft = mine(scene, kind)
    if step in ENDS and not draft.begun:
        return begun(scene, draft) if step == "go" else resume.nothing(scene, kind)
    return of_incident(scene, draft, path) if kind == Kind.INCIDENT and path else of_any(scene, draft, path)


def of_incident(scene: Scene, draft: Draft, path: tuple[str, ...]) -> Screen | None:
    """What only an incident has: its category, and the same incident reported by others."""
    match path:
        case ("what",):
            return steps.ask_what(scene, draft)
        case ("category",):
            return steps.ask_category(scene, draft)
        case ("category", category):
            known = category == OTHER or scene.town.incidents.category(category) is not None
            return steps.go_on(scene, draft.about(category)) if known else None
        case ("group", group):
            return steps.ask_group(scene, draft, group)
        case ("anyway" | "other_body",):
            return steps.go_on(scene, replace(draft, anyway=path == ("anyway",)))
        case ("another",):
            return steps.go_on(scene, replace(draft, new=True))
        case ("join", number):
            return filing.join(scene, replace(draft, new=True), scene.know(CaseOf(number)))
        case _:
            return of_any(scene, draft, path)


def of_any(scene: Scene, draft: Draft, path: tuple[str, ...]) -> Screen | None:
    """What every report has."""
    match path:
        case ():
            return begun(scene, with_unheard(scene, draft))
        case ("go",):
            said = resume.more_of_it(scene, draft)
            return steps.go_on(scene, steps.told(scene, draft, said) if said else draft)
        case ("new",):
            return anew(scene, draft.kind)
        case ("only", file):
            kept = tuple(each for each in scene.draft.files if each.id == file)
            return steps.go_on(scene, Draft(kind=draft.kind, files=kept))
        case ("words",):
            return steps.ask_words(scene, draft)
        case ("review" | "near",):
            return steps.go_on(scene, draft)
        case ("change",):
            return review.change(scene, draft)
        case ("photos",):
            return review.photos(scene, draft)
        case ("photos", "none"):
            return steps.go_on(scene, replace(draft, files=()), scene.text("report.files_removed"))
        case ("send",):
            return filing.send(scene, draft)
        case ("cancel",):
            return review.cancelling(scene, draft)
        case ("cancel", "yes"):
            return resume.cancelled(scene, draft.kind)
        case _:
            return of_place(scene, draft, path)


def of_place(scene: Scene, draft: Draft, path: tuple[str, ...]) -> Screen | None:
    """Where it is."""
    match path:
        case ("where",):
            return where.ask(scene, draft)
        case ("outside",):
            return where.outside(scene, draft)
        case ("spot", *identifier):  # which may hold a colon before the house's number
            spot = scene.town.gazetteer.spot(":".join(identifier))
            return steps.go_on(scene, where.at_spot(scene, draft, spot)) if spot else where.ask(scene, draft)
        case ("written",):
            words = scene.citizen.notes.get("written", "")
            return steps.go_on(scene, where.as_written(draft, words)) if words else where.ask(scene, draft)
        case ("pin", place):
            pin = parse_pin(place)
            return pinned(scene, draft, pin) if pin else None
        case _:
            return None


def anew(scene: Scene, kind: str) -> Screen:
    """From the beginning, with the words that led here."""
    said = scene.citizen.notes.get("said", "")
    draft = Draft(kind=kind)
    return steps.go_on(scene, steps.told(scene, draft, said) if said else draft)
