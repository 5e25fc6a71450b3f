"""Who may write when: an alert has the number's whole rate, so whoever sends in bulk stands back while one runs.

Planning announces an alert a second ahead, and those who send in bulk look twice a second: when the alert begins, the
number is free. Those who send alerts renew the announcement while they have something to send.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

from canal.broadcasts.outside import Lane
from canal.errors import Temporary
from canal.services.notices.crew import Timing

LOOK = 0.5  # seconds between two looks
NOTICE = timedelta(seconds=1)  # from an announcement to the alert: all have looked by then
LASTS = timedelta(seconds=10)  # those who send in bulk idle so long after the last of an alert
RENEW = 3.0  # seconds between two announcements


class Gate(Protocol):
    """Passed before each recipient is claimed."""

    def open(self) -> bool:
        """Whether one may write now; asks nobody, so that it may stand right before the message."""
        ...

    def look(self) -> None:
        """Bring what ``open`` knows up to date. A store that does not answer leaves it as it was."""
        ...


class StandBack:
    """The gate of those who send in bulk."""

    def __init__(self, lane: Lane, timing: Timing) -> None:
        self._lane = lane
        self._timing = timing
        self._until: datetime | None = None
        self._often = Seldom(LOOK, timing)

    def open(self) -> bool:
        return self._until is None or self._timing.now() >= self._until

    def look(self) -> None:
        if self._often.due():
            try:
                announced = self._lane.alert()
            except Temporary:
                return
            self._until = announced[1] if announced else None


class Overtake:
    """The gate of those who send alerts: it opens when the others have had time to stand back."""

    def __init__(self, lane: Lane, timing: Timing) -> None:
        self._lane = lane
        self._timing = timing
        self._since: datetime | None = None
        self._often = Seldom(RENEW, timing)

    def open(self) -> bool:
        return self._since is None or self._timing.now() >= self._since

    def look(self) -> None:
        """Announce the alert, or that it goes on. If that fails it goes out all the same."""
        if self._often.due():
            try:
                self._since = self._announced(self._timing.now())
            except Temporary:
                self._since = None

    def _announced(self, now: datetime) -> datetime:
        """From when on the alert has the number."""
        known = self._lane.alert()
        since = known[0] if known and now < known[1] else now + NOTICE
        self._lane.announce(max(since, now), now + LASTS)
        return since


class Seldom:
    """Says once in a while, to one thread of many, that it is time."""

    def __init__(self, seconds: float, timing: Timing) -> None:
        self._seconds = seconds
        self._clock = timing.clock
        self._at: float | None = None
        self._lock = Lock()

    def due(self) -> bool:
        with self._lock:
            now = self._clock()
            if self._at is not None and now - self._at < self._seconds:
                return False
            self._at = now
            return True
