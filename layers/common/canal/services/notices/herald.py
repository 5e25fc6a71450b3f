"""Says that an alert is coming, before its first recipients are queued: whoever sends in bulk stands back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from canal.broadcasts.campaign import ALERTS
from canal.broadcasts.outside import Lane
from canal.errors import Temporary
from canal.services.notices.lane_watch import LASTS, NOTICE, RENEW


class Herald:
    """Announces once in a while, for as long as one job runs."""

    def __init__(self, lane: Lane, clock: Callable[[], datetime]) -> None:
        self._lane = lane
        self._clock = clock
        self._last: datetime | None = None

    def announce(self, lane: str) -> None:
        """For alerts only. If it fails the alert goes out all the same: those who send it announce it too."""
        now = self._clock()
        if lane != ALERTS or (self._last and now - self._last < timedelta(seconds=RENEW)):
            return
        self._last = now
        with suppress(Temporary):
            self._lane.announce(now + NOTICE, now + LASTS)
