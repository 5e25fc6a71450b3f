"""What a phone can send, as the dialogue sees it: every payload of ``events/``, and all that can be broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_payload import inbound
from canal.adapters.whatsapp_webhook import split
from canal.dialogue.messages import (
    Content,
    IdentityChanged,
    Inbound,
    MarketingPreference,
    Media,
    Pin,
    Reaction,
    Sender,
    SharedContacts,
    Tap,
    Text,
    Unsupported,
)
from hypothesis import given
from hypothesis import strategies as st

from tests import events

SENT_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AINA = Sender(events.USER_ID, events.PHONE, "Aina Prova")
NEW_ID = "ES.20000000000000000002"


def received(name: str) -> list[Inbound]:
    """The messages of a payload, the whole way from the webhook."""
    batch = split(events.body(name), {events.PHONE_NUMBER_ID})
    return [inbound(json.loads(queued.body), NOON) for queued in batch.messages]


def reading(message: Any, **more: Any) -> Inbound:
    return inbound({"phone_number_id": events.PHONE_NUMBER_ID, "message": message, "contact": None} | more, NOON)


EVERY_PAYLOAD: dict[str, list[Content]] = {
    "webhook-hola": [Text("Hola")],
    "webhook-no-phone": [Text("Hola")],
    "webhook-no-user-id": [Text("Hola")],
    "webhook-user-id-in-contact-only": [Text("Hola")],
    "webhook-no-contacts": [Text("Hola")],
    "webhook-report": [Text("Bon dia, hi ha un fanal trencat a l'avinguda")],
    "webhook-number": [Text("3")],
    "webhook-reply-to-ours": [Text("Sí, aquest")],
    "webhook-forwarded": [Text("Mireu")],
    "webhook-frequently-forwarded": [Text("Cadena")],
    "webhook-image": [Media("image", "900000000000001", "image/jpeg", "El fanal")],
    "webhook-image-without-caption": [Media("image", "900000000000006", "image/jpeg")],
    "webhook-image-without-id": [Unsupported("image")],
    "webhook-video": [Media("video", "900000000000002", "video/mp4", "Vídeo")],
    "webhook-document": [Media("document", "900000000000003", "application/pdf", "Instància", "instancia.pdf")],
    "webhook-sticker": [Media("sticker", "900000000000004", "image/webp")],
    "webhook-voice-note": [Media("audio", "900000000000005", "audio/ogg; codecs=opus", voice=True)],
    "webhook-audio-file": [Media("audio", "900000000000007", "audio/mpeg")],
    "webhook-location-without-name": [Pin(39.15, -0.4352)],
    "webhook-location-of-a-place": [Pin(39.1514, -0.4371, "Plaça Fictícia", "Plaça Fictícia 1")],
    "webhook-location-out-of-range": [Unsupported("location")],
    "webhook-contacts": [SharedContacts(("Pau Fictici",))],
    "webhook-contact-request": [SharedContacts(own_phone=events.PHONE)],
    "webhook-reaction": [Reaction("👍", "wamid.TEST_OUT_1")],
    "webhook-reaction-removed": [Reaction("", "wamid.TEST_OUT_1")],
    "webhook-button-reply": [Tap("menu", "Menú")],
    "webhook-list-reply": [Tap("pharmacy", "Farmàcies")],
    "webhook-flow-reply": [Unsupported("nfm_reply")],
    "webhook-interactive-empty": [Unsupported("interactive")],
    "webhook-template-button": [Tap("opt_out", "No en vull més")],
    "webhook-order": [Unsupported("order")],
    "webhook-referral": [Text("Hola")],
    "webhook-user-changed-number": [IdentityChanged((events.USER_ID, events.PHONE), NEW_ID, "34600000097")],
    "webhook-user-changed-number-old-spelling": [IdentityChanged((events.PHONE,), None, "34600000097")],
    "webhook-user-changed-user-id": [IdentityChanged((events.USER_ID,), NEW_ID, None)],
    "webhook-identity-key-changed": [Unsupported("system")],
    "webhook-unsupported": [Unsupported("poll_update")],
    "webhook-unknown-type": [Unsupported("hologram")],
    "webhook-media-too-large": [Unsupported("too_large")],
    "webhook-edit": [Unsupported("edit")],
    "webhook-revoke": [Unsupported("revoke")],
    "webhook-opt-out": [MarketingPreference("stop")],
    "webhook-opt-in": [MarketingPreference("resume")],
    "webhook-value-error": [],
    "webhook-duplicate": [Text("Hola")],
    "webhook-two-messages-two-entries": [Text("Hola"), Text("Buenos días"), Text("1")],
    "webhook-shuffled": [Text("u"), Text("dos"), Text("tres")],
    "webhook-late": [Text("Hola")],
    "webhook-broken-items": [Text("Hola")],
    "webhook-message-without-id": [],
    "webhook-unknown-number": [],
    "webhook-unknown-field": [],
    "webhook-empty": [],
    "webhook-escaped-unicode": [Text("plaça 😀 a/b")],
    "webhook-lone-surrogate": [Text("Hola  Aina")],
    "webhook-emoji-4096": [Text("😀" * 4096)],
    "webhook-name-of-html": [Text("<script>alert(1)</script>")],
    "webhook-rtl-marks": [Text("Hola aloh!")],
    "webhook-control-characters": [Text("Què tal?\nBé gràcies")],
    "webhook-text-empty": [Text("")],
    "webhook-text-missing": [Unsupported("text")],
    "webhook-timestamp-broken": [Text("Hola")],
    "webhook-opt-out-word": [Text("BAIXA")],
    "webhook-danger": [Text("hi ha foc al segon pis, ajuda")],
}


def of_citizens(name: str) -> bool:
    """Whether a payload is of what citizens do; the others are in test_whatsapp_updates."""
    other = (
        "webhook-status-",
        "webhook-template-",
        "webhook-account-",
        "webhook-phone-",
        "webhook-business-",
    )
    return not name.startswith(other) or name == "webhook-template-button"


def test_every_payload_of_a_citizen_is_in_the_table() -> None:
    assert {name for name in events.names() if of_citizens(name)} - {"webhook-not-whatsapp"} == set(EVERY_PAYLOAD)


@pytest.mark.parametrize(("name", "contents"), EVERY_PAYLOAD.items(), ids=EVERY_PAYLOAD)
def test_every_payload_is_understood(name: str, contents: list[Content]) -> None:
    assert [message.content for message in received(name)] == contents


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("webhook-hola", AINA),
        ("webhook-no-phone", Sender(events.USER_ID, None, "Aina Prova")),
        ("webhook-no-user-id", Sender(None, events.PHONE, "Aina Prova")),
        ("webhook-user-id-in-contact-only", AINA),
        ("webhook-no-contacts", Sender(events.USER_ID, events.PHONE)),
        ("webhook-user-changed-number", Sender(events.USER_ID, events.PHONE)),
        ("webhook-user-changed-user-id", Sender(events.USER_ID, None)),
        ("webhook-opt-out", AINA),
        ("webhook-lone-surrogate", Sender(events.USER_ID, events.PHONE, "Aina")),
        ("webhook-name-of-html", Sender(events.USER_ID, events.PHONE, "<img src=x onerror=alert(1)>")),
        ("webhook-rtl-marks", Sender(events.USER_ID, events.PHONE, "عائشة")),
    ],
)
def test_the_sender_is_told_by_whatever_meta_gives(name: str, sender: Sender) -> None:
    assert [message.sender for message in received(name)] == [sender]


@pytest.mark.parametrize("name", [name for name in events.names() if name != "webhook-not-whatsapp"])
def test_the_queue_and_the_dialogue_know_a_citizen_by_the_same_key(name: str) -> None:
    batch = split(events.body(name), {events.PHONE_NUMBER_ID})
    for queued in batch.messages:
        assert inbound(json.loads(queued.body)).sender.key == queued.group


def test_a_plus_is_no_part_of_a_number() -> None:
    assert reading({"from": "+34600000099"}).sender == Sender(None, "34600000099")


def test_a_user_id_in_the_place_of_the_phone_is_still_a_user_id() -> None:
    assert reading({"from": "ES.1"}).sender == Sender("ES.1", None)


def test_a_name_longer_than_any_is_cut() -> None:
    assert len(reading({}, contact={"profile": {"name": "a" * 5000}}).sender.name) == 200


# --- when -----------------------------------------------------------------------------------------


def test_the_time_is_when_the_citizen_sent_it_however_late_it_comes() -> None:
    assert received("webhook-hola")[0].at == SENT_AT
    assert received("webhook-late")[0].at == SENT_AT - timedelta(days=3)
    assert received("webhook-opt-out")[0].at == SENT_AT + timedelta(seconds=200), "a number here, not a string"


@pytest.mark.parametrize(
    "timestamp", [None, "", "ara", "-5", "0", 0, [], {}, "9" * 30, 10**30, float("inf"), float("nan"), "1e9"]
)
def test_a_time_that_is_none_gives_way_to_when_it_was_received(timestamp: object) -> None:
    assert reading({"timestamp": timestamp}).at == NOON


# --- what -----------------------------------------------------------------------------------------


def test_a_quote_of_one_of_ours_is_known_by_its_id_and_forwarding_is_no_quote() -> None:
    assert received("webhook-reply-to-ours")[0].reply_to == "wamid.TEST_OUT_1"
    assert received("webhook-forwarded")[0].reply_to is None


@pytest.mark.parametrize(
    "location",
    [
        None,
        {},
        {"latitude": 39.1},
        {"latitude": None, "longitude": None},
        {"latitude": float("nan"), "longitude": 0},
        {"latitude": 0, "longitude": float("inf")},
        {"latitude": 90.1, "longitude": 0},
        {"latitude": 0, "longitude": -180.5},
        {"latitude": True, "longitude": 0},
        {"latitude": "north", "longitude": 0},
        {"latitude": 10**400, "longitude": 0},
    ],
)
def test_a_place_that_is_nowhere_is_no_pin(location: object) -> None:
    assert reading({"type": "location", "location": location}).content == Unsupported("location")


def test_degrees_written_as_text_are_degrees() -> None:
    message = {"type": "location", "location": {"latitude": "39.15", "longitude": "-0.43"}}
    assert reading(message).content == Pin(39.15, -0.43)


def test_a_tap_that_lost_its_id_says_what_its_label_says() -> None:
    reply = {"type": "button_reply", "button_reply": {"title": "Sí"}}
    assert reading({"type": "interactive", "interactive": reply}).content == Text("Sí")
    assert reading({"type": "button", "button": {"text": "Sí"}}).content == Text("Sí")
    assert reading({"type": "button", "button": {}}).content == Unsupported("button")


def test_only_the_card_that_we_asked_for_tells_the_citizens_own_number() -> None:
    card = {"name": {"first_name": "Pau"}, "phones": [{"phone": "+34 600 00 00 98"}]}
    shared = reading({"type": "contacts", "contacts": [card, card | {"origin": "contact_request"}]}).content
    assert shared == SharedContacts(("Pau", "Pau"), "34600000098")
    assert reading({"type": "contacts", "contacts": [card]}).content == SharedContacts(("Pau",))


def test_an_id_that_stays_the_same_is_not_one_that_changed() -> None:
    system = {"user_id": "ES.1", "wa_id": "34600000097", "previous_user_id": "ES.1"}
    changed = reading({"type": "system", "from": "34600000099", "system": system}).content
    assert changed == IdentityChanged(("34600000099",), "ES.1", "34600000097")


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("signup", MarketingPreference("resume")),
        ("perhaps", Unsupported("user_preferences")),
        (["stop"], Unsupported("user_preferences")),
    ],
)
def test_only_stop_stops(value: object, content: Content) -> None:
    found = inbound({"id": "preference.1", "preference": {"user_id": "ES.1", "value": value}}, NOON)
    assert (found.id, found.content) == ("preference.1", content)


def test_a_text_longer_than_any_is_cut_to_4096_characters() -> None:
    assert reading({"type": "text", "text": {"body": "a" * 9000}}).content == Text("a" * 4096)


def test_letters_that_grow_when_they_are_composed_stay_within_the_limit() -> None:
    content = reading({"type": "text", "text": {"body": "\ufb2c" * 4096}}).content
    assert isinstance(content, Text)
    assert len(content.body) == 4096


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Hola \n", "Hola"),
        ("u\r\ndos\rtres\u2028quatre", "u\ndos\ntres\nquatre"),
        ("so\u00adfa\u0300\u200b", "sofà"),
        ("👨\u200d👩\u200d👧 ❤️", "👨\u200d👩\u200d👧 ❤️"),
        ("col·lecció ¿què? ª", "col·lecció ¿què? ª"),
        ("\u202e\u2066\ufeff\x00", ""),
    ],
)
def test_text_loses_what_nobody_sees_and_nothing_else(typed: str, read: str) -> None:
    assert reading({"type": "text", "text": {"body": typed}}).content == Text(read)


# --- anything at all ------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS = [
    "text",
    "image",
    "audio",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "button",
    "system",
    "edit",
]
KEYS = ["id", "from", "from_user_id", "timestamp", "context", "errors", "unsupported", *KINDS]
INNER = ["id", "body", "type", "latitude", "longitude", "emoji", "button_reply", "user_id", "wa_id", "phones"]
objects = st.dictionaries(st.sampled_from(INNER), junk | st.dictionaries(st.sampled_from(INNER), junk)) | junk


@given(
    kind=st.sampled_from(KINDS),
    message=st.dictionaries(st.sampled_from(KEYS), objects | st.lists(objects, max_size=3)),
    rest=st.dictionaries(st.sampled_from(["contact", "preference", "id"]), objects),
)
def test_nothing_that_a_phone_sends_breaks_the_reading(
    kind: str, message: dict[str, Any], rest: dict[str, Any]
) -> None:
    found = inbound({"message": message | {"type": kind}} | rest, NOON)
    assert found.at.tzinfo is UTC
    # What is written to the database and to the log must be text that both take.
    repr(found).encode()
    for text in (found.id, found.sender.key, found.sender.name, found.reply_to or ""):
        text.encode()
        assert "\x00" not in text


@given(junk, junk)
def test_nor_does_what_is_no_message_at_all(message: object, contact: object) -> None:
    inbound({"message": message, "contact": contact, "preference": message}, NOON)
    inbound({}, NOON)
