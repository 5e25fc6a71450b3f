"""Both entries and everything between them, with fakes at the ends: what is posted comes out as replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from canal.adapters import whatsapp_webhook
from canal.adapters.outbox import render
from canal.adapters.whatsapp_batch import QueuedMessage
from canal.adapters.whatsapp_payload import inbound
from canal.services.answers import Answers
from canal.services.conversation import Conversation
from canal.services.intake import Intake
from canal.services.worker import Worker

from functions.webhook import converse, receive
from tests import events
from tests.builders import NOON
from tests.fakes import (
    FakeCaseQueue,
    FakeConversations,
    FakeLinks,
    FakeOutbox,
    FakePatience,
    FakeQueue,
    FakeSecret,
    FakeTowns,
)
from tests.towns import alzira

SECRETS = {"app_secret": events.APP_SECRET, "verify_token": events.VERIFY_TOKEN}


class FakeFifo:
    """The conversation queue: a repeated deduplication id is taken and not delivered again."""

    def __init__(self) -> None:
        self.messages: list[QueuedMessage] = []
        self._known: set[str] = set()
        self._given = 0

    def put(self, messages: Sequence[QueuedMessage]) -> None:
        for message in messages:
            if message.deduplication_id not in self._known:
                self._known.add(message.deduplication_id)
                self.messages.append(message)

    def records(self, now: datetime) -> list[dict[str, Any]]:
        """What has not been given out yet, as SQS hands it to a function."""
        fresh, self._given = self.messages[self._given :], len(self.messages)
        return [record(message, number, now) for number, message in enumerate(fresh)]


def record(message: QueuedMessage, number: int, now: datetime) -> dict[str, Any]:
    return {
        "messageId": f"sqs-{number}",
        "receiptHandle": f"handle-{number}",
        "body": message.body,
        "eventSource": "aws:sqs",
        "attributes": {
            "MessageGroupId": message.group,
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(int(now.timestamp() * 1000)),
        },
    }


@dataclass
class TownHall:
    """Alzira with its two entries; ``now`` stands still."""

    now: datetime = NOON
    rows: FakeConversations = field(default_factory=FakeConversations)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    queue: FakeFifo = field(default_factory=FakeFifo)
    routing: FakeCaseQueue = field(default_factory=FakeCaseQueue)
    events: FakeQueue = field(default_factory=FakeQueue)
    secret: FakeSecret = field(default_factory=lambda: FakeSecret(SECRETS))

    @property
    def intake(self) -> Intake:
        return Intake(whatsapp_webhook, self.queue, self.events, self.secret, events.PHONE_NUMBER_ID)

    @property
    def worker(self) -> Worker:
        answers = Answers(self.rows.store, FakeLinks())
        town = FakeTowns(alzira())
        service = Conversation(self.rows, self.outbox, town, render, lambda: self.now, answers, self.routing)
        return Worker(service, inbound, FakePatience())

    def post(self, event: dict[str, Any]) -> int:
        """The status that Meta gets."""
        return int(receive.respond(event, self.intake)["statusCode"])

    def work(self) -> list[str]:
        """Run what is queued; the message ids that go back to the queue."""
        answer = converse.respond({"Records": self.queue.records(self.now)}, self.worker)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def take(self, raw: bytes | str) -> None:
        """A payload (or the one of that name) from the webhook to the reply, nothing going wrong."""
        assert self.post(events.posted(raw)) == 200
        assert self.work() == []
