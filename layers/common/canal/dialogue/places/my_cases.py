"""Les meues incidències: what the citizen has sent, how it stands, and what they can do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from canal.dialogue.cases import adding, finding, more, numbers, rating, reopening, view
from canal.dialogue.citizen import Place
from canal.dialogue.draft import Draft
from canal.dialogue.messages import Media, Pin
from canal.dialogue.report import hearing
from canal.dialogue.report.parts import UNHEARD
from canal.dialogue.scene import PlaceRules, Scene, Screen, elsewhere
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import words as words_of
from canal.incidents.case import Case
from canal.incidents.states import State

FEW, SURELY, PLAINLY = 2, 0.9, 0.97  # words and shares from which words leave for another place
OWN = frozenset({"my_cases", "incident", "complaint", "suggestion", "emergency", "smalltalk"})

STEPS: dict[str, Callable[[Scene, Case], Screen]] = {
    "case": view.shown,
    "answers": view.answered,
    "add": more.ask,
    "reopen": reopening.ask,
    "rate": rating.ask,
}


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``my_cases``, ``my_cases:case:ID`` and the other steps of a case: ``answers:ID``, ``add:ID[:yes|no|said]``,
    ``reopen:ID[:go]``, ``rate:ID[:stars]``.
    """
    match path:
        case ():
            return view.listed(scene)
        case (step, number) if step in STEPS:
            return of(scene, number, STEPS[step])
        case ("reopen", number, "go"):
            return of(scene, number, lambda scene, case: reopening.reopen(scene, case, ""))
        case ("add", number, "yes" | "no" as word):
            return of(scene, number, lambda scene, case: more.add(scene, case, scene.text(f"my_cases.said_{word}")))
        case ("add", number, "said"):
            return of(scene, number, said_elsewhere)
        case ("rate", number, stars) if stars in ("1", "2", "3", "4", "5"):
            return of(scene, number, lambda scene, case: rating.rate(scene, case, int(stars)))
        case _:
            return None


def of(scene: Scene, number: str, step: Callable[[Scene, Case], Screen]) -> Screen:
    """A step with the citizen's case of that number."""
    case = finding.mine(scene, number)
    return step(scene, case) if case else view.missing(scene, number)


def said_elsewhere(scene: Scene, case: Case) -> Screen:
    """What they wrote or sent in another place, which had no use for it; asked for where it is not there any more."""
    held = Draft() if scene.draft.kind else scene.draft
    words = f"{held.words}\n{scene.citizen.notes.get(UNHEARD, '')}".strip()
    if not words and not held.files:
        return more.ask(scene, case)
    shown = more.add(scene, case, words, *(adding.file_of(each) for each in held.files))
    return replace(shown, draft=Draft()) if held.begun and shown.effects else shown


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """What is asked for here, or from elsewhere: a case by its number, the only case, the list."""
    if scene.citizen.place == Place.MY_CASES and (case := present(scene)) and (step := step_of(scene, case)):
        if by_name := asked_by_name(scene, words, reading):
            return by_name
        return None if leaves(scene, words, reading) else answer(scene, case, step, words)
    if found := by_number(scene, words):
        return found
    if scene.citizen.place == Place.MY_CASES and not asks_how_it_goes(reading):
        return None
    cases = finding.all_of(scene)
    return of(scene, cases[0].id, view.shown) if len(cases) == 1 else view.listed(scene)


def asked_by_name(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """In the middle of a step: "com va 7K2M9QXA?" asks for a case, and is no part of one."""
    number = numbers.number_in(words)
    asks = "?" in words or asks_how_it_goes(reading)
    return by_number(scene, words) if number and asks and numbers.asks_for_it(words) else None


def by_number(scene: Scene, words: str) -> Screen | None:
    """The case whose number stands in the words. Letters alone are only a number where there is such a case."""
    number = numbers.number_in(words)
    if not number:
        return None
    case = finding.mine(scene, number)
    if case is None:
        return None if number.isalpha() else view.missing(scene, number)
    return view.shown(scene, case)


def anywhere(scene: Scene, words: str, *, listens: bool) -> Screen | None:
    """From every place: a message that is about nothing but a case number.

    Where the place ``listens`` to all that is typed, only one that is a number and nothing else.
    """
    number = numbers.number_in(words)
    if not number or not numbers.asks_for_it(words):
        return None
    return None if listens and not numbers.is_all(words, number) else by_number(scene, words)


# --- in the middle of a step ------------------------------------------------------------------------


def present(scene: Scene) -> Case | None:
    """The case that was looked at last, read anew."""
    number = scene.citizen.notes.get("case")
    return finding.mine(scene, number) if number else None


def step_of(scene: Scene, case: Case) -> str:
    """What words mean now: "reopen", "add" (also where staff asked something in between), or nothing in particular."""
    if step := scene.citizen.notes.get("step"):
        return step
    return "add" if finding.followed(scene, case).state == State.WAITING else ""


def answer(scene: Scene, case: Case, step: str, words: str) -> Screen | None:
    """Words that we asked for: what is still wrong, or what is to be added. One digit is a slip of the finger, and a
    number is no addition once they have said what they wanted to.
    """
    said = scene.citizen.notes.get("said") and finding.followed(scene, case).state != State.WAITING
    if len(words.strip()) == 1 or (said and words.strip().isdecimal()):
        return None
    if step == "reopen":
        return reopening.reopen(scene, case, words)
    return more.add(scene, case, words)


def leaves(scene: Scene, words: str, reading: Reading) -> bool:
    """Whether the words are a wish for something else: few that surely name it; a sentence only once they have said
    what they wanted to.
    """
    if scene.citizen.notes.get("said") and hearing.bare(scene, words):
        return True
    if not reading.labels or reading.labels[0][0] in OWN:
        return False
    if len(words_of(words)) <= FEW:
        return elsewhere(scene, reading, SURELY)
    return bool(scene.citizen.notes.get("said")) and elsewhere(scene, reading, PLAINLY)


def asks_how_it_goes(reading: Reading) -> bool:
    return reading.sure and reading.labels[0][0] == "my_cases"


def locate(scene: Scene, pin: Pin) -> Screen | None:
    """Where it is, while something is being added."""
    case = present(scene)
    return more.pin(scene, case, pin) if case and step_of(scene, case) == "add" else None


def take(scene: Scene, media: Media) -> Screen | None:
    """Photos and voice notes join the case that is being added to, reopened, or looked at while it is open."""
    case = present(scene)
    if case is None:
        return None
    step = step_of(scene, case)
    if step == "reopen":
        return reopening.with_file(scene, case, media)
    return more.file(scene, case, media) if step == "add" or finding.followed(scene, case).open else None


RULES = PlaceRules(show=show, hear=hear, locate=locate, take=take, listens=True)
