"""A batch of the sending queues: what goes back, what is dropped, whose pace it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.broadcasts.campaign import Kind
from canal.broadcasts.delivery import State
from canal.errors import BadInput, Temporary
from canal.services.notices.crew import start
from canal.services.notices.send_batch import share_of

from tests.noticeboard import MONDAY, a_campaign, a_subscriber
from tests.sending import SendingOffice, a_record

AINA, PAU = "34600000001", "34600000002"
NEWS: dict[str, Any] = {"kind": Kind.NEWS, "topic": "news", "template": "town_news"}


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[" * 100_000,
        "[]",
        "null",
        "{}",
        '{"campaign": "x"}',
        '{"campaign": 1, "citizens": ["x"]}',
        '{"campaign": "", "citizens": ["x"]}',
        '{"campaign": "x", "citizens": []}',
        '{"campaign": "x", "citizens": "346"}',
        '{"campaign": "x", "citizens": [346]}',
        '{"campaign": "x", "citizens": [""]}',
        '{"campaign": "x", "citizens": ["y"], "more": 1}',
        json.dumps({"campaign": "x" * 201, "citizens": ["y"]}),
        json.dumps({"campaign": "x", "citizens": ["y"] * 101}),
    ],
)
def test_what_nobody_can_read_is_dropped_and_told_and_the_rest_is_done(body: str) -> None:
    office = SendingOffice(a_subscriber(AINA))
    outcome = office.run(a_record(body, "bad"), office.record(message="good"))
    assert [message for message, _ in outcome.dropped] == ["bad"]
    assert outcome.failed == []
    assert office.row(AINA).state == State.SENT


def test_one_record_that_fails_goes_back_alone_later_each_time() -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU))
    calls = 0

    def tap(call: str) -> None:
        nonlocal calls
        calls += call == "before load deliveries"
        if call == "before load deliveries" and calls == 1:
            raise Temporary("no answer")

    office.board.tap = tap
    first = office.record(AINA, message="m1") | {"attributes": {"ApproximateReceiveCount": "3"}}
    outcome = office.run(first, office.record(PAU, message="m2"))
    assert outcome.failed == ["m1"]
    assert [message for message, _ in outcome.errors] == ["m1"]
    assert office.patience.waits == [("m1", 3)]
    assert office.row(PAU).state == State.SENT


def test_when_time_is_nearly_over_nobody_new_is_begun_and_the_rest_goes_back_at_once() -> None:
    office = SendingOffice(*(a_subscriber(f"346000001{n:02}") for n in range(20)), rate=1.0)
    start_of_it = office.hours.clock()
    records = [office.record(*list(office.board.citizens)[:10], message="m1")]
    records.append(office.record(*list(office.board.citizens)[10:], message="m2"))
    outcome = office.batch.run(records, lambda: 33.0 - (office.hours.clock() - start_of_it))
    assert outcome.failed == ["m2"]
    assert office.patience.waits == [("m2", 0)]
    states = [row.state for row in office.board.rows.values()]
    assert set(states) == {State.SENT, State.QUEUED}
    assert states.count(State.SENT) >= 15


def test_without_any_time_nothing_is_even_read() -> None:
    office = SendingOffice(a_subscriber(AINA))
    assert office.run(seconds_left=5.0).failed == ["m1"]
    assert office.row(AINA).state == State.QUEUED


def test_a_claimed_recipient_is_let_go_when_time_ends_while_whatsapp_throttles() -> None:
    from canal.adapters.whatsapp_errors import from_response

    office = SendingOffice(a_subscriber(AINA))
    office.channel.failing = lambda citizen: from_response(429, {"error": {"code": 130429}})
    begun = office.hours.clock()
    outcome = office.batch.run([office.record()], lambda: 20.0 - 5 * (office.hours.clock() - begun))
    assert outcome.failed == ["m1"]
    assert office.row(AINA).state == State.QUEUED


def test_bulk_stands_back_for_an_alert_and_goes_on_after_it() -> None:
    office = SendingOffice(a_subscriber(AINA, "news"), **NEWS)
    office.lane.announce(MONDAY, MONDAY + timedelta(seconds=60))
    office.run()
    assert office.row(AINA).state == State.SENT
    assert office.row(AINA).at >= MONDAY + timedelta(seconds=60)


def test_bulk_that_claimed_when_an_alert_came_lets_go_and_sends_after_it() -> None:
    office = SendingOffice(*(a_subscriber(f"346000001{n:02}", "news") for n in range(5)), rate=0.5, **NEWS)
    sent_before = 0

    def alert() -> None:
        nonlocal sent_before
        if office.hours.clock() > 1003 and not office.lane.announced:
            office.lane.announce(office.hours.now(), office.hours.now() + timedelta(seconds=60))
            sent_before = len(office.channel.sent)

    office.hours.at_sleep = alert
    office.run()
    times = sorted(row.at for row in office.board.rows.values())
    assert office.lane.announced
    since, until = office.lane.announced
    assert not [at for at in times if since + timedelta(seconds=2) <= at < until]
    assert {row.state for row in office.board.rows.values()} == {State.SENT}


def test_bulk_that_waits_for_an_alert_gives_back_when_time_is_over() -> None:
    office = SendingOffice(a_subscriber(AINA, "news"), **NEWS)
    office.lane.announce(MONDAY, MONDAY + timedelta(seconds=600))
    begun = office.hours.clock()
    outcome = office.batch.run([office.record()], lambda: 60.0 - (office.hours.clock() - begun))
    assert outcome.failed == ["m1"]
    assert office.row(AINA).state == State.QUEUED


def test_an_alert_waits_for_the_second_that_was_announced_and_is_within_five() -> None:
    office = SendingOffice(a_subscriber(AINA))
    office.lane.announce(MONDAY + timedelta(seconds=1), MONDAY + timedelta(seconds=60))
    office.run()
    assert MONDAY + timedelta(seconds=1) <= office.row(AINA).at <= MONDAY + timedelta(seconds=2)


def test_a_record_that_does_not_say_its_queue_goes_by_its_campaign() -> None:
    office = SendingOffice(a_subscriber(AINA))
    record = office.record()
    del record["eventSourceARN"]
    office.run(record)
    assert office.lane.announced  # as only those do who send alerts
    assert office.row(AINA).state == State.SENT


def test_the_lanes_of_a_worker_have_a_pace_each() -> None:
    office = SendingOffice(a_subscriber(AINA))
    news = office.add(a_campaign(id="20261123-news", state=office.campaign.state, **NEWS))
    office.board.citizens[AINA] = replace(
        office.board.citizens[AINA],
        subscriptions={**office.board.citizens[AINA].subscriptions, **a_subscriber(AINA, "news").subscriptions},
    )
    office.run(office.record(), office.record(message="m2", campaign=news))
    assert {row.state for row in office.board.rows.values()} == {State.SENT}


def test_the_pace_is_remembered_from_one_invocation_to_the_next() -> None:
    office = SendingOffice(*(a_subscriber(f"346000001{n:02}") for n in range(10)), rate=2.0)
    begun = office.hours.clock()
    for key in office.board.citizens:
        office.run(office.record(key))
    assert office.hours.clock() - begun >= 9 / 2.0


def test_a_chunk_costs_one_read_of_each_and_the_campaign_one_for_many() -> None:
    office = SendingOffice(*(a_subscriber(f"346000001{n:02}") for n in range(20)), rate=1000.0)
    calls: list[str] = []
    office.board.tap = calls.append
    keys = list(office.board.citizens)
    office.run(office.record(*keys[:10]), office.record(*keys[10:], message="m2"))
    assert calls.count("before load campaign") == 1
    assert calls.count("before load deliveries") == calls.count("before load_many") == 2
    assert calls.count("before take sending") == calls.count("before take sent") == 20


def test_many_threads_send_all_and_are_done() -> None:
    office = SendingOffice(*(a_subscriber(f"34600001{n:03}") for n in range(200)), rate=40.0)
    office.batch = office.worker(crew=start)
    keys = list(office.board.citizens)
    records = [office.record(*keys[n : n + 20], message=f"m{n}") for n in range(0, 200, 20)]
    outcome = office.run(*records)
    assert (outcome.failed, outcome.figures) == ([], {"NoticesSent": 200})


@pytest.mark.parametrize(("rate", "workers"), [("0", "2"), ("-1", "2"), ("70", "0"), ("many", "2"), ("nan", "1")])
def test_a_rate_that_cannot_be_shared_is_bad_input(rate: str, workers: str) -> None:
    with pytest.raises(BadInput):
        share_of(rate, workers)


def test_workers_share_the_rate() -> None:
    assert share_of("70", "2") == 35.0
