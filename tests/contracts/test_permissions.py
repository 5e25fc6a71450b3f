"""What each incident function may do on DynamoDB is what its adapters do there, no less and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_cases import DynamoCases
from canal.adapters.dynamo_citizens import DynamoCitizens
from canal.incidents.case import Case
from canal.incidents.watch import Watch
from canal.ports import Search, TurnRecord

from tests.builders import NOON, a_case, citizen
from tests.contracts.permissions import Calls, allowed, noted
from tests.contracts.tables import TABLES, dynamodb


@pytest.fixture
def calls() -> Iterator[Calls]:
    """What is called from here on, with two citizens there: one whose number changed, and one gone since theirs did."""
    with dynamodb():
        rows = DynamoConversations(TABLES)
        for key, other in (("ES.1", "ES.2"), ("ES.3", "ES.4")):
            known = citizen(key=key)
            rows.save(None, known, TurnRecord(key, "wamid.1", NOON, ()), [])
            stored = rows.load(key)
            assert stored is not None
            rows.move(stored, None, replace(stored, key=other))
        gone = rows.load("ES.4")
        assert gone is not None
        rows.erase(gone, TurnRecord("ES.4", "wamid.2", NOON, (), state="erased"))
        with noted() as made:
            yield made


def filed(cases: DynamoCases) -> Case:
    """A case, saved and looked at."""
    saved = cases.save(a_case())
    assert cases.load(saved.id)
    return saved


def test_route_may_do_what_it_does(calls: Calls) -> None:
    cases, citizens = DynamoCases(TABLES), DynamoCitizens(TABLES)
    case = filed(cases)
    cases.following(case.id)
    cases.of("ES.1")
    cases.delete(case)
    citizens.hold("ES.1")
    citizens.load("ES.3")
    assert calls == allowed("RouteRole")


def test_sweep_may_do_what_it_does(calls: Calls) -> None:
    for kind in Watch:
        DynamoCases(TABLES).waiting(kind, NOON, 10)
    assert calls == allowed("SweepRole")


def test_the_staff_api_may_do_what_it_does(calls: Calls) -> None:
    cases, citizens = DynamoCases(TABLES), DynamoCitizens(TABLES)
    case = filed(cases)
    cases.following(case.id)
    lists = (Search(), Search(departments=("serveis",)), Search(departments=("a", "b")), Search(overdue=True))
    for wanted in (*lists, Search(text=case.id.ljust(8, "2"))):
        cases.search(wanted)
    citizens.block("ES.1", True)
    citizens.load("ES.3")
    assert calls == allowed("IncidentApiRole")


def test_open311_may_do_what_it_does(calls: Calls) -> None:
    cases = DynamoCases(TABLES)
    filed(cases)
    cases.search(Search(states=("received", "routed"), category="fanal"))
    assert calls == allowed("Open311Role")
