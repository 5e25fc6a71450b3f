"""A question to the town, among them those that nobody here could answer: passed on as they were written."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.draft import LONGEST, Draft
from canal.dialogue.report import resume, steps
from canal.dialogue.report.doors import rules
from canal.dialogue.report.parts import UNHEARD
from canal.dialogue.scene import Scene, Screen
from canal.incidents.case import Kind


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    if path == ("pass",) and not scene.citizen.blocked:
        return passed(scene)
    return REPORT.show(scene, path)


def passed(scene: Scene) -> Screen:
    """The words as a question, to be looked over before they go."""
    said = scene.citizen.notes.get(UNHEARD, "")[:LONGEST]
    if scene.draft.begun and scene.draft.kind not in ("", Kind.QUESTION):
        return resume.offer(scene, Kind.QUESTION, said)
    return steps.go_on(scene, Draft(kind=Kind.QUESTION, files=scene.draft.files, words=said))


REPORT = rules(Kind.QUESTION)
RULES = replace(REPORT, show=show)
