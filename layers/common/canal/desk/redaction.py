"""Taking out of a case what should not stand in it, for good: words, or parts of a photo."""

from __future__ import annotations

from dataclasses import replace

from canal.desk.changing import changed, checked
from canal.desk.outside import Desk
from canal.desk.refusals import Missing, Refusal
from canal.desk.requests import Redaction
from canal.desk.roles import Action, Person
from canal.desk.work import kept, photo
from canal.errors import BadInput, CanalError, Permanent
from canal.incidents import changes
from canal.incidents.case import Case, File


def redact(desk: Desk, person: Person, number: str, if_match: str | None, wanted: Redaction) -> Case:
    """Hide the report's words, an event's or a file's, or black out boxes of a photo."""
    if wanted.boxes:
        return redact_photo(desk, person, number, if_match, wanted)
    now, event = desk.clock(), wanted.event or ""

    def change(case: Case) -> Case:
        if wanted.file:
            file = replace(kept(case, wanted.file), caption="")
            return changes.redacted(case, now, person.name, file=file)
        if event and event not in {each.id for each in case.history}:
            raise Missing("no_such_event")
        return changes.redacted(case, now, person.name, event=event)

    return changed(desk, person, number, if_match, Action.REDACT, change)


def redact_photo(desk: Desk, person: Person, number: str, if_match: str | None, wanted: Redaction) -> Case:
    """The black copy is kept first, then the case points to it, then the old one is deleted: whatever fails in
    between, the case shows a photo, and no case ever shows the old one again.
    """
    now = desk.clock()
    old = photo(checked(desk, person, number, if_match, Action.REDACT), wanted.file or "")
    black = blackened(desk, number, old, wanted)

    def change(case: Case) -> Case:
        if photo(case, old.id).key != old.key:
            raise Refusal("photo_changed")
        return changes.redacted(case, now, person.name, file=black)

    try:
        after = changed(desk, person, number, if_match, Action.REDACT, change)
    except BadInput:  # refused, so that nobody will ever point to the copy
        drop(desk, number, black)
        raise
    drop(desk, number, old)
    return after


def blackened(desk: Desk, number: str, file: File, wanted: Redaction) -> File:
    boxes = [(box.x, box.y, box.width, box.height) for box in wanted.boxes]
    try:
        black = desk.photos.blackened(number, file, boxes)
    except (BadInput, Permanent) as error:
        raise Refusal("no_photo") from error
    return replace(black, caption="") if wanted.caption else black


def drop(desk: Desk, number: str, file: File) -> None:
    """Delete from the bucket what no case points to any more; if that fails, an operator is told where it lies."""
    try:
        desk.photos.drop(file)
    except CanalError:
        extra = {"case": number, "key": file.key, "thumbnail": file.thumbnail}
        desk.warn("photo not deleted, delete it by hand", extra=extra)
