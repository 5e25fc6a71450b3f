"""Due dates in the town's working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from canal.errors import BadInput
from canal.incidents.deadlines import due, is_working_day, working_days_between
from hypothesis import given
from hypothesis import strategies as st

ALZIRA = ZoneInfo("Europe/Madrid")
FEASTS = {date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 25)}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ALZIRA)


@pytest.mark.parametrize(
    ("at", "days", "until"),
    [
        ("2026-11-23T12:00", 1, "2026-11-24T23:59:59"),
        ("2026-11-23T12:00", 5, "2026-11-30T23:59:59"),
        ("2026-11-23T12:00", 0, "2026-11-23T23:59:59"),
        ("2026-11-27T23:59", 1, "2026-11-30T23:59:59"),  # on Friday night
        ("2026-11-28T10:00", 1, "2026-11-30T23:59:59"),  # on Saturday
        ("2026-11-28T10:00", 0, "2026-11-30T23:59:59"),
        ("2026-12-04T10:00", 1, "2026-12-09T23:59:59"),  # before a long weekend
        ("2026-12-24T10:00", 2, "2026-12-29T23:59:59"),
        ("2026-10-23T10:00", 1, "2026-10-26T23:59:59"),  # the clock goes back in between
    ],
)
def test_a_case_is_due_at_the_end_of_its_last_working_day(at: str, days: int, until: str) -> None:
    assert due(local(at), days, FEASTS, ALZIRA) == local(until)


def test_the_day_of_filing_is_the_towns_and_not_greenwichs() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight on Tuesday in Alzira
    assert due(late, 1, (), ALZIRA) == local("2026-11-25T23:59:59")


def test_it_is_aware_and_in_the_towns_time() -> None:
    found = due(datetime(2026, 7, 1, tzinfo=UTC), 1, (), ALZIRA)
    assert found.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("days", [-1, 1_001])
def test_a_number_of_days_that_makes_no_sense_is_bad_input(days: int) -> None:
    with pytest.raises(BadInput):
        due(local("2026-11-23T12:00"), days, (), ALZIRA)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 23), date(2026, 11, 24), 1),
        (date(2026, 11, 27), date(2026, 11, 30), 1),
        (date(2026, 12, 4), date(2026, 12, 9), 1),
        (date(2026, 11, 30), date(2026, 11, 27), -1),
    ],
)
def test_working_days_between_two_dates_leave_out_weekends_and_holidays(start: date, end: date, days: int) -> None:
    assert working_days_between(start, end, FEASTS) == days


moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
holidays = st.sets(st.dates(date(2020, 1, 1), date(2035, 12, 31)), max_size=40)


@given(moments, st.integers(0, 60), holidays)
def test_a_due_date_is_a_working_day_so_many_working_days_later(at: datetime, days: int, feasts: set[date]) -> None:
    until = due(at, days, feasts, ALZIRA)
    assert until > at
    assert is_working_day(until.date(), feasts)
    if days:
        assert working_days_between(at.astimezone(ALZIRA).date(), until.date(), feasts) == days
