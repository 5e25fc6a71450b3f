"""The webhook's entry: what it answers to whatever is posted, and what is queued before it says 200."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from canal.errors import Temporary, Undeliverable

from functions.webhook import converse, receive
from tests import events
from tests.fakes import FakeOutbox, FakeQueue, FakeSecret
from tests.functional.town_hall import SECRETS, TownHall

REFUSED = {"webhook-not-whatsapp": 400}


@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "base64"])
@pytest.mark.parametrize("name", events.names())
def test_every_payload_that_meta_signed_is_taken(name: str, encoded: bool) -> None:
    hall = TownHall()
    assert hall.post(events.posted(name, encoded=encoded)) == REFUSED.get(name, 200)


@pytest.mark.parametrize("name", events.names())
def test_a_payload_signed_with_another_secret_is_refused_and_nothing_is_kept(name: str) -> None:
    hall = TownHall()
    assert hall.post(events.posted(name, secret="somebody-else")) == 401
    assert (hall.queue.messages, hall.events.messages) == ([], [])


@pytest.mark.parametrize(
    "signature", [None, "", "sha256=", "sha256=zz", "sha1=abc", "sha256=" + "0" * 64, "SHA256=" + "0" * 64, "é" * 71]
)
def test_a_signature_that_is_none_is_refused(signature: str | None) -> None:
    hall = TownHall()
    event = events.posted("webhook-hola")
    event["headers"].pop("x-hub-signature-256")
    if signature is not None:
        event["headers"]["x-hub-signature-256"] = signature
    assert hall.post(event) == 401


def test_one_changed_letter_breaks_the_signature() -> None:
    hall = TownHall()
    event = events.posted("webhook-hola")
    event["body"] = event["body"].replace("Hola", "Hole")
    assert hall.post(event) == 401


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Hola",
        b"[]",
        b"null",
        b"{",
        b'{"object": "page"}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'"' + b"a" * 10 + b'"',
    ],
    ids=["empty", "words", "list", "null", "cut", "another product", "no utf-8", "deep", "string"],
)
def test_a_signed_body_that_is_no_batch_gets_400(raw: bytes) -> None:
    hall = TownHall()
    assert hall.post(events.posted(raw, encoded=True)) == 400
    assert (hall.queue.messages, hall.events.messages) == ([], [])


def test_a_body_over_3_mb_gets_413() -> None:
    body = json.dumps({"object": "whatsapp_business_account", "entry": [], "padding": "a" * 3 * 1024 * 1024})
    assert TownHall().post(events.posted(body.encode())) == 413


def test_a_large_body_under_3_mb_is_taken() -> None:
    body = json.dumps({"object": "whatsapp_business_account", "entry": [], "padding": "a" * 2_900_000})
    assert TownHall().post(events.posted(body.encode())) == 200


@pytest.mark.parametrize(
    "broken", [{"body": None}, {"body": "%%%", "isBase64Encoded": True}, {"body": "a", "isBase64Encoded": True}]
)
def test_a_request_without_a_readable_body_is_refused_without_a_stumble(broken: dict[str, Any]) -> None:
    assert TownHall().post({**events.posted("webhook-hola"), **broken}) in (400, 401)


def test_a_post_without_a_body_at_all_is_refused() -> None:
    event = events.posted("webhook-hola")
    del event["body"]
    assert TownHall().post(event) == 401


@pytest.mark.parametrize("which", ["conversation", "events"])
def test_a_queue_that_cannot_take_it_makes_meta_try_again(which: str) -> None:
    hall = TownHall()
    failing: Any = FakeQueue(Temporary("SQS"))
    if which == "conversation":
        hall.queue = failing
    else:
        hall.events = failing
    assert hall.post(events.posted("webhook-two-messages-two-entries")) == 503


def test_a_secret_that_was_just_changed_is_fetched_anew() -> None:
    hall = TownHall(secret=FakeSecret({**SECRETS, "app_secret": "the-old-one"}, SECRETS))
    assert hall.post(events.posted("webhook-hola")) == 200
    assert hall.secret.refreshed == 1


def test_during_a_rotation_both_secrets_count() -> None:
    both = {**SECRETS, "app_secret": "the-new-one", "previous_app_secret": events.APP_SECRET}
    assert TownHall(secret=FakeSecret(both)).post(events.posted("webhook-hola")) == 200


def test_a_number_that_is_not_ours_is_acknowledged_and_nothing_is_kept() -> None:
    hall = TownHall()
    assert hall.post(events.posted("webhook-unknown-number")) == 200
    assert (hall.queue.messages, hall.events.messages) == ([], [])


# --- Meta's verification --------------------------------------------------------------------------


def test_the_right_token_gives_the_challenge_back() -> None:
    answer = receive.respond(events.verification(), TownHall().intake)
    assert (answer["statusCode"], answer["body"]) == (200, "1158201444")


def test_a_wrong_token_gets_403() -> None:
    assert TownHall().post(events.verification(token="guessed")) == 403


def test_a_visit_without_a_query_gets_403() -> None:
    event = events.verification()
    del event["queryStringParameters"]
    assert TownHall().post(event) == 403


# --- logs -----------------------------------------------------------------------------------------


def test_no_words_names_or_numbers_of_citizens_are_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    log = StringIO()
    for logger in (receive.logger, converse.logger):
        for handler in logger.handlers:
            monkeypatch.setattr(handler, "stream", log)
    for name in events.names():
        hall = TownHall(outbox=FakeOutbox(Temporary("503"), Undeliverable("131026")))
        hall.post(events.posted(name))
        hall.work()
    logged = log.getvalue()
    assert "webhook queued" in logged
    assert "message not answered" in logged
    for private in (events.PHONE, events.USER_ID, "Aina", "Hola", "farola", "fanal"):
        assert private not in logged
