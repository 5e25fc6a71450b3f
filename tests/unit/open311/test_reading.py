"""What anybody may read: services, requests, one request. Every call in both formats."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.errors import Temporary
from canal.incidents import changes
from canal.incidents.case import Case, File, Kind
from canal.incidents.states import State
from canal.open311 import requests as found_requests
from canal.ports import Page, Search

from tests.fakes import FakeCases
from tests.open311 import CENTRE, NOON, Window, as_text, event, incident, private, secret, street, town

PHOTO = File("f1", "image", "m1", NOON, state="stored", key="full/abc.jpg", thumbnail="small/abc.jpg", public=True)


class Silent(FakeCases):
    """A table that does not answer."""

    def load(self, number: str) -> Case | None:
        raise Temporary("the table does not answer")

    def search(self, wanted: Search) -> Page:
        raise Temporary("the table does not answer")


def one(case: Case, **query: Any) -> dict[str, Any]:
    """The only row of a case's own address."""
    reply = Window(FakeCases(case)).get(f"requests/{case.id}.json", **query)
    assert reply.status == 200, reply.body
    assert len(reply.content) == 1
    row: dict[str, Any] = reply.content[0]
    return row


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("services", "services"),
        ("services/{code}", "service_definition"),
        ("requests", "service_requests"),
        ("requests/AAAA2222", "service_requests"),
        ("servicerequestupdates", "service_request_updates"),
        ("discovery", "discovery"),
        ("requests/NOBODYS", "errors"),
        ("services/none", "errors"),
        ("tokens/12345", "errors"),
        ("nothing", "errors"),
    ],
)
def test_xml_and_json_say_the_same_field_for_field(path: str, root: str) -> None:
    routed = changes.routed(incident("BBBB3333", demo=True), NOON, "works", "", NOON, tell=True)
    window = Window(FakeCases(incident(), routed))
    path = path.format(code=street().id)
    xml, json = window.get(f"{path}.xml"), window.get(f"{path}.json")
    assert (xml.status, xml.root) == (json.status, root)
    assert xml.content == as_text(json.content)
    assert xml.content
    assert xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert json.headers["content-type"] == "application/json; charset=utf-8"


def test_discovery_names_the_address_and_both_formats() -> None:
    found = Window().get("discovery.json").content
    assert found["endpoints"][0]["url"] == "https://api.canal.test/open311/v2"
    assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert found["key_service"]
    assert found["contact"]


def test_services_are_the_public_categories_in_the_language_asked_for() -> None:
    for language in ("ca", "es"):
        rows = Window().get("services.json", {"Accept-Language": language}).content
        known = {row["service_code"]: row["service_name"] for row in rows}
        public = [each for each in town().incidents.categories if each.public]
        assert known == {each.id: each.name[language] for each in public}
        assert all(row["metadata"] is False and row["type"] == "realtime" and row["group"] for row in rows)


def test_a_category_that_is_not_public_has_no_service() -> None:
    assert secret().id not in Window().get("services.xml").body
    assert Window().get(f"services/{secret().id}.json").status == 404


def test_a_definition_has_no_questions() -> None:
    expected = {"service_code": street().id, "attributes": []}
    assert Window().get(f"services/{street().id}.json").content == expected


def test_a_request_has_its_state_its_dates_and_its_department() -> None:
    department = next(iter(town().incidents.departments))
    case = incident(department=department.id, state=State.ROUTED, due_at=NOON + timedelta(days=3))
    row = one(case)
    assert (row["status"], row["service_code"], row["service_name"]) == ("open", street().id, street().name["ca"])
    assert row["agency_responsible"] == department.name["ca"]
    assert row["requested_datetime"] == "2026-11-21T12:00:00+01:00"
    assert row["expected_datetime"] == "2026-11-26T12:00:00+01:00"
    assert (row["lat"], row["long"]) == (CENTRE.latitude, CENTRE.longitude)
    assert row["status_notes"] == town().text("public.state.routed", "ca")


@pytest.mark.parametrize("state", State)
def test_every_state_is_open_or_closed_and_explained_in_both_languages(state: State) -> None:
    case = incident(state=state, closed_at=NOON)
    row, spanish = one(case), one(case, locale="es")
    assert row["status"] == ("open" if case.open else "closed")
    assert row["status_notes"] != spanish["status_notes"]


def test_a_closed_request_was_updated_when_it_was_closed() -> None:
    case = incident(state=State.RESOLVED, closed_at=NOON, updated_at=NOON + timedelta(hours=5))
    assert one(case)["updated_datetime"] == "2026-11-23T12:00:00+01:00"


def test_a_duplicate_is_closed_and_names_its_original() -> None:
    row = one(incident(state=State.DUPLICATE, duplicate_of="CCCC4444", closed_at=NOON))
    assert row["status"] == "closed"
    assert "CCCC4444" in row["status_notes"]


def test_a_made_up_case_says_so() -> None:
    assert town().text("public.demo", "ca") in one(incident(demo=True))["status_notes"]


def test_a_private_category_has_a_rounded_position_no_address_and_no_photo() -> None:
    row = one(incident(category=private().id, files=(PHOTO,)))
    assert (row["lat"], row["long"]) == (39.151, -0.435)
    assert (row["address"], row["media_url"]) == (None, None)
    assert row["description"] == private().name["ca"]


def test_a_photo_is_linked_only_once_staff_allowed_it() -> None:
    assert one(incident(files=(PHOTO,)))["media_url"] == "https://photos.test/full/abc.jpg?seconds=3600"
    for hidden in (
        replace(PHOTO, public=False),
        replace(PHOTO, state="pending"),
        replace(PHOTO, kind="audio"),
        replace(PHOTO, key=""),
    ):
        assert one(incident(files=(hidden,)))["media_url"] is None


@pytest.mark.parametrize(
    "hidden",
    [
        {"kind": Kind.COMPLAINT},
        {"kind": Kind.PERSON},
        {"kind": Kind.PICKUP},
        {"category": ""},
        {"category": "removed-since"},
        {"erased": True},
    ],
    ids=str,
)
def test_what_is_nobodys_business_is_not_found(hidden: dict[str, Any]) -> None:
    window = Window(FakeCases(incident(**hidden)))
    assert window.get("requests/AAAA2222.json").status == 404
    assert window.get("requests.json").content == []
    assert window.get("requests.json", service_request_id="AAAA2222").content == []
    assert window.get("servicerequestupdates.json").content == []


def test_a_case_of_a_category_that_is_not_public_is_not_found() -> None:
    assert Window(FakeCases(incident(category=secret().id))).get("requests/AAAA2222.json").status == 404


def test_a_position_that_is_made_up_is_not_given() -> None:
    row = one(incident(position=replace(CENTRE, source="demo")))
    assert (row["lat"], row["long"]) == (None, None)


def test_a_place_in_words_alone_has_no_coordinates() -> None:
    row = one(incident(position=None, address="xxxxxxxx"))
    assert (row["lat"], row["long"], row["address"]) == (None, None, None)


# --- lists ----------------------------------------------------------------------------------------


def numbers(window: Window, **query: Any) -> list[str]:
    reply = window.get("requests.json", **query)
    assert reply.status == 200, reply.body
    return [row["service_request_id"] for row in reply.content]


@pytest.fixture
def window() -> Window:
    other = next(each for each in town().incidents.categories if each.public and each.id != street().id)
    return Window(
        FakeCases(
            incident("AAAA2222", NOON - timedelta(days=1)),
            incident("BBBB3333", NOON - timedelta(days=2), state=State.RESOLVED, closed_at=NOON),
            incident("CCCC4444", NOON - timedelta(days=3), category=other.id),
            incident("DDDD5555", NOON - timedelta(days=91)),
        )
    )


def test_the_list_is_of_the_last_90_days_and_the_newest_come_first(window: Window) -> None:
    assert numbers(window) == ["AAAA2222", "BBBB3333", "CCCC4444"]


def test_the_list_can_be_of_other_days_both_ends_included(window: Window) -> None:
    assert numbers(window, start_date="2026-08-24T11:00:00Z", end_date="2026-08-24T11:00:00Z") == ["DDDD5555"]
    assert numbers(window, start_date="2026-11-22T11:00:00Z") == ["AAAA2222"]
    assert numbers(window, start_date="2026-11-22T11:00:01Z") == []


def test_the_list_can_be_of_one_status_or_both(window: Window) -> None:
    assert numbers(window, status="open") == ["AAAA2222", "CCCC4444"]
    assert numbers(window, status="Closed") == ["BBBB3333"]
    assert numbers(window, status="open,closed") == ["AAAA2222", "BBBB3333", "CCCC4444"]


def test_the_list_can_be_of_services(window: Window) -> None:
    other = window.get("requests/CCCC4444.json").content[0]["service_code"]
    assert numbers(window, service_code=street().id) == ["AAAA2222", "BBBB3333"]
    assert numbers(window, service_code=f"{street().id},{other}") == ["AAAA2222", "BBBB3333", "CCCC4444"]


def test_numbers_override_everything_else(window: Window) -> None:
    asked = "DDDD5555,NOBODYS,AAAA2222,'; --"
    assert numbers(window, service_request_id=asked, status="nonsense") == ["DDDD5555", "AAAA2222"]


def test_the_list_has_pages(window: Window) -> None:
    assert numbers(window, page_size=2) == ["AAAA2222", "BBBB3333"]
    assert numbers(window, page_size=2, page=2) == ["CCCC4444"]
    assert numbers(window, page_size=2, page=3) == []


def test_a_long_list_is_read_to_its_end() -> None:
    many = FakeCases(*(incident(f"N{number:04}") for number in range(1_100)))
    assert len(numbers(Window(many))) == 1_000
    assert len(numbers(Window(many), page=2)) == 100


def test_a_list_that_would_have_to_be_cut_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_requests, "MOST_FOUND", 300)
    many = FakeCases(*(incident(f"N{number:04}") for number in range(301)))
    assert Window(many).get("requests.json").status == 400


def test_a_case_that_is_closed_while_the_list_is_read_is_listed_once_and_closed() -> None:
    closed = incident(state=State.RESOLVED, closed_at=NOON)

    class Moving(FakeCases):
        def search(self, wanted: Search) -> Page:
            return Page((closed,)) if wanted.cursor else Page((incident(),), cursor="1")

    rows = Window(Moving()).get("requests.json").content
    assert [row["status"] for row in rows] == ["closed"]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "fixed"},
        {"start_date": "yesterday"},
        {"page": "0"},
        {"page_size": "1001"},
        {"start_date": "2026-01-01", "end_date": "2026-06-01"},
        {"service_request_id": ",".join(f"A{number}" for number in range(101))},
    ],
    ids=lambda query: next(iter(query)),
)
def test_a_list_that_cannot_be_is_refused_with_400(window: Window, query: dict[str, Any]) -> None:
    reply = window.get("requests.json", **query)
    assert reply.status == 400
    assert [error["code"] for error in reply.content] == [400]


def test_a_service_or_a_town_that_is_not_there_is_404(window: Window) -> None:
    assert window.get("requests.json", service_code="none").status == 404
    assert window.get("requests.json", jurisdiction_id="valencia.es").status == 404
    for ours in ("alzira.es", "www.alzira.es", ""):
        assert window.get("requests.json", jurisdiction_id=ours).status == 200


# --- HTTP -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["xml", "json"])
@pytest.mark.parametrize("path", ["requests", "requests/AAAA2222", "servicerequestupdates"])
def test_a_table_that_does_not_answer_is_503_and_says_when_to_come_back(path: str, format: str) -> None:
    reply = Window(Silent()).get(f"{path}.{format}")
    assert reply.status == 503
    assert reply.headers["retry-after"]
    assert str(reply.content[0]["code"]) == "503"


def test_head_has_the_headers_and_no_body(window: Window) -> None:
    reply = window.get("requests.json", method="HEAD")
    assert (reply.status, reply.body) == (200, "")
    assert reply.headers["content-type"].startswith("application/json")


def test_options_say_what_a_path_is_for(window: Window) -> None:
    reply = window.get("requests.json", method="OPTIONS")
    assert (reply.status, reply.headers["allow"]) == (204, "GET, POST, HEAD, OPTIONS")
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "post"])
def test_another_method_is_405(window: Window, method: str) -> None:
    reply = window.get("services.json", method=method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_an_answer_may_be_kept_and_an_error_may_not(window: Window) -> None:
    assert window.get("services.json").headers["cache-control"] == "public, max-age=300"
    assert window.get("requests.json").headers["cache-control"] == "public, max-age=60"
    assert window.get("nothing.json").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["", "requests", "requests.yaml", "../secret.json", "services/a/b.json", "é.xml"])
def test_a_path_that_is_not_there_is_404_in_xml_unless_it_asks_for_json(path: str) -> None:
    reply = Window().ask(event("GET", path))
    assert reply.status == 404
    assert str(reply.content[0]["code"]) == "404"
