"""A case that a worker has claimed, and what has been done about it since, merged onto whatever others do meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from canal.errors import LostRace
from canal.incidents.case import Case
from canal.incidents.watch import has_work
from canal.ports import Cases

RACES = 8  # staff and citizens change a case now and then; eight in a row is a fault

# What one piece of work does to a case. It is applied to any version of it, more than once if need be, so it finds
# its file or event by id and changes nothing that somebody else has dealt with.
Change = Callable[[Case], Case]


class Gone(Exception):
    """The case was deleted while it was being worked on."""


class Progress:
    """``case`` as this worker sees it; ``overtaken`` once somebody else has changed it too.

    What could be done twice without harm is saved with the rest. What may not (a mail, a message, a new event) is
    saved before the next such thing begins: a crash repeats at most what was under way.
    """

    def __init__(self, cases: Cases, claimed: Case) -> None:
        self.case = claimed
        self.overtaken = False
        self._cases = cases
        self._lease = claimed.lease_until
        self._unsaved: list[Change] = []
        self._urgent = False

    def note(self, change: Change, *, urgent: bool = False) -> None:
        """A result. A new event makes it urgent: its id must be settled before anybody is told of it."""
        events = len(self.case.history)
        self.case = change(self.case)
        self._unsaved.append(change)
        self._urgent |= urgent or len(self.case.history) != events

    def save_what_is_urgent(self) -> None:
        if self._urgent:
            self.save()

    def finish(self, at: datetime) -> None:
        """Save all, and let others work on the case; a lease that another took since stays.

        Where work is left, the lease ends only now: the sweep looks first at what it has not looked at for longer.
        """

        def released(case: Case) -> Case:
            ours = case.lease_until == self._lease
            return replace(case, lease_until=at if has_work(case) else None) if ours else case

        self.note(released)
        self.save()

    def save(self) -> None:
        """All of it. Raises Gone, Temporary, or LostRace when the case changes faster than it can be saved."""
        for _ in range(RACES):
            try:
                self.case = self._cases.save(self.case)
            except LostRace:
                self._catch_up()
            else:
                self._unsaved, self._urgent = [], False
                return
        raise LostRace("the case changed at each of several tries")

    def _catch_up(self) -> None:
        """What is unsaved, on the case as it is now."""
        self.overtaken = True
        fresh = self._cases.load(self.case.id)
        if fresh is None:
            raise Gone
        for change in self._unsaved:
            fresh = change(fresh)
        self.case = fresh
