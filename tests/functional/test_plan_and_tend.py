"""``plan`` and ``tend`` as Lambda calls them: what goes back to the queue, what the log and the figures say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from canal.broadcasts.outside import PlanJob
from canal.broadcasts.states import State
from canal.errors import Temporary

from functions.broadcast import plan, tend
from tests.noticeboard import a_subscriber
from tests.planning import MINUTE, PlanningOffice, a_record, in_shard

AINA, PAU = in_shard(0), in_shard(1)
NAME = "20261123-prova"


def figures(printed: str) -> dict[str, float]:
    """The metrics that CloudWatch would read out of the log."""
    lines = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    return {name: value[0] for line in lines for name, value in line.items() if isinstance(value, list)}


def noted(monkeypatch: pytest.MonkeyPatch, logger: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for level in ("error", "warning", "info"):
        monkeypatch.setattr(logger, level, lambda sentence, extra: found.append((sentence, extra)))
    return found


def test_a_shard_is_planned_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    office = PlanningOffice(a_subscriber(AINA))
    assert plan.respond({"Records": [a_record(PlanJob(NAME, 0))]}, office.batch) == {"batchItemFailures": []}
    assert office.queued() == [AINA]
    assert figures(capsys.readouterr().out) == {"NoticesPlanned": 1}


def test_what_fails_goes_back_and_the_log_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    office = PlanningOffice(a_subscriber(AINA), a_subscriber(PAU))
    answers: list[Exception] = [ValueError(f"the secrets of {AINA}"), Temporary("no answer")]

    def fail(call: str) -> None:
        if call == "before plan" and answers:
            raise answers.pop(0)

    office.board.tap = fail
    lines = noted(monkeypatch, plan.logger)
    records = [a_record(PlanJob(NAME, 0)), a_record(PlanJob(NAME, 1), "m2"), a_record("not JSON", "m3")]
    answer = plan.respond({"Records": records}, office.batch)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]}
    assert [sentence for sentence, _ in lines].count("shard not planned, the queue gives it again") == 2
    assert ("message about nothing dropped", {"message_id": "m3", "reason": "not JSON"}) in lines
    assert AINA not in str(lines)


def test_a_minute_with_nothing_to_do_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert tend.respond({}, PlanningOffice(state=State.DONE).tending) == {}
    assert capsys.readouterr().out == ""


def test_a_campaign_goes_from_approved_to_done(capsys: pytest.CaptureFixture[str]) -> None:
    office = PlanningOffice(state=State.APPROVED)
    assert tend.respond({}, office.tending) == {"CampaignsStarted": 1}
    plan.respond({"Records": [a_record(job) for _, job in office.queues.jobs]}, office.batch)
    office.now += MINUTE
    assert tend.respond({}, office.tending) == {"CampaignsDone": 1}
    assert figures(capsys.readouterr().out) == {"CampaignsStarted": 1, "CampaignsDone": 1}


def test_what_could_not_be_tended_is_told_and_counts_as_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    office = PlanningOffice(state=State.APPROVED)
    office.queues.error = Temporary("SQS kept 16 of 16 messages out")
    lines = noted(monkeypatch, tend.logger)
    with pytest.raises(Temporary):
        tend.respond({}, office.tending)
    fields = {"campaign": NAME, "error": "Temporary", "reason": "SQS kept 16 of 16 messages out"}
    assert lines == [("campaign not tended", fields)]
