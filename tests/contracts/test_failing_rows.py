"""What a crash, a lost answer or a late index does to the rows: nothing is lost and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_cases import DynamoCases
from canal.adapters.dynamo_citizens import DynamoCitizens
from canal.adapters.dynamo_models import IncidentRow
from canal.errors import CanalError, LostRace, Temporary, Throttled
from canal.incidents import changes
from canal.incidents.case import Case, Kind
from canal.ports import TurnRecord
from pynamodb.connection import Connection

from tests.builders import NOON, a_case, citizen
from tests.contracts.tables import TABLES, dynamodb

Send = Callable[[Connection, str, dict[str, Any]], Any]

LIGHT, PERSON = a_case(id="LIGHT222"), a_case(id="PERSON22", kind=Kind.PERSON)
FILED = tuple({"type": "CaseFiled", "case": case.id} for case in (LIGHT, PERSON))


class Crash(Exception):
    """The process ends here."""


class Wire:
    """The way to DynamoDB. ``at`` is the number of the write that fails; ``after``: once it has arrived."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.writes: list[str] = []
        self.at: int | None = None
        self.after = False
        self.error: type[Exception] = Crash

    def dispatch(self, connection: Connection, operation: str, request: dict[str, Any]) -> Any:
        if operation in ("GetItem", "Query"):
            return self._send(connection, operation, request)
        self.writes.append(operation)
        hit = len(self.writes) - 1 == self.at
        if hit and not self.after:
            raise self.error
        answer = self._send(connection, operation, request)
        if hit:
            raise self.error
        return answer

    def expect(self, at: int | None, *, after: bool = False) -> None:
        self.writes, self.at, self.after = [], at, after


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(Connection.dispatch)
    monkeypatch.setattr(
        Connection, "dispatch", lambda self, operation, request: wire.dispatch(self, operation, request)
    )
    with dynamodb():
        yield wire


def turn(number: int, **given: Any) -> TurnRecord:
    return replace(TurnRecord("ES.1001", f"wamid.{number}", NOON, ({"type": "text"},)), **given)


def everybody() -> tuple[DynamoConversations, DynamoCases]:
    """A citizen with two cases."""
    rows = DynamoConversations(TABLES)
    rows.save(None, citizen(), turn(1, events=FILED), [LIGHT, PERSON])
    return rows, DynamoCases(TABLES)


def case(cases: DynamoCases, number: str) -> Case:
    found = cases.load(number)
    assert found is not None
    return found


# --- one case -------------------------------------------------------------------------------------


def test_a_write_whose_answer_got_lost_is_known_again_when_it_is_sent_twice(wire: Wire) -> None:
    """As botocore does by itself: the second one finds the first one's version."""
    cases = DynamoCases(TABLES)
    answered = changes.answered(cases.save(a_case()), NOON, "Pep", "Demà hi anem")
    first = cases.save(answered)
    assert cases.save(answered) == first
    assert [event.words for event in case(cases, "K7Q2M4XA").history].count("Demà hi anem") == 1


def test_another_ones_write_is_not_taken_for_ours(wire: Wire) -> None:
    cases = DynamoCases(TABLES)
    read = cases.save(a_case())
    cases.save(changes.answered(read, NOON, "Pep", "Demà hi anem"))
    with pytest.raises(LostRace):
        cases.save(changes.answered(read, NOON, "Pep", "Hui hi anem"))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ThrottlingException", Throttled),
        ("ProvisionedThroughputExceededException", Throttled),
        ("InternalServerError", Temporary),
        ("ConditionalCheckFailedException", LostRace),
        ("TransactionConflictException", LostRace),
    ],
)
def test_errors_of_dynamodb_are_ours(monkeypatch: pytest.MonkeyPatch, code: str, error: type[CanalError]) -> None:
    from botocore.exceptions import ClientError
    from pynamodb.exceptions import PutError, QueryError

    failed = ClientError({"Error": {"Code": code, "Message": "x"}}, "x")

    def refuse(self: Connection, operation: str, request: dict[str, Any]) -> Any:
        raise (QueryError if operation == "Query" else PutError)(cause=failed)

    with dynamodb():
        cases = DynamoCases(TABLES)
        monkeypatch.setattr(Connection, "dispatch", lambda self, operation, request: refuse(self, operation, request))
        monkeypatch.setattr(DynamoCases, "load", lambda self, number: None)
        for call in (lambda: cases.save(a_case()), lambda: cases.of("ES.1001")):
            with pytest.raises(error) as raised:
                call()
            assert type(raised.value) is error


# --- a citizen and their cases --------------------------------------------------------------------


def test_nobody_who_shares_the_models_makes_a_client_of_their_own(wire: Wire) -> None:
    rows = DynamoConversations(TABLES)
    sessions = {rows.session, DynamoCases(TABLES).session, DynamoCitizens(replace(TABLES, turns="")).session}
    assert sessions == {rows.session}
    assert IncidentRow._get_connection().connection is rows._connection


ERASING = 4  # writes: two cases, one turn, the transaction


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(ERASING))
def test_an_erasure_that_crashes_anywhere_is_finished_by_the_next_try(wire: Wire, at: int, after: bool) -> None:
    rows, cases = everybody()
    before = rows.load("ES.1001")
    assert before is not None
    wire.expect(at, after=after)
    with pytest.raises(Crash):
        rows.erase(before, turn(2))
    wire.expect(None)
    if rows.turn("ES.1001", "wamid.2") is None:  # the message comes back, and is run from the load
        assert rows.load("ES.1001") == before
        rows.erase(before, turn(2))
    assert_forgotten(rows, cases)


def test_an_erasure_without_a_crash_makes_the_writes_that_are_tried_above(wire: Wire) -> None:
    rows, cases = everybody()
    before = rows.load("ES.1001")
    assert before is not None
    wire.expect(None)
    rows.erase(before, turn(2))
    assert len(wire.writes) == ERASING
    assert_forgotten(rows, cases)


def assert_forgotten(rows: DynamoConversations, cases: DynamoCases) -> None:
    assert rows.load("ES.1001") is None
    assert [case(cases, each.id).citizen for each in (LIGHT, PERSON)] == ["", ""]
    assert case(cases, PERSON.id).erased
    earlier = rows.turn("ES.1001", "wamid.1")
    assert earlier is not None
    assert (earlier.state, earlier.replies) == ("erased", ())


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(3))
def test_a_move_that_crashes_anywhere_is_finished_by_the_next_try(wire: Wire, at: int, after: bool) -> None:
    rows, cases = everybody()
    old = rows.load("ES.1001")
    assert old is not None
    wire.expect(at, after=after)
    with pytest.raises(Crash):
        rows.move(old, None, replace(old, key="ES.2002"))
    wire.expect(None)
    found = rows.load("ES.1001")
    assert found is not None
    if found.key == "ES.1001":
        rows.move(found, None, replace(found, key="ES.2002"))
    assert {each.id for each in cases.of("ES.2002")} == {LIGHT.id, PERSON.id}
    assert cases.of("ES.1001") == ()


def test_a_case_that_the_index_does_not_know_yet_is_forgotten_by_its_turn(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, cases = everybody()
    before = rows.load("ES.1001")
    assert before is not None
    monkeypatch.setattr(IncidentRow.by_citizen, "query", lambda *args, **more: iter(()))
    rows.erase(before, turn(2))
    assert [case(cases, each.id).citizen for each in (LIGHT, PERSON)] == ["", ""]


def test_a_case_that_the_index_still_shows_and_is_somebody_elses_is_left_alone(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, cases = everybody()
    theirs = cases.save(a_case(id="THEIRS22", citizen="ES.3003"))
    before = rows.load("ES.1001")
    assert before is not None
    late = [IncidentRow("THEIRS22"), IncidentRow("GONE2222")]
    monkeypatch.setattr(IncidentRow.by_citizen, "query", lambda *args, **more: iter(late))
    rows.erase(before, turn(2))
    assert case(cases, "THEIRS22") == theirs


def test_a_case_that_staff_change_during_the_erasure_is_read_again(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, cases = everybody()
    before = rows.load("ES.1001")
    assert before is not None
    meddled = meddling(monkeypatch, cases, times=2)
    rows.erase(before, turn(2))
    assert len(meddled) == 2
    assert case(cases, LIGHT.id).citizen == ""
    notes = [event.words for event in case(cases, LIGHT.id).history if event.words]
    assert notes == ["nota 0", "nota 1"]


def test_a_case_that_never_holds_still_sends_the_message_back(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, cases = everybody()
    before = rows.load("ES.1001")
    assert before is not None
    meddling(monkeypatch, cases, times=99)
    with pytest.raises(LostRace):
        rows.erase(before, turn(2))
    assert rows.load("ES.1001") == before
    assert rows.turn("ES.1001", "wamid.2") is None


def meddling(monkeypatch: pytest.MonkeyPatch, cases: DynamoCases, times: int) -> list[Case]:
    """Staff write a note each time just before somebody else saves the case; what they saved."""
    save, done = DynamoCases.save, list[Case]()

    def late(self: DynamoCases, given: Case) -> Case:
        if given.id == LIGHT.id and len(done) < times:
            stored = case(cases, LIGHT.id)
            done.append(save(self, changes.noted(stored, NOON, "Pep", f"nota {len(done)}")))
        return save(self, given)

    monkeypatch.setattr(DynamoCases, "save", late)
    return done


def test_a_citizen_who_writes_without_pause_is_held_in_the_end_or_not_at_all(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody()
    wire.error = LostRace
    wire.expect(0)
    assert DynamoCitizens(TABLES).hold("ES.1001") is True
    monkeypatch.setattr(wire, "dispatch", refusing_updates(wire))
    with pytest.raises(LostRace):
        DynamoCitizens(TABLES).block("ES.1001", True)


def refusing_updates(wire: Wire) -> Send:
    send = wire.dispatch

    def dispatch(connection: Connection, operation: str, request: dict[str, Any]) -> Any:
        if operation == "UpdateItem":
            raise LostRace
        return send(connection, operation, request)

    return dispatch
