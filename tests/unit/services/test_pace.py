"""The pace of one worker under a clock that only sleeping moves."""

from __future__ import annotations

import threading

import pytest
from canal.services.notices.crew import MOST, size
from canal.services.notices.pace import Pace

from tests.sending import Hours


def moments(pace: Pace, hours: Hours, count: int) -> list[float]:
    """When ``count`` messages leave, one thread taking its turn after another."""
    found = []
    for _ in range(count):
        pace.wait()
        found.append(hours.clock())
    return found


def most_in_a_second(found: list[float]) -> int:
    return max(sum(at <= other < at + 1 for other in found) for at in found)


@pytest.mark.parametrize("rate", [3.5, 40.0, 80.0, 500.0, 1000.0])
def test_the_rate_is_held_to_one_percent_and_never_passed(rate: float) -> None:
    hours = Hours()
    found = moments(Pace(rate, hours.timing), hours, int(rate * 10))
    assert len(found) / (found[-1] - found[0]) >= rate * 0.99
    assert most_in_a_second(found) <= -(-rate // 1)


def test_what_a_short_gap_left_is_made_up_for_and_still_no_second_is_too_full() -> None:
    hours = Hours()
    pace = Pace(40.0, hours.timing)
    found: list[float] = []
    for _ in range(20):
        found += moments(pace, hours, 200)  # a batch ends: the last answers, and the next one begins
        hours.sleep(0.4)
    assert most_in_a_second(found) <= 40
    assert len(found) / (found[-1] - found[0]) >= 40 * 0.985


def test_a_long_gap_is_no_arrears() -> None:
    hours = Hours()
    pace = Pace(40.0, hours.timing)
    moments(pace, hours, 10)
    hours.sleep(30)
    found = moments(pace, hours, 40)
    assert found[-1] - found[0] == pytest.approx(39 / 40 * 1.003)


def test_after_a_complaint_everybody_waits_goes_slower_and_recovers() -> None:
    hours = Hours()
    pace = Pace(40.0, hours.timing)
    moments(pace, hours, 10)
    pace.hold(2.0)
    before = hours.clock()
    found = moments(pace, hours, 2)
    assert 2.0 <= found[0] - before < 2.1
    assert pace.rate == pytest.approx(36.0)
    moments(pace, hours, 100)
    assert pace.rate == pytest.approx(40.0)


def test_one_storm_is_one_complaint_and_many_storms_do_not_stop_it() -> None:
    hours = Hours()
    pace = Pace(40.0, hours.timing)
    for _ in range(17):
        pace.hold(0.1)
    assert pace.rate == pytest.approx(36.0)
    for _ in range(60):
        hours.sleep(1.0)
        pace.hold(0.1)
    assert pace.rate == pytest.approx(4.0)


def test_who_waits_already_waits_longer_when_somebody_complains() -> None:
    hours = Hours()
    pace = Pace(1.0, hours.timing)
    pace.wait()

    def complain() -> None:
        hours.at_sleep = lambda: None
        pace.hold(5.0)

    hours.at_sleep = complain
    before = hours.clock()
    pace.wait()
    assert hours.clock() - before >= 5.0


def test_threads_share_it() -> None:
    hours = Hours()
    pace = Pace(100.0, hours.timing)
    found: list[float] = []

    def work() -> None:
        for _ in range(50):
            pace.wait()
            found.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 400
    assert hours.clock() - 1000.0 >= 3.9


def test_there_are_threads_for_the_latency_and_not_too_many() -> None:
    assert size(40.0) == 20
    assert size(0.5) == 5
    assert size(1000.0) == MOST


def test_a_complaint_forgets_the_slots_that_were_not_used_and_none_that_were() -> None:
    """Threads hold slots ahead when they are told to wait; what left before still counts."""
    hours = Hours()
    pace = Pace(40.0, hours.timing)
    found = moments(pace, hours, 40)
    for _ in range(10):
        pace._next(hours.clock())  # ten threads wait for theirs
    pace.hold(0.1)
    found += moments(pace, hours, 60)
    assert most_in_a_second(found) <= 40
