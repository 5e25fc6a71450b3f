"""One look of ``tend`` at the recipients of campaigns: those that are due, a page at a time, and never all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.delivery import Delivery, State
from canal.broadcasts.outside import Account, Deliveries, Seen
from canal.services.notices.mending import Figures, let_go, mend

AT_ONCE = 500  # rows of a shard
ENOUGH = 10.0  # seconds; with fewer left no more rows are changed: the next run does it

SecondsLeft = Callable[[], float]


class Look:
    """What one run sees at ``now``."""

    def __init__(self, deliveries: Deliveries, account: Account, now: datetime, seconds_left: SecondsLeft) -> None:
        self.now = now
        self._deliveries = deliveries
        self._account = account
        self._seconds_left = seconds_left

    @cached_property
    def _seen(self) -> Seen | None:
        """When WhatsApp's reports reached us. Most runs need not know."""
        return self._account.statuses_seen()

    def due(self, campaign: Campaign, shard: int, until: datetime) -> tuple[Delivery, ...]:
        """Those to look at by ``until``, the longest due first."""
        if not self._deliveries.waiting(campaign.id, shard, until, 1):
            return ()
        return self._deliveries.waiting(campaign.id, shard, until, AT_ONCE)

    @staticmethod
    def somebody_waits(due: Sequence[Delivery]) -> bool:
        """Whether anybody of a shard is to be queued. Where all of a full page are claimed, somebody may be behind."""
        return len(due) >= AT_ONCE or any(row.state == State.QUEUED for row in due)

    def mended(self, campaign: Campaign, rows: Sequence[Delivery]) -> Figures:
        """What became of those of ``rows`` that are claimed and whose time is up."""
        figures = Figures()
        for row in rows:
            if row.state == State.SENDING and row.look_at and row.look_at <= self.now and self._has_time():
                figures += mend(self._deliveries, campaign, row, self.now, self._seen)
        return figures

    def let_go(self, campaign: Campaign, shard: int, reason: str) -> Figures:
        """All who wait in a shard are skipped, as far as time allows; claims of the dead are decided first."""
        figures, limit = Figures(), AT_ONCE
        while self._has_time():
            rows = self._deliveries.waiting(campaign.id, shard, None, limit)
            changed = self.mended(campaign, rows)
            changed += let_go(self._deliveries, rows, reason, self.now)
            figures += changed
            if not changed and len(rows) < limit:
                break
            if not changed:
                limit += AT_ONCE  # claims that nobody can decide yet stand before the others
        return figures

    def _has_time(self) -> bool:
        return self._seconds_left() > ENOUGH
