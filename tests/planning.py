"""The planning and tending of notices with everything around them faked: a town of four lines, a clock set by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from canal.broadcasts.campaign import Campaign, Event, What
from canal.broadcasts.delivery import Delivery
from canal.broadcasts.outside import Allowance, PlanJob
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS, shard_of
from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.services.notices.plan_batch import PlanBatch
from canal.services.notices.planning import Planning, Stores
from canal.services.notices.requeueing import Requeueing
from canal.services.notices.tending import Tended, Tending

from tests.fakes import FakePatience, FakeTowns
from tests.noticeboard import (
    MONDAY,
    Board,
    FakeAccount,
    FakeAllowance,
    FakeCampaigns,
    FakeDeliveries,
    FakeLane,
    FakePeople,
    FakeQueues,
    FakeSubscribers,
    a_campaign,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PER_SECOND = 16.0  # a recipient of each shard


def a_town() -> Town:
    """Quiet from ten to eight; news are marketing, alerts and road works are not."""

    def topic(name: str, kind: str, **rest: Any) -> dict[str, Any]:
        both = {"ca": name, "es": name}
        plain = {"id": name, "name": both, "about": both, "kind": kind, "template": f"t_{name}", "words": []}
        return {**plain, "zones": True, "frequencies": [], "marketing": False, **rest}

    facts = {"name": "Prova", "languages": ["ca", "es"], "timezone": "Europe/Madrid", "session_hours": 24}
    topics = [topic("alerts", "alert"), topic("roads", "news"), topic("news", "news", marketing=True)]
    quiet = {"since": "22:00", "until": "08:00"}
    rest: dict[str, Any] = {"second_person_from": {}, "prices": {}, "prices_demo": True, "cap": {}}
    notices = {"topics": topics, "quiet": quiet, "digest_highlights": 3, **rest}
    return Town({"words": {}, "town": facts, "notices": notices}, "test")


def in_shard(shard: int, number: int = 0) -> str:
    """A citizen's key that stands in ``shard``, the ``number``-th of them."""
    found = [key for key in (f"3460000{n:04}" for n in range(3000)) if shard_of(key) == shard]
    return found[number]


class PlanningOffice:
    """A campaign, and those who plan and tend it. ``now`` is the hour."""

    def __init__(self, *citizens: Citizen, allowance: Allowance | None = None, **campaign: Any) -> None:
        self.now = MONDAY
        self.board = Board(*citizens)
        self.campaigns = FakeCampaigns(self.board)
        self.deliveries = FakeDeliveries(self.board)
        self.queues = FakeQueues(self.board)
        self.lane = FakeLane()
        self.account = FakeAccount()
        self.patience = FakePatience()
        self.allowance = allowance or FakeAllowance()
        subscribers, people = FakeSubscribers(self.board), FakePeople(self.board)
        stores = Stores(self.campaigns, self.deliveries, subscribers, people, self.queues, self.lane, self.allowance)
        rest = (stores, FakeTowns(a_town()), lambda: self.now, PER_SECOND)
        self.planning, self.requeueing = Planning(*rest), Requeueing(*rest)
        self.batch = PlanBatch(self.planning, self.requeueing, {"plan-alerts": self.patience})
        self.tending = Tending(self.campaigns, self.deliveries, self.queues, self.account, lambda: self.now)
        self.campaign = self.add(a_campaign(**{"state": State.PLANNING, **campaign}))

    def add(self, campaign: Campaign) -> Campaign:
        """As if it had begun now, where nothing else is said."""
        if campaign.state != State.APPROVED and not campaign.history:
            campaign = replace(campaign, history=(Event(self.now, "canal", What.PLANNING),))
        saved = self.campaigns.save(campaign)
        return saved

    # --- what is there ----------------------------------------------------------------------------------

    @property
    def stored(self) -> Campaign:
        return self.board.campaigns[self.campaign.id]

    # Properties of any type: mypy would hold the first assertion on a state for the end of its changes.
    @property
    def state(self) -> Any:
        return self.stored.state

    @property
    def closing(self) -> Any:
        return self.stored.closing

    def row(self, citizen: str) -> Delivery:
        return self.board.rows[self.campaign.id, citizen]

    def rows(self) -> dict[str, Delivery]:
        return {citizen: row for (name, citizen), row in self.board.rows.items() if name == self.campaign.id}

    def queued(self) -> list[str]:
        """The citizens in chunks, in their order."""
        return [citizen for _, chunk in self.queues.chunks for citizen in chunk.citizens]

    # --- what happens -----------------------------------------------------------------------------------

    def plan(self, *shards: int) -> None:
        """All shards, or some."""
        for shard in shards or range(SHARDS):
            self.planning.plan(PlanJob(self.campaign.id, shard))

    def tend(self, after: timedelta = timedelta(0)) -> Tended:
        self.now += after
        return self.tending.run()

    def put(self, citizen: str, **changes: Any) -> Delivery:
        """A row of ``citizen``, queued a quarter of an hour ago."""
        row = Delivery(self.campaign.id, citizen, "ca", "template", self.now - 15 * MINUTE, look_at=self.now)
        self.board.rows[self.campaign.id, citizen] = replace(row, **changes)
        return self.row(citizen)

    def change(self, **changes: Any) -> None:
        """As somebody else does, meanwhile."""
        self.board.campaigns[self.campaign.id] = replace(self.stored, version=self.stored.version + 1, **changes)

    def be(self, state: State, what: What, ago: timedelta = timedelta(0), **changes: Any) -> None:
        """The campaign is in ``state`` for ``ago``."""
        history = (*self.stored.history, Event(self.now - ago, "canal", what))
        self.change(state=state, history=history, **changes)


def a_record(job: PlanJob | str, message: str = "m1", tries: int = 1, queue: str = "plan-alerts") -> dict[str, Any]:
    """A job as SQS gives it out."""
    body = (
        job if isinstance(job, str) else json.dumps({"campaign": job.campaign, "shard": job.shard, "again": job.again})
    )
    return {
        "messageId": message,
        "receiptHandle": message,
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(tries)},
        "eventSourceARN": f"arn:aws:sqs:eu-south-2:000000000000:{queue}",
    }


def hours(clock: str, day: int = 23) -> datetime:
    """A moment of November 2026 on Alzira's clock."""
    return datetime.fromisoformat(f"2026-11-{day}T{clock}:00+01:00")
