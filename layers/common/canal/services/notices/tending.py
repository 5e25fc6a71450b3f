"""Every minute: campaigns begin at their hour, what got lost is queued again, and what is finished is called done.

It decides only by what is stored, so it may die anywhere: the next run sees the same and goes on. A run looks at what
is due and never at all recipients; of a campaign where nothing is due it reads one row for each shard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from canal.broadcasts import changes
from canal.broadcasts.campaign import ALERTS, Campaign
from canal.broadcasts.delivery import OPEN
from canal.broadcasts.delivery import State as Stage
from canal.broadcasts.outside import Account, Campaigns, Deliveries, PlanJob, Queues
from canal.broadcasts.states import RUNNING, State
from canal.broadcasts.subscription import SHARDS
from canal.errors import CanalError, LostRace
from canal.services.notices.lateness import is_lost, late, settled
from canal.services.notices.look import Look, SecondsLeft
from canal.services.notices.mending import CANCELLED, EXPIRED, Figures, goes_on
from canal.services.notices.requeueing import horizon
from canal.services.notices.starting import start

SETTLED = timedelta(minutes=1)  # the index behind "who waits" lags, and so may a planner's last page
STRAGGLERS = timedelta(minutes=2)  # a planner who had begun a page when the campaign was called off is done with it
NOBODY = "nobody"  # the reason of a campaign that failed with everybody
REACHED = frozenset({Stage.SENT, Stage.DELIVERED, Stage.READ})


@dataclass(slots=True)
class Tended:
    """``figures`` for metrics; ``faults`` by campaign, of those that could not be tended."""

    figures: Figures = field(default_factory=Counter)
    faults: list[tuple[str, Exception]] = field(default_factory=list)


class Tending:
    """Looks after all campaigns that something may still become of."""

    def __init__(
        self,
        campaigns: Campaigns,
        deliveries: Deliveries,
        queues: Queues,
        account: Account,
        clock: Callable[[], datetime],
    ) -> None:
        self._campaigns = campaigns
        self._deliveries = deliveries
        self._queues = queues
        self._account = account
        self._clock = clock

    def run(self, seconds_left: SecondsLeft = lambda: inf) -> Tended:
        """One run: alerts first; one campaign that fails does not hold up the others. Raises Temporary where the
        campaigns cannot be listed.
        """
        tended = Tended()
        active = sorted(self._campaigns.active(), key=lambda each: each.lane != ALERTS)
        look = Look(self._deliveries, self._account, self._clock(), seconds_left)
        # What must happen in this minute, before what may take long.
        for work in (self._moved, self._closed):
            for campaign in active:
                try:
                    tended.figures += work(campaign, look)
                except LostRace:
                    continue  # somebody else changed the campaign: the next run sees what became of it
                except CanalError as error:
                    tended.faults.append((campaign.id, error))
        return tended

    # --- what must happen now ---------------------------------------------------------------------------

    def _moved(self, campaign: Campaign, look: Look) -> Figures:
        match campaign.state:
            case State.APPROVED:
                return self._begun(campaign, look.now)
            case State.PLANNING:
                return late(campaign, look.now) + self._mended(campaign, look) + self._planned(campaign, look.now)
            case State.SENDING:
                return late(campaign, look.now) + self._mended(campaign, look)
            case _:
                return Figures()

    def _begun(self, campaign: Campaign, now: datetime) -> Figures:
        if campaign.until and campaign.until <= now:
            self._campaigns.save(changes.failed(campaign, now, EXPIRED))
            return Figures(CampaignsFailed=1)
        begun = start(self._campaigns, self._queues, campaign, now)
        return Figures(CampaignsStarted=1) if begun.state == State.PLANNING else Figures()

    def _planned(self, campaign: Campaign, now: datetime) -> Figures:
        """Every shard is written down, or those whose jobs must have got lost are queued again."""
        known = {each.shard: each.done for each in self._campaigns.progress(campaign.id)}
        if sum(known.values()) == SHARDS:
            self._campaigns.save(changes.sending(campaign, now))
            return Figures()
        lost = [
            shard for shard in range(SHARDS) if not known.get(shard) and is_lost(campaign, now, begun=shard in known)
        ]
        if lost:
            self._queues.plan(campaign.lane, [PlanJob(campaign.id, shard) for shard in lost])
        return Figures(ShardsQueuedAgain=len(lost))

    def _mended(self, campaign: Campaign, look: Look) -> Figures:
        """Who is due: claims of the dead are decided, and who waits is queued, which is ``plan``'s work."""
        figures = Figures()
        if not goes_on(campaign, look.now):
            return figures
        jobs = []
        for shard in range(SHARDS):
            rows = look.due(campaign, shard, horizon(campaign, look.now))
            freed = look.mended(campaign, rows)
            figures += freed
            if freed["DeliveriesFreed"] or look.somebody_waits(rows):
                jobs.append(PlanJob(campaign.id, shard, again=True))
        if jobs:
            self._queues.plan(campaign.lane, jobs)
        return figures

    # --- what may take long -----------------------------------------------------------------------------

    def _closed(self, campaign: Campaign, look: Look) -> Figures:
        """Whoever waits in vain is let go, and what has nobody left is ended."""
        if campaign.closing:
            figures = self._let_go(campaign, CANCELLED, look)
            if settled(campaign, look.now, STRAGGLERS) and self._counted(campaign) is not None:
                self._campaigns.save(changes.closed(campaign))
            return figures
        if campaign.state not in RUNNING:
            return Figures()
        figures = Figures() if goes_on(campaign, look.now) else self._let_go(campaign, EXPIRED, look)
        if campaign.state == State.SENDING and settled(campaign, look.now, SETTLED):
            figures += self._ended(campaign, look.now)
        return figures

    def _ended(self, campaign: Campaign, now: datetime) -> Figures:
        counts = self._counted(campaign)
        if counts is None:
            return Figures()
        if counts.get(Stage.FAILED) and not any(counts.get(state) for state in REACHED):
            self._campaigns.save(changes.failed(campaign, now, NOBODY))
            return Figures(CampaignsFailed=1)
        self._campaigns.save(changes.done(campaign, now))
        return Figures(CampaignsDone=1)

    def _let_go(self, campaign: Campaign, reason: str, look: Look) -> Figures:
        figures = Figures()
        for shard in range(SHARDS):
            figures += look.let_go(campaign, shard, reason)
        return figures

    def _counted(self, campaign: Campaign) -> Mapping[Stage, int] | None:
        """The rows by state, once nobody waits and nobody is being written to. The index may lag: the rows have the
        last word, and are counted only when it shows nobody.
        """
        if any(self._deliveries.waiting(campaign.id, shard, None, 1) for shard in range(SHARDS)):
            return None
        counts = self._deliveries.counts(campaign.id)
        return None if any(counts.get(state) for state in OPEN) else counts
