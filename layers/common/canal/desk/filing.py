"""A case that staff file for somebody who phoned, wrote or came by."""

from __future__ import annotations

from uuid import uuid4

from canal.desk.outside import Desk
from canal.desk.refusals import Forbidden, Refusal
from canal.desk.requests import NewCase
from canal.desk.roles import Action, Person
from canal.desk.work import fits
from canal.errors import LostRace, Temporary
from canal.incidents import changes
from canal.incidents.case import Case
from canal.incidents.numbers import case_number

CHANNEL = "desk"
TRIES = 3  # other numbers, should one be taken


def file(desk: Desk, person: Person, wanted: NewCase, key: str | None) -> Case:
    """File it once. With a ``key`` (the header Idempotency-Key) a repetition gives the case that is there already.

    ``route`` then finds its zone, department and due date. Raises Forbidden, Unfit, or a Refusal for a key that was
    used for something else.
    """
    if not person.could(Action.FILE):
        raise Forbidden("not_your_role")
    fits(desk.town, wanted, wanted.category)
    for attempt in range(TRIES):
        case = drawn_up(desk, person, wanted, case_number(f"{person.name} {key or uuid4().hex} {attempt}"))
        try:
            saved = desk.cases.save(changes.filed(case, person.name))
        except LostRace:
            there = desk.cases.load(case.id)
            if there and key and there.channel == CHANNEL:
                return again(there, case)
            continue
        desk.tell_route(saved)
        return saved
    raise Temporary("no free number was found")


def drawn_up(desk: Desk, person: Person, wanted: NewCase, number: str) -> Case:
    contact = wanted.contact.model_dump() if wanted.contact else {}
    return Case(
        id=number,
        kind=wanted.kind,
        citizen="",
        language=wanted.language,
        created_at=desk.clock(),
        words=wanted.words,
        category=wanted.category or "",
        position=wanted.position,
        address=wanted.address,
        channel=CHANNEL,
        contact={name: value for name, value in contact.items() if value},
    )


def again(there: Case, case: Case) -> Case:
    """The case filed before under the same key, if it is the same."""
    if (there.kind, there.words) != (case.kind, case.words):
        raise Refusal("key_used")
    return there
