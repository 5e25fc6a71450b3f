"""The campaigns that are being sent, read once in two seconds; and how one is stopped."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, What
from canal.broadcasts.outside import Campaigns
from canal.broadcasts.states import RUNNING
from canal.errors import Temporary
from canal.services.notices.crew import Timing

FRESH = 2.0  # seconds; so long may a message still leave after somebody paused or cancelled
TRIES = 5
MOST = 50  # campaigns remembered; more than ever run at once


class Running:
    """What every recipient is checked against before their message leaves."""

    def __init__(self, campaigns: Campaigns, timing: Timing) -> None:
        self._campaigns = campaigns
        self._timing = timing
        self._read: dict[str, tuple[float, Campaign | None]] = {}
        self._lock = Lock()

    def find(self, name: str) -> Campaign | None:
        """The campaign if it may be sent, None if it is paused, ended or unknown. Raises Temporary."""
        known, campaign = self._known(name)
        if not known:
            try:
                campaign = self._campaigns.load(name)
            except Temporary:
                self._forget(name)
                raise
            self._keep(name, campaign)
        return campaign if campaign and campaign.state in RUNNING else None

    def stop(self, name: str, code: int | None, reason: str, told_at: datetime | None = None) -> bool:
        """Pause it, since nothing of it can go out; False if somebody else did, or ended it. Raises Temporary.

        What was told of before it was last resumed has been mended since then, and stops nothing.
        """
        at = self._timing.now()
        for left in reversed(range(TRIES)):
            try:
                return self._stopped(name, at, code, reason, told_at or at)
            except Temporary:  # the row changed meanwhile, or its answer was lost: look again
                if not left:
                    raise
                self._timing.sleep(0.1)
        raise AssertionError("unreachable")

    def _stopped(self, name: str, at: datetime, code: int | None, reason: str, told_at: datetime) -> bool:
        campaign = self._campaigns.load(name)
        self._keep(name, campaign)
        if campaign is None:
            return False
        if campaign.state not in RUNNING:
            last = campaign.history[-1] if campaign.history else None
            return last is not None and (last.what, last.at) == (What.STOPPED, at)
        if any(event.what == What.RESUMED and event.at > told_at for event in campaign.history):
            return False
        self._keep(name, self._campaigns.save(changes.stopped(campaign, at, code, reason)))
        return True

    def _known(self, name: str) -> tuple[bool, Campaign | None]:
        """What was read, and whether it is good enough; the first to find it stale reads it, the others go on."""
        with self._lock:
            if name not in self._read:
                return False, None
            at, campaign = self._read[name]
            now = self._timing.clock()
            if now - at < FRESH:
                return True, campaign
            self._read[name] = (now, campaign)
            return False, campaign

    def _keep(self, name: str, campaign: Campaign | None) -> None:
        with self._lock:
            if len(self._read) > MOST:
                self._read.clear()
            self._read[name] = (self._timing.clock(), campaign)

    def _forget(self, name: str) -> None:
        with self._lock:
            self._read.pop(name, None)
