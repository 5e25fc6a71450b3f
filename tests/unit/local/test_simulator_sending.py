"""Whom the town may write to and when: the 24 h window, templates, rates, receipts and statuses."""

from __future__ import annotations

from typing import Any

import pytest

from local.whatsapp import Config
from tests.unit.local.meta import ACCOUNT, AINA, AINA_ID, CARMEN_ID, NUMBER, Meta, code

TEMPLATE = {
    "name": "status_update",
    "language": "ca",
    "category": "UTILITY",
    "parameter_format": "named",
    "components": [
        {
            "type": "BODY",
            "text": "La teua incidència {{ref}} ha canviat d'estat. Gràcies.",
            "example": {"body_text_named_params": [{"param_name": "ref", "example": "2026-0001"}]},
        },
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "No en vull més"},
                {"type": "URL", "text": "Vore", "url": "https://example.org/s/{{1}}"},
            ],
        },
    ],
}


def body(*values: str, name: str = "ref", kind: str = "text") -> dict[str, Any]:
    parameters = [{"type": kind, "parameter_name": name, "text": value} for value in values]
    return {"type": "body", "parameters": parameters}


def button(index: str = "1", kind: str = "url", **parameter: str) -> dict[str, Any]:
    given = parameter or {"type": "text", "text": "7"}
    return {"type": "button", "sub_type": kind, "index": index, "parameters": [given]}


def template(*components: dict[str, Any], language: str = "ca", name: str = "status_update") -> dict[str, Any]:
    given = {"name": name, "language": {"code": language}, "components": list(components)}
    return {"type": "template", "template": given}


@pytest.fixture
def with_template(meta: Meta) -> Meta:
    meta.sim("POST", "templates", json=TEMPLATE)
    return meta


# --- the window -----------------------------------------------------------------------------------


def test_24_hours_after_the_last_message_only_templates_go_through(with_template: Meta) -> None:
    meta = with_template
    meta.inbound(text="Hola")
    meta.now += 24 * 3600 - 1
    assert code(meta.say()) == 0
    meta.now += 1
    assert code(meta.say()) == 131047
    assert code(meta.send(template(body("2026-0001"), button()))) == 0


def test_a_reaction_does_not_open_the_window(meta: Meta) -> None:
    meta.sim("PATCH", f"citizens/{AINA}", json={"hours_ago": 25})
    meta.inbound(type="reaction", reaction={"message_id": "wamid.x", "emoji": "👍"})
    assert code(meta.say()) == 131047
    meta.inbound(text="Hola")
    assert code(meta.say()) == 0


def test_the_window_counts_from_when_it_was_written_not_from_when_it_arrived(meta: Meta) -> None:
    meta.inbound(text="Hola", timestamp=meta.now - 25 * 3600)
    assert code(meta.say()) == 131047


def test_people_whom_the_simulator_has_not_met_are_written_to_unless_it_is_strict(meta: Meta) -> None:
    assert code(meta.say(to="+34611111111")) == 0
    assert code(meta.say(to="ES.999")) == 0
    meta.sim("POST", "settings", json={"strict": True})
    assert code(meta.say(to="+34611111111")) == 131026
    assert code(meta.say(to=AINA)) == 131047  # known, but never wrote here


@pytest.mark.parametrize(("flag", "expected"), [("blocked", 131026), ("blocked_by_town", 130403)])
def test_who_blocked_or_was_blocked_is_not_reached(meta: Meta, flag: str, expected: int) -> None:
    meta.sim("PATCH", f"citizens/{AINA_ID}", json={flag: True})
    assert code(meta.say()) == expected


def test_a_former_number_and_a_former_user_id_reach_nobody(meta: Meta) -> None:
    meta.inbound(type="system", system={"type": "user_changed_number", "wa_id": "34600000050"})
    assert code(meta.say(to=AINA)) == 131026
    assert code(meta.say(to=AINA_ID)) == 131026
    assert code(meta.say(to="+34600000050")) == 0


# --- templates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (template(body("2026-0001"), button()), 0),
        (template(body("2026-0001"), button(), button("0", "quick_reply", type="payload", payload="STOP")), 0),
        (template(body("1"), button(), name="other"), 132001),
        (template(body("1"), button(), language="es"), 132001),
        (template(body("1"), button(), language="ca_ES"), 132001),
        (template(button()), 132000),
        (template(body("1", "2"), button()), 132000),
        (template(body("1", name="nombre"), button()), 132012),
        (template(body("1", kind="image"), button()), 132012),
        (template(body("a\nb"), button()), 132018),
        (template(body("a\tb"), button()), 132018),
        (template(body("a     b"), button()), 132018),
        (template(body("a    b"), button()), 0),
        (template(body("x" * 1024), button()), 132005),
        (template(body("")), 131008),
        (template(body("1")), 131008),  # the address of its button has a variable
        (template(body("1"), button("5")), 132018),
        (template(body("1"), button("1", "quick_reply", type="payload", payload="x")), 132018),
        (template(body("1"), button(), button("0", "quick_reply", type="payload", payload="x" * 257)), 131009),
        ({"type": "template", "template": {"name": "status_update"}}, 131008),
    ],
)
def test_a_template_message_fits_its_template(with_template: Meta, message: Any, expected: int) -> None:
    assert code(with_template.send(message)) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [("PAUSED", 132015), ("DISABLED", 132016), ("PENDING", 132001), ("REJECTED", 132001)],
)
def test_only_an_approved_template_is_sent(with_template: Meta, status: str, expected: int) -> None:
    with_template.sim("POST", "templates/status_update", json={"status": status})
    assert code(with_template.send(template(body("1"), button()))) == expected
    with_template.pass_time()
    event = with_template.posted[-1].json["entry"][0]
    assert event["changes"][0]["field"] == "message_template_status_update"
    assert event["changes"][0]["value"]["event"] == status
    assert isinstance(event["changes"][0]["value"]["message_template_id"], int)


def test_marketing_does_not_reach_who_stopped_it(meta: Meta) -> None:
    plain = {"type": "BODY", "text": "Festes al poble."}
    meta.sim("POST", "templates", json={**TEMPLATE, "category": "MARKETING", "components": [plain]})
    assert code(meta.send(template())) == 0
    meta.sim("POST", f"citizens/{AINA}/preferences", json={"value": "stop"})
    assert code(meta.send(template())) == 131050
    meta.pass_time()
    stops = [value["user_preferences"] for post in meta.posted for value in post.values if "user_preferences" in value]
    assert stops[0][0]["value"] == "stop"
    assert isinstance(stops[0][0]["timestamp"], int)


def test_a_new_template_waits_for_its_review_and_the_town_is_told(meta: Meta) -> None:
    created = meta.graph("POST", f"{ACCOUNT}/message_templates", json=TEMPLATE).get_json()
    assert created["status"] == "PENDING"
    assert code(meta.send(template(body("1"), button()))) == 132001
    meta.pass_time(2)
    assert code(meta.send(template(body("1"), button()))) == 0
    assert meta.posted[0].json["entry"][0]["changes"][0]["value"]["event"] == "APPROVED"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "Amb Espais"}, None),
        ({"language": "valencià"}, None),
        ({"category": "NEWS"}, None),
        ({"allow_category_change": True}, None),
        ({"message_send_ttl_seconds": 12 * 3600 + 1}, None),
        ({"components": []}, None),
        ({"components": [{"type": "BODY", "text": "a" * 1025}]}, 2388040),
        ({"components": [{"type": "BODY", "text": "{{1}} al principi", "example": {}}]}, 2388299),
        ({"components": [{"type": "BODY", "text": "al final {{1}}", "example": {}}]}, 2388299),
        ({"components": [{"type": "BODY", "text": "u {{1}} {{2}} i prou paraules ja", "example": {}}]}, 2388299),
        ({"components": [{"type": "BODY", "text": "poques {{1}} i {{2}}.", "example": {}}]}, 2388293),
        ({"components": [{"type": "BODY", "text": "sense exemple {{1}} ací"}]}, 2388072),
        ({"components": [{"type": "BODY", "text": "a"}, {"type": "FOOTER", "text": "f" * 61}]}, 2388040),
    ],
)
def test_a_template_that_meta_would_not_take_is_not_created(meta: Meta, change: Any, expected: int | None) -> None:
    response = meta.graph("POST", f"{ACCOUNT}/message_templates", json={**TEMPLATE, **change})
    assert code(response) == 100
    assert response.get_json()["error"].get("error_subcode") == expected


def test_templates_are_listed_in_pages_edited_and_deleted(meta: Meta) -> None:
    for number in range(3):
        meta.sim("POST", "templates", json={**TEMPLATE, "name": f"t{number}"})
    path = f"{ACCOUNT}/message_templates"
    first = meta.graph("GET", f"{path}?limit=2&fields=name,status").get_json()
    assert [item["name"] for item in first["data"]] == ["t0", "t1"]
    rest = meta.graph("GET", f"{path}?after={first['paging']['cursors']['after']}").get_json()
    assert [item["name"] for item in rest["data"]] == ["t2"]
    assert "next" not in rest["paging"]
    edited = f"/v25.0/{rest['data'][0]['id']}"
    assert meta.graph("POST", edited, json={"components": TEMPLATE["components"]}).get_json() == {"success": True}
    assert code(meta.graph("POST", edited, json={"components": TEMPLATE["components"]})) == 100  # under review
    assert meta.graph("DELETE", f"{path}?name=t0").get_json() == {"success": True}
    assert code(meta.graph("POST", path, json={**TEMPLATE, "name": "t0"})) == 100  # blocked for 30 days


# --- rates ----------------------------------------------------------------------------------------


def test_throughput_is_limited_only_on_request(meta: Meta) -> None:
    assert [code(meta.say()) for _ in range(100)] == [0] * 100
    meta.sim("POST", "settings", json={"throughput": 80})
    answers = [code(meta.say()) for _ in range(100)]
    assert answers.count(0) == 80
    assert set(answers[80:]) == {130429}
    meta.now += 0.5
    assert [code(meta.say()) for _ in range(41)].count(0) == 40


def test_a_burst_to_one_person_is_paid_back_by_waiting(meta: Meta) -> None:
    meta.sim("POST", "settings", json={"pair_rate": True})
    assert [code(meta.say()) for _ in range(46)] == [0] * 45 + [131056]
    assert code(meta.say(to=CARMEN_ID)) == 0  # others are not held back
    meta.now += 45 * 6 - 1
    assert code(meta.say()) == 131056
    meta.now += 1
    assert code(meta.say()) == 0


# --- what comes back ------------------------------------------------------------------------------


def test_a_sent_message_is_reported_as_sent_delivered_and_read(meta: Meta) -> None:
    wamid = meta.send({"type": "text", "text": {"body": "Hola"}, "biz_opaque_callback_data": "turn#1"}).get_json()[
        "messages"
    ][0]["id"]
    meta.pass_time(2)
    statuses = meta.statuses()
    assert [item["status"] for item in statuses] == ["sent", "delivered", "read"]
    assert {item["id"] for item in statuses} == {wamid}
    assert all(item["recipient_id"] == "34600000099" for item in statuses)
    assert all(item["recipient_user_id"] == AINA_ID for item in statuses)
    assert all(item["biz_opaque_callback_data"] == "turn#1" for item in statuses)
    assert statuses[0]["pricing"]["type"] == "free_customer_service"
    assert "pricing" not in statuses[2]


def test_statuses_of_who_shows_no_number_carry_none(meta: Meta) -> None:
    meta.say(to=CARMEN_ID)
    meta.pass_time(2)
    assert all("recipient_id" not in item for item in meta.statuses())
    assert all("wa_id" not in value["contacts"][0] for post in meta.posted for value in post.values)


def test_many_statuses_travel_together(meta: Meta) -> None:
    for _ in range(50):
        meta.say()
    meta.pass_time(2)
    assert len(meta.statuses()) == 150
    assert len(meta.posted) == 3


def test_statuses_can_be_switched_off(meta: Meta) -> None:
    meta.sim("POST", "settings", json={"statuses": []})
    meta.say()
    meta.pass_time(5)
    assert meta.posted == []


def test_a_reaction_is_only_ever_sent(meta: Meta) -> None:
    meta.send({"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}})
    meta.pass_time(5)
    assert [item["status"] for item in meta.statuses()] == ["sent"]


def test_receipts_and_typing_are_kept_apart_from_messages(meta: Meta) -> None:
    wamid = meta.inbound(text="Hola")["ids"][0]
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    answer = meta.graph("POST", f"{NUMBER}/messages", json={**receipt, "typing_indicator": {"type": "text"}})
    assert answer.get_json() == {"success": True}
    assert meta.sim("GET", "messages") == []
    assert meta.sim("GET", "receipts")[0]["user"] == AINA_ID
    kinds = [event["kind"] for event in meta.sim("GET", f"events?citizen={AINA_ID}")]
    assert kinds == ["in", "tick", "typing"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"message_id": ""}, 131009),
        ({"status": "delivered"}, 100),
        ({"typing_indicator": {"type": "audio"}}, 100),
        ({"to": AINA}, 100),
    ],
)
def test_a_wrong_receipt_is_refused(meta: Meta, change: Any, expected: int) -> None:
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x", **change}
    assert code(meta.graph("POST", f"{NUMBER}/messages", json=receipt)) == expected


def test_a_strict_simulator_knows_which_messages_exist() -> None:
    meta = Meta(Config(strict=True))
    meta.inbound(text="Hola")
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"}
    assert code(meta.graph("POST", f"{NUMBER}/messages", json=receipt)) == 131009
    reaction = {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}}
    assert code(meta.send(reaction)) == 131009


def test_messages_are_numbered_and_listed_from_any_number_on(meta: Meta) -> None:
    for words in ("a", "b", "c"):
        meta.say(words)
    listed = meta.sim("GET", "messages?after=1")
    assert [(item["seq"], item["request"]["text"]["body"]) for item in listed] == [(2, "b"), (3, "c")]
    assert listed[0]["to_user"] == AINA_ID
    assert listed[0]["at"] == meta.now
    assert meta.sim("GET", f"messages?to={CARMEN_ID}") == []


def test_memory_is_bounded() -> None:
    meta = Meta(Config(keep_messages=10, keep_citizens=5))
    for number in range(30):
        meta.say(str(number))
        meta.inbound(**{"from": f"346111111{number:02}", "text": "Hola"})
    assert [item["seq"] for item in meta.sim("GET", "messages")] == list(range(21, 31))
    assert len(meta.sim("GET", "citizens")) == 5


def test_a_reset_leaves_it_as_after_a_start(meta: Meta) -> None:
    meta.say()
    meta.inbound(**{"from": "34611111111", "text": "Hola"})
    meta.sim("POST", "faults", json={"code": 131000})
    meta.sim("POST", "reset")
    meta.sim("POST", "reset")
    meta.pass_time(10)
    assert meta.posted == []
    assert meta.sim("GET", "messages") == []
    assert len(meta.sim("GET", "citizens")) == 3
    assert code(meta.say()) == 0
    assert meta.sim("GET", "messages")[0]["seq"] == 1
