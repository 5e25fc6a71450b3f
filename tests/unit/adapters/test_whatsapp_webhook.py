"""Is it Meta, and what did it bring: signatures, the verification GET, and batches taken apart."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from canal.adapters.whatsapp_webhook import MAX_BODY, Batch, challenge, split, verify
from canal.adapters.whatsapp_words import MAX_QUEUED
from canal.errors import BadInput, BadSignature
from hypothesis import given
from hypothesis import strategies as st

from tests import events

OURS = {events.PHONE_NUMBER_ID}

# Made with another tool than the code under test, secret "test_app_secret".
EMPTY = b'{"object":"whatsapp_business_account","entry":[]}'
EMPTY_SIGNED = "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
ESCAPED = (
    rb'{"object":"whatsapp_business_account","entry":[{"id":"W","changes":[{"field":"messages","value":'
    rb'{"messages":[{"text":{"body":"pla\u00e7a \ud83d\ude00 a\/b"}}]}}]}]}'
)
ESCAPED_SIGNED = "sha256=a47d07329209170d2d8273b79e9f79b222e8687c312f7bf2d1825baf0e503a79"
UNESCAPED_SIGNED = "sha256=a74fe93908778357ab9a9076bc97a728301914018b7b58ec94bff4602b63fe13"


def envelope(**value: Any) -> bytes:
    """A batch with one change of the field "messages" for our number."""
    found = {"metadata": {"phone_number_id": events.PHONE_NUMBER_ID}} | value
    return batch([{"id": "W", "changes": [{"field": "messages", "value": found}]}])


def batch(entries: object) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def message(identifier: str = "wamid.1", **more: Any) -> dict[str, Any]:
    return {"id": identifier, "from": "34600000099", "from_user_id": "ES.1", "timestamp": "1795420800"} | more


def bodies(found: Batch) -> list[dict[str, Any]]:
    return [json.loads(message.body) for message in found.messages]


def updates(found: Batch) -> list[dict[str, Any]]:
    return [update for event in found.events for update in json.loads(event)["updates"]]


# --- signatures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "header"),
    [
        (EMPTY, EMPTY_SIGNED),
        (ESCAPED, ESCAPED_SIGNED),
        (ESCAPED.replace(rb"\/", b"/"), UNESCAPED_SIGNED),
        (EMPTY, EMPTY_SIGNED.replace("dec6a6", "DEC6A6")),
    ],
)
def test_what_meta_signed_is_let_in(raw: bytes, header: str) -> None:
    verify(raw, header, ["test_app_secret"])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        EMPTY_SIGNED[:-1],
        EMPTY_SIGNED + "0",
        EMPTY_SIGNED.replace("sha256=", "sha512="),
        EMPTY_SIGNED.replace("sha256=", "SHA256="),
        EMPTY_SIGNED[:-1] + "z",
        EMPTY_SIGNED[:-2] + "  ",
        EMPTY_SIGNED[:-1] + "é",
        EMPTY_SIGNED[:-1] + "٣",
        ESCAPED_SIGNED,
    ],
)
def test_a_missing_short_or_wrong_signature_is_refused(header: str | None) -> None:
    with pytest.raises(BadSignature):
        verify(EMPTY, header, ["test_app_secret"])


def test_the_bytes_count_and_not_what_they_mean() -> None:
    with pytest.raises(BadSignature):
        verify(ESCAPED.replace(rb"\/", b"/"), ESCAPED_SIGNED, ["test_app_secret"])


def test_while_a_secret_is_replaced_both_are_good() -> None:
    verify(EMPTY, EMPTY_SIGNED, ["the next one", "test_app_secret"])
    verify(EMPTY, EMPTY_SIGNED, ["test_app_secret", "the last one"])


@pytest.mark.parametrize("secrets", [[], [""], ["", "another"]])
def test_without_a_secret_nobody_is_let_in_not_even_who_signs_with_none(secrets: list[str]) -> None:
    with pytest.raises(BadSignature):
        verify(EMPTY, events.signature(EMPTY, ""), secrets)


@given(raw=st.binary(), header=st.text() | st.none(), secrets=st.lists(st.text()))
def test_any_header_is_judged_and_none_breaks_the_judge(raw: bytes, header: str | None, secrets: list[str]) -> None:
    with pytest.raises(BadSignature):
        verify(raw, header, secrets)


# --- verification ---------------------------------------------------------------------------------


def asked(**more: str) -> dict[str, str]:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "tok"}
    return query | {f"hub.{key}": value for key, value in more.items()}


def test_meta_gets_its_challenge_back_for_the_right_token() -> None:
    assert challenge(asked(), "tok") == "1158201444"


@pytest.mark.parametrize(
    "query",
    [
        None,
        {},
        asked(verify_token="wrong"),
        asked(verify_token=""),
        asked(verify_token="tok\udc80"),
        asked(mode="unsubscribe"),
        asked(challenge=""),
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "tok"},
    ],
)
def test_anybody_else_gets_no_challenge(query: dict[str, str] | None) -> None:
    assert challenge(query, "tok") is None


def test_without_a_verify_token_of_our_own_nobody_is_verified() -> None:
    assert challenge(asked(verify_token=""), "") is None


# --- bodies that are no batch ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Hola",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"whatsapp_business_account"',
        b"{}",
        b'{"object":"page"}',
        b'{"object":["whatsapp_business_account"]}',
        b'{"object":"whatsapp_business_account","entry":"\xff"}',
        b'\xef\xbb\xbf{"object":"whatsapp_business_account"}',
        '{"object":"whatsapp_business_account"}'.encode("utf-16"),
        b'{"object":"whatsapp_business_account","entry":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"object":"whatsapp_business_account","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_batch_of_whatsapps_is_bad_input(raw: bytes) -> None:
    with pytest.raises(BadInput):
        split(raw, OURS)


def test_a_body_over_three_megabytes_is_not_even_read() -> None:
    with pytest.raises(BadInput, match="too large"):
        split(EMPTY + b" " * MAX_BODY, OURS)


@pytest.mark.parametrize("entries", [None, [], {}, [{}], [{"changes": None}], [{"changes": []}]])
def test_a_batch_without_anything_in_it_is_empty(entries: object) -> None:
    assert split(batch(entries), OURS) == Batch()


# --- messages -------------------------------------------------------------------------------------


def test_a_message_is_queued_under_its_citizen_with_its_contact() -> None:
    (queued,) = split(events.body("webhook-hola"), OURS).messages
    assert queued.group == events.USER_ID
    assert queued.deduplication_id == "wamid.TEST_HOLA"
    found = json.loads(queued.body)
    assert found["phone_number_id"] == events.PHONE_NUMBER_ID
    assert found["message"]["text"] == {"body": "Hola"}
    assert found["contact"]["profile"] == {"name": "Aina Prova"}
    assert ": " not in queued.body


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("webhook-no-phone", events.USER_ID),
        ("webhook-no-user-id", events.PHONE),
        ("webhook-user-id-in-contact-only", events.USER_ID),
        ("webhook-no-contacts", events.USER_ID),
        ("webhook-user-changed-number", events.USER_ID),
        ("webhook-user-changed-number-old-spelling", events.PHONE),
        ("webhook-user-changed-user-id", events.USER_ID),
        ("webhook-opt-out", events.USER_ID),
    ],
)
def test_whatever_meta_tells_of_a_citizen_their_messages_keep_together(name: str, group: str) -> None:
    assert [queued.group for queued in split(events.body(name), OURS).messages] == [group]


def test_contacts_are_found_by_who_they_are_and_not_by_their_order() -> None:
    found = bodies(split(events.body("webhook-two-messages-two-entries"), OURS))
    assert [(body["contact"]["profile"]["name"], body["message"]["text"]["body"]) for body in found] == [
        ("Aina Prova", "Hola"),
        ("Pau Prova", "Buenos días"),
        ("Aina Prova", "1"),
    ]


def test_a_number_that_changed_hands_does_not_lend_its_old_owners_name() -> None:
    stranger = {"wa_id": "34600000099", "user_id": "ES.2", "profile": {"name": "Somebody else"}}
    (found,) = bodies(split(envelope(contacts=[stranger], messages=[message()]), OURS))
    assert found["contact"] is None


def test_messages_go_in_the_order_they_were_sent_and_ties_as_they_came() -> None:
    found = bodies(split(events.body("webhook-shuffled"), OURS))
    assert [body["message"]["text"]["body"] for body in found] == ["u", "dos", "tres"]


def test_the_same_message_twice_in_one_post_is_one() -> None:
    assert len(split(events.body("webhook-duplicate"), OURS).messages) == 1


def test_a_broken_item_does_not_lose_the_rest() -> None:
    found = split(events.body("webhook-broken-items"), OURS)
    assert [queued.deduplication_id for queued in found.messages] == ["wamid.TEST_BROKEN_GOOD"]
    assert len(updates(found)) == 8, "seven broken things and a status, none of them lost"


def test_a_message_without_id_is_kept_as_an_event_with_the_reason() -> None:
    found = split(events.body("webhook-message-without-id"), OURS)
    assert found.messages == ()
    (update,) = updates(found)
    assert update["reason"] == "no id or no sender"
    assert update["value"]["message"]["text"] == {"body": "Hola"}


@pytest.mark.parametrize("identifier", ["", 7, None, ["wamid.1"], "x" * 300, "wamid.\ud800", "a\nb"])
def test_what_cannot_be_an_id_is_none(identifier: object) -> None:
    found = split(envelope(messages=[message() | {"id": identifier}]), OURS)
    assert found.messages == ()
    assert len(updates(found)) == 1


@pytest.mark.parametrize("identifier", ["x" * 129, "wamid with spaces", "wamid.ñ"])
def test_an_id_that_sqs_would_refuse_is_hashed_for_it_and_kept_in_the_body(identifier: str) -> None:
    (queued,) = split(envelope(messages=[message(identifier, from_user_id=identifier)]), OURS).messages
    assert queued.deduplication_id == queued.group
    assert queued.group.startswith("sha256.")
    assert len(queued.group) <= 128
    assert json.loads(queued.body)["message"]["id"] == identifier


def test_a_message_too_large_for_the_queue_leaves_a_stub_that_gets_an_answer() -> None:
    contact = {"wa_id": "34600000099", "user_id": "ES.1"}
    large = message(type="contacts", contacts=["x" * MAX_QUEUED])
    del large["from_user_id"]
    (queued,) = split(envelope(contacts=[contact], messages=[large]), OURS).messages
    assert queued.group == "ES.1"
    assert json.loads(queued.body)["message"] == {
        "id": "wamid.1",
        "from": "34600000099",
        "from_user_id": "ES.1",
        "timestamp": "1795420800",
        "type": "unsupported",
    }


def test_the_longest_text_there_is_fits_the_queue() -> None:
    (queued,) = split(events.body("webhook-emoji-4096"), OURS).messages
    assert len(queued.body) < MAX_QUEUED
    assert json.loads(queued.body)["message"]["text"]["body"] == "😀" * 4096


def test_numbers_that_are_none_become_null() -> None:
    raw = envelope(messages=[message(location={"latitude": float("nan"), "longitude": 1.5})])
    (found,) = bodies(split(raw.replace(b"1.5", b"1e999"), OURS))
    assert found["message"]["location"] == {"latitude": None, "longitude": None}


def test_of_a_key_given_twice_the_last_counts() -> None:
    raw = envelope(messages=[message()]).replace(b'"id": "wamid.1"', b'"id": "wamid.0", "id": "wamid.2"')
    assert [queued.deduplication_id for queued in split(raw, OURS).messages] == ["wamid.2"]


def test_a_thousand_messages_of_a_thousand_citizens_keep_their_contacts() -> None:
    people = [{"user_id": f"ES.{n}", "profile": {"name": str(n)}} for n in range(1000)]
    raw = envelope(contacts=people[::-1], messages=[message(f"w.{n}", from_user_id=f"ES.{n}") for n in range(1000)])
    found = split(raw, OURS)
    assert len({queued.group for queued in found.messages}) == 1000
    assert all(body["contact"]["profile"]["name"] == body["message"]["id"][2:] for body in bodies(found))


# --- opt-outs -------------------------------------------------------------------------------------


def test_an_opt_out_goes_the_way_of_messages_with_an_id_of_its_own() -> None:
    raw = events.body("webhook-opt-out")
    (queued,) = split(raw, OURS).messages
    found = json.loads(queued.body)
    assert found["preference"]["value"] == "stop"
    assert found["id"] == queued.deduplication_id
    assert split(raw, OURS) == split(raw, OURS), "delivered again, it is the same one"
    (other,) = split(events.body("webhook-opt-in"), OURS).messages
    assert other.deduplication_id != queued.deduplication_id


@pytest.mark.parametrize("nobody", [" ", "", None, 5])
def test_a_message_of_nobody_is_kept_as_an_event(nobody: object) -> None:
    found = split(envelope(messages=[{"id": "wamid.1", "from": nobody, "type": "text"}]), OURS)
    assert found.messages == ()
    assert [update["reason"] for update in updates(found)] == ["no id or no sender"]


@pytest.mark.parametrize("preference", [None, "stop", {"value": "stop"}, {"user_id": {}, "value": "stop"}])
def test_an_opt_out_of_nobody_is_kept_as_an_event(preference: object) -> None:
    found = split(envelope(user_preferences=[preference]), OURS)
    assert found.messages == ()
    assert [update["reason"] for update in updates(found)] == ["no sender"]


# --- events ---------------------------------------------------------------------------------------


def test_a_status_is_an_event_with_its_number() -> None:
    (update,) = updates(split(events.body("webhook-status-failed"), OURS))
    assert update["field"] == "messages"
    assert update["entry_id"] == "100000000000001"
    assert update["value"]["phone_number_id"] == events.PHONE_NUMBER_ID
    assert update["value"]["status"]["errors"][0]["code"] == 131047


def test_news_of_the_account_come_whole_and_with_their_time() -> None:
    (update,) = updates(split(events.body("webhook-template-paused"), OURS))
    assert update["field"] == "message_template_status_update"
    assert update["time"] == 1795421100
    assert update["value"]["other_info"]["title"] == "FIRST_PAUSE"


def test_updates_are_packed_by_the_hundred() -> None:
    found = split(envelope(statuses=[{"id": f"wamid.{n}"} for n in range(250)]), OURS)
    assert [len(json.loads(event)["updates"]) for event in found.events] == [100, 100, 50]


def test_large_updates_are_packed_by_size() -> None:
    found = split(envelope(statuses=[{"id": "x" * 60_000} for _ in range(10)]), OURS)
    assert [len(json.loads(event)["updates"]) for event in found.events] == [3, 3, 3, 1]
    assert all(len(event) <= MAX_QUEUED for event in found.events)


def test_an_update_too_large_for_the_queue_leaves_its_place() -> None:
    (update,) = updates(
        split(batch([{"id": "W", "changes": [{"field": "holograms", "value": {"x": "y" * MAX_QUEUED}}]}]), OURS)
    )
    assert update["field"] == "holograms"
    assert update["value"] is None
    assert "too large" in update["reason"]


def test_what_is_for_another_number_is_dropped_and_told() -> None:
    assert split(events.body("webhook-unknown-number"), OURS) == Batch(unknown_numbers=("299999999999999",))


def test_a_value_that_does_not_tell_its_number_is_kept_as_an_event() -> None:
    raw = batch([{"changes": [{"field": "messages", "value": {"messages": [message()]}}]}])
    found = split(raw, OURS)
    assert found.messages == ()
    assert [update["reason"] for update in updates(found)] == ["no phone number id"]


# --- anything at all ------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def shaped(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with some of ``fields``, or junk in its place."""
    return st.fixed_dictionaries({}, optional=fields) | junk


some_id = st.sampled_from(["ES.1", "34600000099", "wamid.1", "", "x" * 200, "ñ\ud800"]) | junk
messages_strategy = shaped(
    id=some_id,
    **{"from": some_id},
    from_user_id=some_id,
    timestamp=some_id,
    type=some_id,
    system=shaped(previous_user_id=some_id),
)
values = shaped(
    metadata=shaped(phone_number_id=st.sampled_from([events.PHONE_NUMBER_ID, "2"]) | junk),
    contacts=st.lists(shaped(user_id=some_id, wa_id=some_id), max_size=3) | junk,
    messages=st.lists(messages_strategy, max_size=4) | junk,
    user_preferences=st.lists(shaped(user_id=some_id, value=some_id, timestamp=some_id), max_size=2) | junk,
    statuses=st.lists(junk, max_size=3) | junk,
    errors=st.lists(junk, max_size=3) | junk,
)
changes = shaped(field=st.sampled_from(["messages", "user_preferences", "other"]) | junk, value=values)
entries_strategy = (
    st.lists(shaped(id=some_id, time=junk, changes=st.lists(changes, max_size=3) | junk), max_size=3) | junk
)


@given(entries_strategy)
def test_whatever_meta_sends_is_sorted_into_what_sqs_takes(entries: object) -> None:
    found = split(batch(entries), OURS)
    for queued in found.messages:
        for identifier in (queued.group, queued.deduplication_id):
            assert 1 <= len(identifier) <= 128
            assert identifier.isascii()
            assert identifier.isprintable()
        assert queued.body.isascii()
        assert len(queued.body) <= MAX_QUEUED
        assert json.loads(queued.body)["phone_number_id"] == events.PHONE_NUMBER_ID
    for event in found.events:
        assert event.isascii()
        assert len(event) <= MAX_QUEUED
        assert 1 <= len(json.loads(event)["updates"]) <= 100


@given(
    st.binary()
    | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
    | junk.map(lambda value: json.dumps(value).encode())
)
def test_garbage_is_bad_input_and_nothing_worse(raw: bytes) -> None:
    with pytest.raises(BadInput):
        split(raw, OURS)


@pytest.mark.parametrize("depth", [50, 500, 900, 5_000, 9_900])
def test_a_message_nested_deeply_harms_nobody_else(depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    raw = envelope(messages=[message("wamid.deep", x="NESTED"), message("wamid.good")]).replace(b'"NESTED"', nested)
    try:
        found = split(raw, OURS)
    except BadInput:
        return  # too deep for this Python to read at all
    assert {queued.deduplication_id for queued in found.messages} == {"wamid.deep", "wamid.good"}


# --- how light it is ------------------------------------------------------------------------------


def test_it_loads_nothing_but_the_standard_library() -> None:
    program = "import sys; import canal.adapters.whatsapp_webhook; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": "layers/common"},
    )
    loaded = answer.stdout.split()
    assert "canal.adapters.whatsapp_webhook" in loaded
    for heavy in ("requests", "pynamodb", "botocore", "canal.dialogue", "canal.ports"):
        assert heavy not in loaded
