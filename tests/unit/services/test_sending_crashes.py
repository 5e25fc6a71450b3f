"""Two workers with the same chunk; a worker that dies, and a store that fails, before and after every call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_errors import Problem
from canal.broadcasts.campaign import Kind
from canal.broadcasts.delivery import State, Step
from canal.errors import CanalError, Temporary, Throttled, Undeliverable
from canal.services.notices.crew import start

from tests.noticeboard import FakeDeliveries, a_subscriber
from tests.sending import SendingOffice

KEYS = [f"346000001{n:02}" for n in range(6)]
CALLS = (
    "before load campaign",
    "before load deliveries",
    "before load_many",
    "before take sending",
    "after take sending",
    "before take sent",
    "after take sent",
)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEWS: dict[str, Any] = {"kind": Kind.NEWS, "topic": "news", "template": "town_news"}


class Killed(BaseException):
    """The worker is no more."""


def office(**campaign: Any) -> SendingOffice:
    return SendingOffice(*(a_subscriber(key, campaign.get("topic", "alerts")) for key in KEYS), **campaign)


def strike(hall: SendingOffice, call: str, error: BaseException, times: int = 1, at: int = 2) -> None:
    """Raise ``error`` at the ``at``-th of these calls, and at the next ones, ``times`` in all."""
    seen = 0

    def tap(made: str) -> None:
        nonlocal seen
        seen += made == call
        if made == call and at <= seen < at + times:
            raise error

    hall.board.tap = tap


def messages(hall: SendingOffice) -> Counter[str]:
    return Counter(citizen for citizen, *_ in hall.channel.sent)


def states(hall: SendingOffice) -> list[State]:
    return [hall.row(key).state for key in KEYS]


@pytest.mark.parametrize("campaign", [{}, NEWS], ids=["alert", "bulk"])
@pytest.mark.parametrize("call", CALLS)
def test_who_dies_anywhere_writes_to_nobody_twice_and_leaves_at_most_one_claim(
    call: str, campaign: dict[str, Any]
) -> None:
    hall = office(**campaign)
    strike(hall, call, Killed(), at=1 if "load" in call else 2)
    with pytest.raises(Killed):
        hall.run()
    hall.board.tap = lambda call: None
    hall.batch = hall.worker()  # the queue gives the record to another
    assert hall.run().failed == []
    assert max(messages(hall).values()) == 1
    assert states(hall).count(State.SENDING) <= 1
    assert states(hall).count(State.SENT) + states(hall).count(State.SENDING) == len(KEYS)
    claimed = [key for key in KEYS if hall.row(key).state == State.SENDING]
    assert all(hall.row(key).look_at for key in claimed)


@pytest.mark.parametrize("call", CALLS)
def test_a_store_that_fails_once_loses_nobody_and_doubles_nobody(call: str) -> None:
    hall = office()
    strike(hall, call, Temporary("no answer"), at=1 if "load" in call else 2)
    first = hall.run()
    hall.board.tap = lambda call: None
    if first.failed:
        assert hall.patience.waits == [("m1", 1)]
        hall.run()
    assert max(messages(hall).values()) == 1
    # A claim whose answer was lost stays, since nobody can tell whose it is: ``tend`` gives it back.
    assert states(hall).count(State.SENDING) == (1 if call == "after take sending" else 0)


def test_a_note_that_fails_again_and_again_leaves_the_claim_and_sends_nothing_again() -> None:
    hall = office()
    strike(hall, "before take sent", Temporary("no answer"), times=1000, at=1)
    assert hall.run().failed == []
    assert set(messages(hall).values()) == {1}
    assert set(states(hall)) == {State.SENDING}
    hall.board.tap = lambda call: None
    hall.run()
    assert set(messages(hall).values()) == {1}


def test_a_note_that_fails_twice_is_made() -> None:
    hall = office()
    strike(hall, "before take sent", Temporary("no answer"), times=2, at=1)
    hall.run()
    assert set(states(hall)) == {State.SENT}


def test_a_status_that_comes_before_our_note_is_not_overwritten() -> None:
    hall = office()

    def delivered(call: str) -> None:
        if call == "before take sent":
            row = hall.row(KEYS[0])
            if row.state == State.SENDING:
                from canal.broadcasts.delivery import Step, taken

                step = Step(State.DELIVERED, hall.hours.now(), reported=True)
                hall.board.rows[hall.campaign.id, KEYS[0]] = taken(row, step)

    hall.board.tap = delivered
    hall.run()
    assert hall.row(KEYS[0]).state == State.DELIVERED


def test_two_workers_with_the_same_chunk_write_to_each_once() -> None:
    hall = office()
    first, second = hall.worker(), hall.worker()
    entered = False

    def meanwhile(call: str) -> None:
        """Between the first one's reading and its claim the second does everything."""
        nonlocal entered
        if call == "before take sending" and not entered:
            entered = True
            second.run([hall.record()], lambda: 900.0)

    hall.board.tap = meanwhile
    assert first.run([hall.record()], lambda: 900.0).figures == {}
    assert set(messages(hall).values()) == {1}
    assert set(states(hall)) == {State.SENT}


def test_the_same_chunk_twice_in_a_batch_writes_to_each_once() -> None:
    hall = office()
    hall.run(hall.record(message="m1"), hall.record(message="m2"))
    assert messages(hall) == dict.fromkeys(KEYS, 1)


def test_the_same_chunk_on_many_threads_writes_to_each_once() -> None:
    hall = office()
    hall.batch = hall.worker(crew=start)
    records: Sequence[dict[str, Any]] = [hall.record(message=f"m{n}") for n in range(4)]
    hall.run(*records)
    assert messages(hall) == dict.fromkeys(KEYS, 1)
    assert set(states(hall)) == {State.SENT}


def test_who_dies_on_a_thread_ends_the_batch() -> None:
    hall = office()
    hall.batch = hall.worker(crew=start)
    strike(hall, "after take sending", Killed(), times=1000, at=1)
    with pytest.raises(Killed):
        hall.run()
    assert hall.channel.sent == []


def test_a_stop_that_cannot_be_saved_goes_back_to_the_queue_and_lets_the_claim_go() -> None:
    from canal.adapters.whatsapp_errors import from_response

    hall = office()
    hall.channel.failing = lambda citizen: from_response(401, {"error": {"code": 190}})
    strike(hall, "before save campaign", Temporary("no answer"), times=1000, at=1)
    assert hall.run().failed == ["m1"]
    assert set(states(hall)) == {State.QUEUED}


def test_a_stop_whose_answer_was_lost_is_told_all_the_same() -> None:
    from canal.adapters.whatsapp_errors import from_response

    hall = office()
    hall.channel.failing = lambda citizen: from_response(401, {"error": {"code": 190}})
    strike(hall, "after save campaign", Temporary("no answer"), at=1)
    assert hall.run().figures == {"CampaignStopped": 1}


@pytest.mark.parametrize(
    "answer", [Throttled(Problem(131056)), Temporary("no connection"), Undeliverable(Problem(131026))]
)
def test_who_slept_too_long_does_not_touch_what_is_another_workers_claim_by_then(answer: CanalError) -> None:
    """Lambda may stop a worker between two tries, and let it go on much later: ``tend`` has freed its claim."""
    hall = SendingOffice(a_subscriber(KEYS[0], "news"), **NEWS)

    def asleep(citizen: str) -> CanalError:
        hall.hours.seconds += 3600
        freed = Step(State.QUEUED, hall.hours.now(), hall.hours.now())
        claimed = Step(State.SENDING, hall.hours.now() + MINUTE, hall.hours.now() + HOUR)
        for step in (freed, claimed):
            assert FakeDeliveries(hall.board).take(hall.campaign.id, citizen, step)
        hall.channel.failing = lambda again: None
        return answer

    hall.channel.failing = asleep
    hall.run()
    assert hall.channel.sent == []
    assert hall.row(KEYS[0]).state == State.SENDING
