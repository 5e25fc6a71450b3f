"""A batch of the queue: each record alone, a citizen's in order, none begun that cannot be finished."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from canal.dialogue.messages import Inbound, Sender, Text
from canal.errors import CanalError, Stopped, Temporary
from canal.services.worker import Worker

from tests.builders import NOON
from tests.fakes import FakePatience


class FakeConversation:
    """Answers everything but what it is told to fail on."""

    def __init__(self, failing: dict[str, Exception] | None = None) -> None:
        self.failing = failing or {}
        self.answered: list[str] = []

    def answer(self, inbound: Inbound) -> None:
        if inbound.id in self.failing:
            raise self.failing[inbound.id]
        self.answered.append(inbound.id)


def record(name: str, group: str, tries: int = 1) -> dict[str, Any]:
    attributes = {"MessageGroupId": group, "ApproximateReceiveCount": str(tries), "SentTimestamp": "1795420800000"}
    return {"messageId": name, "receiptHandle": name, "body": json.dumps({"id": name}), "attributes": attributes}


def translate(queued: dict[str, Any], at: datetime) -> Inbound:
    return Inbound(queued["id"], Sender("ES.1", None), NOON, Text("Hola"))


def worker(conversation: FakeConversation, patience: FakePatience) -> Worker:
    return Worker(conversation, translate, patience)  # type: ignore[arg-type]  # a fake of the one method used


def test_one_failure_gives_back_only_that_citizens_messages_in_order() -> None:
    conversation, patience = FakeConversation({"a2": Temporary("503")}), FakePatience()
    records = [record("a1", "A"), record("a2", "A", tries=3), record("b1", "B"), record("a3", "A")]
    outcome = worker(conversation, patience).run(records)
    assert conversation.answered == ["a1", "b1"]
    assert outcome.failed == ["a2", "a3"]
    assert patience.waits == [("a2", 3), ("a3", 3)]


@pytest.mark.parametrize("error", [Temporary("x"), Stopped("190"), ValueError("a fault of ours"), RecursionError()])
def test_whatever_fails_the_record_goes_back_and_the_others_go_on(error: Exception) -> None:
    conversation = FakeConversation({"a1": error})
    outcome = worker(conversation, FakePatience()).run([record("a1", "A"), record("b1", "B")])
    assert outcome.failed == ["a1"]
    assert outcome.errors == [("a1", error)]
    assert outcome.answered == 1


def test_a_body_that_cannot_be_read_goes_back_too() -> None:
    broken = {**record("a1", "A"), "body": "{"}
    assert worker(FakeConversation(), FakePatience()).run([broken]).failed == ["a1"]


def test_a_queue_that_does_not_answer_about_delays_changes_nothing() -> None:
    class Deaf(FakePatience):
        def wait(self, record: Any, tries: int) -> None:
            raise Temporary("SQS")

    outcome = worker(FakeConversation({"a1": Temporary("x")}), Deaf()).run([record("a1", "A")])
    assert outcome.failed == ["a1"]


def test_no_record_is_begun_that_may_not_be_finished_and_those_come_back_at_once() -> None:
    conversation, patience = FakeConversation(), FakePatience()
    left = iter([20.0, 14.0, 12.0, 5.0])
    records = [record(name, group) for name, group in (("a1", "A"), ("b1", "B"), ("a2", "A"), ("c1", "C"))]
    outcome = worker(conversation, patience).run(records, lambda: next(left))
    assert conversation.answered == ["a1", "b1"]
    assert outcome.failed == ["a2", "c1"]
    assert patience.waits == [("a2", 0), ("c1", 0)]
    assert outcome.errors == []


def test_the_errors_that_are_caught_are_ordinary_ones() -> None:
    class Conversation(FakeConversation):
        def answer(self, inbound: Inbound) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker(Conversation(), FakePatience()).run([record("a1", "A")])
    assert issubclass(Stopped, CanalError)
