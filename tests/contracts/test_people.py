"""The ``People`` port: the same checks on the fake and on DynamoDB (moto)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_people import DynamoPeople
from canal.broadcasts.outside import People
from canal.dialogue.citizen import Citizen
from canal.errors import LostRace, Temporary
from canal.ports import TurnRecord

from tests.contracts.permissions import noted
from tests.contracts.tables import REGION, TABLES, dynamodb
from tests.noticeboard import MONDAY, Board, FakePeople, a_subscriber

LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def rows() -> Iterator[DynamoConversations]:
    with dynamodb():
        yield DynamoConversations(TABLES)


@pytest.fixture(params=["fake", "dynamo"])
def people(request: pytest.FixtureRequest) -> Iterator[People]:
    """Three who subscribed, one of them under a new number; and two who have had the same one, the first long ago."""
    keys = ("ES.1", "ES.2", "34600000003")
    owners = [
        a_subscriber("ES.5", phone="34600000005", last_inbound_at=MONDAY),
        a_subscriber("ES.6", phone="34600000005", last_inbound_at=LATER),
        a_subscriber("ES.7", phone="34600000005"),
    ]
    if request.param == "fake":
        board = Board(*(a_subscriber(key) for key in keys), *owners)
        board.moved["34600000003"] = "ES.3"
        board.citizens["ES.3"] = replace(board.citizens.pop("34600000003"), key="ES.3")
        yield FakePeople(board)
        return
    rows: DynamoConversations = request.getfixturevalue("rows")
    for key in keys:
        written(rows, key)
    moved(rows, "34600000003", "ES.3")
    for owner in owners:
        save(rows, owner)
    yield DynamoPeople(TABLES)


def written(rows: DynamoConversations, key: str) -> None:
    save(rows, a_subscriber(key))


def save(rows: DynamoConversations, citizen: Citizen) -> None:
    rows.save(None, replace(citizen, version=0), TurnRecord(citizen.key, "wamid.1", MONDAY, ()), [])


def moved(rows: DynamoConversations, old: str, new: str) -> None:
    citizen = rows.load(old)
    assert citizen
    rows.move(citizen, None, replace(citizen, key=new))


def one(people: People, key: str = "ES.1") -> Citizen:
    return people.load_many([key])[key]


def test_citizens_come_by_the_key_that_was_asked_for_and_strangers_not_at_all(people: People) -> None:
    found = people.load_many(["ES.1", "34600000003", "ES.nobody", "ES.1"])
    assert {key: citizen.key for key, citizen in found.items()} == {"ES.1": "ES.1", "34600000003": "ES.3"}
    assert found["ES.1"].subscriptions == a_subscriber("ES.1").subscriptions
    assert people.load_many([]) == {}


def test_a_citizen_is_known_by_their_phone_whatever_key_they_stand_under(people: People) -> None:
    assert people.known_by("34600000003") == "ES.3"
    assert people.known_by("34600000004") is None
    assert people.known_by("ES.1") is None


def test_of_those_who_have_had_a_number_whoever_wrote_last_is_meant(people: People) -> None:
    assert people.known_by("34600000005") == "ES.6"


def test_who_wants_no_marketing_any_more_is_noted_once_and_for_good(people: People) -> None:
    assert people.stop_marketing("ES.1") is True
    assert people.stop_marketing("ES.1") is True
    assert one(people).wants_marketing is False
    assert one(people, "ES.2").wants_marketing is True
    assert people.stop_marketing("34600000003") is True
    assert one(people, "ES.3").wants_marketing is False
    assert people.stop_marketing("ES.nobody") is False


def test_who_needs_rest_gets_the_longer_one(people: People) -> None:
    assert people.rest("ES.1", LATER) is True
    assert people.rest("ES.1", MONDAY) is True
    assert one(people).rest_until == LATER
    assert one(people, "ES.2").rest_until is None
    assert people.rest("ES.nobody", LATER) is False


def test_that_a_notice_went_out_is_noted_without_a_new_version(people: People) -> None:
    before = one(people).version
    people.told("ES.1", LATER)
    assert (one(people).told_at, one(people).version) == (LATER, before)
    assert one(people, "ES.2").told_at is None


# --- on DynamoDB alone ------------------------------------------------------------------------------


def test_more_than_a_batch_and_several_moves_are_followed_together(rows: DynamoConversations) -> None:
    keys = [f"ES.{n}" for n in range(120)]
    for key in keys:
        written(rows, key)
    moved(rows, "ES.0", "ES.a")
    moved(rows, "ES.a", "ES.b")
    moved(rows, "ES.1", "ES.c")
    with noted() as made:
        found = DynamoPeople(TABLES).load_many([*keys, "ES.a", "ES.b", ""])
    assert made == {("citizens", "dynamodb:BatchGetItem")}
    assert len(found) == 122
    assert {found[key].key for key in ("ES.0", "ES.a", "ES.b")} == {"ES.b"}
    assert found["ES.1"].key == "ES.c"


def test_who_is_found_by_phone_is_found_with_one_query_and_one_consistent_read(rows: DynamoConversations) -> None:
    save(rows, a_subscriber("ES.1", phone="34600000001"))
    with noted() as made:
        assert DynamoPeople(TABLES).known_by("34600000001") == "ES.1"
    assert made == {("citizens/index/by_phone", "dynamodb:Query"), ("citizens", "dynamodb:BatchGetItem")}


@pytest.mark.parametrize("phone", ["34600000001", None])
def test_what_a_late_index_still_shows_is_not_believed(
    rows: DynamoConversations, monkeypatch: pytest.MonkeyPatch, phone: str | None
) -> None:
    """They have a new number by now, or only a sign is left of them, or nothing."""
    save(rows, a_subscriber("ES.1", phone=phone))
    save(rows, a_subscriber("ES.2", phone="34600000009"))
    moved(rows, "ES.2", "ES.3")
    people = DynamoPeople(TABLES)
    monkeypatch.setattr(people, "_shown", lambda phone: ["ES.1", "ES.2", "ES.gone"])
    assert people.known_by("34600000009") is None


def test_whose_phone_changes_or_who_is_forgotten_is_not_found_by_the_old_one(rows: DynamoConversations) -> None:
    save(rows, a_subscriber("ES.1", phone="34600000001"))
    read = rows.load("ES.1")
    assert read
    rows.save(read, replace(read, phone="34600000002"), TurnRecord("ES.1", "wamid.2", MONDAY, ()), [])
    people = DynamoPeople(TABLES)
    assert (people.known_by("34600000001"), people.known_by("34600000002")) == (None, "ES.1")
    gone = rows.load("ES.1")
    assert gone
    rows.erase(gone, TurnRecord("ES.1", "wamid.3", MONDAY, ()))
    assert people.known_by("34600000002") is None


def test_a_citizen_whose_phone_is_empty_can_be_saved(rows: DynamoConversations) -> None:
    save(rows, a_subscriber("ES.1", phone=""))
    assert one(DynamoPeople(TABLES)).phone is None


def test_a_table_that_does_not_answer_is_ours_to_tell(rows: DynamoConversations) -> None:
    people = DynamoPeople(TABLES)
    boto3.client("dynamodb", REGION).delete_table(TableName="citizens")
    with pytest.raises(Temporary):
        people.known_by("34600000001")


def test_a_sign_to_somebody_who_is_gone_leads_to_nobody(rows: DynamoConversations) -> None:
    written(rows, "ES.1")
    moved(rows, "ES.1", "ES.2")
    gone = rows.load("ES.2")
    assert gone
    rows.erase(gone, TurnRecord("ES.2", "wamid.2", MONDAY, ()))
    assert DynamoPeople(TABLES).load_many(["ES.1", "ES.2"]) == {}


@pytest.mark.parametrize(
    "note", [lambda people: people.stop_marketing("ES.1"), lambda people: people.rest("ES.1", LATER)]
)
def test_a_turn_that_runs_meanwhile_loses_its_race(
    rows: DynamoConversations, note: Callable[[DynamoPeople], bool]
) -> None:
    """It would write back what it read before, and the note would be gone."""
    written(rows, "ES.1")
    read = rows.load("ES.1")
    assert read
    note(DynamoPeople(TABLES))
    with pytest.raises(LostRace):
        rows.save(read, replace(read, language="es"), TurnRecord("ES.1", "wamid.2", MONDAY, ()), [])


def test_what_is_noted_survives_the_next_turn(rows: DynamoConversations) -> None:
    written(rows, "ES.1")
    DynamoPeople(TABLES).rest("ES.1", LATER)
    read = rows.load("ES.1")
    assert read
    rows.save(read, replace(read, language="es"), TurnRecord("ES.1", "wamid.2", MONDAY, ()), [])
    again = rows.load("ES.1")
    assert again
    assert (again.rest_until, again.language) == (LATER, "es")
