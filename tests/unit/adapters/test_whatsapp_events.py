"""The payloads of ``events/`` themselves: listed, readable, and free of real people."""

from __future__ import annotations

import json
import re

import pytest
from canal.adapters.whatsapp_webhook import challenge, split, verify
from canal.errors import BadInput

from tests import events


def test_the_readme_lists_every_payload_and_nothing_else() -> None:
    listed = re.findall(
        r"^\| \[(webhook-[\w-]+)\.json\]\(\1\.json\) \| \S",
        (events.EVENTS / "README.md").read_text("utf-8"),
        re.M,
    )
    assert sorted(listed) == events.names()


@pytest.mark.parametrize("name", events.names())
def test_every_payload_is_signed_and_taken_apart(name: str) -> None:
    raw = events.body(name)
    verify(raw, events.signature(raw), [events.APP_SECRET])
    if name == "webhook-not-whatsapp":
        with pytest.raises(BadInput):
            split(raw, {events.PHONE_NUMBER_ID})
    else:
        split(raw, {events.PHONE_NUMBER_ID})


@pytest.mark.parametrize("name", events.names())
def test_phone_numbers_and_ids_are_invented(name: str) -> None:
    for number in re.findall(r"\b34\d{9}\b", events.body(name).decode()):
        assert number.startswith("346000000")


def test_a_posted_event_carries_the_bytes_that_were_signed() -> None:
    raw = events.body("webhook-emoji-4096")
    plain, encoded = events.posted("webhook-emoji-4096"), events.posted(raw, encoded=True)
    assert plain["body"].encode() == raw
    assert encoded["isBase64Encoded"] is True
    assert plain["headers"]["x-hub-signature-256"] == encoded["headers"]["x-hub-signature-256"]
    assert json.loads(json.dumps(plain)) == plain


def test_the_verification_event_is_answered_with_its_challenge() -> None:
    event = events.verification(challenge="42")
    assert event["rawQueryString"].startswith("hub.mode=subscribe&hub.challenge=42")
    assert challenge(event["queryStringParameters"], events.VERIFY_TOKEN) == "42"
