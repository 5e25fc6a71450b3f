"""The staff API's changes: every route, every role, two people at once, and what bad input gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from canal.desk.app import StaffApi
from canal.desk.cases import cases
from canal.desk.outside import Boxes
from canal.errors import LostRace, Temporary
from canal.incidents import changes
from canal.incidents.case import Case, File, Telling, What
from canal.incidents.states import State
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOON, a_case
from tests.desk import (
    ADMINISTRATOR,
    BODIES,
    COMMUNICATIONS,
    LIGHTING,
    PARKS,
    PHOTO,
    SPEAKS,
    WORKS,
    attempt,
    busy,
    office,
    routed,
)

# --- what a role may do ----------------------------------------------------------------------------


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize(
    ("groups", "may"),
    [(ADMINISTRATOR, set(BODIES)), (COMMUNICATIONS, SPEAKS), (LIGHTING, WORKS)],
    ids=["administrator", "communications", "department"],
)
def test_each_role_does_what_is_its_own(what: str, groups: str, may: set[str]) -> None:
    there = busy(groups)
    told = attempt(there, what)
    assert told.status == (200 if what in may else 403), told.text
    if what not in may:
        assert told.error == "not_your_role"
        assert there.cases.rows["K7Q2M4XA"].version == 1


@pytest.mark.parametrize("what", [*BODIES, "read"])
def test_for_another_department_the_case_does_not_exist(what: str) -> None:
    there = busy(PARKS)
    told = there.get("/api/cases/K7Q2M4XA") if what == "read" else attempt(there, what)
    missing = there.get("/api/cases/NOTHING")
    assert (told.status, told.text) == (404, missing.text)
    assert there.queue.messages == []


def test_what_a_case_says_one_may_do_is_what_one_may_do() -> None:
    assert set(busy(COMMUNICATIONS).get("/api/cases/K7Q2M4XA").json["may"]) == SPEAKS


# --- changes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", BODIES)
def test_every_change_is_saved_with_who_and_when_and_queued(what: str) -> None:
    there = busy()
    told = attempt(there, what)
    last = there.cases.rows["K7Q2M4XA"].history[-1]
    assert (told.status, last.by, last.at, told.etag) == (200, "anna@alzira.test", NOON, '"3"')
    assert there.queue.messages == [{"case": "K7Q2M4XA"}]


@pytest.mark.parametrize("what", BODIES)
def test_a_change_without_if_match_gets_428(what: str) -> None:
    there = busy()
    for condition in (None, "*", '""'):
        assert attempt(there, what, condition).status == 428
    assert there.queue.messages == []


@pytest.mark.parametrize("what", BODIES)
def test_a_second_person_is_told_what_the_first_did_and_nothing_is_overwritten(what: str) -> None:
    there = busy()
    there.change("POST", "/api/cases/K7Q2M4XA/notes", {"words": "Ho mire jo"})
    there.email = "pau@alzira.test"
    before = there.cases.rows["K7Q2M4XA"]
    told = attempt(there, what)
    assert (told.status, told.error) == (412, "changed_meanwhile")
    assert (told.json["changed"]["by"], told.json["case"]["version"]) == ("anna@alzira.test", "3")
    assert there.cases.rows["K7Q2M4XA"] == before
    assert there.photos.objects == {}


@pytest.mark.parametrize("what", BODIES)
def test_the_same_change_sent_twice_happens_once(what: str) -> None:
    there = busy()
    assert [attempt(there, what).status for _ in range(2)] == [200, 412]
    assert len(there.cases.rows["K7Q2M4XA"].history) == 3


def test_canals_own_book_keeping_does_not_make_a_page_stale() -> None:
    there = busy()
    there.cases.save(replace(there.cases.rows["K7Q2M4XA"], mailed_to="lighting"))
    assert attempt(there, "note").status == 200
    assert there.cases.rows["K7Q2M4XA"].mailed_to == "lighting"


def test_a_race_lost_to_book_keeping_is_run_again() -> None:
    there = busy()
    save, cases = there.cases.save, there.cases

    def late(case: Case) -> Case:
        cases.save = save  # type: ignore[method-assign]
        save(replace(cases.rows[case.id], mailed_to="lighting"))
        return save(case)

    cases.save = late  # type: ignore[method-assign]
    assert attempt(there, "note").status == 200
    assert (cases.rows["K7Q2M4XA"].mailed_to, len(cases.rows["K7Q2M4XA"].history)) == ("lighting", 3)


def test_a_race_lost_to_a_person_gets_412() -> None:
    there = busy()
    save, cases = there.cases.save, there.cases

    def late(case: Case) -> Case:
        cases.save = save  # type: ignore[method-assign]
        save(changes.noted(cases.rows[case.id], NOON, "pau@alzira.test", "Primer"))
        return save(case)

    cases.save = late  # type: ignore[method-assign]
    told = attempt(there, "note")
    assert (told.status, told.json["changed"]["by"]) == (412, "pau@alzira.test")


def test_a_save_whose_answer_was_lost_counts_as_saved() -> None:
    there = busy()
    save = there.cases.save

    def deaf(case: Case) -> Case:
        save(case)
        raise LostRace("the client tried again and met its own row")

    there.cases.save = deaf  # type: ignore[method-assign]
    assert attempt(there, "note").status == 200
    assert len(there.cases.rows["K7Q2M4XA"].history) == 3


def test_a_store_that_does_not_answer_gets_503_and_a_second_try() -> None:
    there = busy()
    there.cases.save = raising(Temporary("DynamoDB"))  # type: ignore[method-assign]
    told = attempt(there, "move")
    assert (told.status, told.error, told.headers["retry-after"]) == (503, "try_again", "2")
    assert there.queue.messages == []


def test_a_queue_that_fails_does_not_fail_the_change() -> None:
    there = busy()
    there.queue.failure = Temporary("SQS")
    assert attempt(there, "move").status == 200
    assert there.logged[0][1] == {"case": "K7Q2M4XA", "error": "Temporary"}


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def test_a_fault_of_ours_gets_500_without_a_word_of_where_or_what() -> None:
    there = busy()
    there.cases.load = raising(ValueError("El fanal de Maria"))  # type: ignore[method-assign]
    told = there.get("/api/cases/K7Q2M4XA")
    assert (told.status, told.error) == (500, "our_fault")
    assert "Maria" not in told.text + str(there.logged)


def test_even_when_the_content_is_out_of_reach_there_is_an_answer() -> None:
    there = busy()
    there.desk.towns.current = raising(Temporary("S3"))  # type: ignore[method-assign]
    told = attempt(there, "move")
    assert (told.status, told.json["message"]) == (503, {"ca": "try_again", "es": "try_again"})


# --- each kind of change ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "telling"),
    [
        ({"state": "in_progress"}, Telling.PENDING),
        ({"state": "rejected", "words": "No és via pública"}, Telling.PENDING),
        ({"state": "resolved", "words": ""}, Telling.PENDING),
    ],
)
def test_a_move_is_told(body: dict[str, str], telling: Telling) -> None:
    there = busy()
    told = there.change("POST", "/api/cases/K7Q2M4XA/moves", body)
    case = there.cases.rows["K7Q2M4XA"]
    assert (told.status, case.state, case.history[-1].telling) == (200, body["state"], telling)


def test_a_move_that_the_table_does_not_have_gets_409_and_the_allowed_ones() -> None:
    there = busy()
    told = there.change("POST", "/api/cases/K7Q2M4XA/moves", {"state": "reopened"})
    assert (told.status, told.error) == (409, "not_allowed")
    assert told.json["details"][0]["allowed"] == ["in_progress", "waiting", "resolved", "rejected"]


@pytest.mark.parametrize("state", ["duplicate", "routed"])
def test_a_move_that_is_another_route_gets_409(state: str) -> None:
    assert busy().change("POST", "/api/cases/K7Q2M4XA/moves", {"state": state}).status == 409


@pytest.mark.parametrize("state", ["waiting", "rejected"])
def test_a_state_that_the_citizen_could_do_nothing_with_needs_words(state: str) -> None:
    told = busy().change("POST", "/api/cases/K7Q2M4XA/moves", {"state": state, "words": "  "})
    assert (told.status, told.fields) == (422, ["words"])


def test_a_closed_case_is_reopened_with_a_new_due_date_and_a_mail_to_come() -> None:
    there = office(changes.moved(routed(mailed_to="lighting"), NOON, "pau", State.RESOLVED))
    there.change("POST", "/api/cases/K7Q2M4XA/moves", {"state": "reopened", "words": "Encara falla"})
    case = there.cases.rows["K7Q2M4XA"]
    assert (case.state, case.closed_at, case.mailed_to) == (State.REOPENED, None, "")
    assert case.due_at
    assert case.due_at.date().isoformat() == "2026-11-30"


def test_a_rerouted_case_keeps_its_due_date_and_is_gone_for_its_old_department() -> None:
    there = busy(LIGHTING)
    due = there.cases.rows["K7Q2M4XA"].due_at
    assert attempt(there, "reroute").status == 200
    case = there.cases.rows["K7Q2M4XA"]
    assert (case.department, case.due_at, case.history[-1].telling) == ("parks", due, Telling.NOBODY)
    assert there.get("/api/cases/K7Q2M4XA").status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"department": "lighting", "reason": "x"}, 409),
        ({"department": "nobody", "reason": "x"}, 422),
        ({"department": "parks", "reason": " "}, 422),
        ({"department": "parks"}, 422),
    ],
)
def test_a_reroute_needs_another_department_that_exists_and_a_reason(body: dict[str, str], status: int) -> None:
    assert busy().change("POST", "/api/cases/K7Q2M4XA/reroute", body).status == status


def test_a_case_that_canal_has_not_routed_yet_is_not_rerouted() -> None:
    there = office(changes.filed(a_case(history=(), version=1)))
    told = there.change("POST", "/api/cases/K7Q2M4XA/reroute", {"department": "parks", "reason": "x"})
    assert (told.status, told.error) == (409, "not_routed_yet")


def test_an_answer_to_nobody_is_refused_unless_somebody_follows() -> None:
    alone = office(routed(citizen="", channel="desk"))
    assert alone.change("POST", "/api/cases/K7Q2M4XA/answers", {"words": "Hola"}).error == "nobody_to_tell"
    follower = replace(routed("B"), state=State.DUPLICATE, duplicate_of="K7Q2M4XA")
    followed = office(routed(citizen=""), follower)
    assert followed.change("POST", "/api/cases/K7Q2M4XA/answers", {"words": "Hola"}).status == 200


@pytest.mark.parametrize("words", ["", " \n ", "a" * 4_097, None, 7, ["a"], {"ca": "a"}, "\ud800"])
def test_words_that_cannot_be_get_422_and_are_named(words: Any) -> None:
    told = busy().change("POST", "/api/cases/K7Q2M4XA/answers", {"words": words})
    assert (told.status, told.fields) == (422, ["words"])


def test_words_of_full_length_in_any_script_are_taken() -> None:
    assert busy().change("POST", "/api/cases/K7Q2M4XA/answers", {"words": "🦊" * 4_096}).status == 200


@pytest.mark.parametrize("what", [what for what in BODIES if what != "unblock"])
def test_a_field_that_does_not_exist_is_refused_and_named(what: str) -> None:
    method, path, body = BODIES[what]
    told = busy().change(method, f"/api/cases/K7Q2M4XA/{path}".rstrip("/"), {**body, "extra": 1})
    assert (told.status, told.fields) == (422, ["extra"])


@pytest.mark.parametrize(
    "raw", ["", "{", "[]", "null", "7", '"a"', '[{"words": 1}]', "[" * 100_000, '{"words": NaN}', "{" * 30_000]
)
def test_a_body_that_is_none_is_refused_without_a_stumble(raw: str) -> None:
    told = busy().call("POST", "/api/cases/K7Q2M4XA/notes", raw=raw, if_match='"2"')
    assert told.status in (400, 422), told.text


def test_a_body_in_base64_is_read_and_a_broken_one_refused() -> None:
    there = busy()
    event = there.event("POST", "/api/cases/K7Q2M4XA/notes", if_match='"2"', raw="eyJ3b3JkcyI6ICJhIn0=")
    api = StaffApi(cases(there.desk), str)
    assert api.answer({**event, "isBase64Encoded": True})["statusCode"] == 200
    for broken in ("%%%", "/w==", "a"):
        assert api.answer({**event, "isBase64Encoded": True, "body": broken})["statusCode"] == 400


def test_another_type_of_body_gets_415() -> None:
    told = busy().call("POST", "/api/cases/K7Q2M4XA/notes", if_match='"2"', raw="a", headers={"content-type": "x/y"})
    assert (told.status, told.error) == (415, "not_json")


# --- merging ---------------------------------------------------------------------------------------


def test_a_merged_case_follows_the_original() -> None:
    there = busy()
    attempt(there, "merge")
    case = there.cases.rows["K7Q2M4XA"]
    assert (case.state, case.duplicate_of, case.history[-1].telling) == (State.DUPLICATE, "ORIGINAL", Telling.PENDING)


def test_merging_into_a_duplicate_follows_through_to_what_is_open() -> None:
    between = replace(routed("BETWEEN"), state=State.DUPLICATE, duplicate_of="ORIGINAL")
    there = office(routed(), between, routed("ORIGINAL"))
    told = there.change("POST", "/api/cases/K7Q2M4XA/merge", {"original": "BETWEEN"})
    assert told.json["duplicate_of"] == "ORIGINAL"


@pytest.mark.parametrize(
    ("original", "status", "error"),
    [
        ("K7Q2M4XA", 409, "merged_in_a_circle"),
        ("MINE", 409, "merged_in_a_circle"),
        ("CLOSED", 409, "original_not_open"),
        ("NOTHING", 422, "invalid"),
    ],
)
def test_a_merge_never_goes_round_or_into_what_is_closed_or_not_there(original: str, status: int, error: str) -> None:
    mine = replace(routed("MINE"), state=State.DUPLICATE, duplicate_of="K7Q2M4XA")
    there = office(routed(), mine, changes.moved(routed("CLOSED"), NOON, "pau", State.RESOLVED))
    told = there.change("POST", "/api/cases/K7Q2M4XA/merge", {"original": original})
    assert (told.status, told.error) == (status, error)


def test_a_department_cannot_merge_into_a_case_that_it_may_not_see() -> None:
    there = office(routed(), routed("B", "parks"), groups=LIGHTING)
    told = there.change("POST", "/api/cases/K7Q2M4XA/merge", {"original": "B"})
    assert (told.status, told.fields) == (422, ["original"])


def test_two_who_merge_two_cases_into_each_other_at_once_leave_no_circle() -> None:
    there = busy()
    save, cases = there.cases.save, there.cases

    def crossed(case: Case) -> Case:
        cases.save = save  # type: ignore[method-assign]
        save(changes.merged(cases.rows["ORIGINAL"], NOON, "pau", "K7Q2M4XA"))
        return save(case)

    cases.save = crossed  # type: ignore[method-assign]
    told = attempt(there, "merge")
    assert (told.status, told.error) == (409, "merged_in_a_circle")
    assert (cases.rows["K7Q2M4XA"].open, cases.rows["ORIGINAL"].duplicate_of) == (True, "K7Q2M4XA")


# --- corrections, photos, blocking -----------------------------------------------------------------


def test_a_corrected_place_brings_its_zone() -> None:
    there = busy()
    body = {"latitude": 39.05, "longitude": -0.43, "address": "Camí Vell", "category": "nuisance"}
    case = there.change("PATCH", "/api/cases/K7Q2M4XA", body).json
    assert {**case, "zone": "south", **body} == case


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"category": "gone"}, "category"),
        ({"latitude": 39.1}, "latitude"),
        ({"latitude": 0, "longitude": 0}, "latitude"),
        ({"latitude": 91, "longitude": 0}, "latitude"),
        ({"latitude": 39.1, "longitude": "NaN"}, "longitude"),
        ({"latitude": -0.43, "longitude": 39.15}, "latitude"),
        ({"address": "a" * 201}, "address"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_named(body: dict[str, Any], field: str) -> None:
    told = busy().change("PATCH", "/api/cases/K7Q2M4XA", body)
    assert (told.status, told.fields) == (422, [field])


def test_a_place_outside_is_taken_when_staff_say_so() -> None:
    there = busy()
    body = {"latitude": 41.0, "longitude": -0.43, "outside": True}
    assert there.change("PATCH", "/api/cases/K7Q2M4XA", body).status == 200


def test_redacted_words_are_gone_for_good() -> None:
    there = office(changes.noted(routed(), NOON, "pau", "El seu DNI és 1"))
    event = there.cases.rows["K7Q2M4XA"].history[-1].id
    told = there.change("POST", "/api/cases/K7Q2M4XA/redactions", {"event": event})
    told = there.change("POST", "/api/cases/K7Q2M4XA/redactions", {"words": True})
    assert (told.status, told.json["words"], told.json["words_hidden"]) == (200, "", True)
    assert "DNI" not in told.text + str(there.cases.rows)


def test_a_redacted_photo_is_replaced_and_the_old_one_deleted() -> None:
    there = busy()
    there.photos.objects = {"old/full": "Maria", "old/small": "Maria"}
    body = {"file": "f1", "boxes": [{"x": 0, "y": 0.5, "width": 0.5, "height": 0.5}]}
    told = there.change("POST", "/api/cases/K7Q2M4XA/redactions", body)
    file = there.cases.rows["K7Q2M4XA"].files[0]
    assert (told.status, sorted(there.photos.objects)) == (200, sorted([file.key, file.thumbnail]))
    assert there.photos.objects[file.key] == "Maria, 1 boxes black"


def test_a_caption_is_hidden_with_or_without_boxes() -> None:
    there = office(
        routed(files=(replace(PHOTO, caption="Maria"), replace(PHOTO, id="f2", kind="audio", caption="Pau")))
    )
    there.photos.objects = {"old/full": "a photo"}
    assert there.change("POST", "/api/cases/K7Q2M4XA/redactions", {"file": "f2", "caption": True}).status == 200
    body = {"file": "f1", "caption": True, "boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}]}
    assert there.change("POST", "/api/cases/K7Q2M4XA/redactions", body).status == 200
    assert [file.caption for file in there.cases.rows["K7Q2M4XA"].files] == ["", ""]


def test_a_black_copy_that_no_case_will_point_to_is_deleted() -> None:
    there = busy()
    there.photos.objects = {"old/full": "Maria", "old/small": "Maria"}
    blackened = there.photos.blackened

    def slow(case: str, file: File, boxes: Boxes) -> File:
        there.cases.save(changes.noted(there.cases.rows["K7Q2M4XA"], NOON, "pau", "Primer"))
        return blackened(case, file, boxes)

    there.photos.blackened = slow  # type: ignore[method-assign]
    body = {"file": "f1", "boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}]}
    assert there.change("POST", "/api/cases/K7Q2M4XA/redactions", body).status == 412
    assert sorted(there.photos.objects) == ["old/full", "old/small"]


def test_an_old_photo_that_cannot_be_deleted_is_told_to_an_operator_and_to_nobody_else() -> None:
    there = busy()
    there.photos.objects["old/full"] = "Maria"
    there.photos.failure = Temporary("S3")
    body = {"file": "f1", "boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}]}
    assert there.change("POST", "/api/cases/K7Q2M4XA/redactions", body).status == 200
    assert there.logged[0][1]["key"] == "old/full"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"words": False}, 422),
        ({"words": True, "event": "001"}, 422),
        ({"words": True, "boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}]}, 422),
        ({"event": "nothing"}, 404),
        ({"file": "f1"}, 422),
        ({"file": "f1", "boxes": []}, 422),
        ({"file": "f1", "boxes": [{"x": 0, "y": 0, "width": 0, "height": 1}]}, 422),
        ({"file": "f1", "boxes": [{"x": -1, "y": 0, "width": 1, "height": 1}]}, 422),
        ({"file": "f1", "boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}] * 51}, 422),
        ({"file": "f2", "boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}]}, 404),
        ({"file": "f1", "boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}]}, 409),  # the object is gone
    ],
)
def test_a_redaction_that_cannot_be_is_refused(body: dict[str, Any], status: int) -> None:
    assert busy().change("POST", "/api/cases/K7Q2M4XA/redactions", body).status == status


@pytest.mark.parametrize(
    ("given", "file", "status"),
    [
        ({}, "f1", 200),
        ({"category": "nuisance"}, "f1", 409),
        ({}, "f2", 404),
        ({"files": (replace(PHOTO, state="pending"),)}, "f1", 409),
        ({"files": (replace(PHOTO, kind="audio"),)}, "f1", 409),
    ],
)
def test_only_a_stored_photo_of_a_category_that_is_not_private_may_be_public(
    given: dict[str, Any], file: str, status: int
) -> None:
    there = office(routed(**{"files": (PHOTO,), **given}))
    assert there.change("PUT", f"/api/cases/K7Q2M4XA/files/{file}/public", {"public": True}).status == status


def test_a_citizen_is_blocked_and_unblocked_and_both_are_noted() -> None:
    there = busy()
    case = attempt(there, "block").json
    assert (case["blocked"], case["history"][-1]["words"]) == (True, "Insults")
    assert there.change("DELETE", "/api/cases/K7Q2M4XA/block").json["blocked"] is False
    notes = [event.details for event in there.cases.rows["K7Q2M4XA"].history if event.what == What.NOTED]
    assert notes == [{"blocked": "true"}, {"blocked": "false"}]


def test_nobody_is_blocked_where_nobody_is_known() -> None:
    for there in (office(routed(citizen="")), office(routed(citizen="ES.GONE"))):
        told = there.change("PUT", "/api/cases/K7Q2M4XA/block", {"reason": "x"})
        assert (told.status, told.error) == (409, "nobody_to_block")


# --- filing ----------------------------------------------------------------------------------------

BY_PHONE = {"kind": "incident", "words": "Un fanal apagat", "category": "streetlight", "address": "c/ Major, 1"}


@pytest.mark.parametrize("groups", [ADMINISTRATOR, COMMUNICATIONS, LIGHTING])
def test_staff_file_for_somebody_who_phoned(groups: str) -> None:
    there = office(groups=groups)
    told = there.call("POST", "/api/cases", {**BY_PHONE, "contact": {"name": "Rosa", "phone": "+34 600 000 099"}})
    case = there.cases.rows[told.json["id"]]
    assert (told.status, told.etag, case.channel, case.history[0].by) == (201, '"1"', "desk", "anna@alzira.test")
    assert case.contact == {"name": "Rosa", "phone": "+34 600 000 099"}
    assert there.queue.messages == [{"case": case.id}]


def test_the_same_key_files_once() -> None:
    there = office()
    headers = {"idempotency-key": "k-1"}
    told = [there.call("POST", "/api/cases", BY_PHONE, headers=headers) for _ in range(2)]
    assert [each.status for each in told] == [201, 201]
    assert len(there.cases.rows) == 1
    other = there.call("POST", "/api/cases", {**BY_PHONE, "words": "Un altre"}, headers=headers)
    assert (other.status, other.error) == (409, "key_used")


def test_without_a_key_two_are_two() -> None:
    there = office()
    for _ in range(2):
        there.call("POST", "/api/cases", BY_PHONE)
    assert len(there.cases.rows) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "riot"}, "kind"),
        ({"words": ""}, "words"),
        ({"category": "gone"}, "category"),
        ({"language": "fr"}, "language"),
        ({"latitude": 39.1}, "latitude"),
        ({"contact": {"email": "a"}}, "contact.email"),
        ({"contact": {"phone": "=1"}}, "contact.phone"),
        ({"citizen": "ES.1"}, "citizen"),
    ],
)
def test_a_new_case_that_cannot_be_is_refused_and_named(change: dict[str, Any], field: str) -> None:
    told = office().call("POST", "/api/cases", {**BY_PHONE, **change})
    assert (told.status, told.fields) == (422, [field])


# --- anything at all -------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["words", "state", "department", "reason", "original", "event", "file", "boxes", "latitude", "longitude"]


@given(st.sampled_from(list(BODIES)), st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3) | JSON)
def test_no_body_makes_a_change_stumble(what: str, body: Any) -> None:
    method, path, _ = BODIES[what]
    raw = json.dumps(body)
    told = busy().call(method, f"/api/cases/K7Q2M4XA/{path}".rstrip("/"), raw=raw, if_match='"2"')
    assert told.status < 500, told.text
