"""Every few minutes: what nobody would look at otherwise is queued again, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from canal.errors import Temporary
from canal.incidents.changes import filed
from canal.services.sweeping import MOST, Swept

from tests.builders import NOON
from tests.fakes import FakeCases
from tests.office import Office, picture, report

NUMBER = "VXK4M2P9"


def queued(hall: Office) -> list[str]:
    hall.queue.messages.clear()
    hall.sweeping().run()
    return [message["case"] for message in hall.queue.messages]


def test_a_case_that_nobody_looked_at_is_queued_after_a_minute() -> None:
    hall = Office(FakeCases(report()), now=NOON + timedelta(seconds=59))
    assert queued(hall) == []
    assert queued(hall.later(seconds=1)) == [NUMBER]


def test_a_case_that_somebody_is_at_work_on_waits_until_the_lease_is_over() -> None:
    hall = Office(FakeCases(replace(report(), lease_until=NOON + timedelta(minutes=7))))
    assert queued(hall) == []
    assert queued(hall.later(minutes=3)) == [NUMBER]


def test_a_photo_that_is_to_be_tried_again_is_queued_when_its_time_comes() -> None:
    hall = Office(FakeCases(report(NUMBER, picture()))).with_files(1)
    hall.media.failures = [Temporary("503")] * 3
    hall.look()
    assert queued(hall) == []
    assert queued(hall.later(minutes=2)) == [NUMBER]


def test_a_case_that_is_done_is_not_queued_until_it_is_overdue() -> None:
    hall = Office(FakeCases(report()))
    due = hall.look().due_at
    assert due is not None
    assert queued(hall) == []
    hall.now = due
    assert queued(hall) == [NUMBER]
    hall.look()
    assert queued(hall.later(minutes=5)) == []


def test_one_run_takes_the_oldest_five_hundred_and_the_next_goes_on() -> None:
    many = [
        filed(replace(report(f"N{n}"), history=(), version=0, created_at=NOON + timedelta(seconds=n)))
        for n in range(MOST + 20)
    ]
    hall = Office(FakeCases(*many), now=NOON + timedelta(days=1))
    assert hall.sweeping().run() == Swept(MOST, 0)
    assert hall.queue.messages[0] == {"case": "N0"}
    for message in hall.queue.messages:
        hall.cases.rows.pop(message["case"])
    assert len(queued(hall)) == 20


def test_cases_that_cannot_be_finished_do_not_stand_before_those_that_nobody_has_looked_at() -> None:
    hall = Office(FakeCases(report("STUCK222"), report(NUMBER, created_at=NOON + timedelta(minutes=7))))
    hall.mail.failures = [Temporary("SES: 503")] * 2
    hall.look("STUCK222")
    hall.later(minutes=5).look("STUCK222")
    assert queued(hall.later(minutes=5)) == [NUMBER, "STUCK222"]


def test_nothing_found_touches_no_queue() -> None:
    hall = Office()
    hall.queue.failure = Temporary("SQS: 503")
    assert hall.sweeping().run() == Swept(0, 0)


def test_a_queue_that_does_not_answer_fails_the_run() -> None:
    hall = Office(FakeCases(report()))
    hall.queue.failure = Temporary("SQS: 503")
    with pytest.raises(Temporary):
        hall.sweeping().run()
