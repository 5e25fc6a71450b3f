"""The daily work on a case: move, re-route, answer, note, correct, allow a photo, block. Each gives the case after it.

Raises Missing, Forbidden, Unconditional and Stale (see ``changing.py``), a Refusal where the case does not bear it,
Unfit where a field names what does not exist.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from canal.desk.changing import changed, checked
from canal.desk.following import followers
from canal.desk.outside import Desk
from canal.desk.refusals import Missing, Refusal, Unfit
from canal.desk.requests import Correction, Move, Placed, Reroute
from canal.desk.roles import Action, Person
from canal.dialogue.town import Town
from canal.incidents import changes
from canal.incidents.case import Case, File, What
from canal.incidents.deadlines import due
from canal.incidents.states import State


def move(desk: Desk, person: Person, number: str, if_match: str | None, wanted: Move) -> Case:
    """To another state; the citizen is told of those that the town's content names, and whenever there are words."""
    town, now = desk.town, desk.clock()
    tell = bool(wanted.words) or wanted.state in town.incidents.tell

    def change(case: Case) -> Case:
        if wanted.state == State.REOPENED:
            return changes.reopened(case, now, person.name, wanted.words, due_anew(town, case, now))
        return changes.moved(case, now, person.name, wanted.state, wanted.words, tell=tell)

    return changed(desk, person, number, if_match, Action.MOVE, change)


def due_anew(town: Town, case: Case, now: datetime) -> datetime:
    """The due date of a case that begins again now."""
    return due(now, town.incidents.days(case.kind, case.category), town.holidays, town.zone)


def reroute(desk: Desk, person: Person, number: str, if_match: str | None, wanted: Reroute) -> Case:
    """To another department. What the citizen was promised, the due date, stays."""
    if desk.town.incidents.department(wanted.department) is None:
        raise Unfit("department", "unknown")
    now = desk.clock()

    def change(case: Case) -> Case:
        if case.state == State.RECEIVED:
            raise Refusal("not_routed_yet")
        return changes.rerouted(case, now, person.name, wanted.department, wanted.reason, case.due_at)

    return changed(desk, person, number, if_match, Action.REROUTE, change)


def answer(desk: Desk, person: Person, number: str, if_match: str | None, words: str) -> Case:
    """To the citizen and whoever follows; refused where nobody would ever read it."""
    now = desk.clock()

    def change(case: Case) -> Case:
        if not case.citizen and case.channel != "open311" and not followers(desk.cases, case.id):
            raise Refusal("nobody_to_tell")
        return changes.answered(case, now, person.name, words)

    return changed(desk, person, number, if_match, Action.ANSWER, change)


def note(desk: Desk, person: Person, number: str, if_match: str | None, words: str) -> Case:
    """For staff only."""
    now = desk.clock()
    return changed(
        desk, person, number, if_match, Action.NOTE, lambda case: changes.noted(case, now, person.name, words)
    )


def correct(desk: Desk, person: Person, number: str, if_match: str | None, wanted: Correction) -> Case:
    """Category or place; the zone follows the place, the department is a matter of ``reroute``."""
    town, now = desk.town, desk.clock()
    fits(town, wanted, wanted.category)

    def change(case: Case) -> Case:
        position = wanted.position
        zone = town.municipality.zone_of(position.latitude, position.longitude) if position else case.zone
        after = changes.corrected(
            case, now, person.name, category=wanted.category or "", position=position, address=wanted.address
        )
        return case if after == case else replace(after, zone=zone)

    return changed(desk, person, number, if_match, Action.CORRECT, change)


def fits(town: Town, place: Placed, category: str | None) -> None:
    """Raises Unfit for a category that the content does not have or a place out of the municipality."""
    if category and town.incidents.category(category) is None:
        raise Unfit("category", "unknown")
    position = place.position
    if position and not place.outside and not town.municipality.contains(position.latitude, position.longitude):
        raise Unfit("latitude", "outside_municipality")


def allow(desk: Desk, person: Person, number: str, if_match: str | None, file: str, *, public: bool) -> Case:
    """Whether others may see a photo; never one of a category that the content calls private."""
    town, now = desk.town, desk.clock()

    def change(case: Case) -> Case:
        if photo(case, file).public == public:
            return case
        category = town.incidents.category(case.category)
        if public and category and category.private:
            raise Refusal("private_category")
        return changes.allowed(case, now, person.name, file, public=public)

    return changed(desk, person, number, if_match, Action.ALLOW, change)


def photo(case: Case, identifier: str) -> File:
    """A stored image of the case; raises Missing or a Refusal."""
    found = kept(case, identifier)
    if not found.is_photo or found.state != "stored":
        raise Refusal("no_photo")
    return found


def kept(case: Case, identifier: str) -> File:
    """A file of the case, whatever it is; raises Missing."""
    found = next((file for file in case.files if file.id == identifier), None)
    if found is None:
        raise Missing("no_such_file")
    return found


def block(desk: Desk, person: Person, number: str, if_match: str | None, *, blocked: bool, reason: str = "") -> Case:
    """Block whoever brought the case, or take it back, and note it in the history.

    The citizen's row comes first: blocked without a note can be repeated, a note without the block would deceive.
    """
    now = desk.clock()
    case = checked(desk, person, number, if_match, Action.BLOCK)
    if not case.citizen or not desk.citizens.block(case.citizen, blocked):
        raise Refusal("nobody_to_block")
    details = {"blocked": str(blocked).lower()}
    return changed(
        desk,
        person,
        number,
        if_match,
        Action.BLOCK,
        lambda each: changes.happened(each, now, What.NOTED, person.name, reason, details=details),
    )
