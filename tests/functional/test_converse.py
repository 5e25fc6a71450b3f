"""What ``receive`` queued, run by ``converse``: every payload has its outcome, nothing is lost or answered twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from canal.errors import Refused, Temporary

from functions.webhook import converse
from local.whatsapp.checks import World, check_message
from tests import events
from tests.functional.town_hall import TownHall

WORLD = World(media=lambda _: None, template=lambda *_: None)

# How many replies a payload leads to, on its own, in a town that has never heard of this citizen.
ANSWERED = """
audio-file broken-items button-reply contact-request contacts control-characters danger document duplicate
edit emoji-4096 escaped-unicode flow-reply forwarded frequently-forwarded hola image image-without-caption
image-without-id interactive-empty list-reply location-of-a-place location-out-of-range location-without-name
lone-surrogate media-too-large name-of-html no-contacts no-phone no-user-id number opt-out-word order referral
reply-to-ours report rtl-marks template-button text-empty text-missing timestamp-broken unknown-type
unsupported user-id-in-contact-only video voice-note
""".split()
SEVERAL = {"shuffled": 3, "two-messages-two-entries": 3}
# Heard, and rightly not answered.
SILENT = """
identity-key-changed late opt-in opt-out reaction reaction-removed revoke sticker user-changed-number
user-changed-number-old-spelling user-changed-user-id
""".split()
# Not a citizen's message: for the events queue, how many updates.
FOR_EVENTS = dict.fromkeys(
    """
account-disabled account-restricted business-capability message-without-id phone-quality status-delivered
status-failed status-failed-undeliverable status-no-phone status-played status-read status-sent
status-unknown-message template-approved template-category template-paused template-quality template-rejected
unknown-field value-error
""".split(),
    1,
) | {"status-read-before-delivered": 3}
NOTHING = ["empty", "not-whatsapp", "unknown-number"]

REPLIES = dict.fromkeys(ANSWERED, 1) | SEVERAL | dict.fromkeys([*SILENT, *FOR_EVENTS, *NOTHING], 0)


def test_every_payload_has_its_outcome_here() -> None:
    assert {f"webhook-{name}" for name in REPLIES} == set(events.names())


@pytest.mark.parametrize("name", sorted(REPLIES.keys() - {"not-whatsapp"}))
def test_a_payload_has_its_outcome(name: str) -> None:
    hall = TownHall()
    hall.take(f"webhook-{name}")
    assert len(hall.outbox.sent) == REPLIES[name]
    for body in hall.outbox.sent:
        check_message(body, WORLD)


@pytest.mark.parametrize("name", sorted(FOR_EVENTS))
def test_what_is_no_message_goes_to_the_events_queue(name: str) -> None:
    hall = TownHall()
    hall.take(f"webhook-{name}")
    assert hall.queue.messages == []
    assert sum(len(json.loads(event)["updates"]) for event in hall.events.messages) == FOR_EVENTS[name]


@pytest.mark.parametrize("name", sorted(REPLIES.keys() - {"not-whatsapp"}))
def test_a_webhook_posted_three_times_changes_nothing_after_the_first(name: str) -> None:
    hall = TownHall()
    hall.take(f"webhook-{name}")
    rows, turns, sent = dict(hall.rows.citizens), dict(hall.rows.turns), list(hall.outbox.sent)
    hall.take(f"webhook-{name}")
    hall.take(f"webhook-{name}")
    assert (hall.rows.citizens, hall.rows.turns, hall.outbox.sent) == (rows, turns, sent)


@pytest.mark.parametrize("name", sorted(REPLIES.keys() - {"not-whatsapp"}))
def test_a_queue_that_delivers_twice_sends_the_same_reply_again_and_changes_nothing(name: str) -> None:
    hall = TownHall()
    hall.post(events.posted(f"webhook-{name}"))
    records = hall.queue.records(hall.now)
    converse.respond({"Records": records}, hall.worker)
    rows, sent = dict(hall.rows.citizens), list(hall.outbox.sent)
    converse.respond({"Records": records}, hall.worker)
    assert hall.rows.citizens == rows
    assert sorted(map(str, hall.outbox.sent)) == sorted(map(str, [*sent, *sent]))


@pytest.mark.parametrize("name", sorted(ANSWERED))
def test_a_citizen_who_has_chosen_a_language_is_answered_in_it(name: str) -> None:
    hall = TownHall()
    hall.take("webhook-hola")
    hall.take(json.dumps(answer(name, "wamid.choice", "1")).encode())
    hall.outbox.sent.clear()
    hall.take(json.dumps(another(f"webhook-{name}")).encode())
    assert len(hall.outbox.sent) == 1
    check_message(hall.outbox.sent[0], WORLD)


def another(name: str) -> dict[str, Any]:
    """The payload under other message ids, so that it is no repeat of an earlier one."""
    text = (
        events.body(name).decode().replace('"id": "wamid.', '"id": "wamid.2.').replace('"id":"wamid.', '"id":"wamid.2.')
    )
    found: dict[str, Any] = json.loads(text)
    return found


def answer(name: str, wamid: str, words: str) -> dict[str, Any]:
    """A text of the sender of that payload."""
    hola: dict[str, Any] = json.loads(events.body("webhook-no-user-id" if name == "no-user-id" else "webhook-hola"))
    message = hola["entry"][0]["changes"][0]["value"]["messages"][0]
    message |= {"id": wamid, "text": {"body": words}, "timestamp": str(int(message["timestamp"]) + 5)}
    return hola


def test_a_day_old_message_keeps_its_state_and_notes_that_it_cannot_be_answered() -> None:
    hall = TownHall()
    hall.take("webhook-late")
    (turn,) = hall.rows.turns.values()
    assert (turn.state, turn.reason) == ("undeliverable", "window_closed")
    assert events.USER_ID in hall.rows.citizens


def test_a_failing_graph_api_loses_no_reply() -> None:
    hall = TownHall()
    hall.outbox.failures = [Temporary("503")]
    hall.post(events.posted("webhook-two-messages-two-entries"))
    records = hall.queue.records(hall.now)
    answered = converse.respond({"Records": records}, hall.worker)
    back = {failure["itemIdentifier"] for failure in answered["batchItemFailures"]}
    assert back
    converse.respond({"Records": [record for record in records if record["messageId"] in back]}, hall.worker)
    assert len(hall.outbox.sent) == 3


def test_a_record_that_nobody_can_read_goes_back_and_the_others_are_answered() -> None:
    hall = TownHall()
    hall.post(events.posted("webhook-two-messages-two-entries"))
    records = hall.queue.records(hall.now)
    broken = {
        **records[0],
        "messageId": "broken",
        "body": "{",
        "attributes": {**records[0]["attributes"], "MessageGroupId": "x"},
    }
    answered = converse.respond({"Records": [broken, *records]}, hall.worker)
    assert answered == {"batchItemFailures": [{"itemIdentifier": "broken"}]}
    assert len(hall.outbox.sent) == 3


def test_the_log_of_a_fault_of_ours_quotes_nothing_that_a_citizen_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*arguments: object) -> None:
        raise ValueError("could not convert string to float: 'els secrets de Aina'")

    hall = TownHall()
    monkeypatch.setattr(hall.rows, "load", failing)
    hall.post(events.posted("webhook-hola"))
    noted: list[dict[str, Any]] = []
    monkeypatch.setattr(converse.logger, "error", lambda sentence, extra: noted.append(extra))
    assert len(hall.work()) == 1
    (fields,) = noted
    assert fields["error"] == "ValueError"
    assert "test_converse.py" in fields["reason"]
    assert "Aina" not in str(fields)


def test_a_reply_that_can_never_arrive_is_told_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = TownHall()
    hall.outbox.failures = [Refused("WhatsApp error 100")]
    noted: list[dict[str, Any]] = []
    monkeypatch.setattr(converse.logger, "warning", lambda sentence, extra: noted.append(extra))
    hall.take("webhook-hola")
    assert [fields["reason"] for fields in noted] == ["WhatsApp error 100"]
    assert hall.outbox.sent == []


def test_a_batch_of_nothing_is_answered() -> None:
    assert converse.respond({"Records": []}, TownHall().worker) == {"batchItemFailures": []}
