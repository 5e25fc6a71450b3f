"""Recipients who are due are queued again; who is being written to is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.broadcasts.campaign import ALERTS, Kind, What
from canal.broadcasts.delivery import State as Stage
from canal.broadcasts.delivery import Step
from canal.broadcasts.outside import PlanJob
from canal.broadcasts.states import RUNNING, State
from canal.services.notices import requeueing
from canal.services.notices.lane_watch import LASTS
from canal.services.notices.planning import Unknown

from tests.noticeboard import MONDAY
from tests.planning import DAY, HOUR, MINUTE, PlanningOffice, hours, in_shard

AINA, PAU, LLUM = (in_shard(0, n) for n in range(3))
JOB = PlanJob("20261123-prova", 0, again=True)
SECOND = timedelta(seconds=1)


def an_office(**campaign: Any) -> PlanningOffice:
    return PlanningOffice(**{"state": State.SENDING, **campaign})


def test_who_is_due_is_queued_and_looked_at_later() -> None:
    office = an_office()
    office.put(AINA)
    office.put(PAU, look_at=MONDAY + SECOND)
    figures = office.requeueing.run(JOB)
    assert office.queued() == [AINA]
    assert office.row(AINA).look_at == MONDAY + 3 * MINUTE + SECOND
    assert office.row(AINA).state == Stage.QUEUED
    assert figures == {"NoticesQueuedAgain": 1}
    office.requeueing.run(JOB)
    assert office.queued() == [AINA]


def test_whose_hour_has_come_is_queued() -> None:
    office = an_office()
    office.put(AINA, release_at=MONDAY, look_at=MONDAY, at=MONDAY - DAY)
    office.requeueing.run(JOB)
    assert office.queued() == [AINA]


def test_who_is_claimed_is_not_queued() -> None:
    office = an_office()
    office.put(AINA, state=Stage.SENDING)
    office.requeueing.run(JOB)
    assert office.queued() == []


def test_a_claim_that_comes_in_between_is_not_let_go() -> None:
    """Its worker may be writing to them at this moment: two would."""
    office = an_office()
    office.put(AINA)

    def claim(call: str) -> None:
        if call == "after queue chunks":
            office.board.tap = lambda other: None
            office.now += SECOND
            assert office.deliveries.take(JOB.campaign, AINA, Step(Stage.SENDING, office.now, office.now + HOUR))

    office.board.tap = claim
    office.requeueing.run(JOB)
    assert office.row(AINA).state == Stage.SENDING


def test_in_the_quiet_hours_bulk_is_put_off_until_they_end() -> None:
    office = an_office(kind=Kind.NEWS)
    office.now = hours("23:00")
    office.put(AINA, reason="enough")
    office.requeueing.run(JOB)
    morning = hours("08:00", day=24)
    assert office.queued() == []
    assert (office.row(AINA).release_at, office.row(AINA).look_at) == (morning, morning)
    assert office.row(AINA).reason == "enough"


def test_an_alert_is_announced_again() -> None:
    office = an_office()
    office.put(AINA)
    office.requeueing.run(JOB)
    assert office.lane.announced == (MONDAY + SECOND, MONDAY + LASTS)


def test_after_a_pause_those_whose_turn_it_would_have_been_need_not_wait() -> None:
    """The queue has dropped them meanwhile. Those who were queued again since then are on their way."""
    office = an_office()
    office.put(AINA, look_at=MONDAY + 2 * MINUTE)
    office.put(PAU, look_at=MONDAY + 2 * MINUTE, at=MONDAY + SECOND)
    office.put(LLUM, look_at=MONDAY + HOUR)
    office.now += 2 * SECOND
    office.be(State.SENDING, What.RESUMED, ago=2 * SECOND)
    office.requeueing.run(JOB)
    assert office.queued() == [AINA]


def test_without_a_pause_they_are_in_the_queue_still() -> None:
    office = an_office()
    office.put(AINA, look_at=MONDAY + 2 * MINUTE)
    office.requeueing.run(JOB)
    assert office.queued() == []


def test_page_after_page_is_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requeueing, "PAGE", 2)
    office = an_office()
    keys = [in_shard(0, n) for n in range(5)]
    for key in keys:
        office.put(key)
    office.requeueing.run(JOB)
    assert sorted(office.queued()) == sorted(keys)


def test_who_stands_behind_many_claims_that_nobody_can_decide_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of WhatsApp's got lost for a while: those rows are due all day, and come before everybody else."""
    monkeypatch.setattr(requeueing, "PAGE", 2)
    office = an_office(kind=Kind.NEWS)
    for number in range(5):
        office.put(in_shard(0, number), state=Stage.SENDING, look_at=MONDAY - HOUR)
    late = [in_shard(0, number) for number in range(5, 9)]
    for key in late:
        office.put(key)
    office.requeueing.run(JOB)
    assert sorted(office.queued()) == sorted(late)


def test_when_time_runs_out_the_rest_is_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requeueing, "PAGE", 2)
    office = an_office()
    for n in range(5):
        office.put(in_shard(0, n))
    times = iter([60.0, 5.0])
    office.requeueing.run(JOB, lambda: next(times))
    assert len(office.queued()) == 2
    assert office.queues.jobs == [(ALERTS, JOB)]


@pytest.mark.parametrize("state", sorted(set(State) - RUNNING))
def test_of_a_campaign_that_does_not_run_nobody_is_queued(state: State) -> None:
    office = an_office(state=state)
    office.put(AINA)
    office.requeueing.run(JOB)
    assert office.queued() == []


def test_a_campaign_that_nobody_knows_is_told() -> None:
    with pytest.raises(Unknown):
        an_office().requeueing.run(replace(JOB, campaign="another"))
