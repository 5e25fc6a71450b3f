"""What we say when we did not understand: always a way on, never the same sentence twice in a row."""

from __future__ import annotations

from canal.dialogue.cases import waiting
from canal.dialogue.citizen import Place
from canal.dialogue.draft import LONGEST
from canal.dialogue.places import menu
from canal.dialogue.report import resume
from canal.dialogue.report.parts import UNHEARD
from canal.dialogue.scene import Item, Scene, Screen
from canal.dialogue.turn import NotUnderstood
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import words as words_of

GUESSES = 3  # how many near meanings are offered
WORDS = 2  # from which words may be a question to the council
WORTH = 0.03  # and how near they must be, as a share
OFFERED_LABELS = frozenset((*menu.NINE, *menu.AFTER, "suggestion")) - {"person"}  # a person is always offered


def words(scene: Scene, said: str, reading: Reading) -> Screen:
    """Typed words that nobody could use: the nearest meanings, a person, the menu."""
    half = resume.half_way(scene)
    likely = [label for label, share in reading.labels if label in OFFERED_LABELS and share >= WORTH][:GUESSES]
    guesses = [scene.item(label, f"menu.{label}") for label in likely]
    items = [*([half] if half else []), *waiting.offer(scene), *guesses, *passing_on(scene, said), *ways_out(scene)]
    variant = "again" if scene.citizen.missed % 2 else "first" if likely else "nothing"
    body = scene.text(f"unknown.{variant}")
    return Screen(
        place=scene.citizen.place,
        reply=scene.say(body, items),
        items=tuple(items),
        notes={**scene.citizen.notes, UNHEARD: said[:LONGEST]},
        effects=(NotUnderstood(said),),
    )


def passing_on(scene: Scene, said: str) -> list[Item]:
    """The offer to pass the words on to the council, where there are words to pass on."""
    worth = len(words_of(said)) >= WORDS and not scene.citizen.blocked
    return [scene.item("question:pass", "question.pass")] if worth else []


def no_such_number(scene: Scene, highest: int) -> Screen:
    """A number that stands for nothing here: which ones do, and the same answers still count."""
    variant = "again" if scene.citizen.missed % 2 else "first"
    return Screen(
        place=scene.citizen.place,
        reply=scene.say(scene.text(f"unknown.number_{variant}", highest=highest)),
        notes=scene.citizen.notes,
        effects=(NotUnderstood(""),),
        keep_offered=True,
    )


def ways_out(scene: Scene) -> list[Item]:
    return [scene.item(Place.PERSON, "menu.person"), scene.item(Place.MENU, "menu.menu")]
