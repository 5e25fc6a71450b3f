"""How one comes into a report, and what it already knows then: words from elsewhere, a pin, photos that waited."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.citizen import Place
from canal.dialogue.draft import Draft
from canal.dialogue.messages import Pin
from canal.dialogue.pins import parse_pin, pin_text
from canal.dialogue.report import hearing, resume, steps, where
from canal.dialogue.report.parts import UNHEARD
from canal.dialogue.scene import Scene, Screen


def mine(scene: Scene, kind: str) -> Draft:
    """The report of ``kind`` that is being written. Files and a pin that came without a word become part of it."""
    held = scene.draft
    if held.case or held.kind not in ("", kind):
        return Draft(kind=kind)
    return with_pin(scene, replace(held, kind=kind))


def with_pin(scene: Scene, draft: Draft) -> Draft:
    """With the pin that came just before and whose purpose we asked for."""
    pin = parse_pin(scene.citizen.notes.get("pin", "")) if scene.citizen.place == Place.ATTACHMENT else None
    if pin is None or draft.placed:
        return draft
    named = replace(pin, name=scene.citizen.notes.get("pin_name", ""))
    return where.pinned(scene, draft, named) or draft


def arrive(scene: Scene, kind: str, words: str) -> Screen:
    """Words from elsewhere that mean a report, with whatever they already tell."""
    said = "" if hearing.bare(scene, words) else words
    if scene.draft.begun and scene.draft.kind:
        return resume.offer(scene, kind, said)
    draft = mine(scene, kind)
    return begun(scene, steps.told(scene, draft, said) if said else draft)


def with_unheard(scene: Scene, draft: Draft) -> Draft:
    """With the words that were not understood until the citizen chose what they are."""
    said = scene.citizen.notes.get(UNHEARD, "")
    return steps.told(scene, draft, said) if said and not draft.words and not hearing.bare(scene, said) else draft


def begun(scene: Scene, draft: Draft) -> Screen:
    """The first step of a report; a pin that came along may lie elsewhere."""
    return where.outside(scene, draft) if where.is_outside(scene, draft) else steps.go_on(scene, draft)


def pinned(scene: Scene, draft: Draft, pin: Pin) -> Screen:
    """A pin in a report is its place, whatever was asked."""
    notes = scene.citizen.notes
    if notes.get("pin") == pin_text(pin):
        pin = replace(pin, name=notes.get("pin_name", ""))
    placed = where.pinned(scene, draft, pin)
    if placed is None:
        return where.ask(scene, draft, "report.no_place")
    return where.outside(scene, placed) if where.is_outside(scene, placed) else steps.go_on(scene, placed)
