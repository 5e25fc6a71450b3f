"""A shard of a campaign is planned, page by page: rows first, then the queue, then how far it has come.

Whoever dies in between leaves a page that is done again, harmlessly: rows that are there stay, and what is queued twice
is claimed once. Two who plan the same shard notice it when they note how far they have come, and one of them stops.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from uuid import uuid4

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, Progress
from canal.broadcasts.delivery import Delivery
from canal.broadcasts.delivery import State as Stage
from canal.broadcasts.outside import (
    CHUNK,
    Allowance,
    Campaigns,
    Chunk,
    Deliveries,
    Lane,
    People,
    PlanJob,
    Queues,
    Subscribers,
)
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS
from canal.dialogue.citizen import Citizen
from canal.errors import BadInput, LostRace
from canal.ports import Towns
from canal.services.notices.choosing import Plan, chosen, due, hundreds, rows
from canal.services.notices.herald import Herald

PAGE = 500  # subscribers at once
SLOWEST_PAGE = 20.0  # seconds; none is begun that may not be finished

Figures = Counter[str]
SecondsLeft = Callable[[], float]


class Unknown(BadInput):
    """There is no such campaign."""


@dataclass(frozen=True, slots=True)
class Stores:
    """What planning reads and writes."""

    campaigns: Campaigns
    deliveries: Deliveries
    subscribers: Subscribers
    people: People
    queues: Queues
    lane: Lane
    allowance: Allowance


class Planning:
    """Plans shards. ``per_second`` is how many messages the number sends."""

    def __init__(self, stores: Stores, towns: Towns, clock: Callable[[], datetime], per_second: float) -> None:
        self._stores = stores
        self._towns = towns
        self._clock = clock
        self._per_second = per_second

    def plan(self, job: PlanJob, seconds_left: SecondsLeft = lambda: inf) -> Figures:
        """As much of the shard as time allows; the rest is queued. Nothing where the campaign is not being planned.

        Raises Unknown, and Temporary when a store or queue does not answer: then the job is to be run again.
        """
        figures = Figures()
        herald = Herald(self._stores.lane, self._clock)
        before = self._progress(job)
        begun, mark = False, uuid4().hex
        while (campaign := self._campaign(job)).state == State.PLANNING:
            if before is not None and before.done:
                self._finish(campaign)
                break
            if seconds_left() < SLOWEST_PAGE:
                self._stores.queues.plan(campaign.lane, [job])
                break
            after = replace(self._page(campaign, before or Progress(job.shard), herald, again=not begun), mark=mark)
            try:
                self._stores.campaigns.save_progress(campaign.id, before, after)
            except LostRace:  # somebody else plans this shard, and has come further
                break
            figures["NoticesPlanned"] += after.planned - (before.planned if before else 0)
            figures["NoticesLeft"] += after.left - (before.left if before else 0)
            before, begun = after, True
        return figures

    def _campaign(self, job: PlanJob) -> Campaign:
        campaign = self._stores.campaigns.load(job.campaign)
        if campaign is None:
            raise Unknown("there is no such campaign")
        return campaign

    def _progress(self, job: PlanJob) -> Progress | None:
        known = self._stores.campaigns.progress(job.campaign)
        return next((each for each in known if each.shard == job.shard), None)

    def _page(self, campaign: Campaign, progress: Progress, herald: Herald, *, again: bool) -> Progress:
        """One page written down and queued. ``again``: somebody may have done it already, and died before saying so."""
        page = self._stores.subscribers.page(campaign.topic, progress.shard, progress.cursor, PAGE)
        plan = Plan(self._towns.current(), campaign, self._clock(), self._per_second, progress.planned)
        meant = [each for each in page if each.wants(campaign.zones, campaign.frequency)]
        citizens, left = chosen(plan, meant, self._people([each.citizen for each in meant]))
        known = self._stores.deliveries.load(campaign.id, list(citizens)) if again and citizens else {}
        fresh = rows(plan, (citizen for key, citizen in citizens.items() if key not in known), self._stores.allowance)
        if fresh:
            self._stores.deliveries.plan(fresh)
        self._queue(campaign, [*waiting(known), *fresh], plan.now, herald)
        return replace(
            progress,
            cursor=page[-1].citizen if page else progress.cursor,
            done=len(page) < PAGE,
            planned=progress.planned + len(citizens),
            left=progress.left + left,
        )

    def _people(self, keys: list[str]) -> Mapping[str, Citizen]:
        found: dict[str, Citizen] = {}
        for some in hundreds(keys):
            found |= self._stores.people.load_many(some)
        return found

    def _queue(self, campaign: Campaign, deliveries: list[Delivery], now: datetime, herald: Herald) -> None:
        if ready := due(deliveries, now):
            herald.announce(campaign.lane)
            self._stores.queues.send(campaign.lane, chunks(campaign.id, ready))

    def _finish(self, campaign: Campaign) -> None:
        """Whoever plans the last shard ends the planning; if that gets lost ``tend`` does it."""
        if is_planned(self._stores.campaigns, campaign.id):
            try:
                self._stores.campaigns.save(changes.sending(campaign, self._clock()))
            except LostRace:
                return


def is_planned(campaigns: Campaigns, campaign: str) -> bool:
    """Whether every recipient is written down."""
    return sum(each.done for each in campaigns.progress(campaign)) == SHARDS


def waiting(known: Mapping[str, Delivery]) -> list[Delivery]:
    return [each for each in known.values() if each.state == Stage.QUEUED]


def chunks(campaign: str, citizens: list[str]) -> list[Chunk]:
    return [Chunk(campaign, tuple(citizens[n : n + CHUNK])) for n in range(0, len(citizens), CHUNK)]
