"""Cases as staff see them: from the domain's values to the shapes of ``views.py``."""

from __future__ import annotations

from datetime import datetime, timedelta

from canal.desk.changing import next_states, version
from canal.desk.following import followers
from canal.desk.outside import Desk
from canal.desk.roles import Action, Person
from canal.desk.views import CaseView, EventView, FileView, Row, Window
from canal.dialogue.citizen import Citizen
from canal.incidents.case import Case, Event, File

LINK_SECONDS = 900
WINDOW = timedelta(hours=24)  # in which WhatsApp lets the town write freely


def row(case: Case, now: datetime) -> Row:
    position = case.position
    return Row(
        id=case.id,
        kind=case.kind,
        state=case.state,
        category=case.category,
        department=case.department,
        zone=case.zone,
        words=case.words,
        words_hidden=case.words_hidden,
        address=case.address,
        latitude=position.latitude if position else None,
        longitude=position.longitude if position else None,
        position_source=position.source if position else "",
        language=case.language,
        channel=case.channel,
        created_at=case.created_at,
        updated_at=case.updated_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        overdue=overdue(case, now),
        escalated=case.escalated,
        rating=case.rating,
        duplicate_of=case.duplicate_of,
        demo=case.demo,
    )


def overdue(case: Case, now: datetime) -> bool:
    return bool(case.open and case.due_at and case.due_at < now)


def whole(desk: Desk, person: Person, case: Case) -> CaseView:
    """One case with its history, its files and what can be done with it."""
    now = desk.clock()
    citizen = desk.citizens.load(case.citizen) if case.citizen else None
    return CaseView(
        **dict(row(case, now)),
        version=version(case),
        history=[event(each) for each in case.history],
        files=[file(desk, each) for each in case.files],
        followers=followers(desk.cases, case.id),
        contact=dict(case.contact),
        citizen="known" if citizen else "none",
        blocked=bool(citizen and citizen.blocked),
        window=window(citizen, now),
        moves=next_states(case),
        may=[action for action in Action if action != Action.FILE and person.may(action, case)],
    )


def event(happened: Event) -> EventView:
    return EventView(
        id=happened.id,
        at=happened.at,
        what=happened.what,
        by=happened.by,
        state=happened.state,
        department=happened.department,
        words=happened.words,
        hidden=happened.hidden,
        details=dict(happened.details),
        telling=happened.telling,
        told=dict(happened.told),
    )


def file(desk: Desk, kept: File) -> FileView:
    stored = kept.state == "stored"  # its place in the bucket is chosen before it is fetched
    return FileView(
        id=kept.id,
        kind=kept.kind,
        state=kept.state,
        mime_type=kept.mime_type,
        caption=kept.caption,
        sent_at=kept.sent_at,
        public=kept.public,
        reason=kept.reason,
        url=desk.links.link(kept.key, LINK_SECONDS) if kept.key and stored else "",
        thumbnail_url=desk.links.link(kept.thumbnail, LINK_SECONDS) if kept.thumbnail and stored else "",
    )


def window(citizen: Citizen | None, now: datetime) -> Window:
    """How an answer would reach the citizen if it were sent now."""
    if citizen is None:
        return Window(open=False, template=False)
    until = citizen.last_inbound_at + WINDOW if citizen.last_inbound_at else None
    if until and now < until:
        return Window(open=True, until=until, template=False)
    return Window(open=False, template=True)
