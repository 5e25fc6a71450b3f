"""What became of a recipient, noted on their row: tried again, for what has happened cannot be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from canal.broadcasts.delivery import Delivery, State, Step
from canal.broadcasts.outside import Deliveries, People
from canal.errors import CanalError, Temporary
from canal.services.notices.crew import Timing
from canal.services.notices.outcomes import Decision

PAUSES = (0.2, 1.0, 2.0)  # seconds between the tries of a note
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Done:
    """Figures, and what an operator must hear of: campaigns that were stopped, with the reason, and faults of ours."""

    figures: Counter[str] = field(default_factory=Counter)
    stopped: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)


class Tally:
    """What the threads of a lane did since somebody asked; one that was left behind counts the next time."""

    def __init__(self) -> None:
        self._done = Done()
        self._lock = Lock()

    def add(self, figure: str) -> None:
        with self._lock:
            self._done.figures[figure] += 1

    def stop(self, campaign: str, reason: str) -> None:
        self.add("CampaignStopped")
        with self._lock:
            self._done.stopped.append((campaign, reason))

    def fault(self, error: Exception) -> None:
        with self._lock:
            self._done.faults.append(error)

    def drained(self) -> Done:
        with self._lock:
            done, self._done = self._done, Done()
            return done


class Notes:
    """A note that cannot be made leaves the row claimed: a status of WhatsApp's, or ``tend``, will close it.

    ``row`` is as it was claimed. That nothing went out is noted only while that claim stands: of a worker that slept
    too long ``tend`` has freed it, and another may be writing to them. That a message did go out is always noted.
    """

    def __init__(self, deliveries: Deliveries, people: People, timing: Timing) -> None:
        self._deliveries = deliveries
        self._people = people
        self._timing = timing

    def sent(self, row: Delivery, mode: str, wamid: str) -> None:
        now = self._timing.now()
        self._take(row, Step(State.SENT, now, mode=mode, wamid=wamid))
        with suppress(CanalError):  # a courtesy, and no reason for anything
            self._people.told(row.citizen, now)

    def failed(self, row: Delivery, mode: str, decision: Decision) -> None:
        now = self._timing.now()
        self._take(row, Step(State.FAILED, now, mode=mode, code=decision.code, reason=decision.reason, seen=row))

    def skipped(self, row: Delivery, reason: str) -> bool:
        """False if it was no longer queued."""
        return self._deliveries.take(row.campaign, row.citizen, Step(State.SKIPPED, self._timing.now(), reason=reason))

    def released(self, row: Delivery) -> None:
        """Back among the queued ones: whoever comes next may claim it. Looked after in a minute if nobody does."""
        now = self._timing.now()
        self._take(row, Step(State.QUEUED, now, look_at=now + MINUTE, reason=row.reason, seen=row))

    def later(self, row: Delivery, until: datetime, reason: str) -> None:
        """Back among the queued ones, and nobody is to claim it before ``until``."""
        now = self._timing.now()
        self._take(row, Step(State.QUEUED, now, look_at=until, release_at=until, reason=reason, seen=row))

    def rest(self, citizen: str, until: datetime) -> None:
        """Of the citizen, not of the row: it helps other campaigns; this one knows by its row."""
        self._insist(lambda: self._people.rest(citizen, until))

    def no_marketing(self, citizen: str) -> None:
        """WhatsApp tells us of it too, by a webhook of its own."""
        self._insist(lambda: self._people.stop_marketing(citizen))

    def _take(self, row: Delivery, step: Step) -> None:
        self._insist(lambda: self._deliveries.take(row.campaign, row.citizen, step))

    def _insist(self, note: Callable[[], object]) -> None:
        for pause in PAUSES:
            try:
                note()
                return
            except Temporary:
                self._timing.sleep(pause)
        with suppress(Temporary):
            note()
