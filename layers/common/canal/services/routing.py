"""Look at a case and do what is left: department, files, mail, news. Any number of times, and by two at once.

What a crash does at each step of ``look``:

    load    nothing has happened: the queue gives the message back, or the sweep finds the case
    claim   one write: department, due date, the files' places in the bucket, and a lease. After it nobody else works on
            the case until the lease ends; then whoever finds it goes on, and stores the files where they were to go
    files   stored over themselves if it is done twice; one that cannot be had now never holds up the rest
    mail    saved as sent before anything else is sent: a crash sends at most this one mail again
    news    the same for each citizen
    finish  the rest of the results, and the end of the lease

Each result is a change that is applied to the case as it is when it is saved: what staff or the citizen did meanwhile
stays, and is looked at at once. ``work.py`` does the pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf

from canal.dialogue.town import Town
from canal.errors import LostRace, Permanent
from canal.incidents.case import Case
from canal.incidents.changes import CANAL, MOST_EVENTS, escalated, reopened, routed
from canal.incidents.deadlines import due
from canal.incidents.states import State
from canal.incidents.watch import deadline, needs_department, work_now
from canal.ports import Cases, Towns
from canal.services.files import Files, is_due, with_keys
from canal.services.progress import Gone, Progress
from canal.services.work import Done, Work, Workshop

LEASE = timedelta(minutes=2)  # longer than the function may run
LOOKS = 8  # at a case that others change again and again; then it waits for the sweep


class Unknown(Permanent):
    """There is no such case: it was deleted with its citizen, or never was."""


class Routing:
    """Looks at cases."""

    def __init__(
        self,
        cases: Cases,
        towns: Towns,
        files: Files,
        workshop: Workshop,
        clock: Callable[[], datetime],
        new_key: Callable[[str], str],
    ) -> None:
        """``new_key`` gives a place in the bucket, that nobody can guess, for a file of a case."""
        self._cases = cases
        self._towns = towns
        self._files = files
        self._workshop = workshop
        self._clock = clock
        self._new_key = new_key

    def look(self, number: str, seconds_left: Callable[[], float] = lambda: inf) -> Done:
        """Do what is left of a case. Raises Unknown, and Temporary when the store does not answer.

        Pieces that failed are in the answer: those that may succeed later are left to the sweep.
        """
        done = Done()
        for _ in range(LOOKS):
            if not self._look_once(number, done, seconds_left):
                break
        return done

    def _look_once(self, number: str, done: Done, seconds_left: Callable[[], float]) -> bool:
        """Whether somebody else changed the case meanwhile, so that it must be looked at again."""
        case, now = self._cases.load(number), self._clock()
        if case is None:
            raise Unknown("there is no such case")
        if not is_work(case, now) or (case.lease_until and case.lease_until > now):
            return False
        try:
            if case.erased:
                self._erase(case)
                return False
            claimed = self._claim(case, now, done)
        except LostRace:
            return True
        return self._worked(claimed, done, seconds_left)

    def _claim(self, case: Case, now: datetime, done: Done) -> Case:
        """The case with what can be decided at once, saved. Raises LostRace."""
        town, after = self._towns.current(), case
        if needs_department(case):
            after = assigned(town, case, now)
        elif is_overdue(case, now):
            after = escalated(case, now, due_again(town, now))
        claimed = self._cases.save(replace(with_keys(after, self._new_key), lease_until=now + LEASE))
        done.figures["CasesRouted"] += case.state != claimed.state
        done.figures["CasesEscalated"] += claimed.escalated - case.escalated
        return claimed

    def _worked(self, claimed: Case, done: Done, seconds_left: Callable[[], float]) -> bool:
        progress = Progress(self._cases, claimed)
        try:
            Work(self._workshop, self._files, self._towns.current(), progress, done, self._clock, seconds_left).run()
        except Gone:  # deleted with its citizen, while we stored its files
            self._files.delete_case(claimed.id)
            return False
        return progress.overtaken and not done.faults

    def _erase(self, case: Case) -> None:
        """Files first: without the row nobody would know of them. Whoever follows the case follows its original; where
        it had none, the first of them takes its place: the matter is theirs too, and nobody else would see to it.
        """
        self._files.delete_case(case.id)
        heir = case.duplicate_of
        for follower in self._cases.following(case.id):
            whole = self._cases.load(follower.id)
            if whole is None or whole.duplicate_of != case.id:  # the index lags behind
                continue
            if heir or whole.erased or not case.open:
                self._cases.save(replace(whole, duplicate_of=heir))
            else:
                heir = self._cases.save(self._inherited(whole, case)).id
        self._cases.delete(case)

    def _inherited(self, follower: Case, case: Case) -> Case:
        """A duplicate in the place of its original, with what that one was promised."""
        return reopened(replace(follower, department=case.department), self._clock(), CANAL, "", case.due_at)


def assigned(town: Town, case: Case, now: datetime) -> Case:
    """The case with its first department, its zone and its due date."""
    zone = zone_of(town, case)
    department = town.incidents.route(case.kind, case.category, zone)
    days = town.incidents.days(case.kind, case.category)
    since = now if case.state == State.REOPENED else case.created_at
    until = due(since, days, town.holidays, town.zone).astimezone(UTC)
    return routed(case, now, department, zone, until, tell=State.ROUTED in town.incidents.tell)


def zone_of(town: Town, case: Case) -> str:
    """Where the pin is, else what the case says, else where its address is, if that is known for sure."""
    if case.position and (zone := town.municipality.zone_of(case.position.latitude, case.position.longitude)):
        return zone
    if case.zone or not case.address:
        return case.zone
    return next((match.spot.zone for match in town.gazetteer.find(case.address, 1) if match.sure), "")


def is_work(case: Case, now: datetime) -> bool:
    """Whether anything is to be done now."""
    return work_now(case) or is_overdue(case, now) or any(is_due(file, now) for file in case.files)


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether it must be said (again) that the case is overdue."""
    moment = deadline(case)
    return moment is not None and moment <= now and len(case.history) < MOST_EVENTS


def due_again(town: Town, now: datetime) -> datetime:
    """When an overdue case escalates once more, if it is still open."""
    return due(now, town.incidents.escalate_after_days, town.holidays, town.zone).astimezone(UTC)
