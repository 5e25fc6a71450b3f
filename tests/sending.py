"""The sending of notices with everything around it faked: a clock that only sleeping moves, threads or none."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from canal.broadcasts.campaign import ALERTS, BULK, Campaign
from canal.broadcasts.delivery import Delivery
from canal.broadcasts.states import State as CampaignState
from canal.dialogue.citizen import Citizen
from canal.services.notices.crew import Timing
from canal.services.notices.lane_watch import Gate, Overtake, StandBack
from canal.services.notices.running import Running
from canal.services.notices.send_batch import LaneKit, Outcome, SendBatch, kit
from canal.services.notices.sending import Sending

from tests.fakes import FakePatience, FakeTowns
from tests.noticeboard import (
    MONDAY,
    Board,
    FakeCampaigns,
    FakeChannel,
    FakeDeliveries,
    FakeLane,
    FakePeople,
    a_campaign,
)
from tests.towns import alzira

ARNS = {lane: f"arn:aws:sqs:eu-south-2:000000000000:send-{lane}" for lane in (ALERTS, BULK)}


class Hours:
    """A clock. ``slept`` is what it was asked to let pass; ``at_sleep`` may do something meanwhile."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []
        self.at_sleep: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=self.seconds - 1000.0)

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.seconds += max(seconds, 0.0)
        self.at_sleep()

    @property
    def timing(self) -> Timing:
        return Timing(self.now, self.clock, self.sleep)


class SendingOffice:
    """A campaign that runs, its recipients queued, and a worker with one thread."""

    def __init__(self, *citizens: Citizen, rate: float = 40.0, **campaign: Any) -> None:
        self.hours = Hours()
        self.board = Board(*citizens)
        self.channel = FakeChannel()
        self.lane = FakeLane()
        self.patience = FakePatience()
        self.rate = rate
        self.campaign = self.add(a_campaign(state=CampaignState.SENDING, **campaign))
        self.batch = self.worker()

    def add(self, campaign: Campaign) -> Campaign:
        """With a row for every citizen."""
        campaign = replace(campaign, version=1)
        self.board.campaigns[campaign.id] = campaign
        for key in self.board.citizens:
            row = Delivery(campaign.id, key, "ca", "template", MONDAY, look_at=MONDAY + timedelta(minutes=15))
            self.board.rows[campaign.id, key] = row
        return campaign

    def worker(self, crew: Callable[[int, Callable[[], None]], None] = lambda count, work: work()) -> SendBatch:
        """A worker in an environment of its own."""
        timing = self.hours.timing
        running = Running(FakeCampaigns(self.board), timing)
        gates: dict[str, Gate] = {ALERTS: Overtake(self.lane, timing), BULK: StandBack(self.lane, timing)}
        kits = {lane: kit(f"https://sqs/0/send-{lane}", self.rate, gates[lane], self.patience, timing) for lane in ARNS}
        lanes = {lane: replace(each, threads=1) if crew.__name__ == "<lambda>" else each for lane, each in kits.items()}
        return self._batch(running, lanes, timing, crew)

    def _batch(self, running: Running, lanes: dict[str, LaneKit], timing: Timing, crew: Any) -> SendBatch:
        sending = Sending(running, FakeDeliveries(self.board), FakePeople(self.board), self.channel, timing)
        return SendBatch(sending, running, lanes, FakeTowns(alzira()), timing, crew)

    def record(self, *citizens: str, message: str = "m1", campaign: Campaign | None = None) -> dict[str, Any]:
        meant = campaign or self.campaign
        body = {"campaign": meant.id, "citizens": list(citizens or self.board.citizens)}
        return a_record(json.dumps(body), message, ARNS[meant.lane])

    def run(self, *records: dict[str, Any], seconds_left: float = 900.0) -> Outcome:
        return self.batch.run(records or (self.record(),), lambda: seconds_left)

    def row(self, citizen: str, campaign: Campaign | None = None) -> Delivery:
        return self.board.rows[(campaign or self.campaign).id, citizen]

    def stored(self) -> Campaign:
        return self.board.campaigns[self.campaign.id]

    def change(self, **changes: Any) -> None:
        """As somebody else does, meanwhile."""
        stored = self.stored()
        self.board.campaigns[stored.id] = replace(stored, version=stored.version + 1, **changes)


def a_record(body: str, message: str = "m1", arn: str = ARNS[ALERTS], tries: int = 1) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": str(tries)}
    return {"messageId": message, "body": body, "attributes": attributes, "eventSourceARN": arn}
