"""The ``Conversations`` port: the same checks on the fake and on DynamoDB (moto), so that the fake does not lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_cases import DynamoCases
from canal.adapters.dynamo_models import CitizenRow, TurnRow
from canal.broadcasts.subscription import WEEKLY
from canal.dialogue.citizen import Citizen, Offered, Place
from canal.errors import AlreadyRun, LostRace
from canal.incidents.case import Case, Kind
from canal.ports import Cases, Conversations, TurnRecord

import local.citizens
from tests.builders import NOON, a_case, citizen
from tests.contracts.permissions import allowed, noted
from tests.contracts.tables import REGION, TABLES, dynamodb
from tests.fakes import FakeConversations
from tests.noticeboard import a_subscription


@pytest.fixture(params=["fake", "dynamo"])
def rows(request: pytest.FixtureRequest) -> Iterator[Conversations]:
    if request.param == "fake":
        yield FakeConversations()
        return
    with dynamodb():
        yield DynamoConversations(TABLES)


@pytest.fixture
def cases(rows: Conversations) -> Cases:
    """The cases beside them."""
    return rows.store if isinstance(rows, FakeConversations) else DynamoCases(TABLES)


def known(rows: Conversations, key: str = "ES.1001") -> Citizen:
    """Who is known under ``key``."""
    found = rows.load(key)
    assert found is not None
    return found


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
        draft={"kind": "incident", "latitude": 39.15, "files": [{"kind": "image", "media_id": "1"}]},
        blocked=True,
        held=True,
        missed=1,
        wants_marketing=False,
        rest_until=NOON,
        subscriptions={
            "alerts": a_subscription("alerts", zones=("centre", "alborgi")),
            "news": a_subscription("news", frequency=WEEKLY),
        },
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


CASE = a_case(kind=Kind.PERSON, category="", position=None, words="un rebut")


def stored(cases: Cases, number: str = CASE.id) -> Case:
    """A case as it is stored."""
    found = cases.load(number)
    assert found is not None
    return found


def test_a_case_is_filed_and_changed_in_the_transaction_of_its_turn(rows: Conversations, cases: Cases) -> None:
    rows.save(None, citizen(), record(), [CASE])
    assert stored(cases) == replace(CASE, version=1)
    changed = replace(stored(cases), words="un rebut de l'aigua")
    rows.save(known(rows), known(rows), record("wamid.2"), [changed])
    assert stored(cases) == replace(changed, version=2)


def test_a_case_that_changed_meanwhile_is_a_lost_race_and_nothing_is_saved(rows: Conversations, cases: Cases) -> None:
    rows.save(None, citizen(), record(), [CASE])
    before, case = known(rows), stored(cases)
    by_staff = cases.save(replace(case, zone="centre"))
    with pytest.raises(LostRace):
        rows.save(before, replace(before, language="es"), record("wamid.2"), [replace(case, words="no")])
    assert known(rows) == before
    assert rows.turn("ES.1001", "wamid.2") is None
    assert stored(cases) == by_staff


def test_a_new_case_under_a_number_that_is_taken_is_a_lost_race(rows: Conversations, cases: Cases) -> None:
    cases.save(CASE)
    with pytest.raises(LostRace):
        rows.save(None, citizen(), record(), [CASE])
    assert rows.load("ES.1001") is None


def test_a_message_that_had_its_turn_leaves_the_case_alone(rows: Conversations, cases: Cases) -> None:
    rows.save(None, citizen(), record(), [CASE])
    with pytest.raises(AlreadyRun):
        rows.save(known(rows), known(rows), record(), [replace(stored(cases), words="no")])
    assert stored(cases).words == "un rebut"


def test_a_case_given_twice_is_saved_as_it_was_given_last(rows: Conversations, cases: Cases) -> None:
    rows.save(None, citizen(), record(), [CASE, replace(CASE, words="l'últim")])
    assert (stored(cases).words, stored(cases).version) == ("l'últim", 1)


def test_erasure_takes_the_citizen_and_what_the_turns_say(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    rows.erase(known(rows), record("wamid.2"))
    assert rows.load("ES.1001") is None
    earlier, last = rows.turn("ES.1001", "wamid.1"), rows.turn("ES.1001", "wamid.2")
    assert earlier is not None
    assert last is not None
    assert (earlier.replies, earlier.events, earlier.state) == ((), (), "erased")
    assert last.replies


def test_erasure_forgets_whose_the_cases_were_and_leaves_other_peoples_alone(rows: Conversations, cases: Cases) -> None:
    light, other = a_case(id="LIGHT222"), a_case(id="OTHER222", citizen="ES.2002")
    rows.save(None, citizen(), record(), [CASE, light])
    cases.save(other)
    rows.erase(known(rows), record("wamid.2"))
    assert (stored(cases).erased, stored(cases).citizen, stored(cases).words) == (True, "", "")
    assert (stored(cases, "LIGHT222").erased, stored(cases, "LIGHT222").citizen) == (False, "")
    assert stored(cases, "OTHER222").citizen == "ES.2002"
    assert cases.of("ES.1001") == ()


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


def test_cases_move_with_their_citizen_and_are_forgotten_with_them(rows: Conversations, cases: Cases) -> None:
    rows.save(None, citizen(), record(), [CASE])
    here = moved(rows, "ES.1001", "ES.2002")
    assert [case.id for case in cases.of("ES.2002")] == [CASE.id]
    rows.erase(here, record("wamid.2", "ES.2002"))
    assert stored(cases).erased


def test_erasure_empties_the_turns_from_before_the_user_id_was_known(rows: Conversations) -> None:
    phone = "34600000099"
    rows.save(None, replace(citizen(), key=phone, user_id=None), record(key=phone), [])
    rows.erase(moved(rows, phone, "ES.1001"), record("wamid.2"))
    turn = rows.turn(phone, "wamid.1")
    assert turn is not None
    assert (turn.replies, turn.state) == ((), "erased")


def test_converse_may_make_every_call_that_the_rows_make_and_no_other() -> None:
    with dynamodb(), noted() as made:
        rows, cases = DynamoConversations(TABLES), DynamoCases(TABLES)
        rows.save(None, citizen(subscriptions={"alerts": a_subscription("alerts")}), record(), [CASE])
        rows.mark_undeliverable("ES.1001", "wamid.1", "131026")
        cases.near("streetlight", 39.15, -0.43, 50)
        here = moved(rows, "ES.1001", "ES.2002")
        rows.erase(here, record("wamid.2", "ES.2002"))
        rows.load("ES.1001")
        rows.turn("ES.2002", "wamid.2")
    assert made == allowed("ConverseRole")


def test_the_local_stack_shows_a_moved_citizen_under_the_old_key_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANAL_CITIZENS_TABLE", "citizens")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with dynamodb():
        rows = DynamoConversations(TABLES)
        rows.save(None, citizen(), record(), [])
        moved(rows, "ES.1001", "ES.2002")
        row = local.citizens.citizen("ES.1001")
        assert row is not None
        assert (row["citizen"], row["place"]) == ("ES.2002", "menu")


@pytest.mark.parametrize("phone", ["34600000099", "+34600000099"])
def test_the_local_stack_shows_a_citizen_by_their_phone(phone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANAL_CITIZENS_TABLE", "citizens")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with dynamodb():
        DynamoConversations(TABLES).save(None, citizen(), record(), [])
        row = local.citizens.citizen(phone)
        assert row is not None
        assert row["citizen"] == "ES.1001"
        assert local.citizens.citizen("34600000098") is None


def test_a_turn_can_be_marked_undeliverable(rows: Conversations) -> None:
    rows.save(None, citizen(), record(), [])
    rows.mark_undeliverable("ES.1001", "wamid.1", "131026")
    turn = rows.turn("ES.1001", "wamid.1")
    assert turn is not None
    assert (turn.state, turn.reason) == ("undeliverable", "131026")


def test_turns_and_signposts_expire_after_eight_days() -> None:
    with dynamodb():
        rows = DynamoConversations(TABLES)
        rows.save(None, citizen(), record(), [])
        old = rows.load("ES.1001")
        assert old is not None
        rows.move(old, None, replace(old, key="ES.2002"))
        turn = TurnRow.get("ES.1001", "wamid.1")
        assert turn.expires_at - NOON == timedelta(days=8)
        assert CitizenRow.get("ES.1001").expires_at is not None
        assert CitizenRow.get("ES.2002").expires_at is None
