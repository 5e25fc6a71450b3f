"""The ``Allowance`` port on DynamoDB (moto): the rules are ``broadcasts/spread.py``'s, many planners are ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from canal.adapters import dynamo_notes
from canal.adapters.dynamo_account import DynamoAccount
from canal.adapters.dynamo_allowance import DynamoAllowance
from canal.adapters.notice_models import NoteRow
from canal.broadcasts.outside import Limits
from pynamodb.exceptions import DoesNotExist

from tests.contracts.tables import TABLES, dynamodb
from tests.contracts.test_failing_rows import Crash, Wire, wire
from tests.noticeboard import MONDAY

__all__ = ["wire"]


@pytest.fixture
def allowance() -> Iterator[DynamoAllowance]:
    """Of an account that may write to a thousand people a day."""
    with dynamodb("campaigns"):
        DynamoAccount(TABLES).save_limits(Limits(1_000, known=True, at=MONDAY))
        yield DynamoAllowance(TABLES)


def at_once(allowance: DynamoAllowance, wanted: int, *, alert: bool = True) -> int:
    """How many of ``wanted`` may be written to now."""
    slots = allowance.reserve(MONDAY, wanted, alert=alert)
    assert sum(count for _, count in slots) == wanted
    return sum(count for when, count in slots if when is None)


def test_planners_share_what_the_tier_allows(allowance: DynamoAllowance) -> None:
    assert [at_once(allowance, 400) for _ in range(3)] == [400, 400, 200]


def test_a_planner_who_came_between_is_counted(allowance: DynamoAllowance, monkeypatch: pytest.MonkeyPatch) -> None:
    read, between = dynamo_notes.row_at, iter([700])

    def late(part: str, name: str) -> NoteRow | None:
        found = read(part, name)
        if name == "allowance" and (others := next(between, 0)):
            assert at_once(allowance, others) == others
        return found

    monkeypatch.setattr(dynamo_notes, "row_at", late)
    assert at_once(allowance, 400) == 300


def test_what_was_reserved_within_a_day_is_used(allowance: DynamoAllowance) -> None:
    assert allowance.used(MONDAY) == 0
    at_once(allowance, 400)
    allowance.reserve(MONDAY + timedelta(hours=23), 300, alert=True)
    hours = {hour: allowance.used(MONDAY + timedelta(hours=hour)) for hour in (0, 23, 25, 48)}
    assert hours == {0: 400, 23: 700, 25: 300, 48: 0}


def test_the_tier_that_was_told_last_counts(allowance: DynamoAllowance) -> None:
    at_once(allowance, 1_000)
    DynamoAccount(TABLES).save_limits(Limits(10_000, known=True, at=MONDAY))
    assert at_once(allowance, 9_500) == 9_000


def test_an_account_without_a_limit_needs_no_ledger(allowance: DynamoAllowance) -> None:
    DynamoAccount(TABLES).save_limits(Limits(None, known=True, at=MONDAY))
    assert at_once(allowance, 1_000_000, alert=False) == 1_000_000
    assert allowance.used(MONDAY) == 0
    with pytest.raises(DoesNotExist):
        NoteRow.get("account", "allowance")


def test_nobody_wanted_is_no_slot_and_no_write(allowance: DynamoAllowance) -> None:
    assert allowance.reserve(MONDAY, 0, alert=False) == ()
    with pytest.raises(DoesNotExist):
        NoteRow.get("account", "allowance")


@pytest.mark.parametrize("after", [False, True])
def test_a_planner_who_dies_may_waste_room_and_never_exceeds_it(wire: Wire, after: bool) -> None:
    with dynamodb("campaigns"):
        DynamoAccount(TABLES).save_limits(Limits(1_000, known=True, at=MONDAY))
        allowance = DynamoAllowance(TABLES)
        wire.expect(0, after=after)
        with pytest.raises(Crash):
            allowance.reserve(MONDAY, 600, alert=True)
        wire.expect(None)
        assert at_once(allowance, 600) == (400 if after else 600)
