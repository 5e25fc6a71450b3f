"""What reaches the town: exact signatures, Meta's envelope, retries, duplicates, batches, late and shuffled ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.whatsapp.samples import voice_note
from local.whatsapp.signature import encode, sign
from tests.unit.local.meta import AINA_ID, CARMEN_ID, Meta


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (
            rb'{"object":"whatsapp_business_account","entry":[]}',
            "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
        ),
        (
            rb'{"object":"whatsapp_business_account","entry":[{"id":"W","changes":[{"field":"messages","value":'
            rb'{"messages":[{"text":{"body":"pla\u00e7a \ud83d\ude00 a\/b"}}]}}]}]}',
            "a47d07329209170d2d8273b79e9f79b222e8687c312f7bf2d1825baf0e503a79",
        ),
        (
            rb'{"object":"whatsapp_business_account","entry":[{"id":"W","changes":[{"field":"messages","value":'
            rb'{"messages":[{"text":{"body":"pla\u00e7a \ud83d\ude00 a/b"}}]}}]}]}',
            "a74fe93908778357ab9a9076bc97a728301914018b7b58ec94bff4602b63fe13",
        ),
    ],
)
def test_signatures_are_over_the_exact_bytes(body: bytes, signature: str) -> None:
    assert sign("test_app_secret", body) == f"sha256={signature}"


def test_json_is_written_as_meta_writes_it() -> None:
    assert encode({"a": "plaça 😀 a/b"}) == rb'{"a":"pla\u00e7a \ud83d\ude00 a\/b"}'


def test_a_webhook_is_signed_with_the_app_secret(meta: Meta) -> None:
    meta.inbound(text="plaça 😀 a/b")
    meta.pass_time()
    post = meta.posted[0]
    assert post.headers["X-Hub-Signature-256"] == sign("local-app-secret", post.body)
    assert rb"pla\u00e7a \ud83d\ude00 a\/b" in post.body
    assert post.headers["Content-Type"] == "application/json"


def test_the_envelope_of_a_text_is_metas(meta: Meta) -> None:
    wamid = meta.inbound(text="Bon dia")["ids"][0]
    meta.pass_time()
    assert meta.posted[0].json == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": "100000000000001",
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {
                                "display_phone_number": "34600000001",
                                "phone_number_id": "200000000000002",
                            },
                            "contacts": [
                                {
                                    "profile": {"name": "Aina Prova"},
                                    "wa_id": "34600000099",
                                    "user_id": AINA_ID,
                                }
                            ],
                            "messages": [
                                {
                                    "from": "34600000099",
                                    "from_user_id": AINA_ID,
                                    "id": wamid,
                                    "timestamp": "1795420800",
                                    "type": "text",
                                    "text": {"body": "Bon dia"},
                                }
                            ],
                        },
                    }
                ],
            }
        ],
    }


def test_who_shows_no_number_comes_without_one_anywhere(meta: Meta) -> None:
    meta.inbound(**{"from": CARMEN_ID, "text": "Hola"})
    meta.pass_time()
    value = meta.posted[0].values[0]
    assert "from" not in value["messages"][0]
    assert value["contacts"] == [
        {"profile": {"name": "Carmen Ficticia", "username": "carmenficticia"}, "user_id": CARMEN_ID}
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            {"type": "location", "location": {"latitude": 39.1, "longitude": -0.4}},
            {"latitude": 39.1, "longitude": -0.4},
        ),
        (
            {"type": "reaction", "reaction": {"message_id": "wamid.x"}},
            {"message_id": "wamid.x"},
        ),
        (
            {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "a", "title": "A"}}},
            {"type": "list_reply", "list_reply": {"id": "a", "title": "A"}},
        ),
        ({"type": "button", "button": {"payload": "STOP", "text": "Prou"}}, {"payload": "STOP", "text": "Prou"}),
        ({"type": "unsupported", "unsupported": {"type": "poll_creation"}}, {"type": "poll_creation"}),
        ({"type": "order", "order": {"catalog_id": "3"}}, {"catalog_id": "3"}),
        (
            {"type": "contacts", "contacts": [{"name": {"formatted_name": "Pau"}}]},
            [{"origin": "other", "name": {"formatted_name": "Pau"}}],
        ),
        (
            {"type": "contacts", "contacts": [{"origin": "contact_request"}]},
            [
                {
                    "origin": "contact_request",
                    "phones": [{"phone": "+34600000099", "wa_id": "34600000099", "type": "CELL"}],
                }
            ],
        ),
    ],
)
def test_every_kind_of_message_keeps_its_content(meta: Meta, spec: Any, expected: Any) -> None:
    meta.inbound(**spec, context={"id": "wamid.out"})
    meta.pass_time()
    message = meta.messages()[0]
    assert message[spec["type"]] == expected
    assert message["context"] == {"from": "34600000001", "id": "wamid.out"}


def test_an_unsupported_message_says_so_in_its_errors(meta: Meta) -> None:
    meta.inbound(type="unsupported", unsupported={"type": "pin"})
    meta.pass_time()
    assert meta.messages()[0]["errors"][0]["code"] == 131051


def test_a_number_change_comes_without_contacts_and_moves_the_conversation(meta: Meta) -> None:
    meta.inbound(text="Hola")
    meta.inbound(type="system", system={"type": "user_changed_number", "wa_id": "34600000050"})
    meta.pass_time()
    value = meta.posted[1].values[0]
    system = value["messages"][0]["system"]
    assert "contacts" not in value
    assert value["messages"][0]["from"] == "34600000099"
    assert (system["wa_id"], system["previous_user_id"]) == ("34600000050", AINA_ID)
    events = meta.sim("GET", f"events?citizen={system['user_id']}")
    assert events[0]["message"]["text"]["body"] == "Hola"


def test_who_shows_no_number_changes_only_the_user_id(meta: Meta) -> None:
    meta.inbound(**{"from": CARMEN_ID}, type="system", system={"type": "user_changed_user_id"})
    meta.pass_time()
    message = meta.messages()[0]
    assert "from" not in message
    assert "wa_id" not in message["system"]
    assert message["system"]["previous_user_id"] == CARMEN_ID


# --- how they travel --------------------------------------------------------------------------------


def test_a_webhook_that_is_not_answered_200_comes_again_with_growing_pauses(meta: Meta) -> None:
    meta.answers = [500, 0, 301, 202, 200]
    meta.inbound(text="Hola")
    meta.pass_time(60)
    at = [round(post.at - meta.posted[0].at) for post in meta.posted]
    assert at == [0, 1, 3, 7, 15]
    assert len({post.body for post in meta.posted}) == 1
    assert meta.sim("GET", "webhooks")["recent"][0]["results"] == [500, 0, 301, 202, 200]


def test_after_seven_days_it_is_dropped(meta: Meta) -> None:
    meta.answers = [503] * 5000
    meta.inbound(text="Hola")
    meta.pass_time(7 * 24 * 3600 + 700)
    state = meta.sim("GET", "webhooks")
    assert (state["pending"], state["dropped"]) == (0, 1)


def test_what_waits_can_be_tried_at_once(meta: Meta) -> None:
    meta.answers = [503]
    meta.inbound(text="Hola")
    meta.pass_time()
    assert meta.sim("GET", "webhooks")["waiting"][0]["results"] == [503]
    assert meta.sim("POST", "webhooks/retry") == {"retried": 1}
    meta.pass_time(10)
    assert len(meta.posted) == 2


def test_copies_are_the_same_bytes_three_times(meta: Meta) -> None:
    meta.inbound(text="Hola", copies=3)
    meta.pass_time()
    assert len(meta.posted) == 3
    assert len({post.body for post in meta.posted}) == 1


def test_a_batch_holds_several_messages_in_one_post(meta: Meta) -> None:
    messages = [{"text": str(number)} for number in range(20)] + [{"from": CARMEN_ID, "text": "jo"}]
    meta.inbound(messages=messages, batch=True)
    meta.pass_time()
    assert len(meta.posted) == 1
    assert [len(value["messages"]) for value in meta.posted[0].values] == [20, 1]


def test_messages_of_one_person_go_out_one_after_another(meta: Meta) -> None:
    meta.inbound(messages=[{"text": str(number)} for number in range(20)])
    meta.pass_time()
    assert [message["text"]["body"] for message in meta.messages()] == [str(number) for number in range(20)]


def test_shuffled_messages_keep_their_times(meta: Meta) -> None:
    messages = [{"text": str(number), "timestamp": meta.now + number} for number in range(20)]
    meta.inbound(messages=messages, shuffle=7)
    meta.pass_time()
    arrived = meta.messages()
    assert sorted(arrived, key=lambda item: item["timestamp"]) != arrived
    assert {item["text"]["body"] for item in arrived} == {str(number) for number in range(20)}
    assert all(int(item["timestamp"]) == int(meta.now) + int(item["text"]["body"]) for item in arrived)


def test_a_late_message_has_the_time_when_it_was_written(meta: Meta) -> None:
    written = int(meta.now)
    meta.inbound(text="Hola", delay=3600)
    meta.pass_time(3599)
    assert meta.posted == []
    meta.pass_time(2)
    assert meta.messages()[0]["timestamp"] == str(written)


@pytest.mark.parametrize("signature", ["bad", "missing"])
def test_a_webhook_can_come_wrongly_signed(meta: Meta, signature: str) -> None:
    meta.inbound(text="Hola", signature=signature)
    meta.pass_time()
    post = meta.posted[0]
    assert post.headers.get("X-Hub-Signature-256") != sign("local-app-secret", post.body)


def test_any_webhook_can_be_sent_as_it_is(meta: Meta) -> None:
    meta.sim("POST", "webhook", json={"raw": "no json"})
    meta.sim("POST", "webhook", json={"field": "account_update", "value": {"event": "X"}})
    meta.pass_time()
    assert meta.posted[0].body == b"no json"
    assert meta.posted[1].json["entry"][0]["changes"] == [{"field": "account_update", "value": {"event": "X"}}]


def test_an_account_that_is_not_subscribed_gets_nothing(meta: Meta) -> None:
    path = "/v25.0/100000000000001/subscribed_apps"
    assert len(meta.graph("GET", path).get_json()["data"]) == 1
    meta.graph("DELETE", path)
    meta.inbound(text="Hola")
    meta.pass_time(1)
    assert meta.posted == []
    meta.graph("POST", path)
    meta.inbound(text="Hola")
    meta.pass_time(1)
    assert len(meta.posted) == 1


@pytest.mark.parametrize(
    "asked", [{"from": ""}, {"from": "ningú"}, {}, {"type": "image", "sample": "?"}, {"type": "image", "data": "ç"}]
)
def test_a_request_that_makes_no_sense_is_explained(meta: Meta, asked: Any) -> None:
    response = meta.http.post("/_sim/inbound", json={"from": "34600000099", **asked})
    assert response.status_code == 400
    assert response.get_json()["error"]


# --- the phone's side -------------------------------------------------------------------------------


def test_the_phone_sees_its_own_message_its_ticks_and_the_answer(meta: Meta) -> None:
    meta.inbound(text="Hola")
    meta.pass_time()
    meta.say("Bon dia")
    events = meta.sim("GET", f"events?citizen={AINA_ID}")
    assert [event["kind"] for event in events] == ["in", "tick", "out"]
    assert events[2]["request"]["text"]["body"] == "Bon dia"
    assert meta.sim("GET", f"events?citizen={AINA_ID}&after={events[1]['n']}") == events[2:]
    assert meta.sim("GET", f"events?citizen={CARMEN_ID}") == []


def test_the_stream_begins_with_the_epoch_and_goes_on_with_the_events(meta: Meta) -> None:
    meta.inbound(text="Hola")
    response = meta.http.get(f"/_sim/stream?citizen={AINA_ID}")
    lines = response.iter_encoded()
    assert b"event: hello" in next(lines)
    assert json.loads(next(lines).partition(b"data: ")[2])["message"]["text"]["body"] == "Hola"


def test_pages_of_other_machines_are_turned_away(meta: Meta) -> None:
    evil = {"Origin": "https://example.org"}
    assert meta.http.post("/_sim/reset", headers=evil).status_code == 403
    page = {"Origin": "http://127.0.0.1:8000"}
    response = meta.http.options("/_sim/inbound", headers=page)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"


def test_a_voice_note_is_a_whole_ogg_file() -> None:
    note = voice_note(3)
    assert note.count(b"OggS") == 2 + 3
    assert note.startswith(b"OggS")
    assert b"OpusHead" in note
    assert b"OpusTags" in note


# --- templates --------------------------------------------------------------------------------------


MADE = {"name": "avis", "language": "en_US", "category": "UTILITY", "components": [{"type": "BODY", "text": "Hola"}]}
ABOUT = {"message_template_name": "avis", "message_template_language": "en-US"}


def told_of_template(meta: Meta, **judged: str) -> list[tuple[str, dict[str, Any]]]:
    meta.sim("POST", "templates", json=MADE)
    meta.sim("POST", "templates/avis", json=judged)
    meta.pass_time(1)
    changes = [change for post in meta.posted for entry in post.json["entry"] for change in entry["changes"]]
    numberless = ({k: v for k, v in each["value"].items() if k != "message_template_id"} for each in changes)
    return list(zip([each["field"] for each in changes], numberless, strict=True))


def test_another_category_of_a_template_is_told(meta: Meta) -> None:
    value = {**ABOUT, "previous_category": "UTILITY", "new_category": "MARKETING"}
    assert told_of_template(meta, category="MARKETING") == [("template_category_update", value)]
    assert meta.sim("GET", "templates")[0]["category"] == "MARKETING"


def test_another_quality_of_a_template_is_told(meta: Meta) -> None:
    value = {**ABOUT, "previous_quality_score": "UNKNOWN", "new_quality_score": "RED"}
    assert told_of_template(meta, quality="RED") == [("message_template_quality_update", value)]
    assert meta.sim("GET", "templates")[0]["quality_score"] == {"score": "RED"}


def test_a_verdict_on_nothing_is_refused(meta: Meta) -> None:
    meta.sim("POST", "templates", json=MADE)
    assert meta.http.post("/_sim/templates/avis", json={"language": "en_US"}).status_code == 400
