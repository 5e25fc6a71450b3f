"""A case as a row of ``incidents`` and back. What is empty has no attribute, so that the sparse indexes stay sparse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from pynamodb.expressions.condition import Condition

from canal.adapters.dynamo_models import IncidentRow
from canal.adapters.moments import moment, text
from canal.dialogue.understanding.text import fold
from canal.incidents import geohash
from canal.incidents.case import Case, Event, File, Kind, Position, Telling, What
from canal.incidents.states import State
from canal.incidents.watch import next_look

OPEN, CLOSED = "open", "closed"
MOST_REMARKS = 1_000  # characters that are searched; every index of the lists holds them


def row_of_case(case: Case) -> IncidentRow:
    """The row to save, with the version that it then has: one more than the case's."""
    return IncidentRow(
        case.id,
        kind=str(case.kind),
        citizen=case.citizen or None,
        language=case.language,
        created_at=text(case.created_at),
        words=case.words or None,
        words_hidden=case.words_hidden or None,
        state=str(case.state),
        category=case.category or None,
        department=case.department or None,
        zone=case.zone or None,
        position=[case.position.latitude, case.position.longitude, case.position.source] if case.position else None,
        address=case.address or None,
        files=[without_empties(file) for file in case.files] or None,
        history=[without_empties(event) for event in case.history] or None,
        due_at=text(case.due_at),
        closed_at=text(case.closed_at),
        updated_at=text(case.updated_at),
        duplicate_of=case.duplicate_of or None,
        rating=case.rating or None,
        escalated=case.escalated or None,
        mailed_to=case.mailed_to or None,
        channel=case.channel,
        contact=dict(case.contact) or None,
        erased=case.erased or None,
        demo=case.demo or None,
        lease_until=text(case.lease_until),
        version=case.version + 1,
        **for_the_indexes(case),
    )


def unchanged(case: Case) -> Condition:
    """That the stored row is still the one this case was made of; that there is none, for a new case."""
    return IncidentRow.version == case.version if case.version else IncidentRow.id.does_not_exist()


def for_the_indexes(case: Case) -> dict[str, Any]:
    """What the indexes are keyed by, and what the text filter looks into. What is being deleted is in no list."""
    watch, watch_at = next_look(case) or (None, None)
    watched = {"watch": str(watch) if watch else None, "watch_at": text(watch_at)}
    if case.erased:
        return watched
    phase = OPEN if case.open else CLOSED
    return watched | {
        "phase": phase,
        "department_phase": department_phase(case.department, phase) if case.department else None,
        "cell": cell_of(case),
        "due": OPEN if case.open and case.due_at else None,
        "search": searched(case),
    }


def searched(case: Case) -> str:
    """What the text filter looks into: a case that began with a bare "a person, please" is found by what followed."""
    remarks = " ".join(event.words for event in case.history if event.what == What.REMARKED)
    return fold(f"{case.words} {case.address} {case.id} {remarks[:MOST_REMARKS]}")


def department_phase(department: str, phase: str) -> str:
    return f"{department}#{phase}"


def cell_of(case: Case) -> str | None:
    """Where others look for it before they report the same; None once that would be of no use."""
    if case.kind != Kind.INCIDENT or not case.open or case.position is None or case.duplicate_of:
        return None
    return cell_key(case.category, geohash.encode(case.position.latitude, case.position.longitude))


def cell_key(category: str, cell: str) -> str:
    return f"{category}#{cell}"


def case_of(row: IncidentRow) -> Case:
    """The case of a row, or as much of it as an index holds."""
    return Case(
        id=row.id,
        kind=Kind(row.kind),
        citizen=row.citizen or "",
        language=row.language,
        created_at=datetime.fromisoformat(row.created_at),
        words=row.words or "",
        state=State(row.state),
        category=row.category or "",
        department=row.department or "",
        zone=row.zone or "",
        position=Position(*row.position) if row.position else None,
        address=row.address or "",
        files=tuple(file_of(stored) for stored in row.files or ()),
        history=tuple(event_of(stored) for stored in row.history or ()),
        due_at=moment(row.due_at),
        closed_at=moment(row.closed_at),
        updated_at=moment(row.updated_at),
        duplicate_of=row.duplicate_of or "",
        rating=int(row.rating or 0),
        escalated=int(row.escalated or 0),
        mailed_to=row.mailed_to or "",
        channel=row.channel or "whatsapp",
        contact=row.contact or {},
        words_hidden=bool(row.words_hidden),
        erased=bool(row.erased),
        demo=bool(row.demo),
        lease_until=moment(row.lease_until),
        version=int(row.version),
    )


def file_of(stored: Mapping[str, Any]) -> File:
    values = {"kind": "", "media_id": "", **known(stored, File.__slots__)}  # what was empty was not stored
    moments: dict[str, Any] = {
        name: datetime.fromisoformat(values[name]) for name in ("sent_at", "retry_at") if name in values
    }
    return File(**values | moments)


def event_of(stored: Mapping[str, Any]) -> Event:
    values = {"by": "", **known(stored, Event.__slots__)}
    read: dict[str, Any] = {
        "at": datetime.fromisoformat(values["at"]),
        "what": What(values["what"]),
        "state": State(values["state"]),
        "telling": Telling(values.get("telling", "")),
    }
    return Event(**values | read)


def known(stored: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What is stored under names of today: a row of another release may hold more."""
    return {name: stored[name] for name in names if name in stored}


def without_empties(value: File | Event) -> dict[str, Any]:
    """A part of a case as JSON holds it."""
    fields = ((name, getattr(value, name)) for name in value.__slots__)
    return {name: plain(field) for name, field in fields if field}


def plain(value: Any) -> Any:
    match value:
        case datetime():
            return text(value)
        case Enum():
            return value.value
        case Mapping():
            return dict(value)
        case _:
            return value
