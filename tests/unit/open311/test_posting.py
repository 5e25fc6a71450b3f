"""What other programs bring: who may, what is taken, and that twice is once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.errors import LostRace, Temporary
from canal.incidents.case import Case, Kind, What
from canal.incidents.states import State

from tests.fakes import FakeCaseQueue, FakeCases, FakeSecret
from tests.open311 import IN_TOWN, KEY, NOON, OTHER_KEY, SECRET, Reply, Window, as_text, event, secret, street, town

REPORT = {"api_key": KEY, **IN_TOWN, "description": "Un forat davant de la porta"}


@pytest.fixture
def cases() -> FakeCases:
    return FakeCases()


@pytest.fixture
def queue() -> FakeCaseQueue:
    return FakeCaseQueue()


@pytest.fixture
def window(cases: FakeCases, queue: FakeCaseQueue) -> Window:
    return Window(cases, queue)


def post(window: Window, headers: dict[str, str] | None = None, **form: Any) -> Reply:
    given = {**REPORT, "service_code": street().id, **form}
    return window.post("requests.json", headers, **{name: value for name, value in given.items() if value is not None})


def number(reply: Reply) -> str:
    assert reply.status == 200, reply.body
    return str(reply.content[0]["service_request_id"])


def only(cases: FakeCases) -> Case:
    (case,) = cases.rows.values()
    return case


def test_a_report_becomes_a_case_that_is_queued(window: Window, cases: FakeCases, queue: FakeCaseQueue) -> None:
    reply = post(window, email="a@b.test", phone="600123456", media_url="https://p.test/1.jpg", device_id="d-1")
    case = only(cases)
    assert number(reply) == case.id
    assert (case.kind, case.channel, case.citizen, case.language) == (Kind.INCIDENT, "open311", "", "ca")
    assert (case.category, case.words) == (street().id, "Un forat davant de la porta")
    assert case.position
    assert (case.position.latitude, case.position.source) == (39.15127, "open311")
    assert case.contact == {
        "email": "a@b.test",
        "phone": "600123456",
        "media_url": "https://p.test/1.jpg",
        "client": "neighbours",
    }
    assert [(each.what, each.by) for each in case.history] == [(What.FILED, "open311")]
    assert queue.messages == [{"case": case.id}]


def test_the_answer_is_the_same_in_xml(window: Window) -> None:
    form: dict[str, Any] = {**REPORT, "service_code": street().id}
    json, xml = window.post("requests.json", **form), window.post("requests.xml", **form)
    assert (xml.root, xml.content) == ("service_requests", as_text(json.content))


def test_a_new_report_can_be_read_at_once_without_who_sent_it(window: Window) -> None:
    reply = window.get(f"requests/{number(post(window, first_name='Empar', phone='600123456'))}.xml")
    assert reply.status == 200
    assert not [word for word in ("Empar", "600123456", "forat davant", "neighbours") if word in reply.body]


# --- twice is once --------------------------------------------------------------------------------


def test_the_same_report_sent_again_is_one_case(window: Window, cases: FakeCases) -> None:
    assert number(post(window)) == number(post(window))
    window.now = NOON + timedelta(hours=2)
    assert number(post(window)) == only(cases).id


def test_another_report_another_client_and_another_day_are_other_cases(window: Window, cases: FakeCases) -> None:
    post(window)
    post(window, description="Un altre forat")
    post(window, api_key=OTHER_KEY)
    window.now = NOON + timedelta(days=1)
    post(window)
    assert len(cases.rows) == 4


def test_an_idempotency_key_names_a_report_of_its_client(window: Window, cases: FakeCases) -> None:
    key = {"Idempotency-Key": "1"}
    first = number(post(window, key))
    window.now = NOON + timedelta(days=30)
    assert number(post(window, key, description="changed since")) == first
    assert number(post(window, {"Idempotency-Key": "2"})) != first
    assert number(post(window, key, api_key=OTHER_KEY)) != first
    assert cases.rows[first].words == "Un forat davant de la porta"


def test_an_endless_idempotency_key_is_refused(window: Window) -> None:
    assert post(window, {"Idempotency-Key": "k" * 256}).status == 400


def test_two_that_arrive_at_the_same_moment_are_one_case(cases: FakeCases, queue: FakeCaseQueue) -> None:
    class Overtaken(FakeCases):
        """Somebody else saves the same case between our look and our save."""

        def save(self, case: Case) -> Case:
            self.rows[case.id] = replace(case, version=1)
            raise LostRace("it is there already")

    table = Overtaken()
    assert number(post(Window(table, queue))) == only(table).id


def test_a_queue_that_does_not_answer_is_no_failure(window: Window, cases: FakeCases, queue: FakeCaseQueue) -> None:
    queue.failure = Temporary("SQS")
    assert number(post(window)) == only(cases).id


@pytest.mark.parametrize("after", [False, True], ids=["before saving", "after saving"])
def test_a_table_that_fails_is_503_and_trying_again_gives_one_case(after: bool, queue: FakeCaseQueue) -> None:
    class FailsOnce(FakeCases):
        failed = False

        def save(self, case: Case) -> Case:
            saved = super().save(case) if after or self.failed else case
            if not self.failed:
                self.failed = True
                raise Temporary("the table does not answer")
            return saved

    table = FailsOnce()
    window = Window(table, queue)
    assert post(window).status == 503
    assert number(post(window)) == only(table).id


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "", "wrong", KEY[:-1], f"{KEY}x", "é", "keys"])
def test_without_a_known_key_nothing_is_taken(window: Window, cases: FakeCases, key: str | None) -> None:
    reply = post(window, api_key=key)
    assert reply.status == 403
    assert reply.content[0]["code"] == 403
    assert cases.rows == {}


@pytest.mark.parametrize("value", [{}, {"keys": None}, {"keys": []}, {"keys": {"": "nobody"}}], ids=str)
def test_a_secret_without_keys_lets_nobody_in(window: Window, value: Any) -> None:
    window.keys = FakeSecret(value)
    assert post(window).status == 403
    assert post(window, api_key="").status == 403


def test_a_key_that_was_added_a_moment_ago_is_known(window: Window) -> None:
    window.keys = FakeSecret({}, SECRET)
    assert post(window).status == 200


def test_a_key_in_the_address_does_not_count(window: Window) -> None:
    assert window.ask(event("POST", "requests.json", f"api_key={KEY}", body="service_code=a")).status == 403


# --- what is taken --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"service_code": None}, 400),
        ({"service_code": "none"}, 404),
        ({"lat": None, "long": None}, 400),
        ({"lat": None}, 400),
        ({"long": None}, 400),
        ({"lat": None, "long": None, "address_id": "7"}, 400),
        ({"lat": "nan"}, 400),
        ({"lat": "inf"}, 400),
        ({"lat": "1e1"}, 400),
        ({"lat": "39,15"}, 400),
        ({"lat": "٣٩"}, 400),
        ({"lat": "91"}, 400),
        ({"long": "-181"}, 400),
        ({"lat": "0", "long": "0"}, 400),
        ({"lat": "39.4699", "long": "-0.3763"}, 400),
        ({"description": "a" * 4_001}, 400),
        ({"address_string": "a" * 301}, 400),
        ({"email": "a" * 201}, 400),
        ({"media_url": "javascript:alert(1)"}, 400),
        ({"media_url": "file:///etc/passwd"}, 400),
        ({"jurisdiction_id": "valencia.es"}, 404),
        ({"description": "a" * 70_000}, 413),
    ],
    ids=str,
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_kept(
    window: Window, cases: FakeCases, form: dict[str, Any], status: int
) -> None:
    reply = post(window, **form)
    assert reply.status == status
    assert reply.content[0]["code"] == status
    assert cases.rows == {}


def test_a_service_that_is_not_public_takes_no_reports(window: Window) -> None:
    assert post(window, service_code=secret().id).status == 404


def test_out_of_the_municipality_says_so_in_the_language_asked_for(window: Window) -> None:
    reply = post(window, {"Accept-Language": "es"}, lat="39.4699", long="-0.3763")
    assert reply.content[0]["description"] == town().text("public.outside", "es")


def test_html_is_taken_out_of_what_is_kept(window: Window, cases: FakeCases) -> None:
    post(window, description="<p>Un <b>forat</b>\x00</p>\r\ngran", first_name="<i>Pau</i>")
    assert only(cases).words == "Un forat\ngran"
    assert only(cases).contact["first_name"] == "Pau"


def test_the_longest_description_is_kept_whole(window: Window, cases: FakeCases) -> None:
    post(window, description="à" * 4_000)
    assert only(cases).words == "à" * 4_000


def test_a_report_without_words_is_taken(window: Window, cases: FakeCases) -> None:
    assert post(window, description=None).status == 200


def test_an_address_that_the_gazetteer_does_not_know_is_kept_as_written(window: Window, cases: FakeCases) -> None:
    assert post(window, lat=None, long=None, address_string="xxqqzz kkww 99").status == 200
    assert (only(cases).position, only(cases).address) == (None, "xxqqzz kkww 99")


# --- remarks --------------------------------------------------------------------------------------


def say(window: Window, brought: str, **form: Any) -> Reply:
    given = {"api_key": KEY, "service_request_id": brought, "description": "Encara hi és", **form}
    given = {name: value for name, value in given.items() if value is not None}
    return window.post("servicerequestupdates.json", **given)


def test_a_client_adds_to_what_it_brought(window: Window, cases: FakeCases) -> None:
    case = number(post(window))
    reply = say(window, case, update_id="77", media_url="https://p.test/2.jpg", status="CLOSED")
    event = cases.rows[case].history[-1]
    assert reply.status == 200
    assert reply.content == [{"update_id": f"{case}-{event.id}"}]
    assert (event.what, event.by, event.words) == (What.REMARKED, "open311", "Encara hi és")
    assert event.details == {"update_id": "77", "media_url": "https://p.test/2.jpg"}
    assert cases.rows[case].state == State.RECEIVED


def test_a_remark_sent_again_under_its_id_is_one(window: Window, cases: FakeCases) -> None:
    case = number(post(window))
    assert say(window, case, update_id="77").content == say(window, case, update_id="77").content
    assert len(cases.rows[case].history) == 2
    say(window, case, update_id="78")
    assert len(cases.rows[case].history) == 3


def test_a_remark_is_not_public(window: Window) -> None:
    case = number(post(window))
    say(window, case, description="Sóc Empar")
    assert "Empar" not in window.get("servicerequestupdates.json").body + window.get("requests.json").body


def test_a_remark_survives_somebody_elses_change(queue: FakeCaseQueue) -> None:
    class Overtaken(FakeCases):
        races = 0

        def save(self, case: Case) -> Case:
            if self.races:
                self.races -= 1
                raise LostRace("the case changed in between")
            return super().save(case)

    table = Overtaken()
    window = Window(table, queue)
    case = number(post(window))
    table.races = 2
    assert say(window, case).status == 200
    table.races = 3
    assert say(window, case, update_id="2").status == 503


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"api_key": None}, 403),
        ({"api_key": OTHER_KEY}, 403),
        ({"service_request_id": None}, 400),
        ({"service_request_id": "NOBODYS"}, 404),
        ({"service_request_id": "'; --"}, 404),
        ({"description": None}, 400),
        ({"description": "<b></b>"}, 400),
        ({"description": "a" * 4_001}, 400),
        ({"media_url": "ftp://a"}, 400),
        ({"update_id": "a" * 201}, 400),
    ],
    ids=str,
)
def test_a_remark_that_cannot_be_taken_is_refused(window: Window, form: dict[str, Any], status: int) -> None:
    assert say(window, number(post(window)), **form).status == status


def test_a_citizens_case_takes_no_remarks_of_a_client(window: Window, cases: FakeCases) -> None:
    case = number(post(window))
    cases.rows[case] = replace(cases.rows[case], channel="whatsapp")
    assert say(window, case).status == 403
    cases.rows[case] = replace(cases.rows[case], category="removed-since")
    assert say(window, case).status == 404
