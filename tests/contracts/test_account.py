"""``Account`` and ``Lane``: the same checks on the fakes and on DynamoDB (moto)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from canal.adapters import dynamo_notes
from canal.adapters.dynamo_account import DynamoAccount, DynamoLane
from canal.adapters.notice_models import NoteRow
from canal.broadcasts.outside import SILENCE, Account, Health, Lane, Limits, Seen
from canal.errors import LostRace

from tests.contracts.tables import TABLES, dynamodb
from tests.noticeboard import MONDAY, FakeAccount, FakeLane

SOON, LATER = MONDAY + timedelta(seconds=30), MONDAY + timedelta(hours=1)
ALERT = Health("town_alert", "ca", "APPROVED", "UTILITY", "GREEN", at=MONDAY)


@pytest.fixture(params=["fake", "dynamo"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    if request.param == "fake":
        yield FakeAccount()
        return
    with dynamodb("campaigns"):
        yield DynamoAccount(TABLES)


@pytest.fixture(params=["fake", "dynamo"])
def lane(request: pytest.FixtureRequest) -> Iterator[Lane]:
    if request.param == "fake":
        yield FakeLane()
        return
    with dynamodb("campaigns"):
        yield DynamoLane(TABLES)


# --- the account ------------------------------------------------------------------------------------


def test_before_whatsapp_says_anything_the_smallest_tier_counts(account: Account) -> None:
    assert account.limits() == Limits(250, known=False)
    assert account.templates() == ()
    assert account.statuses_seen() is None


@pytest.mark.parametrize("tier", [250, None, 100_000])
def test_limits_are_kept_as_they_are_told(account: Account, tier: int | None) -> None:
    told = Limits(tier, "YELLOW", known=True, at=MONDAY)
    account.save_limits(told)
    assert account.limits() == told


def test_older_news_of_the_account_changes_nothing(account: Account) -> None:
    newer = Limits(10_000, known=True, at=LATER)
    account.save_limits(newer)
    account.save_limits(Limits(250, known=True, at=MONDAY))
    assert account.limits() == newer


def test_a_template_is_kept_by_name_and_language(account: Account) -> None:
    spanish = Health("town_alert", "es", "REJECTED", reason="INVALID_FORMAT", at=MONDAY)
    account.save_template(ALERT)
    account.save_template(spanish)
    assert set(account.templates()) == {ALERT, spanish}


def test_what_is_not_told_of_a_template_stays_as_it_was(account: Account) -> None:
    account.save_template(ALERT)
    account.save_template(Health("town_alert", "ca", "PAUSED", at=LATER))
    assert account.templates() == (Health("town_alert", "ca", "PAUSED", "UTILITY", "GREEN", at=LATER),)


def test_older_news_of_a_template_changes_nothing(account: Account) -> None:
    account.save_template(ALERT)
    account.save_template(Health("town_alert", "ca", "PENDING", at=MONDAY - timedelta(days=1)))
    assert account.templates() == (ALERT,)


def test_the_latest_status_counts_in_whatever_order_they_come(account: Account) -> None:
    for at in (SOON, LATER, MONDAY, LATER):
        account.see_statuses(at)
    seen = account.statuses_seen()
    assert seen is not None
    assert seen.until == LATER


def test_statuses_that_follow_each_other_prove_all_the_time_between_them(account: Account) -> None:
    for minutes in (0, 10, 5, 19):
        account.see_statuses(MONDAY + timedelta(minutes=minutes))
    assert account.statuses_seen() == Seen(MONDAY, MONDAY + timedelta(minutes=19))


def test_after_a_silence_nothing_is_proved_of_the_time_before_its_end(account: Account) -> None:
    """WhatsApp tells again what it could not tell, hours later, and some of it may stand in a queue of the dead."""
    end = MONDAY + SILENCE + timedelta(seconds=1)
    for at in (MONDAY, end, MONDAY + timedelta(minutes=1), end + timedelta(minutes=1)):
        account.see_statuses(at)
    assert account.statuses_seen() == Seen(end, end + timedelta(minutes=1))


# --- the lane ---------------------------------------------------------------------------------------


def test_nobody_stands_back_before_the_first_alert(lane: Lane) -> None:
    assert lane.alert() is None


def test_an_alert_that_goes_on_keeps_its_beginning_and_lasts_longer(lane: Lane) -> None:
    lane.announce(MONDAY, SOON + timedelta(seconds=1))
    lane.announce(SOON, LATER)
    assert lane.alert() == (MONDAY, LATER)
    lane.announce(SOON, SOON)
    assert lane.alert() == (MONDAY, LATER)


def test_an_alert_after_the_last_one_ended_begins_anew(lane: Lane) -> None:
    lane.announce(MONDAY, SOON)
    lane.announce(LATER, LATER + timedelta(minutes=1))
    assert lane.alert() == (LATER, LATER + timedelta(minutes=1))


# --- on DynamoDB alone ------------------------------------------------------------------------------


@pytest.fixture
def table() -> Iterator[None]:
    with dynamodb("campaigns"):
        DynamoAccount(TABLES)
        yield


def test_two_who_change_a_note_at_once_both_count(table: None) -> None:
    """The other one comes between our read and our write, twice."""
    between = iter([1, 1])

    def more(body: dict[str, int] | None) -> dict[str, int]:
        if next(between, 0):
            dynamo_notes.change("account", "x", lambda stored: {"n": (stored or {"n": 0})["n"] + 10})
        return {"n": (body or {"n": 0})["n"] + 1}

    waits = list[float]()
    dynamo_notes.change("account", "x", more, waits.append)
    assert dynamo_notes.read("account", "x") == {"n": 21}
    assert len(waits) == 2


def test_a_note_that_never_holds_still_is_a_lost_race(table: None) -> None:
    def meddled(body: dict[str, int] | None) -> dict[str, int]:
        dynamo_notes.change("account", "x", lambda stored: {"n": (stored or {"n": 0})["n"] + 1})
        return {"n": -1}

    with pytest.raises(LostRace):
        dynamo_notes.change("account", "x", meddled, lambda seconds: None)


def test_what_says_nothing_new_is_not_written(table: None) -> None:
    DynamoAccount(TABLES).save_template(ALERT)
    DynamoAccount(TABLES).save_template(Health("town_alert", "ca", "PENDING", at=MONDAY - timedelta(days=1)))
    assert NoteRow.get("template", "town_alert.ca").version == 1
