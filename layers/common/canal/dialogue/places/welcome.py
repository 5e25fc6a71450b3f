"""The first words: valencià or castellano, by number. What was asked before is kept and answered after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from canal.dialogue.citizen import Place
from canal.dialogue.messages import LANGUAGES, Content, Language, Media, MediaKind, Pin, Text
from canal.dialogue.places import language
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen
from canal.dialogue.turn import OptedOut
from canal.dialogue.understanding.commands import Command
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import fold

MAX_REMEMBERED = 1000  # characters; enough for a question, little to keep
AGAIN = "again"  # the note that the question was just repeated in other words

KINDS: dict[str, MediaKind] = {"image": "image", "video": "video", "document": "document"}
CHOICES: dict[Command, Language] = {Command.LANGUAGE_CA: "ca", Command.LANGUAGE_ES: "es"}
EMPTY = frozenset({Command.GREETING, Command.MENU, Command.HELP, Command.LANGUAGE, Command.BACK})


def show(scene: Scene, path: tuple[str, ...]) -> Screen:
    return ask(scene)


def ask(scene: Scene, first: Content | None = None) -> Screen:
    """The question, in both languages at once, since we do not know either yet."""
    again = bool(scene.citizen.offered) and AGAIN not in scene.citizen.notes
    kept = remember(first, scene.citizen.notes) or {n: v for n, v in scene.citizen.notes.items() if n != AGAIN}
    notes = {**kept, AGAIN: "1"} if again else kept
    key = "welcome.ask_again" if again else "welcome.ask"
    return question(scene, scene.text(key, town=scene.town.name), notes)


def question(scene: Scene, body: str, notes: Mapping[str, str]) -> Screen:
    items = tuple(Item(f"language:{code}", scene.text(f"language.{code}.label")) for code in LANGUAGES)
    return Screen(Place.WELCOME, scene.say(body, items, footer=False), items=items, notes=notes)


def stopped(scene: Scene) -> Screen:
    """Who says stop first of all is obeyed at once, in both languages."""
    body = "\n\n".join(scene.town.text("subscriptions.stopped", code) for code in LANGUAGES)
    return replace(question(scene, body, scene.citizen.notes), effects=(OptedOut(),))


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
    if reading.danger or reading.command in EMPTY or not words.strip():
        return ask(scene)
    return ask(scene, first=Text(words))


def remember(first: Content | None, before: Mapping[str, str]) -> dict[str, str]:
    """``first`` as notes: words, after those of ``before``; a place or a photo."""
    match first:
        case Text(body=body):
            return {"first": f"{before.get('first', '')}\n{body}".strip()[:MAX_REMEMBERED]}
        case Pin() as pin:
            return {"first_pin": f"{pin.latitude},{pin.longitude}"}
        case Media() as media:
            return {"first_media": "voice" if media.voice else media.kind, "media": media.media_id}
        case _:
            return {}


def remembered(notes: Mapping[str, str]) -> Content | None:
    """What ``remember`` kept."""
    if "first" in notes:
        return Text(notes["first"])
    if "first_pin" in notes:
        latitude, longitude = notes["first_pin"].split(",")
        return Pin(float(latitude), float(longitude))
    if "first_media" in notes:
        voice = notes["first_media"] == "voice"
        return Media(KINDS.get(notes["first_media"], "audio"), notes["media"], voice=voice)
    return None


RULES = PlaceRules(show=show)
