"""The ``Conversations`` port: the same checks on the fake and on DynamoDB (moto), so that the fake does not lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_models import CitizenRow, IncidentRow, Tables, TurnRow
from canal.dialogue.citizen import Citizen, Offered, Place
from canal.errors import AlreadyRun, LostRace
from canal.ports import Case, Conversations, TurnRecord
from moto import mock_aws
from pynamodb.connection import Connection

import local.citizens
from local.template import load
from tests.builders import NOON, citizen
from tests.fakes import FakeConversations

REGION = "eu-south-2"


@pytest.fixture(params=["fake", "dynamo"])
def rows(request: pytest.FixtureRequest) -> Iterator[Conversations]:
    if request.param == "fake":
        yield FakeConversations()
        return
    with mock_aws():
        for name in ("citizens", "turns", "incidents"):
            create_table(name)
        yield DynamoConversations(Tables("citizens", "turns", "incidents", REGION))


def create_table(name: str) -> None:
    """The table as ``template.yaml`` describes it."""
    properties = load()["Resources"][f"{name.capitalize()}Table"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    boto3.client("dynamodb", REGION).create_table(
        TableName=name, **{key: properties[key] for key in wanted if key in properties}
    )


def record(wamid: str = "wamid.1", key: str = "ES.1001", **changes: Any) -> TurnRecord:
    turn = TurnRecord(key, wamid, NOON, ({"type": "text"},), ({"type": "LanguageChosen", "language": "ca"},))
    return replace(turn, **changes)


def test_nobody_is_known_at_first(rows: Conversations) -> None:
    assert rows.load("ES.1001") is None
    assert rows.turn("ES.1001", "wamid.1") is None


def test_what_is_saved_is_loaded_to_the_last_field(rows: Conversations) -> None:
    full = citizen(
        "es",
        place=Place.BUS,
        offered=(Offered("bus:stop:1", "Hospital"),),
        trail=("menu", "bus"),
        notes={"pin": "39.15,-0.43"},
        missed=1,
        wants_marketing=False,
    )
    rows.save(None, full, record(), [])
    assert rows.load("ES.1001") == replace(full, version=1)
    assert rows.turn("ES.1001", "wamid.1") == record()


def test_a_message_has_one_turn(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    known = rows.load("ES.1001")
    assert known is not None
    with pytest.raises(AlreadyRun):
        rows.save(known, replace(known, language="es"), record(), [])
    assert rows.load("ES.1001") == known


def test_an_old_version_loses_and_nothing_of_it_is_saved(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    known = rows.load("ES.1001")
    assert known is not None
    rows.save(known, replace(known, language="es"), record("wamid.2"), [])
    with pytest.raises(LostRace):
        rows.save(known, replace(known, language="ca"), record("wamid.3"), [CASE])
    assert rows.turn("ES.1001", "wamid.3") is None
    newest = rows.load("ES.1001")
    assert newest is not None
    assert (newest.language, newest.version) == ("es", 2)


def test_two_first_messages_at_once_make_one_citizen(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    with pytest.raises(LostRace):
        rows.save(None, citizen("es"), record("wamid.2"), [])


CASE = Case("K7Q2M4XA", "person", "ES.1001", "ca", "un rebut", NOON)


def test_a_case_opened_again_with_more_words_is_the_same_case(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [CASE])
    known = rows.load("ES.1001")
    assert known is not None
    rows.save(known, known, record("wamid.2"), [replace(CASE, words="un rebut de l'aigua")])
    assert words_of_cases(rows) == ["un rebut de l'aigua"]


def words_of_cases(rows: Conversations) -> list[str]:
    if isinstance(rows, FakeConversations):
        return [case.words for case in rows.cases.values()]
    return [row.words for row in IncidentRow.scan()]


def test_erasure_takes_the_citizen_the_cases_and_what_the_turns_say(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [CASE])
    known = rows.load("ES.1001")
    assert known is not None
    rows.erase(known, record("wamid.2"))
    assert rows.load("ES.1001") is None
    assert words_of_cases(rows) == []
    earlier, last = rows.turn("ES.1001", "wamid.1"), rows.turn("ES.1001", "wamid.2")
    assert earlier is not None
    assert last is not None
    assert (earlier.replies, earlier.events, earlier.state) == ((), (), "erased")
    assert last.replies


def test_erasure_asked_twice_is_already_run(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    known = rows.load("ES.1001")
    assert known is not None
    rows.erase(known, record("wamid.2"))
    with pytest.raises(AlreadyRun):
        rows.erase(known, record("wamid.2"))


def test_a_moved_citizen_is_found_under_both_keys(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    old = rows.load("ES.1001")
    assert old is not None
    rows.move(old, None, replace(old, key="ES.2002", user_id="ES.2002"))
    under_old, under_new = rows.load("ES.1001"), rows.load("ES.2002")
    assert under_old == under_new
    assert under_new is not None
    assert under_new.version == 1


def test_a_move_onto_a_known_citizen_replaces_that_row(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    rows.save(None, replace(citizen("es"), key="ES.2002"), record("wamid.2", "ES.2002"), [])
    old, new = rows.load("ES.1001"), rows.load("ES.2002")
    assert old is not None
    assert new is not None
    rows.move(old, new, replace(new, language="ca"))
    joined = rows.load("ES.2002")
    assert joined is not None
    assert (joined.language, joined.version) == ("ca", 2)


def known(rows: Conversations, key: str = "ES.1001") -> Citizen:
    """Who is known under ``key``."""
    found = rows.load(key)
    assert found is not None
    return found


def moved(rows: Conversations, old: str, new: str) -> Citizen:
    """The citizen of ``old`` after a move to ``new``, where nobody was."""
    citizen = known(rows, old)
    rows.move(citizen, None, replace(citizen, key=new, user_id=new))
    return known(rows, new)


def test_a_citizen_who_moved_twice_is_found_under_every_key(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    moved(rows, "ES.1001", "ES.2002")
    moved(rows, "ES.2002", "ES.3003")
    assert known(rows, "ES.1001") == known(rows, "ES.2002") == known(rows, "ES.3003")


def test_a_citizen_can_move_back(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    moved(rows, "ES.1001", "ES.2002")
    back = moved(rows, "ES.2002", "ES.1001")
    assert back.key == "ES.1001"
    assert known(rows, "ES.2002") == back


def test_who_writes_under_the_old_key_of_somebody_erased_is_new(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    rows.erase(moved(rows, "ES.1001", "ES.2002"), record("wamid.2", "ES.2002"))
    assert rows.load("ES.1001") is None
    rows.save(None, citizen("es"), record("wamid.3"), [])
    assert known(rows).language == "es"


def test_a_move_of_a_row_that_changed_is_a_lost_race(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    old = known(rows)
    rows.move(old, None, replace(old, key="ES.2002"))
    with pytest.raises(LostRace):
        rows.move(old, None, replace(old, key="ES.2002"))


def test_an_erasure_of_a_row_that_changed_is_a_lost_race(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    old = known(rows)
    rows.save(old, replace(old, language="es"), record("wamid.2"), [])
    with pytest.raises(LostRace):
        rows.erase(old, record("wamid.3"))
    assert rows.turn("ES.1001", "wamid.3") is None


def test_cases_move_with_their_citizen_and_are_erased_with_them(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [CASE])
    rows.erase(moved(rows, "ES.1001", "ES.2002"), record("wamid.2", "ES.2002"))
    assert words_of_cases(rows) == []


def test_erasure_empties_the_turns_from_before_the_user_id_was_known(rows: Conversations) -> None:
    phone = "34600000099"
    rows.save(None, replace(citizen(), key=phone, user_id=None), record(key=phone), [])
    rows.erase(moved(rows, phone, "ES.1001"), record("wamid.2"))
    turn = rows.turn(phone, "wamid.1")
    assert turn is not None
    assert (turn.replies, turn.state) == ((), "erased")


def test_converse_may_make_every_call_that_the_rows_make_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    made: set[tuple[str, str]] = set()
    dispatch = Connection.dispatch

    def noting(self: Connection, operation: str, request: dict[str, Any]) -> Any:
        for action, item in asked(operation, request):
            index = f"/index/{item['IndexName']}" if "IndexName" in item else ""
            made.add((f"{item['TableName']}{index}", f"dynamodb:{action}"))
        return dispatch(self, operation, request)

    monkeypatch.setattr(Connection, "dispatch", noting)
    with mock_aws():
        for name in ("citizens", "turns", "incidents"):
            create_table(name)
        rows = DynamoConversations(Tables("citizens", "turns", "incidents", REGION))
        rows.save(None, citizen(), record(), [CASE])
        rows.mark_undeliverable("ES.1001", "wamid.1", "131026")
        here = moved(rows, "ES.1001", "ES.2002")
        rows.erase(here, record("wamid.2", "ES.2002"))
        rows.load("ES.1001")
        rows.turn("ES.2002", "wamid.2")
    assert made == allowed()


def test_the_local_stack_shows_a_moved_citizen_under_the_old_key_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANAL_CITIZENS_TABLE", "citizens")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        for name in ("citizens", "turns", "incidents"):
            create_table(name)
        rows = DynamoConversations(Tables("citizens", "turns", "incidents", REGION))
        rows.save(None, citizen(), record(), [])
        moved(rows, "ES.1001", "ES.2002")
        row = local.citizens.citizen("ES.1001")
        assert row is not None
        assert (row["citizen"], row["place"]) == ("ES.2002", "menu")


def asked(operation: str, request: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The permissions that a call needs: a transaction those of its items."""
    if operation != "TransactWriteItems":
        return [(operation, request)]
    return [(f"{action}Item", item) for one in request["TransactItems"] for action, item in one.items()]


def allowed() -> set[tuple[str, str]]:
    """Table or index, and action, of every permission of converse's on DynamoDB."""
    (policy,) = load()["Resources"]["ConverseRole"]["Properties"]["Policies"]
    found = set()
    for statement in policy["PolicyDocument"]["Statement"]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        resource = next(iter(statement["Resource"].values()))
        resource = resource[0] if isinstance(resource, list) else resource
        where = resource.replace("${", "").replace("Table.Arn}", "").replace("Table", "").lower()
        found |= {(where, action) for action in actions if action.startswith("dynamodb:")}
    return found


def test_a_turn_can_be_marked_undeliverable(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    rows.mark_undeliverable("ES.1001", "wamid.1", "131026")
    turn = rows.turn("ES.1001", "wamid.1")
    assert turn is not None
    assert (turn.state, turn.reason) == ("undeliverable", "131026")


def test_turns_and_signposts_expire_after_eight_days() -> None:
    with mock_aws():
        for name in ("citizens", "turns", "incidents"):
            create_table(name)
        rows = DynamoConversations(Tables("citizens", "turns", "incidents", REGION))
        rows.save(None, citizen(), record(), [])
        old = rows.load("ES.1001")
        assert old is not None
        rows.move(old, None, replace(old, key="ES.2002"))
        turn = TurnRow.get("ES.1001", "wamid.1")
        assert turn.expires_at - NOON == timedelta(days=8)
        assert CitizenRow.get("ES.1001").expires_at is not None
        assert CitizenRow.get("ES.2002").expires_at is None
