"""How staff change a case: on the version they have seen, or not at all.

The version that staff see counts the events of the case's history, which every change by people makes longer by one.
Unlike the row's own version it stays while Canal only keeps its books (a mail sent, a photo fetched, a citizen told),
so that a second click is not refused for that. The save itself is on the row's version: nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable

from canal.desk.outside import Desk
from canal.desk.refusals import Forbidden, Missing, Refusal, Stale, Unconditional
from canal.desk.roles import Action, Person
from canal.errors import LostRace, Temporary
from canal.incidents.case import Case
from canal.incidents.states import MOVES, NotAllowed, State

TRIES = 5  # against Canal's own book-keeping
NO_MOVES = frozenset({State.ROUTED, State.DUPLICATE})  # Canal's own, and a merge


def version(case: Case) -> str:
    return str(len(case.history))


def etag(case: Case) -> str:
    return f'"{version(case)}"'


def next_states(case: Case) -> list[str]:
    """The states that staff may move the case to, in the order of a case's life."""
    return [state for state in State if state in MOVES[case.state] - NO_MOVES]


def condition(if_match: str | None) -> str:
    """The version in an If-Match header. Raises Unconditional without one: "any" is no version either."""
    found = (if_match or "").strip().removeprefix("W/").strip('"')
    if found in ("", "*"):
        raise Unconditional
    return found


def seen(desk: Desk, person: Person, number: str) -> Case:
    """The case, if this person may see it; raises Missing if not, and does not say which of the two it is."""
    case = desk.cases.load(number)
    if case is None or case.erased or not person.sees(case):
        raise Missing("no_such_case")
    return case


def checked(desk: Desk, person: Person, number: str, if_match: str | None, action: Action) -> Case:
    """The case, if this person may do ``action`` to it and it still is what they looked at."""
    case = seen(desk, person, number)
    if not person.may(action, case):
        raise Forbidden("not_your_role")
    if version(case) != condition(if_match):
        raise Stale(case)
    return case


def changed(
    desk: Desk, person: Person, number: str, if_match: str | None, action: Action, change: Callable[[Case], Case]
) -> Case:
    """The case after ``change``, saved and queued. Raises Stale if somebody else changed it in between, a Refusal
    with the allowed moves where its state does not bear it."""
    for _ in range(TRIES):
        case = checked(desk, person, number, if_match, action)
        after = _after(case, change)
        if after == case:
            return case
        saved = _saved(desk, after)
        if saved:
            desk.tell_route(saved)
            return saved
    raise Temporary("the case changes faster than it can be saved")


def _after(case: Case, change: Callable[[Case], Case]) -> Case:
    try:
        return change(case)
    except NotAllowed as error:
        problem = {"field": "state", "reason": str(error), "allowed": next_states(case)}
        raise Refusal("not_allowed", [problem]) from error


def _saved(desk: Desk, after: Case) -> Case | None:
    """The case as saved; None if the race was lost. A save whose answer got lost on the way has been won."""
    try:
        return desk.cases.save(after)
    except LostRace:
        stored = desk.cases.load(after.id)
        return stored if stored and _ours(stored, after) else None


def _ours(stored: Case, after: Case) -> bool:
    """Whether the last event that is stored is the one that we wrote: its id holds the instant."""
    mine = after.history[-1]
    return any((event.id, event.by) == (mine.id, mine.by) for event in stored.history)
