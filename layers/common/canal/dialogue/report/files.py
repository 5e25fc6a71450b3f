"""Photos, voice notes and other files of a report: kept at once, a handful answered once, ten at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from canal.dialogue.draft import MOST_FILES, Draft, attached
from canal.dialogue.messages import Media
from canal.dialogue.report import steps
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.turn import FileKept
from canal.incidents.case import Kind

HANDFUL = timedelta(minutes=1)  # in which we say only once that there are too many


def keep(scene: Scene, draft: Draft, media: Media) -> Screen:
    """A photo, voice note or file joins the report; a handful that comes at once gets one answer."""
    if draft.full:
        return full(scene, draft)
    after, bunch = with_file(scene, draft, media)
    if bunch and (draft.words or not after.words):
        return silent(scene, after, media.kind)
    shown = steps.go_on(scene, after, scene.text("report.file_kept"))
    return replace(shown, effects=(*shown.effects, FileKept(media.kind)))


def with_file(scene: Scene, draft: Draft, media: Media) -> tuple[Draft, bool]:
    """The draft with one file more and its caption among the words, and whether it came in a handful."""
    at = scene.at or scene.now
    after = replace(draft, case="").holding(attached(media, at)).since_now(scene.now)
    if media.caption:
        after = steps.told(scene, after, media.caption)
    return after, draft.in_a_bunch(at)


def full(scene: Scene, draft: Draft) -> Screen:
    """There are ten already: said once to a handful, which is then left at that."""
    at = scene.at or scene.now
    told = scene.citizen.notes.get("full")
    if told and at - datetime.fromisoformat(told) < HANDFUL:
        return Screen(scene.citizen.place, None, notes=scene.citizen.notes, keep_offered=True)
    shown = steps.go_on(
        scene, replace(draft, kind=draft.kind or Kind.INCIDENT), scene.text("report.full", most=MOST_FILES)
    )
    return replace(shown, notes={**shown.notes, "full": at.isoformat()})


def silent(scene: Scene, draft: Draft, kind: str) -> Screen:
    """Kept without a word; the citizen stays where they are."""
    citizen = scene.citizen
    effects = (FileKept(kind),)
    return Screen(citizen.place, None, notes=citizen.notes, keep_offered=True, effects=effects, draft=draft)
