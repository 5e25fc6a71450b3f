"""Workers die before and after each call, everything runs again: everybody is written to, nobody twice by mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from canal.broadcasts.campaign import Kind
from canal.broadcasts.delivery import OPEN, State, Step
from canal.broadcasts.outside import PlanJob
from canal.broadcasts.states import State as CampaignState
from canal.services.notices import planning, requeueing

from tests.noticeboard import MONDAY, FakeAllowance, a_subscriber
from tests.planning import MINUTE, PlanningOffice, in_shard

PEOPLE = [*(in_shard(0, n) for n in range(5)), in_shard(7), in_shard(8)]
LONGEST = 60 * 30  # minutes


class Killed(BaseException):
    """The worker is no more. Nothing catches it, as nothing catches a power cut."""


class World:
    """The queues give out again what was not finished; every minute somebody tends; WhatsApp reports what it took."""

    def __init__(self, kind: Kind, dies_at: int = -1) -> None:
        citizens = [a_subscriber(key, "alerts" if kind == Kind.ALERT else "roads") for key in PEOPLE]
        topic = "alerts" if kind == Kind.ALERT else "roads"
        room = FakeAllowance((None, 4), (MONDAY + timedelta(hours=2), 9))
        self.office = PlanningOffice(*citizens, state=CampaignState.APPROVED, kind=kind, topic=topic, allowance=room)
        self.sent: Counter[str] = Counter()
        self.chunked: set[str] = set()
        self.calls = 0
        self._dies_at = dies_at
        self.office.board.tap = self._tap

    def _tap(self, call: str) -> None:
        self.calls += 1
        if self.calls == self._dies_at:
            raise Killed(call)

    def run(self) -> None:
        for _ in range(LONGEST):
            self._minute()
            if self.office.stored.state == CampaignState.DONE:
                return
        raise AssertionError("it never ends")

    def _minute(self) -> None:
        self.office.now += MINUTE
        self.office.account.see_statuses(self.office.now)
        self._report()
        self._try(self.office.tend)
        for _ in range(1000):
            if self.office.queues.jobs:
                self._job(self.office.queues.jobs[0][1])
            elif self.office.queues.chunks:
                self._chunk(self.office.queues.chunks[0][1].citizens)
            else:
                return
        raise AssertionError("the queues never empty")

    def _job(self, job: PlanJob) -> None:
        work = self.office.requeueing.run if job.again else self.office.planning.plan
        taken = self.office.queues.jobs[0]
        if self._try(lambda: work(job)):
            self.office.queues.jobs.remove(taken)

    def _chunk(self, citizens: tuple[str, ...]) -> None:
        """As ``send`` does: claim, write, note."""
        taken = self.office.queues.chunks[0]
        self.chunked |= set(citizens)
        if self._try(lambda: self._write_all(citizens)):
            self.office.queues.chunks.remove(taken)

    def _write_all(self, citizens: tuple[str, ...]) -> None:
        for citizen in citizens:
            self._write(citizen)

    def _write(self, citizen: str) -> None:
        row, now = self.office.row(citizen), self.office.now
        if row.state != State.QUEUED or (row.release_at or now) > now:
            return
        name = self.office.campaign.id
        if self.office.deliveries.take(name, citizen, Step(State.SENDING, now, look_at=now + 2 * MINUTE)):
            self.sent[citizen] += 1
            self.office.deliveries.take(name, citizen, Step(State.SENT, now, wamid="w"))

    def _report(self) -> None:
        """Of what was sent a minute ago; unless it is an alert, whose worker's death is noticed first."""
        if self.office.campaign.kind != Kind.ALERT:
            board, self.office.board.tap = self.office.board, lambda call: None
            for citizen in self.sent:
                step = Step(State.SENT, self.office.now, wamid="w", reported=True)
                self.office.deliveries.take(self.office.campaign.id, citizen, step)
            board.tap = self._tap

    def _try(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except Killed:
            return False
        return True


def calls_of(kind: Kind) -> int:
    world = World(kind)
    world.run()
    assert world.sent == Counter(PEOPLE)
    return world.calls


@pytest.fixture(autouse=True)
def _pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "PAGE", 2)
    monkeypatch.setattr(requeueing, "PAGE", 2)


@pytest.mark.parametrize("kind", [Kind.ALERT, Kind.NEWS])
def test_wherever_a_worker_dies_everybody_is_reached_and_the_campaign_ends(kind: Kind) -> None:
    """An alert may reach one citizen twice, the one who was claimed when the worker died; nothing else may."""
    for dies_at in range(1, calls_of(kind) + 1):
        world = World(kind, dies_at)
        world.run()
        rows = world.office.rows()
        assert sorted(rows) == sorted(PEOPLE), dies_at
        assert world.chunked == set(PEOPLE), dies_at
        assert not any(row.state in OPEN for row in rows.values()), dies_at
        assert set(world.sent) == set(PEOPLE), dies_at
        twice = world.sent.total() - len(PEOPLE)
        assert twice <= (1 if kind == Kind.ALERT else 0), dies_at


def test_two_workers_on_every_shard_do_no_harm() -> None:
    """The queue gives everything out twice, at the same time."""
    world = World(Kind.NEWS)
    office = world.office
    office.tend()
    twice = [job for _, job in office.queues.jobs]
    inside = [False]

    def meanwhile(call: str) -> None:
        if call in ("before plan", "before save progress") and not inside[0] and twice:
            inside[0] = True
            office.planning.plan(twice.pop(0))
            inside[0] = False

    office.board.tap = meanwhile
    for _, job in list(office.queues.jobs):
        office.planning.plan(job)
    office.board.tap = lambda call: None
    world.run()
    assert world.sent == Counter(PEOPLE)
