"""What stands between Meta's POST and our 200: everything safely queued, or another answer."""

from __future__ import annotations

import json

import pytest
from canal.adapters import whatsapp_webhook
from canal.errors import BadInput, BadSignature, Temporary
from canal.services.intake import Intake

from tests import events
from tests.fakes import FakeQueue, FakeSecret

NUMBER = "200000000000002"
SECRET = {"app_secret": "local-app-secret", "verify_token": "token"}


class Desk:
    """The intake with fake queues and secret."""

    def __init__(self, secret: FakeSecret | None = None, broken: Exception | None = None) -> None:
        self.messages, self.events = FakeQueue(broken), FakeQueue()
        self.secret = secret or FakeSecret(SECRET)
        self.intake = Intake(whatsapp_webhook, self.messages, self.events, self.secret, NUMBER)

    def take(self, raw: bytes, secret: str = "local-app-secret") -> None:
        self.intake.take(raw, events.signature(raw, secret))


def test_a_message_is_queued_under_its_citizen_and_its_id() -> None:
    desk = Desk()
    desk.take(events.body("webhook-hola"))
    (message,) = desk.messages.messages
    queued = json.loads(message.body)
    assert message.group == queued["message"]["from_user_id"]
    assert message.deduplication_id == queued["message"]["id"]


def test_statuses_go_to_the_events_queue() -> None:
    desk = Desk()
    desk.take(events.body("webhook-status-failed"))
    assert desk.messages.messages == []
    assert "failed" in desk.events.messages[0]


def test_nothing_is_acknowledged_that_could_not_be_queued() -> None:
    desk = Desk(broken=Temporary("SQS"))
    with pytest.raises(Temporary):
        desk.take(events.body("webhook-hola"))


def test_a_wrong_signature_keeps_nothing_and_asks_once_whether_the_secret_changed() -> None:
    desk = Desk()
    with pytest.raises(BadSignature):
        desk.take(events.body("webhook-hola"), secret="guessed")
    assert desk.messages.messages == []
    assert desk.secret.refreshed == 1


def test_a_rotated_app_secret_is_picked_up_by_the_first_message_signed_with_it() -> None:
    desk = Desk(FakeSecret(SECRET, {**SECRET, "app_secret": "new", "previous_app_secret": "local-app-secret"}))
    desk.take(events.body("webhook-hola"), secret="new")
    desk.take(events.body("webhook-hola"), secret="local-app-secret")
    assert len(desk.messages.messages) == 2


def test_a_signed_body_that_is_no_webhook_is_bad_input() -> None:
    with pytest.raises(BadInput):
        Desk().take(b"[]")


def test_the_address_is_confirmed_with_the_right_token_only() -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": "token"}
    assert Desk().intake.confirm(query) == "42"
    assert Desk().intake.confirm({**query, "hub.verify_token": "no"}) is None
