"""The staff API, request by request: every route, every role, and what bad input gets."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from canal.desk.app import StaffApi
from canal.desk.cases import cases
from canal.incidents.case import Kind
from canal.incidents.states import State
from canal.ports import Page, Search
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import validate

from tests.builders import NOON
from tests.desk import (
    ADMINISTRATOR,
    LIGHTING,
    PHOTO,
    office,
    routed,
)

# --- who may come in -------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [None, "", "[]", "[visitors]", [], "[department:]", "null", "{}"])
def test_somebody_without_a_role_gets_403(groups: Any) -> None:
    told = office(routed(), groups=groups).get("/api/cases")
    assert (told.status, told.error) == (403, "no_role")
    assert told.json["message"].keys() == {"ca", "es"}


@pytest.mark.parametrize("groups", ["[administrator staff]", ["administrator"], '["administrator"]', "administrator"])
def test_groups_are_read_as_api_gateway_and_others_write_them(groups: Any) -> None:
    assert office(groups=groups).get("/api/desk").json["me"]["role"] == "administrator"


def test_a_request_that_no_authorizer_has_seen_gets_403() -> None:
    there = office(routed())
    event = there.event("GET", "/api/cases")
    del event["requestContext"]["authorizer"]
    assert StaffApi(cases(there.desk), str).answer(event)["statusCode"] == 403


def test_an_address_that_does_not_exist_gets_404_in_both_languages() -> None:
    told = office().get("/api/nothing")
    assert (told.status, told.error) == (404, "no_such_route")


# --- lists -----------------------------------------------------------------------------------------


def test_a_list_gives_cases_without_history_and_says_when_it_is_unchanged() -> None:
    there = office(routed())
    told = there.get("/api/cases")
    (row,) = told.json["cases"]
    assert (told.status, row["id"], row["department"], row["overdue"]) == (200, "K7Q2M4XA", "lighting", False)
    assert "history" not in row
    again = there.get("/api/cases", headers={"if-none-match": told.etag})
    assert (again.status, again.text) == (304, "")


def test_a_list_goes_on_with_its_cursor() -> None:
    there = office(*(routed(f"CASE{number}") for number in range(5)))
    first = there.get("/api/cases", ("limit", "3")).json
    second = there.get("/api/cases", ("limit", "3"), ("cursor", first["cursor"])).json
    assert (len(first["cases"]), len(second["cases"]), second["cursor"]) == (3, 2, "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ([("department", "lighting")], {"A"}),
        ([("department", "lighting"), ("department", "parks")], {"A", "B"}),
        ([("state", "routed"), ("kind", "incident")], {"A"}),
        ([("kind", "complaint")], {"B"}),
        ([("category", "streetlight")], {"A", "B"}),
        ([("text", "fanal, llum")], {"A", "B"}),
        ([("since", "2026-11-23"), ("until", "2026-11-23")], {"A", "B"}),
        ([("until", "2026-11-22")], set()),
        ([("overdue", "true")], set()),
        ([("zone", "south")], set()),
    ],
    ids=lambda value: urlencode(value) if isinstance(value, list) else "".join(sorted(value)) or "none",
)
def test_filters_narrow_the_list(query: list[tuple[str, str]], found: set[str]) -> None:
    there = office(routed("A"), routed("B", "parks", kind=Kind.COMPLAINT))
    assert {case["id"] for case in there.get("/api/cases", *query).json["cases"]} == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (("state", "lost"), "state"),
        (("kind", "riot"), "kind"),
        (("since", "yesterday"), "since"),
        (("until", "9999-12-31"), "until"),
        (("limit", "0"), "limit"),
        (("limit", "201"), "limit"),
        (("limit", "many"), "limit"),
        (("department", "a b"), "department"),
        (("text", "a" * 201), "text"),
        (("cursor", "a" * 2_001), "cursor"),
    ],
)
def test_a_filter_that_cannot_be_gets_422_and_is_named(query: tuple[str, str], field: str) -> None:
    told = office().get("/api/cases", query)
    assert (told.status, told.error) == (422, "invalid")
    assert told.fields == [field]


def test_a_mistyped_filter_is_refused_and_not_passed_over() -> None:
    told = office().get("/api/cases", ("departament", "lighting"))
    assert (told.status, told.error, told.fields) == (400, "unknown_parameter", ["departament"])


def test_a_cursor_that_is_none_gets_400() -> None:
    told = office().get("/api/cases", ("cursor", "%%%"))
    assert (told.status, told.error) == (400, "bad_cursor")


def test_a_department_lists_its_own_cases_whatever_it_asks_for() -> None:
    there = office(routed("A"), routed("B", "parks"), groups=LIGHTING)
    for query in ([], [("department", "parks"), ("department", "lighting")]):
        assert [case["id"] for case in there.get("/api/cases", *query).json["cases"]] == ["A"]
    assert there.get("/api/cases", ("department", "parks")).json == {"cases": [], "cursor": ""}


def test_an_erased_case_is_no_longer_listed_or_found() -> None:
    there = office(routed(erased=True))
    assert there.get("/api/cases").json["cases"] == []
    assert there.get("/api/cases/K7Q2M4XA").status == 404


# --- one case --------------------------------------------------------------------------------------


def test_a_case_comes_with_history_files_window_moves_and_version() -> None:
    there = office(routed(files=(PHOTO,)))
    told = there.get("/api/cases/K7Q2M4XA")
    case = told.json
    assert (told.status, told.etag, case["version"]) == (200, '"2"', "2")
    assert [event["what"] for event in case["history"]] == ["filed", "routed"]
    assert case["files"][0]["url"] == "https://photos.test/old/full?for=900"
    assert case["window"] == {"open": True, "until": "2026-11-24T11:00:00Z", "template": False}
    assert case["moves"] == ["in_progress", "waiting", "resolved", "rejected"]
    assert told.headers["cache-control"] == "no-store"


def test_an_answer_would_be_a_template_once_the_window_is_closed() -> None:
    there = office(routed())
    there.now = NOON + timedelta(hours=24)
    assert there.get("/api/cases/K7Q2M4XA").json["window"] == {"open": False, "until": None, "template": True}


def test_nobody_would_get_an_answer_where_nobody_is_known() -> None:
    case = office(routed(citizen="")).get("/api/cases/K7Q2M4XA").json
    assert (case["window"], case["citizen"]) == ({"open": False, "until": None, "template": False}, "none")


def test_followers_are_counted_through_duplicates_of_duplicates() -> None:
    duplicates = [routed(number, state=State.RECEIVED) for number in "BCD"]
    chained = [
        replace(case, state=State.DUPLICATE, duplicate_of=to)
        for case, to in zip(duplicates, ["K7Q2M4XA", "B", "B"], strict=True)
    ]
    assert office(routed(), *chained).get("/api/cases/K7Q2M4XA").json["followers"] == 3


@pytest.mark.parametrize("number", ["NOTHING", "K7Q2M4XB", "a" * 300, "%20", "é"])
def test_a_case_that_is_not_there_gets_404(number: str) -> None:
    assert office(routed()).get(f"/api/cases/{number}").status == 404


# --- exports ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "number", "state"), [("ca", "Número", "Assignat"), ("es", "Número", "Asignado")])
def test_the_table_speaks_the_readers_language(language: str, number: str, state: str) -> None:
    there = office(routed(words="=1+1", address="@c/ Major"))
    told = there.get("/api/cases.csv", ("language", language))
    assert told.text.startswith("\ufeff")
    assert told.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, row = csv.reader(io.StringIO(told.text.removeprefix("\ufeff")))
    assert (header[0], row[0], row[2]) == (number, "K7Q2M4XA", state)
    assert {"'=1+1", "'@c/ Major", "-0.4341"} <= set(row)


def test_the_table_for_a_spanish_excel_has_semicolons() -> None:
    told = office(routed()).get("/api/cases.csv", ("separator", "semicolon"))
    assert next(csv.reader(io.StringIO(told.text), delimiter=";"))[1] == "Tipus"


def test_the_map_layer_is_geojson() -> None:
    told = office(routed(), routed("B", position=None)).get("/api/cases.geojson")
    by_id = {feature["id"]: feature for feature in told.json["features"]}
    assert by_id["K7Q2M4XA"]["geometry"] == {"type": "Point", "coordinates": [-0.4341, 39.1512]}
    assert by_id["B"]["geometry"] is None
    assert told.json["type"] == "FeatureCollection"


@pytest.mark.parametrize("path", ["/api/cases.csv", "/api/cases.geojson"])
def test_a_department_exports_its_own(path: str) -> None:
    there = office(routed("AAAA"), routed("BBBB", "parks"), groups=LIGHTING)
    told = there.get(path)
    assert "AAAA" in told.text
    assert "BBBB" not in told.text


def test_an_export_is_put_together_from_pages_and_says_where_to_go_on() -> None:
    there = office()
    asked: list[Search] = []

    def search(wanted: Search) -> Page:
        asked.append(wanted)
        return Page(tuple(routed(f"C{len(asked)}-{n}") for n in range(wanted.limit)), str(len(asked)))

    there.cases.search = search  # type: ignore[method-assign]
    told = there.get("/api/cases.csv")
    assert (told.text.count("\r\n"), told.headers["x-canal-cursor"]) == (10_001, "50")
    assert [each.cursor for each in asked[:3]] == ["", "1", "2"]


def test_an_export_ends_before_it_grows_too_large_or_takes_too_long() -> None:
    there = office(*(routed(f"C{n}", words="a" * 4_000) for n in range(700)))
    assert len(there.get("/api/cases.geojson").json["features"]) == 600
    slow = office()

    def search(wanted: Search) -> Page:
        slow.now += timedelta(seconds=8)
        return Page((), "1")

    slow.cases.search = search  # type: ignore[method-assign]
    assert slow.get("/api/cases.csv").headers["x-canal-cursor"] == "1"


# --- the desk and the description ------------------------------------------------------------------


def test_the_desk_says_who_asks_and_what_there_is() -> None:
    told = office(groups=LIGHTING).get("/api/desk").json
    assert told["me"] == {
        "name": "anna@alzira.test",
        "role": "department",
        "departments": ["lighting"],
        "may": ["answer", "note", "file", "move", "reroute", "merge", "correct", "redact", "allow"],
    }
    assert [(each["id"], each["mine"]) for each in told["departments"]] == [("lighting", True), ("parks", False)]
    assert {each["id"] for each in told["states"]} == set(State)
    assert {each["id"] for each in told["kinds"]} == set(Kind)
    assert told["zones"][0]["name"] == {"ca": "Centre", "es": "Centro"}


def test_the_description_is_valid_openapi_and_every_route_has_a_shape_and_a_lock() -> None:
    document = office().get("/api/openapi.json").json
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert len(document["paths"]) == 14
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["security"] == [{"jwt": []}]
            good = next(answer for code, answer in operation["responses"].items() if code.startswith("2"))
            assert next(iter(good["content"].values()))["schema"], path
            assert operation["responses"]["403"]["content"]["application/json"]["schema"]["$ref"].endswith("ErrorView")
    names = [operation["operationId"] for operations in document["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names)) == 17


def test_the_description_says_what_the_filters_take() -> None:
    document = office().get("/api/openapi.json").json
    parameters = {each["name"]: each["schema"] for each in document["paths"]["/api/cases"]["get"]["parameters"]}
    assert parameters["limit"]["maximum"] == 200
    state = parameters["state"]["items"]["$ref"].rpartition("/")[2]
    assert document["components"]["schemas"][state]["enum"] == list(State)


# --- anything at all -------------------------------------------------------------------------------

NAMES = ["department", "state", "kind", "category", "zone", "text", "since", "until", "overdue", "limit", "cursor"]
QUERIES = st.dictionaries(st.sampled_from([*NAMES, "other"]), st.text(max_size=30), max_size=4)


@given(QUERIES, st.sampled_from([LIGHTING, ADMINISTRATOR]))
def test_no_filter_makes_the_list_stumble(query: dict[str, str], groups: str) -> None:
    told = office(routed(), groups=groups).get("/api/cases", *query.items())
    assert told.status in (200, 400, 422), told.text


def test_a_value_that_is_none_of_the_allowed_ones_is_told_with_them() -> None:
    (problem,) = office().get("/api/cases", ("state", "bogus")).json["details"]
    assert problem["field"] == "state"
    assert {"routed", "resolved"} <= set(problem["allowed"])
