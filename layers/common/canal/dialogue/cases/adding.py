"""More words and files for a case that exists, the same way from every place that takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from canal.dialogue.draft import BURST, Attached, attached
from canal.dialogue.messages import Media
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.turn import CaseChanged
from canal.incidents import changes
from canal.incidents.case import Case, File
from canal.incidents.states import NotAllowed


def moment(scene: Scene) -> datetime:
    """When the citizen said it."""
    return scene.at or scene.now


def file_of(each: Attached) -> File:
    """A file as it came, still to be fetched."""
    sent_at = datetime.fromisoformat(each.sent_at)
    return File(each.id, each.kind, each.media_id, sent_at, each.mime_type, each.caption)


def sent(scene: Scene, media: Media) -> File:
    """The file of the present message."""
    return file_of(attached(media, moment(scene)))


def remarked(scene: Scene, case: Case, words: str, files: Sequence[File] = ()) -> Case | None:
    """``case`` with the citizen's words and files; None where it takes no more of either."""
    if files and len(case.files) >= changes.MOST_FILES:
        return None
    try:
        return changes.remarked(case, moment(scene), words.strip(), files)
    except NotAllowed:  # its history is full
        return None


def in_a_bunch(case: Case, file: File) -> bool:
    """Whether ``file`` was chosen together with the last one of the case: one answer is enough for both."""
    return bool(case.files) and abs(file.sent_at - case.files[-1].sent_at) <= BURST


def silent(scene: Scene, *after: Case) -> Screen:
    """Added without a word; the citizen stays where they are."""
    citizen = scene.citizen
    effects = tuple(CaseChanged(case) for case in after)
    return Screen(citizen.place, None, notes=citizen.notes, keep_offered=True, effects=effects)


def saying_so(screen: Screen, *after: Case) -> Screen:
    """``screen``, with the cases that changed saved."""
    return replace(screen, effects=(*screen.effects, *(CaseChanged(case) for case in after)))
