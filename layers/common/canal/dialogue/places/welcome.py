"""The first words: valencià or castellano, by number. What was asked before is kept and answered after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from canal.dialogue.citizen import Place
from canal.dialogue.messages import LANGUAGES, Content, Language, Media, Pin, Text
from canal.dialogue.pins import name_of_pin, parse_pin, pin_text
from canal.dialogue.places import language
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen
from canal.dialogue.turn import Effect, FileKept, OptedOut, Unsubscribed
from canal.dialogue.understanding.commands import Command
from canal.dialogue.understanding.danger import DangerKind
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import fold

MAX_REMEMBERED = 4_096  # characters: one message at its longest
AGAIN = "again"  # the note that the question was just repeated in other words

CHOICES: dict[Command, Language] = {Command.LANGUAGE_CA: "ca", Command.LANGUAGE_ES: "es"}
REPORTS = frozenset(
    {"incident", "complaint", "emergency", "subscriptions"}
)  # labels that are kept although the words are a cry for help
EMPTY = frozenset({Command.GREETING, Command.MENU, Command.HELP, Command.LANGUAGE, Command.BACK})


def show(scene: Scene, path: tuple[str, ...]) -> Screen:
    return ask(scene)


def ask(scene: Scene, first: Content | None = None) -> Screen:
    """The question, in both languages at once, since we do not know either yet."""
    if isinstance(first, Media):
        return keep(scene, first)
    again = bool(scene.citizen.offered) and AGAIN not in scene.citizen.notes
    kept = {**{n: v for n, v in scene.citizen.notes.items() if n != AGAIN}, **remember(first, scene.citizen.notes)}
    notes = {**kept, AGAIN: "1"} if again else kept
    key = "welcome.ask_again" if again else "welcome.ask"
    return question(scene, scene.text(key, town=scene.town.name), notes)


def keep(scene: Scene, media: Media) -> Screen:
    """A photo or another file waits for the language; a handful is asked once."""
    from canal.dialogue.report import files  # few begin with a photo: the others need not wait for it to load

    draft, bunch = files.with_file(scene, scene.draft, media)
    notes = {**scene.citizen.notes, "first_media": "voice" if media.voice else media.kind}
    if bunch or (scene.draft.full and scene.citizen.offered):
        return replace(files.silent(scene, draft, media.kind), notes=notes)
    asked = ask(replace(scene, citizen=replace(scene.citizen, notes=notes)))
    return replace(asked, draft=draft, effects=(FileKept(media.kind),))


def question(scene: Scene, body: str, notes: Mapping[str, str]) -> Screen:
    items = tuple(Item(f"language:{code}", scene.text(f"language.{code}.label")) for code in LANGUAGES)
    return Screen(Place.WELCOME, scene.say(body, items, footer=False), items=items, notes=notes)


def stopped(scene: Scene) -> Screen:
    """Who says stop first of all is obeyed at once, in both languages. A row that moved may have brought topics."""
    body = "\n\n".join(scene.town.text("subscriptions.stopped", code) for code in LANGUAGES)
    effects: tuple[Effect, ...] = (OptedOut(), *(Unsubscribed(topic, "word") for topic in scene.citizen.subscriptions))
    return replace(question(scene, body, scene.citizen.notes), effects=effects, subscriptions={})


def choose_number(scene: Scene, number: str) -> Screen:
    """1 valencià, 2 castellano; any other number asks again."""
    place = int(number[:6])
    if 1 <= place <= len(LANGUAGES):
        return language.chosen(scene, LANGUAGES[place - 1])
    return ask(scene)


def choose(scene: Scene, words: str, reading: Reading) -> Screen:
    """A language by its name; other words are kept for later, greetings not."""
    if reading.command in CHOICES:
        return language.chosen(scene, CHOICES[reading.command])
    for code in LANGUAGES:
        if fold(words) == fold(scene.text(f"language.{code}.label")):
            return language.chosen(scene, code)
    if reading.command == Command.STOP:
        return stopped(scene)
    report = reading.sure and reading.labels[0][0] in REPORTS
    if reading.danger and reading.danger.kind == DangerKind.EMERGENCY and report:
        return ask(scene, first=Text(words))
    if reading.danger or reading.command in EMPTY or not words.strip():
        return ask(scene)
    return ask(scene, first=Text(words))


def remember(first: Content | None, before: Mapping[str, str]) -> dict[str, str]:
    """``first`` as notes: words, after those of ``before``; a place. Files are kept in the draft."""
    match first:
        case Text(body=body):
            return {"first": f"{before.get('first', '')}\n{body}".strip()[:MAX_REMEMBERED]}
        case Pin() as pin:
            return {"pin": pin_text(pin), "pin_name": name_of_pin(pin)}
        case _:
            return {}


def answer_kept(scene: Scene, notes: Mapping[str, str], hear: Callable[[Scene, str], Screen]) -> Screen | None:
    """The answer to what was kept in ``notes`` and in the draft, now that the language is known; None for nothing.

    Words are answered by ``hear``, and take the files and the pin along if they tell of a report.
    """
    from canal.dialogue.places import attachment

    pin = parse_pin(notes.get("pin", ""))
    if pin:
        scene = attachment.with_notes(scene, {name: notes.get(name, "") for name in ("pin", "pin_name")})
    if "first" in notes:
        return hear(scene, notes["first"])
    if scene.draft.files and not scene.citizen.blocked:
        return attachment.offer_kept(scene, scene.draft, notes.get("first_media", "image"))
    return attachment.offer_pin(scene, replace(pin, name=notes.get("pin_name", ""))) if pin else None


RULES = PlaceRules(show=show)
