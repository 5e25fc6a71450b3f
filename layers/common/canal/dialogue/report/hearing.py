"""Typed words inside a report: the description, the place, or after all something else."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.citizen import Place
from canal.dialogue.draft import Draft
from canal.dialogue.messages import LANGUAGES
from canal.dialogue.report import resume, review, steps, where
from canal.dialogue.scene import Scene, Screen, elsewhere, says
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import fold, same
from canal.dialogue.understanding.text import words as words_of

FEW = 2  # words: "farmàcia", "bus hospital" leave where a sentence is part of the report
SHORT = 40  # characters
A_FACE = 8  # characters without a word that tell nothing
LONGEST_OPENING = 120  # characters of "hola, bon dia, voldria posar una queixa"
SURELY = 0.9
PLAINLY = 0.97
OWN = frozenset({"incident", "complaint", "suggestion", "emergency"})  # labels of what is said in a report
ASKED = frozenset({"", "what", "category", "words"})  # steps that ask for a description
ANSWERABLE = ASKED | {"where", "review", "change", "photos"}


def here(scene: Scene, draft: Draft, words: str, reading: Reading) -> Screen | None:
    """What typed words mean at the present step; None for those that leave, and for stray numbers.

    A blank, a dot or a face tells nothing: what is missing is asked again.
    """
    step = scene.citizen.notes.get("step", "")
    if words.strip().isdecimal():
        return None
    if step in ANSWERABLE and not words_of(words) and len(words.strip()) <= A_FACE:
        return steps.go_on(scene, draft)
    if step in ("where", "outside"):
        return place(scene, draft, words, reading)
    if step in ("review", "change") and says(scene, words, "report.said_change") and len(words_of(words)) <= FEW:
        return review.change(scene, draft)
    if leaves(scene, reading, words, step):
        return None
    if step == "resume":
        return continued(scene, draft, words)
    if step in ASKED and bare(scene, words):
        return steps.go_on(scene, draft)
    if step == "words":
        return steps.go_on(scene, steps.retold(scene, draft, words))
    if step == "category":
        return category(scene, draft, words)
    head = "" if step in ASKED else scene.text("report.added")
    return steps.go_on(scene, steps.told(scene, draft, words), head)


def continued(scene: Scene, draft: Draft, words: str) -> Screen:
    """Typed where one was asked whether to go on: more of the same report, or "enviar", which only goes on."""
    if words_of(words) == words_of(scene.text("report.send.label")):
        return steps.go_on(scene, draft)
    told = f"{resume.more_of_it(scene, draft)}\n{words}".strip()
    return steps.go_on(scene, steps.told(scene, draft, told), scene.text("report.added"))


def category(scene: Scene, draft: Draft, words: str) -> Screen:
    """Typed instead of chosen from the list; what is not in it is kept with the description."""
    found = scene.town.incidents.find(words)
    if found:
        return steps.go_on(scene, draft.about(found[0].id).saying("" if draft.words else words))
    return steps.go_on(scene, steps.told(scene, replace(draft, category=""), words), scene.text("report.not_listed"))


def place(scene: Scene, draft: Draft, words: str, reading: Reading) -> Screen | None:
    """A street, a landmark; what the town's list does not know is noted as it is written."""
    if spot := where.surely(scene, words):
        return steps.go_on(scene, where.at_spot(scene, draft, spot))
    if found := where.candidates(scene, words):
        return where.choose(scene, draft, found, words)
    if leaves(scene, reading, words, "where"):
        return None
    return steps.go_on(scene, where.as_written(draft, words), scene.text("report.as_written"))


def leaves(scene: Scene, reading: Reading, words: str, step: str) -> bool:
    """Whether the words are a wish for something else: few of them that surely name it; a whole sentence only
    where no description is asked for.
    """
    if not reading.labels or reading.labels[0][0] in OWN or at_home(scene, reading):
        return False
    if len(words_of(words)) <= FEW and len(words) <= SHORT:
        return elsewhere(scene, reading, SURELY)
    return step not in ASKED and step != "where" and elsewhere(scene, reading, PLAINLY)


def at_home(scene: Scene, reading: Reading) -> bool:
    """Whether the words are of the kind of thing that is reported here: a sofa, in a pick-up."""
    return scene.citizen.place == Place.PICKUP and reading.labels[0][0] == Place.WASTE.value


def bare(scene: Scene, words: str) -> bool:
    """Whether the words only ask to report something and tell nothing of it: "vull posar una queixa"."""
    listed = ",".join(scene.town.text("report.said_to_open", code) for code in LANGUAGES)
    known = tuple(fold(word) for word in listed.split(","))
    said = words_of(words)
    return (
        bool(said) and len(words) <= LONGEST_OPENING and all(any(same(word, each) for each in known) for word in said)
    )
