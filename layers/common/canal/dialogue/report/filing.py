"""The draft becomes a case: a new one, or one that follows a case which is there already."""

from __future__ import annotations

from datetime import datetime

from canal.dialogue.citizen import Place
from canal.dialogue.draft import Draft
from canal.dialogue.report import steps
from canal.dialogue.report.parts import OTHER, categorised
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.times import long_day
from canal.dialogue.turn import CaseFiled
from canal.incidents import changes
from canal.incidents.case import Case, File, Kind, Position
from canal.incidents.deadlines import due
from canal.incidents.numbers import case_number
from canal.incidents.states import State


def send(scene: Scene, draft: Draft) -> Screen:
    """Filed as a new case; what is still missing is asked first."""
    asked = steps.go_on(scene, draft)
    if asked.notes.get("step") != "review":
        return asked
    case = changes.filed(case_of(scene, draft))
    return done(scene, case, sent(scene, draft, case))


def join(scene: Scene, draft: Draft, original: Case | None) -> Screen:
    """Filed as one that follows ``original``; as a new one where that one is not open any more."""
    joinable = original and original.open and original.kind == Kind.INCIDENT and original.category == draft.category
    if not original or not joinable:
        return steps.go_on(scene, draft, scene.text("report.not_open"))
    case = changes.joined(case_of(scene, draft), original)
    state = scene.text(f"report.state_{original.state}")
    return done(scene, case, scene.text("report.joined", case=case.id, state=state))


def case_of(scene: Scene, draft: Draft) -> Case:
    """The draft as a case, under a number that follows from the message."""
    placed = draft.latitude is not None and draft.longitude is not None
    return Case(
        id=case_number(scene.message_id),
        kind=Kind(draft.kind),
        citizen=scene.citizen.key,
        language=scene.language,
        created_at=scene.at or scene.now,
        words=draft.words,
        category=draft.category if draft.category != OTHER and categorised(scene, draft) else "",
        position=Position(draft.latitude, draft.longitude, draft.source) if placed else None,  # type: ignore[arg-type]
        address=draft.address,
        files=tuple(
            File(each.id, each.kind, each.media_id, datetime.fromisoformat(each.sent_at), each.mime_type, each.caption)
            for each in draft.files
        ),
    )


def sent(scene: Scene, draft: Draft, case: Case) -> str:
    """The number, who it goes to and by when to expect something; the last two only where no news will tell them."""
    incidents = scene.town.incidents
    pickup = [scene.text("report.pickup_wait")] if case.kind == Kind.PICKUP else []
    if State.ROUTED in incidents.tell:
        parts = [scene.text("report.sent", case=case.id), *(pickup or [scene.text("report.news_first")])]
        return "\n".join(parts)
    zone = ""
    if case.position:
        zone = scene.town.municipality.zone_of(case.position.latitude, case.position.longitude)
    department = incidents.department(incidents.route(case.kind, case.category, zone))
    parts = [scene.text("report.sent", case=case.id)]
    if department:
        parts.append(scene.text("report.goes_to", department=scene.pick(department.name)))
    if pickup:
        return "\n".join([*parts, *pickup])
    days = incidents.days(case.kind, case.category)
    by = due(case.created_at, days, scene.town.holidays, scene.town.zone)
    until = scene.text("report.by", day=long_day(scene, scene.town.local(by).date()))
    return "\n".join([*parts, until, scene.text("report.news")])


def done(scene: Scene, case: Case, body: str) -> Screen:
    """What became of it. The draft is gone, and with it the way to send it twice; a photo that comes now is added."""
    items = (scene.item(f"my_cases:case:{case.id}", "report.see"), *scene.named("menu"))
    notes = {"case": case.id}
    reply = scene.say(body, items)
    return Screen(Place.MY_CASES, reply, items=items, notes=notes, effects=(CaseFiled(case),), draft=Draft())
