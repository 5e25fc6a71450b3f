"""The ``Citizens`` port, beside a conversation that goes on: the same checks on the fake and on DynamoDB (moto)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_citizens import DynamoCitizens
from canal.errors import LostRace
from canal.ports import Citizens, Conversations, TurnRecord

from tests.builders import NOON, citizen
from tests.contracts.tables import TABLES, dynamodb
from tests.fakes import FakeCitizens, FakeConversations

Both = tuple[Conversations, Citizens]


@pytest.fixture(params=["fake", "dynamo"])
def both(request: pytest.FixtureRequest) -> Iterator[Both]:
    """The rows as a conversation sees them and as others do, with one citizen."""
    if request.param == "fake":
        rows = FakeConversations()
        yield known(rows), FakeCitizens(rows)
        return
    with dynamodb():
        yield known(DynamoConversations(TABLES)), DynamoCitizens(TABLES)


def known(rows: Conversations) -> Conversations:
    rows.save(None, citizen(), turn(1), [])
    return rows


def turn(number: int) -> TurnRecord:
    return TurnRecord("ES.1001", f"wamid.{number}", NOON, ())


@pytest.mark.parametrize("key", ["ES.9999", ""])
def test_nobody_is_found_held_or_blocked_under_an_unknown_key(both: Both, key: str) -> None:
    _, citizens = both
    assert citizens.load(key) is None
    assert citizens.hold(key) is False
    assert citizens.block(key, True) is False


def test_holding_is_noted_and_nothing_else_changes(both: Both) -> None:
    _, citizens = both
    assert citizens.hold("ES.1001") is True
    assert citizens.load("ES.1001") == citizen(held=True, version=2)


def test_holding_twice_is_holding_once(both: Both) -> None:
    _, citizens = both
    assert citizens.hold("ES.1001") is citizens.hold("ES.1001") is True
    assert citizens.load("ES.1001") == citizen(held=True, version=2)


def test_somebody_is_blocked_and_allowed_again(both: Both) -> None:
    _, citizens = both
    assert citizens.block("ES.1001", True) is True
    assert citizens.load("ES.1001") == citizen(blocked=True, version=2)
    assert citizens.block("ES.1001", False) is True
    assert citizens.load("ES.1001") == citizen(version=3)


def test_a_turn_that_runs_meanwhile_loses_the_race_and_sees_the_note_when_it_is_run_again(both: Both) -> None:
    rows, citizens = both
    before = rows.load("ES.1001")
    assert before is not None
    citizens.hold("ES.1001")
    with pytest.raises(LostRace):
        rows.save(before, replace(before, language="es"), turn(2), [])
    again = rows.load("ES.1001")
    assert again is not None
    assert again.held
    rows.save(again, replace(again, held=False), turn(2), [])
    assert citizens.load("ES.1001") == citizen(version=3)


def test_a_moved_citizen_is_noted_under_the_new_key(both: Both) -> None:
    rows, citizens = both
    old = rows.load("ES.1001")
    assert old is not None
    rows.move(old, None, replace(old, key="ES.2002"))
    assert citizens.block("ES.1001", True) is True
    moved = citizens.load("ES.2002")
    assert moved is not None
    assert (moved.key, moved.blocked) == ("ES.2002", True)
