"""The account's tier: never exceeded in any 24 hours by what we plan, alerts first, and everybody gets a moment."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from canal.broadcasts.spread import HORIZON, KEEP, SPAN, STEP, Slots, days, left, moment, read, reserve, step_of, used
from hypothesis import given
from hypothesis import strategies as st

from tests.noticeboard import MONDAY

DAY = timedelta(hours=24)
MONTH = timedelta(seconds=HORIZON * STEP)


def total(slots: Slots) -> int:
    return sum(count for _, count in slots)


def fullest(ledger: dict[str, int]) -> int:
    """The most people in any 24 hours."""
    book = read(ledger)
    return max((sum(book[each] for each in book if end - SPAN < each <= end) for end in book), default=0)


def test_what_fits_goes_at_once() -> None:
    ledger, slots = reserve({}, 250, MONDAY, 200, alert=False)
    assert slots == ((None, 200),)
    assert ledger == {"2026-11-23T09:00+00:00": 200}


def test_bulk_leaves_a_fifth_for_alerts() -> None:
    ledger, slots = reserve({}, 250, MONDAY, 201, alert=False)
    assert [count for _, count in slots] == [200, 1]
    assert reserve(ledger, 250, MONDAY, 50, alert=True)[1] == ((None, 50),)


@given(st.integers(1, 400), st.integers(0, 900), st.integers(0, 500), st.booleans())
def test_the_days_that_are_told_are_those_that_reserving_takes(
    tier: int, before: int, wanted: int, alert: bool
) -> None:
    ledger, _ = reserve({}, tier, MONDAY, min(before, tier), alert=True)
    told = days(wanted, tier, used(ledger, MONDAY), alert=alert)
    _, slots = reserve(ledger, tier, MONDAY, wanted, alert)
    last = slots[-1][0] if slots else None
    assert told == (1 if last is None else 1 + (last - MONDAY).days) or (last and last - MONDAY > MONTH - DAY)


@pytest.mark.parametrize(
    ("tier", "spent", "alert", "some"), [(None, 9, True, None), (10, 3, True, 7), (10, 3, False, 5), (10, 12, True, 0)]
)
def test_what_is_left_is_never_less_than_nothing(tier: int | None, spent: int, alert: bool, some: int | None) -> None:
    assert left(tier, spent, alert=alert) == some


def test_what_does_not_fit_goes_a_day_later_and_so_on() -> None:
    _, slots = reserve({}, 250, MONDAY, 450, alert=False)
    later = MONDAY + DAY + timedelta(seconds=STEP)
    assert slots == ((None, 200), (later, 200), (later + DAY + timedelta(seconds=STEP), 50))


def test_what_was_written_less_than_a_day_ago_counts_still() -> None:
    ledger, _ = reserve({}, 250, MONDAY + timedelta(minutes=9), 200, alert=False)
    almost = MONDAY + DAY + timedelta(minutes=8)
    _, slots = reserve(ledger, 250, almost, 200, alert=False)
    assert slots[0][0] is not None
    assert reserve(ledger, 250, MONDAY + DAY + timedelta(minutes=10), 200, alert=False)[1] == ((None, 200),)


def test_two_campaigns_at_once_share_the_days() -> None:
    ledger, first = reserve({}, 250, MONDAY, 300, alert=False)
    ledger, second = reserve(ledger, 250, MONDAY + timedelta(hours=1), 300, alert=False)
    assert total(first) == total(second) == 300
    assert second[0] == (first[1][0], 100)  # what the first had left of tomorrow
    assert fullest(ledger) == 200


def test_an_alert_takes_what_is_left_of_today_also_where_bulk_has_reserved_tomorrow() -> None:
    ledger, _ = reserve({}, 1000, MONDAY, 1600, alert=False)
    _, slots = reserve(ledger, 1000, MONDAY + timedelta(hours=23), 200, alert=True)
    assert slots == ((None, 200),)


def test_bulk_goes_behind_an_alert() -> None:
    ledger, _ = reserve({}, 250, MONDAY, 250, alert=True)
    _, slots = reserve(ledger, 250, MONDAY, 10, alert=False)
    assert slots == ((MONDAY + DAY + timedelta(seconds=STEP), 10),)


def test_without_a_limit_everybody_goes_at_once() -> None:
    assert reserve({}, None, MONDAY, 1_000_000, alert=False) == ({}, ((None, 1_000_000),))


def test_nobody_needs_no_slot() -> None:
    assert reserve({}, 250, MONDAY, 0, alert=False) == ({}, ())
    assert reserve({}, None, MONDAY, 0, alert=True) == ({}, ())
    assert reserve({}, 250, MONDAY, -1, alert=True) == ({}, ())


def test_nothing_is_promised_beyond_a_month() -> None:
    ledger, slots = reserve({}, 250, MONDAY, 100_000, alert=False)
    assert total(slots) == 100_000
    assert slots[-1][0] == MONDAY + MONTH
    assert len(slots) < 32
    assert sum(ledger.values()) == total(slots[:-1])


def test_a_tier_of_nothing_lets_nobody_through_and_loses_nobody() -> None:
    assert reserve({}, 0, MONDAY, 7, alert=True) == ({}, ((MONDAY + MONTH, 7),))


def test_old_hours_are_forgotten_and_those_that_count_are_not() -> None:
    """Also when somebody plans for the end of the quiet hours: now is ten hours earlier."""
    ledger, _ = reserve({}, 250, MONDAY, 200, alert=False)
    kept, _ = reserve(ledger, 250, MONDAY + timedelta(hours=33), 1, alert=False)
    assert "2026-11-23T09:00+00:00" in kept
    late = MONDAY + timedelta(seconds=KEEP * STEP)
    assert reserve(ledger, 250, late, 0, alert=False)[0] == {}


def test_the_ledger_survives_being_stored_as_json() -> None:
    ledger, _ = reserve({}, 250, MONDAY, 999, alert=False)
    assert json.loads(json.dumps(ledger)) == ledger


reservations = st.lists(
    st.tuples(st.integers(0, 3 * 24 * 60), st.integers(0, 3_000), st.booleans()), min_size=1, max_size=12
)
tiers = st.sampled_from([0, 1, 7, 50, 250, 2_000])


@given(reservations, tiers)
def test_no_24_hours_of_bulk_exceed_the_tier_and_nobody_is_lost(asked: list[tuple[int, int, bool]], tier: int) -> None:
    """By the moments given out, wherever within its ten minutes each was asked for."""
    ledger: dict[str, int] = {}
    now = MONDAY
    leaves: list[tuple[datetime, int]] = []
    for minutes, wanted, _ in asked:
        now += timedelta(minutes=minutes)
        ledger, slots = reserve(ledger, tier, now, wanted, alert=False)
        assert total(slots) == wanted
        assert all(count > 0 for _, count in slots)
        end = moment(step_of(now) + HORIZON)
        assert all(when is None or now < when <= end for when, _ in slots)
        leaves += [(when or now, count) for when, count in slots if when != end]
    for start, _ in leaves:
        assert sum(count for when, count in leaves if start <= when < start + DAY) <= tier - tier // 5


@given(reservations, tiers)
def test_alerts_stay_within_what_the_last_24_hours_have_left(asked: list[tuple[int, int, bool]], tier: int) -> None:
    ledger: dict[str, int] = {}
    now = MONDAY
    sent_at_once: list[tuple[datetime, int]] = []
    for minutes, wanted, alert in asked:
        now += timedelta(minutes=minutes)
        ledger, slots = reserve(ledger, tier, now, wanted, alert=alert)
        assert total(slots) == wanted
        sent_at_once += [(now, count) for when, count in slots if when is None]
        assert sum(count for when, count in sent_at_once if when > now - DAY) <= tier
