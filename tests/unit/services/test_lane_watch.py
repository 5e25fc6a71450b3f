"""Bulk stands back while an alert runs; the alert begins when they have had time to."""

from __future__ import annotations

from datetime import datetime, timedelta

from canal.errors import Temporary
from canal.services.notices.lane_watch import LASTS, RENEW, Overtake, StandBack

from tests.noticeboard import MONDAY, FakeLane
from tests.sending import Hours


class DeafLane(FakeLane):
    """A store that does not answer."""

    def alert(self) -> tuple[datetime, datetime] | None:
        raise Temporary("no answer")


def seconds(number: float) -> datetime:
    return MONDAY + timedelta(seconds=number)


def test_bulk_writes_while_nobody_alerts() -> None:
    gate = StandBack(FakeLane(), Hours().timing)
    gate.look()
    assert gate.open()


def test_bulk_stands_back_as_soon_as_it_sees_an_alert_and_until_its_end() -> None:
    hours, lane = Hours(), FakeLane()
    gate = StandBack(lane, hours.timing)
    lane.announce(seconds(1), seconds(60))
    gate.look()
    assert not gate.open()
    hours.sleep(59.9)
    assert not gate.open()
    hours.sleep(0.1)
    assert gate.open()


def test_bulk_looks_twice_a_second_at_most_and_at_least() -> None:
    hours, lane = Hours(), FakeLane()
    gate = StandBack(lane, hours.timing)
    gate.look()
    lane.announce(seconds(1), seconds(60))
    hours.sleep(0.4)
    gate.look()
    assert gate.open()
    hours.sleep(0.1)
    gate.look()
    assert not gate.open()


def test_a_store_that_does_not_answer_changes_nothing() -> None:
    hours = Hours()
    for gate in (StandBack(DeafLane(), hours.timing), Overtake(DeafLane(), hours.timing)):
        gate.look()
        assert gate.open()


def test_an_alert_begins_when_it_was_announced_for() -> None:
    hours, lane = Hours(), FakeLane()
    lane.announce(seconds(1), seconds(60))
    gate = Overtake(lane, hours.timing)
    gate.look()
    assert not gate.open()
    hours.sleep(1.0)
    assert gate.open()
    assert lane.announced == (seconds(1), seconds(60))


def test_an_alert_that_nobody_announced_announces_itself() -> None:
    hours, lane = Hours(), FakeLane()
    gate = Overtake(lane, hours.timing)
    gate.look()
    assert not gate.open()
    assert lane.announced == (seconds(1), MONDAY + LASTS)


def test_an_announcement_that_has_ended_is_made_anew() -> None:
    hours, lane = Hours(), FakeLane()
    lane.announce(seconds(-100), seconds(-40))
    gate = Overtake(lane, hours.timing)
    gate.look()
    assert lane.announced == (seconds(1), MONDAY + LASTS)


def test_an_alert_that_goes_on_is_renewed_and_goes_on() -> None:
    hours, lane = Hours(), FakeLane()
    gate = Overtake(lane, hours.timing)
    gate.look()
    for _ in range(10):
        hours.sleep(RENEW)
        gate.look()
        assert gate.open()
        assert lane.announced
        assert lane.announced[1] >= hours.now() + LASTS - timedelta(seconds=RENEW)
