"""A pin, a photo, a voice note or a file that came unasked: we ask what it is for.

What can be part of a report is kept in a draft without a kind, so that nobody sends it twice. A photo and a pin
together need no question: they are an incident.
"""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.cases import waiting
from canal.dialogue.citizen import Place
from canal.dialogue.draft import Draft
from canal.dialogue.messages import AskLocation, Media, Pin, SharedContacts, Unsupported
from canal.dialogue.pins import name_of_pin, pin_text
from canal.dialogue.report import entering, files, hearing, resume, steps, where
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen
from canal.dialogue.turn import FileKept
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import words as words_of
from canal.incidents.case import Kind

A_SENTENCE = 3  # words that tell what a photo shows, rather than what to do with it
# What each kind of file may be for. A document is no part of a report unless it comes in the middle of one.
USES = {
    "image": ("incident", "complaint", "person"),
    "video": ("incident", "complaint", "person"),
    "voice": ("incident", "person", "menu"),
    "audio": ("incident", "person", "menu"),
    "document": ("procedures", "person", "menu"),
}


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """What is kept is offered again; without it, whoever comes back finds the menu."""
    return resume.offer(scene) if scene.draft.begun and not path else None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """Words that tell what the photo shows make it an incident, also where we cannot say of which kind."""
    if not scene.draft.files or scene.draft.kind or hearing.leaves(scene, reading, words, "words"):
        return None
    tells = len(words_of(words)) >= A_SENTENCE and not reading.sure
    if tells or scene.town.incidents.find(words):
        return entering.arrive(scene, Kind.INCIDENT, words)
    return None


def offer(scene: Scene, content: Pin | Media) -> Screen:
    """What it can be for."""
    return offer_pin(scene, content) if isinstance(content, Pin) else offer_file(scene, content)


# --- pins -----------------------------------------------------------------------------------------


def offer_pin(scene: Scene, pin: Pin) -> Screen:
    """The bus, the pharmacy or an incident; after a photo it can only be the incident's place."""
    if where.says_nothing(pin):
        return Screen(Place.ATTACHMENT, AskLocation(scene.text("report.no_place")), notes=scene.citizen.notes)
    held = scene.draft
    notes = {"pin": pin_text(pin), "pin_name": name_of_pin(pin)}
    if held.files and not held.kind and scene.citizen.place == Place.ATTACHMENT and not scene.citizen.blocked:
        return entering.begun(scene, entering.mine(with_notes(scene, notes), Kind.INCIDENT))
    near = f"near:{notes['pin']}"
    report = held.kind if held.begun else ""
    items = (
        scene.item(f"bus:{near}", "attachment.bus"),
        scene.item(f"pharmacy:{near}", "attachment.pharmacy"),
        scene.item(f"{report or 'incident'}:pin:{notes['pin']}", "report.resume" if report else "menu.incident"),
    )
    return screen(scene, "attachment.pin", items, notes)


def with_notes(scene: Scene, notes: dict[str, str]) -> Scene:
    return replace(scene, citizen=replace(scene.citizen, place=Place.ATTACHMENT, notes=notes))


# --- files ----------------------------------------------------------------------------------------


def offer_file(scene: Scene, media: Media) -> Screen:
    """Kept, and asked once for a whole handful what it is for; a report that is half way takes it."""
    if scene.citizen.blocked:
        return resume.refused(scene, Kind.INCIDENT)
    held = scene.draft
    if held.begun and held.full:
        return files.full(scene, held)
    draft, bunch = files.with_file(scene, held, media)
    if bunch and (held.words or not draft.words):
        return files.silent(scene, draft, media.kind)
    if held.begun and held.kind:
        shown = resume.file_added(scene, draft, draft.files[-1].id)
    else:
        shown = offer_kept(scene, draft, "voice" if media.voice else media.kind)
    return replace(shown, effects=(*shown.effects, FileKept(media.kind)))


def offer_kept(scene: Scene, draft: Draft, kind: str) -> Screen:
    """What the files of ``draft`` can be for; nothing to ask where a pin or the words beside them tell.

    ``kind`` is that of the last one: "image", "voice" …
    """
    tells = bool(draft.words) and bool(scene.town.incidents.find(draft.words))
    if tells or (scene.citizen.notes.get("pin") and scene.citizen.place == Place.ATTACHMENT):
        report = entering.with_pin(scene, replace(draft, kind=Kind.INCIDENT, words=""))
        return entering.begun(scene, steps.told(scene, report, draft.words) if draft.words else report)
    answers = waiting.offer(scene)
    asked = screen(scene, f"attachment.{kind}", (*answers, *scene.named(*USES[kind])))
    of_no_use = kind == "document" and not answers
    return replace(asked, draft=Draft() if of_no_use else draft.since_now(scene.now))


def cannot_use(scene: Scene, content: SharedContacts | Unsupported) -> Screen:
    """Contacts, polls, orders and what WhatsApp itself does not pass on: said so, with a way on.

    Whoever is writing a report stays where they are in it.
    """
    if isinstance(content, Unsupported) and content.kind == "location":
        key = "report.no_place"
    elif isinstance(content, SharedContacts):
        key = "attachment.contacts"
    else:
        key = "attachment.too_large" if content.kind == "too_large" else "attachment.unsupported"
    if scene.draft.begun and scene.citizen.place == scene.draft.kind:
        return Screen(scene.citizen.place, scene.say(scene.text(key)), notes=scene.citizen.notes, keep_offered=True)
    return screen(scene, key, scene.named("menu", "person"))


def screen(scene: Scene, key: str, items: tuple[Item, ...], notes: dict[str, str] | None = None) -> Screen:
    return Screen(Place.ATTACHMENT, scene.say(scene.text(key), items), items=items, notes=notes or {})


RULES = PlaceRules(show=show, hear=hear)
