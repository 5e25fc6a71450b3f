"""The staff API of notices: what it tells, to whom, and what bad input gets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, Kind
from canal.broadcasts.delivery import Delivery, State
from canal.broadcasts.outside import Health, Limits
from canal.broadcasts.subscription import Consent
from canal.errors import Temporary
from openapi_spec_validator import validate

from tests.desk import ADMINISTRATOR, COMMUNICATIONS, LIGHTING
from tests.notice_desk import Station, station
from tests.noticeboard import MONDAY, a_campaign

READS = ["topics", "campaigns", "templates", "account"]
PERSONAL = ["campaigns/{}/recipients", "campaigns/{}/recipients.csv", "citizens/34600000001/consents"]


@pytest.mark.parametrize("groups", [None, "[]", "[visitors]"])
def test_somebody_without_a_role_gets_403(groups: Any) -> None:
    told = station(groups=groups).get("/api/campaigns")
    assert (told.status, told.error) == (403, "no_role")


@pytest.mark.parametrize("groups", [ADMINISTRATOR, COMMUNICATIONS, LIGHTING])
@pytest.mark.parametrize("what", READS)
def test_every_role_sees_the_notices(groups: str, what: str) -> None:
    assert station(groups=groups).get(f"/api/{what}").status == 200


@pytest.mark.parametrize("what", PERSONAL)
def test_a_department_does_not_see_who_got_a_notice(what: str) -> None:
    there = station()
    path = f"/api/{what.format(there.written())}"
    assert there.get(path).status == 200
    there.groups = LIGHTING
    assert (there.get(path).status, there.get(path).error) == (403, "not_your_role")


# --- the cases' API and this one are apart ---------------------------------------------------------


def test_the_routes_of_cases_are_not_here() -> None:
    assert station().get("/api/cases").error == "no_such_route"


def test_openapi_describes_every_route_and_is_valid() -> None:
    document = station().get("/api/campaigns/openapi.json").json
    validate(document)
    assert len(document["paths"]) == 19 - 2  # two addresses answer two methods each
    (limit,) = (each for each in document["paths"]["/api/campaigns"]["get"]["parameters"] if each["name"] == "limit")
    assert limit["schema"]["maximum"] == 200


# --- topics, templates, account --------------------------------------------------------------------


def test_topics_come_with_names_zones_and_the_towns_zones() -> None:
    told = station().get("/api/topics").json
    alerts = next(each for each in told["topics"] if each["id"] == "alerts")
    assert (alerts["kind"], alerts["zones"], alerts["second_person_from"]) == ("alert", True, 3)
    assert alerts["name"] == {"ca": "Alertes", "es": "Alertas"}
    assert told["zones"]
    assert told["may_write"]
    assert not station(groups=LIGHTING).get("/api/topics").json["may_write"]


def test_templates_say_in_plain_words_why_they_cannot_be_sent() -> None:
    there = station()
    there.account.save_template(Health("town_news", "es", "REJECTED", "MARKETING", "", "INVALID_FORMAT"))
    there.account.save_template(Health("town_news", "ca", "REBORN", "UTILITY", "", "NONE"))
    first, second, third, fourth = there.get("/api/templates").json["templates"]
    assert (first["usable"], first["status_name"]["ca"], first["reason"]) == (True, "Aprovada", None)
    assert (third["status_name"], third["reason"]) == ({"ca": "REBORN", "es": "REBORN"}, None)
    assert (fourth["usable"], fourth["status_name"]["es"]) == (False, "Rechazada")
    assert "format" in fourth["reason"]["ca"]
    assert second["language"] == "es"


def test_the_account_is_told_as_whatsapp_told_it() -> None:
    there = station()
    there.account.save_limits(Limits(None, "YELLOW", True, MONDAY))
    there.allowance.spent = 40
    told = there.get("/api/account").json
    assert told["used"] == 40
    assert (told["tier"], told["quality"], told["known"], told["messages_per_second"]) == (None, "YELLOW", True, 70.0)


# --- the list --------------------------------------------------------------------------------------


def test_the_list_is_newest_first_and_goes_on_with_its_cursor() -> None:
    there = station()
    made = []
    for _ in range(5):
        there.later(minutes=1)
        made.append(there.written())
    first = there.get("/api/campaigns", ("limit", "3")).json
    second = there.get("/api/campaigns", ("limit", "3"), ("cursor", first["cursor"])).json
    ids = [each["id"] for each in first["campaigns"] + second["campaigns"]]
    assert (ids, second["cursor"]) == (made[::-1], "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ([("state", "draft")], {"b", "c"}),
        ([("state", "draft"), ("state", "checked")], {"a", "b", "c"}),
        ([("kind", "news")], {"c"}),
        ([("kind", "news"), ("state", "checked")], set()),
    ],
)
def test_filters_narrow_the_list(query: list[tuple[str, str]], found: set[str]) -> None:
    there = station()
    there.campaigns.save(a_campaign(id="a", state="checked"))
    there.campaigns.save(a_campaign(id="b"))
    there.campaigns.save(a_campaign(id="c", kind=Kind.NEWS))
    assert {each["id"] for each in there.get("/api/campaigns", *query).json["campaigns"]} == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (("state", "lost"), "state"),
        (("kind", "riot"), "kind"),
        (("limit", "0"), "limit"),
        (("cursor", "a b"), "cursor"),
    ],
)
def test_a_filter_that_cannot_be_gets_422_and_is_named(query: tuple[str, str], field: str) -> None:
    told = station().get("/api/campaigns", query)
    assert (told.status, told.fields) == (422, [field])


def test_a_mistyped_filter_is_refused() -> None:
    assert station().get("/api/campaigns", ("states", "draft")).error == "unknown_parameter"


def test_a_notice_that_does_not_exist_gets_404() -> None:
    there = station()
    for path in ("", "/recipients", "/recipients.csv"):
        assert there.get(f"/api/campaigns/nothing{path}").error == "no_such_notice"
    assert there.call("POST", "/api/campaigns/nothing/approve", {}, '"1"').error == "no_such_notice"


# --- one notice ------------------------------------------------------------------------------------


def test_a_draft_comes_with_words_history_version_and_what_may_be_done() -> None:
    there = station()
    told = there.get(f"/api/campaigns/{there.written()}")
    view = told.json
    assert (told.etag, view["version"], view["state"]) == ('"1"', "1", "draft")
    assert view["words"]["ca"]["text"].endswith("\nFins a les 20 h.")
    assert [event["name"]["es"] for event in view["history"]] == ["Creado"]
    assert view["may"] == ["edit", "check", "test", "cancel", "copy"]
    assert (view["counts"], view["counted_at"], view["estimate"]) == ({}, None, None)
    there.groups = LIGHTING
    assert there.get(f"/api/campaigns/{view['id']}").json["may"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda each: changes.failed(each, MONDAY, "nobody"), "Nadie lo tenía que recibir."),
        (lambda each: changes.failed(each, MONDAY, "expired"), "Ha pasado la hora final del aviso."),
        (
            lambda each: changes.stopped(each, MONDAY, 131042, "131042"),
            "Hay un problema con el pago de la cuenta de WhatsApp.",
        ),
        (
            lambda each: changes.stopped(each, MONDAY, None, "stopped"),
            "El envío está parado hasta que alguien arregle la cuenta.",
        ),
        (lambda each: changes.stopped(each, MONDAY, 999, "999"), "WhatsApp ha dado el error 999."),
        (lambda each: changes.paused(each, MONDAY, "anna"), None),
    ],
)
def test_why_canal_stopped_a_notice_is_said_in_plain_words(
    change: Callable[[Campaign], Campaign], words: str | None
) -> None:
    there = station()
    there.campaigns.save(change(a_campaign(id="a", state="sending")))
    last = there.get("/api/campaigns/a").json["history"][-1]
    assert last["reason"] == (words and {**last["reason"], "es": words})


def delivered(there: Station, campaign: str, *states: State, **given: Any) -> None:
    there.deliveries.plan(
        [
            Delivery(campaign, f"3460000{number:04}", "ca", "template", MONDAY, state, **given)
            for number, state in enumerate(states)
        ]
    )


def test_counts_are_those_of_the_rows_and_say_when_they_were_counted() -> None:
    there = station()
    campaign = there.sending()
    there.seconds += 2
    delivered(there, campaign, State.QUEUED, State.SENT, State.SENT)
    view = there.get(f"/api/campaigns/{campaign}").json
    assert view["counts"] == {"queued": 1, "sent": 2}
    assert view["counted_at"] == "2026-11-23T09:00:00Z"
    assert view["planning"] == {"shards": 16, "done": 0, "planned": 0, "left": 0}


def test_counts_are_not_taken_again_before_two_seconds_and_give_the_rate() -> None:
    there = station()
    campaign = there.sending()
    there.seconds += 3
    delivered(there, campaign, State.QUEUED, State.SENT)
    assert there.get(f"/api/campaigns/{campaign}").json["counts"] == {"queued": 1, "sent": 1}
    delivered(there, campaign, *[State.SENT] * 42, *[State.QUEUED] * 100)
    there.seconds, there.now = there.seconds + 1, there.now + timedelta(seconds=10)
    assert there.get(f"/api/campaigns/{campaign}").json["counts"] == {"queued": 1, "sent": 1}
    there.seconds += 1
    view = there.get(f"/api/campaigns/{campaign}").json
    assert view["counts"] == {"queued": 101, "sent": 41}
    assert view["rate"] == {"per_second": 4.0, "seconds_left": 26}


@pytest.mark.parametrize(("took", "kept"), [(0.5, 10), (1.0, 15)])
def test_a_slow_count_is_kept_for_twenty_times_as_long_but_not_beyond_fifteen_seconds(took: float, kept: int) -> None:
    there = station()
    campaign = there.sending()
    there.seconds += 10

    def slow(call: str) -> None:
        there.seconds += took if call == "before count" else 0

    there.board.tap = slow
    assert there.get(f"/api/campaigns/{campaign}").json["counts"] == {}
    delivered(there, campaign, State.SENT)
    there.seconds += kept - 1
    assert there.get(f"/api/campaigns/{campaign}").json["counts"] == {}
    there.seconds += 1
    assert there.get(f"/api/campaigns/{campaign}").json["counts"] == {"sent": 1}


# --- recipients ------------------------------------------------------------------------------------


def test_recipients_show_the_end_of_the_phone_and_the_reason_in_plain_words() -> None:
    there = station()
    campaign = there.sending()
    rows = [
        Delivery(campaign, "34600000001", "ca", "template", MONDAY, State.FAILED, code=131026, reason="131026"),
        Delivery(campaign, "34600000002", "es", "text", MONDAY, State.READ, read_at=MONDAY),
        Delivery(campaign, "34600000003", "ca", "text", MONDAY, State.FAILED, code=999999, reason="999999"),
        Delivery(campaign, "ES.1004", "ca", "template", MONDAY, State.SKIPPED, reason="left"),
    ]
    there.deliveries.plan(rows)
    told = there.get(f"/api/campaigns/{campaign}/recipients")
    first, second, third, fourth = told.json["recipients"]
    assert "34600000001" not in told.text
    assert (first["phone"], first["citizen"], first["state_name"]["es"]) == ("··· 001", "", "No entregado")
    assert "WhatsApp" in first["reason"]["ca"]
    assert (second["reason"], second["read_at"]) == (None, "2026-11-23T09:00:00Z")
    assert third["reason"]["es"] == "WhatsApp ha dado el error 999999."
    assert (fourth["phone"], fourth["citizen"]) == ("··· 004", "ES.1004")
    assert fourth["reason"]["ca"].startswith("S'ha donat de baixa")


def test_recipients_go_on_with_their_cursor_and_by_state() -> None:
    there = station()
    campaign = there.sending()
    delivered(there, campaign, *[State.SENT, State.FAILED] * 3)
    path = f"/api/campaigns/{campaign}/recipients"
    first = there.get(path, ("limit", "4")).json
    second = there.get(path, ("limit", "4"), ("cursor", first["cursor"])).json
    assert (len(first["recipients"]), len(second["recipients"]), second["cursor"]) == (4, 2, "")
    failed = there.get(path, ("state", "failed")).json["recipients"]
    assert [each["state"] for each in failed] == ["failed"] * 3
    assert there.get(path, ("state", "lost")).fields == ["state"]


def test_the_table_has_a_line_for_each_and_no_cell_is_a_formula() -> None:
    there = station()
    campaign = there.sending()
    there.deliveries.plan([Delivery(campaign, "=HYPERLINK(1)", "ca", "text", MONDAY, State.SENT, sent_at=MONDAY)])
    told = there.get(f"/api/campaigns/{campaign}/recipients.csv", ("language", "es"), ("separator", "semicolon"))
    header, line = csv.reader(io.StringIO(told.text.removeprefix("\ufeff")), delimiter=";")
    assert (header[0], header[4]) == ("Teléfono (final)", "Estado")
    assert (line[1], line[4], line[7]) == ("'=HYPERLINK(1)", "Enviado", "2026-11-23 10:00:00")
    assert "x-canal-cursor" not in told.headers


def test_a_large_table_says_where_to_go_on() -> None:
    there = station()
    campaign = there.sending()
    delivered(there, campaign, *[State.SENT] * 10_100)
    path = f"/api/campaigns/{campaign}/recipients.csv"
    first = there.get(path)
    rest = there.get(path, ("cursor", first.headers["x-canal-cursor"]))
    assert len(first.text) < 3_000_000
    assert (first.text.count("\r\n"), rest.text.count("\r\n")) == (10_001, 101)


# --- consents --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["34600000001", "%2B34600000001", "+34 600 000 001", "0034600000001"])
def test_a_consent_is_shown_with_its_wording_however_the_phone_is_written(who: str) -> None:
    there = station()
    there.board.consent = [Consent("34600000001", "alerts", MONDAY, "wamid.yes", "Sí, vull rebre alertes.")]
    (found,) = there.get(f"/api/citizens/{who}/consents").json["consents"]
    assert (found["wording"], found["wamid"], found["topic_name"]["ca"]) == (
        "Sí, vull rebre alertes.",
        "wamid.yes",
        "Alertes",
    )


@pytest.mark.parametrize("who", ["%2B34600000004", "0034 600 000 004", "600000004", "ES.1004"])
def test_consents_of_whoever_writes_with_an_id_are_found_by_their_phone(who: str) -> None:
    there = station()
    there.board.consent = [
        Consent("34600000004", "alerts", MONDAY - timedelta(days=9), "w0", "Sí", MONDAY, "w1", "erased"),
        Consent("ES.1004", "alerts", MONDAY, "w2", "Sí, vull rebre alertes."),
    ]
    found = [each["wamid"] for each in there.get(f"/api/citizens/{who}/consents").json["consents"]]
    assert found == (["w2"] if who == "ES.1004" else ["w2", "w0"])


def test_consents_follow_a_changed_number_and_outlive_the_citizen() -> None:
    there = station()
    there.board.moved["34600000009"] = "34600000001"
    there.board.consent = [
        Consent("34600000001", "alerts", MONDAY, "w1", "Sí"),
        Consent("34611111111", "gone_topic", MONDAY, "w2", "Sí", MONDAY, "w3", "erased"),
    ]
    assert there.get("/api/citizens/34600000009/consents").json["consents"][0]["wamid"] == "w1"
    (old,) = there.get("/api/citizens/34611111111/consents").json["consents"]
    assert (old["topic_name"], old["withdrawn_how"]) == (None, "erased")
    assert there.get("/api/citizens/34999999999/consents").error == "no_such_citizen"


# --- when the store does not answer ----------------------------------------------------------------


def test_a_store_that_does_not_answer_gets_503_and_a_line_in_the_log() -> None:
    there = station()

    def down(call: str) -> None:
        raise Temporary("DynamoDB: ProvisionedThroughputExceeded")

    there.board.tap = down
    told = there.get("/api/campaigns/x")
    assert (told.status, told.error, told.headers["retry-after"]) == (503, "try_again", "2")
    assert there.logged[0][0] == "request of staff failed"


def test_nothing_is_kept_by_a_cache() -> None:
    assert station().get("/api/campaigns").headers["cache-control"] == "no-store"
