"""Recipients whose hour has come, or whose place in the queue got lost, are queued again.

First the queue, then the row: who dies in between queues them twice, and a claim decides. A row is moved on only as it
was read, since somebody may be writing to that citizen at this very moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from math import inf

from canal.broadcasts.campaign import Campaign, What
from canal.broadcasts.delivery import Delivery, State, Step
from canal.broadcasts.outside import Campaigns, Deliveries, Lane, PlanJob, Queues
from canal.broadcasts.states import RUNNING
from canal.ports import Towns
from canal.services.notices.herald import Herald
from canal.services.notices.hours import GRACE, allowed, look_at
from canal.services.notices.planning import SLOWEST_PAGE, Figures, SecondsLeft, Stores, Unknown, chunks

PAGE = 500  # rows at once
EARLIEST = datetime.min.replace(tzinfo=UTC)


class Requeueing:
    """Queues the due recipients of a shard."""

    def __init__(self, stores: Stores, towns: Towns, clock: Callable[[], datetime], per_second: float) -> None:
        self._campaigns: Campaigns = stores.campaigns
        self._deliveries: Deliveries = stores.deliveries
        self._queues: Queues = stores.queues
        self._lane: Lane = stores.lane
        self._towns = towns
        self._clock = clock
        self._per_second = per_second

    def run(self, job: PlanJob, seconds_left: SecondsLeft = lambda: inf) -> Figures:
        """All that are due, or as many as time allows; the rest is queued. Raises Unknown, Temporary."""
        herald = Herald(self._lane, self._clock)
        begun, figures = self._clock(), Counter[str]()
        passed = 0  # claimed, or not due yet: they come first at each look, however many they are
        while (campaign := self._campaign(job)).state in RUNNING:
            if seconds_left() < SLOWEST_PAGE:
                self._queues.plan(campaign.lane, [job])
                break
            limit = PAGE + passed
            looked = self._deliveries.waiting(campaign.id, job.shard, horizon(campaign, begun), limit)
            rows = [row for row in looked if is_due(campaign, row, begun)]
            figures["NoticesQueuedAgain"] += self._queue(campaign, rows, herald, figures["NoticesQueuedAgain"])
            if len(looked) < limit:
                break
            passed = len(looked) - len(rows)
        return figures

    def _campaign(self, job: PlanJob) -> Campaign:
        campaign = self._campaigns.load(job.campaign)
        if campaign is None:
            raise Unknown("there is no such campaign")
        return campaign

    def _queue(self, campaign: Campaign, rows: list[Delivery], herald: Herald, ahead: int) -> int:
        """How many were queued; the others have their hour."""
        now, town = self._clock(), self._towns.current()
        ready = []
        for row in rows:
            hour = allowed(town, campaign, max(now, row.release_at or now))
            if hour > now:
                self._move(row, Step(State.QUEUED, now, hour, hour, reason=row.reason, seen=row))
            else:
                ready.append(row)
        if ready:
            herald.announce(campaign.lane)
            self._queues.send(campaign.lane, chunks(campaign.id, [row.citizen for row in ready]))
        for n, row in enumerate(ready, ahead):
            look = look_at(campaign, now, n, self._per_second)
            self._move(row, Step(State.QUEUED, now, look, reason=row.reason, seen=row))
        return len(ready)

    def _move(self, row: Delivery, step: Step) -> None:
        """Where it fails, somebody has claimed it meanwhile."""
        self._deliveries.take(row.campaign, row.citizen, step)


def horizon(campaign: Campaign, now: datetime) -> datetime:
    """Until when a row's look may lie for it to be due. Of a campaign that was paused the queue may have lost what was
    in it: those who should have had their turn need not wait until their grace is over.
    """
    return now + GRACE[campaign.lane] if resumed_at(campaign) > EARLIEST else now


def is_due(campaign: Campaign, row: Delivery, now: datetime) -> bool:
    """Whether a waiting row within the horizon is to be queued: a claimed one is not ours."""
    if row.state != State.QUEUED or row.look_at is None:
        return False
    return row.look_at <= now or (row.at < resumed_at(campaign) and (row.release_at or now) <= now)


def resumed_at(campaign: Campaign) -> datetime:
    """When it was last resumed; at the beginning of time if never."""
    return max((event.at for event in campaign.history if event.what == What.RESUMED), default=EARLIEST)
