"""Opening hours: open until when, closed until when, at night, on holidays and when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from canal.subjects.hours import OpeningHours, OpenState, Shift
from hypothesis import given
from hypothesis import strategies as st

MADRID = ZoneInfo("Europe/Madrid")
ECOPARC = OpeningHours.from_content(
    {
        "mon-fri": ["9:00-14:00", "16:00-19:00"],
        "sat-sun": ["9:00-14:00"],
        "exceptions": {"2026-12-24": ["9:00-12:00"], "2026-12-26": []},
        "closed_on_holidays": True,
    }
)
HOLIDAYS = frozenset({date(2026, 12, 8), date(2026, 12, 25)})


def at(moment: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=MADRID, fold=fold)


def closed_until(moment: str) -> OpenState:
    return OpenState(open=False, next=at(moment))


def open_until(moment: str) -> OpenState:
    return OpenState(open=True, until=at(moment))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 08:59", closed_until("2026-11-23 09:00")),
        ("2026-11-23 09:00", open_until("2026-11-23 14:00")),
        ("2026-11-23 13:59", open_until("2026-11-23 14:00")),
        ("2026-11-23 14:00", closed_until("2026-11-23 16:00")),
        ("2026-11-23 18:00", open_until("2026-11-23 19:00")),
        ("2026-11-23 19:30", closed_until("2026-11-24 09:00")),
        ("2026-11-28 15:00", closed_until("2026-11-29 09:00")),
        ("2026-12-07 20:00", closed_until("2026-12-09 09:00")),  # the 8th is a holiday
        ("2026-12-24 11:00", open_until("2026-12-24 12:00")),  # its own hours that day
        ("2026-12-24 13:00", closed_until("2026-12-27 09:00")),  # holiday, then an exception
    ],
)
def test_a_place_is_open_until_or_closed_until(now: str, expected: OpenState) -> None:
    assert ECOPARC.state(at(now), HOLIDAYS) == expected


def test_a_date_with_its_own_hours_overrides_a_holiday() -> None:
    hours = OpeningHours.from_content(
        {"mon-sun": ["9:00-14:00"], "exceptions": {"2026-12-25": ["10:00-11:00"]}, "closed_on_holidays": True}
    )
    assert hours.state(at("2026-12-25 10:30"), HOLIDAYS) == open_until("2026-12-25 11:00")


def test_holidays_count_only_where_the_hours_say_so() -> None:
    every_day = OpeningHours.from_content({"mon-sun": ["9:00-14:00"]})
    assert every_day.state(at("2026-12-25 10:00"), HOLIDAYS).open
    own = OpeningHours.from_content({"mon-sun": ["9:00-14:00"], "holidays": ["11:00-12:00"]})
    assert own.state(at("2026-12-25 10:00"), HOLIDAYS) == closed_until("2026-12-25 11:00")


def test_a_shift_past_midnight_is_still_open_the_next_day() -> None:
    bar = OpeningHours.from_content({"fri,sat": ["22:00-2:00"]})
    assert bar.state(at("2026-11-28 01:30")) == open_until("2026-11-28 02:00")
    assert bar.state(at("2026-11-28 02:00")) == closed_until("2026-11-28 22:00")
    assert bar.state(at("2026-11-27 01:30")) == closed_until("2026-11-27 22:00")


def test_shifts_that_meet_are_one_stretch() -> None:
    hours = OpeningHours.from_content({"mon": ["9:00-14:00", "14:00-19:00", "19:00-24:00"], "tue": ["0:00-6:00"]})
    assert hours.state(at("2026-11-23 10:00")) == open_until("2026-11-24 06:00")


def test_what_never_closes_has_no_closing_time() -> None:
    always = OpeningHours.from_content({"mon-sun": ["0:00-24:00"]})
    assert always.state(at("2026-11-23 10:00")) == OpenState(open=True)


def test_what_never_opens_has_no_opening_time() -> None:
    assert OpeningHours.from_content({}).state(at("2026-11-23 10:00")) == OpenState(open=False)


def test_the_office_opens_by_the_clock_on_the_wall_when_the_clocks_change() -> None:
    hours = OpeningHours.from_content({"mon-sun": ["9:00-14:00"]})
    assert hours.state(at("2026-03-29 00:30")).next == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert hours.state(at("2026-10-25 00:30")).next == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    hours = OpeningHours.from_content({"sun": ["1:00-2:30"]})  # closes at the first 2:30
    assert hours.state(at("2026-10-25 02:15", fold=0)).open
    assert not hours.state(at("2026-10-25 02:15", fold=1)).open


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError):
        ECOPARC.state(datetime(2026, 11, 23, 10, 0))


def test_a_range_of_weekdays_may_pass_the_end_of_the_week() -> None:
    hours = OpeningHours.from_content({"sat-mon": ["9:00-14:00"]})
    assert [bool(shifts) for shifts in hours.week] == [True, False, False, False, False, True, True]


def test_shifts_read_as_they_are_written() -> None:
    assert [str(Shift.parse(text)) for text in ("9:00-14:00", "22:00 - 2:00", "0:00-24:00")] == [
        "09:00-14:00",
        "22:00-02:00",
        "00:00-24:00",
    ]


@pytest.mark.parametrize("text", ["9-14", "9:00", "25:00-26:00", "9:61-10:00", "9:00-25:00", "", "matí"])
def test_a_shift_that_cannot_be_read_says_so(text: str) -> None:
    with pytest.raises(ValueError):
        OpeningHours.from_content({"mon": [text]})


@pytest.mark.parametrize("key", ["dilluns", "mon-", "mon-xyz", "", "-fri", "mon,"])
def test_weekdays_that_cannot_be_read_say_so(key: str) -> None:
    with pytest.raises(ValueError):
        OpeningHours.from_content({key: []})


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(MADRID)))
def test_the_state_changes_just_when_it_says(now: datetime) -> None:
    state = ECOPARC.state(now, HOLIDAYS)
    change = state.until or state.next
    assert change is not None
    before = change - timedelta(seconds=1)  # no change of clocks falls on an opening or a closing
    assert ECOPARC.state(before, HOLIDAYS).open is state.open
    assert ECOPARC.state(change, HOLIDAYS).open is not state.open
