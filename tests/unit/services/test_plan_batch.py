"""The planning queues' records: each alone, what is about nothing dropped, what failed given back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from canal.broadcasts.delivery import State as Stage
from canal.broadcasts.outside import PlanJob
from canal.errors import BadInput, Temporary
from canal.services.notices.plan_batch import MOST_TRIES, job_of

from tests.noticeboard import a_subscriber
from tests.planning import PlanningOffice, a_record, in_shard

AINA, PAU = in_shard(0), in_shard(1)
PLAN, OTHER = PlanJob("20261123-prova", 0), PlanJob("20261123-prova", 1)


def an_office() -> PlanningOffice:
    return PlanningOffice(a_subscriber(AINA), a_subscriber(PAU))


def test_shards_are_planned_and_queued_again_as_the_record_says() -> None:
    office = an_office()
    office.put(PAU)
    outcome = office.batch.run([a_record(PLAN), a_record(PlanJob(PLAN.campaign, 1, again=True), "m2")])
    assert office.queued() == [AINA, PAU]
    assert outcome.failed == []
    assert outcome.figures == {"NoticesPlanned": 1, "NoticesLeft": 0, "NoticesQueuedAgain": 1}


def test_one_record_that_fails_does_not_hold_up_the_other() -> None:
    office = an_office()
    failures = iter([Temporary("no answer")])

    def fail(call: str) -> None:
        if call == "before plan" and (error := next(failures, None)):
            raise error

    office.board.tap = fail
    outcome = office.batch.run([a_record(PLAN, tries=3), a_record(OTHER, "m2")])
    assert outcome.failed == ["m1"]
    assert [message for message, _ in outcome.errors] == ["m1"]
    assert office.queued() == [PAU]
    assert office.patience.waits == [("m1", 3)]


def test_an_alert_does_not_wait_for_ever_longer() -> None:
    office = an_office()

    def fail(call: str) -> None:
        raise ValueError("a fault of ours")

    office.board.tap = fail
    outcome = office.batch.run([a_record(PLAN, tries=40), a_record(OTHER, "m2", queue="another")])
    assert outcome.failed == ["m1", "m2"]
    assert office.patience.waits == [("m1", MOST_TRIES)]


def test_none_is_begun_that_may_not_be_finished() -> None:
    office = an_office()
    outcome = office.batch.run([a_record(PLAN)], lambda: 3.0)
    assert outcome.failed == ["m1"]
    assert outcome.errors == []
    assert office.patience.waits == [("m1", 0)]
    assert office.rows() == {}


def test_the_same_record_twice_changes_nothing() -> None:
    office = an_office()
    office.batch.run([a_record(PLAN)])
    office.put(AINA, state=Stage.SENT, look_at=None)
    office.batch.run([a_record(PLAN)])
    assert office.row(AINA).state == Stage.SENT
    assert office.queued() == [AINA]


def test_a_campaign_that_nobody_knows_is_dropped_and_told() -> None:
    outcome = an_office().batch.run([a_record(PlanJob("20261123-altra", 0))])
    assert (outcome.failed, outcome.dropped) == ([], [("m1", "there is no such campaign")])


GOOD = {"campaign": "c1", "shard": 15, "again": True}
BAD: list[Any] = [
    [],
    "c1",
    {},
    {**GOOD, "more": 1},
    {"campaign": "c1", "shard": 0},
    {**GOOD, "campaign": ""},
    {**GOOD, "campaign": "c" * 201},
    {**GOOD, "campaign": 7},
    {**GOOD, "shard": 16},
    {**GOOD, "shard": -1},
    {**GOOD, "shard": "0"},
    {**GOOD, "shard": True},
    {**GOOD, "shard": 1.0},
    {**GOOD, "again": 1},
]


def test_a_job_is_read() -> None:
    assert job_of(json.dumps(GOOD)) == PlanJob("c1", 15, again=True)


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, *map(json.dumps, BAD)])
def test_what_nobody_can_read_is_dropped_and_told(body: str) -> None:
    with pytest.raises(BadInput):
        job_of(body)
    outcome = an_office().batch.run([a_record(body)])
    assert (outcome.failed, len(outcome.dropped)) == ([], 1)
