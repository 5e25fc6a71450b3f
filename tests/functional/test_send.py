"""``send`` as Lambda calls it: what goes back to the queue, what the log and the figures say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from canal.adapters.whatsapp_errors import from_response
from canal.broadcasts.delivery import State
from canal.errors import Temporary

from functions.broadcast import send
from tests.noticeboard import a_subscriber
from tests.sending import SendingOffice, a_record

AINA, PAU = "34600000001", "34600000002"


def figures(printed: str) -> dict[str, float]:
    """The metrics that CloudWatch would read out of the log."""
    lines = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    return {name: value[0] for line in lines for name, value in line.items() if isinstance(value, list)}


def test_a_batch_is_sent_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU))
    assert send.respond({"Records": [office.record()]}, office.batch) == {"batchItemFailures": []}
    assert len(office.channel.sent) == 2
    assert figures(capsys.readouterr().out) == {"NoticesSent": 2}


def test_a_batch_delivered_twice_sends_nothing_and_counts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU))
    batch = {"Records": [office.record()]}
    send.respond(batch, office.batch)
    capsys.readouterr()
    send.respond(batch, office.batch)
    assert len(office.channel.sent) == 2
    assert figures(capsys.readouterr().out) == {}


def test_a_stopped_campaign_is_told_and_counted_for_the_alarm(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = SendingOffice(a_subscriber(AINA))
    office.channel.failing = lambda citizen: from_response(400, {"error": {"code": 131042}})
    noted: list[tuple[str, Any]] = []
    monkeypatch.setattr(send.logger, "error", lambda sentence, extra: noted.append((sentence, extra)))
    assert send.respond({"Records": [office.record()]}, office.batch) == {"batchItemFailures": []}
    assert figures(capsys.readouterr().out) == {"CampaignStopped": 1}
    assert noted == [("campaign stopped", {"campaign": office.campaign.id, "reason": "131042"})]


def test_the_log_names_messages_and_campaigns_and_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU))
    answers: list[Any] = [ValueError(f"the secrets of {AINA}"), Temporary("no answer"), None]
    office.channel.failing = lambda citizen: answers.pop(0) if answers else None
    noted: list[tuple[str, Any]] = []
    for level in ("error", "warning", "info"):
        monkeypatch.setattr(send.logger, level, lambda sentence, extra: noted.append((sentence, extra)))
    send.respond({"Records": [office.record(), a_record('{"words": "34600000001"}', "m2")]}, office.batch)
    assert [fields.get("message_id") for _, fields in noted] == ["", "m2", None]
    assert "346" not in str(noted)


def test_a_function_that_is_about_to_be_stopped_gives_all_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return 5_000

    office = SendingOffice(a_subscriber(AINA))
    monkeypatch.setattr(send, "batch", office.batch)
    answer = send.handler({"Records": [office.record()]}, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert office.row(AINA).state == State.QUEUED
