"""Which cases follow which: merging, and who is told what happens. A duplicate's followers follow its original too."""

from __future__ import annotations

from canal.desk.changing import TRIES, changed, seen
from canal.desk.outside import Desk
from canal.desk.refusals import Missing, Refusal, Unfit
from canal.desk.roles import Action, Person
from canal.errors import LostRace, Temporary
from canal.incidents import changes
from canal.incidents.case import Case
from canal.incidents.states import State
from canal.ports import Cases

MOST = 500  # followers that are counted
LONGEST = 20  # duplicates of duplicates


def followers(cases: Cases, number: str) -> int:
    """How many follow a case, through duplicates of duplicates."""
    found = {number}
    todo = [number]
    while todo and len(found) <= MOST:
        new = [case.id for case in cases.following(todo.pop()) if case.id not in found]
        found.update(new)
        todo += new
    return min(len(found) - 1, MOST)


def chain(cases: Cases, number: str) -> list[Case]:
    """A case, what it is a duplicate of, and so on to the one that is not; stops where it would go round."""
    found: list[Case] = []
    while number and len(found) < LONGEST and number not in {case.id for case in found}:
        case = cases.load(number)
        if case is None:
            break
        found.append(case)
        number = case.duplicate_of if case.state == State.DUPLICATE else ""
    return found


def merge(desk: Desk, person: Person, number: str, if_match: str | None, wanted: str, words: str) -> Case:
    """Make the case a duplicate of ``wanted``, or of what that one is a duplicate of. The original must be open."""
    now = desk.clock()

    def change(case: Case) -> Case:
        return changes.merged(case, now, person.name, original(desk, person, case, wanted), words)

    after = changed(desk, person, number, if_match, Action.MERGE, change)
    return unless_round(desk, person, after)


def original(desk: Desk, person: Person, case: Case, wanted: str) -> str:
    """The number of the open case to follow. Raises Unfit or a Refusal."""
    try:
        seen(desk, person, wanted)
    except Missing as error:
        raise Unfit("original", "unknown") from error
    known = chain(desk.cases, wanted)
    if case.id in {each.id for each in known}:
        raise Refusal("merged_in_a_circle")
    if not known or not known[-1].open or not person.sees(known[-1]):
        raise Refusal("original_not_open")
    return known[-1].id


def unless_round(desk: Desk, person: Person, case: Case) -> Case:
    """Two people may merge two cases into each other at once, each seeing the other one still open. Each looks again
    after saving, so at least one of them sees the circle, and takes the merge back.
    """
    for _ in range(TRIES):
        if case.id not in {each.id for each in chain(desk.cases, case.duplicate_of)}:
            return case
        try:
            opened = desk.cases.save(changes.reopened(case, desk.clock(), person.name, "", case.due_at))
        except LostRace:
            case = seen(desk, person, case.id)
            continue
        desk.tell_route(opened)
        raise Refusal("merged_in_a_circle")
    raise Temporary("the case changes faster than it can be saved")
