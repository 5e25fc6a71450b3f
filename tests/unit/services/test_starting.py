"""An approved campaign begins, once, whoever begins it."""

from __future__ import annotations

import pytest
from canal.broadcasts.campaign import ALERTS, What
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS
from canal.errors import Temporary
from canal.services.notices.starting import start

from tests.noticeboard import MONDAY
from tests.planning import MINUTE, PlanningOffice


def begin(office: PlanningOffice) -> State:
    return start(office.campaigns, office.queues, office.campaign, office.now).state


def test_it_is_being_planned_and_every_shard_is_queued() -> None:
    office = PlanningOffice(state=State.APPROVED)
    assert begin(office) == office.state == State.PLANNING
    assert office.stored.history[-1].what == What.PLANNING
    assert {lane for lane, _ in office.queues.jobs} == {ALERTS}
    assert [(job.shard, job.again) for _, job in office.queues.jobs] == [(n, False) for n in range(SHARDS)]


def test_two_who_begin_it_queue_it_once() -> None:
    office = PlanningOffice(state=State.APPROVED)
    assert begin(office) == begin(office) == State.PLANNING
    assert len(office.queues.jobs) == SHARDS


def test_before_its_hour_nothing_happens() -> None:
    office = PlanningOffice(state=State.APPROVED, not_before=MONDAY + MINUTE)
    assert begin(office) == State.APPROVED
    assert office.queues.jobs == []
    office.now += MINUTE
    assert begin(office) == State.PLANNING


@pytest.mark.parametrize("state", sorted(set(State) - {State.APPROVED}))
def test_what_is_not_approved_is_left_alone(state: State) -> None:
    office = PlanningOffice(state=state)
    assert begin(office) == state
    assert office.queues.jobs == []


def test_a_queue_that_does_not_answer_is_told_and_tend_goes_on() -> None:
    office = PlanningOffice(state=State.APPROVED)
    office.queues.error = Temporary("SQS")
    with pytest.raises(Temporary):
        begin(office)
    office.queues.error = None
    office.tend(after=MINUTE)
    assert len(office.queues.jobs) == SHARDS
