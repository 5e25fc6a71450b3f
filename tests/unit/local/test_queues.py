"""The mended queues keep what SQS promises, also when many messages wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local import queues

queues.mend()


class Fifo:
    """A FIFO queue as ``template.yaml`` wants it."""

    def __init__(self) -> None:
        self._sqs = boto3.client("sqs", "eu-south-2")
        wanted = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "VisibilityTimeout": "60"}
        self.url: str = self._sqs.create_queue(QueueName="q.fifo", Attributes=wanted)["QueueUrl"]

    def put(self, body: str, id: str, group: str = "Aina") -> None:
        self._sqs.send_message(QueueUrl=self.url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=id)

    def take(self) -> list[Any]:
        return list(self._sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", []))

    def drop(self, message: Any) -> None:
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def give_back(self, message: Any) -> None:
        self._sqs.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )


@pytest.fixture
def fifo() -> Iterator[Fifo]:
    with mock_aws():
        yield Fifo()


def test_a_message_that_was_dealt_with_is_not_taken_again(fifo: Fifo) -> None:
    fifo.put("hola", "wamid.1")
    fifo.drop(fifo.take()[0])
    fifo.put("hola", "wamid.1")
    assert fifo.take() == []


def test_what_comes_back_together_comes_back_in_order(fifo: Fifo) -> None:
    for number in "123":
        fifo.put(number, number)
    for message in fifo.take():
        fifo.give_back(message)
    assert [message["Body"] for message in fifo.take()] == ["1", "2", "3"]


# --- how quick they are ---------------------------------------------------------------------------


def counts(fifo: Fifo) -> list[int]:
    """How many wait, are with somebody, and are held back."""
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    found = boto3.client("sqs", "eu-south-2").get_queue_attributes(QueueUrl=fifo.url, AttributeNames=names)
    return [int(found["Attributes"][name]) for name in names]


def test_messages_are_counted_by_where_they_are(fifo: Fifo) -> None:
    for number in "123":
        fifo.put(number, number, group=number)
    assert counts(fifo) == [3, 0, 0]
    first, *_ = fifo.take()
    assert counts(fifo) == [0, 3, 0]
    fifo.give_back(first)
    assert counts(fifo) == [1, 2, 0]


def test_a_message_that_is_held_back_is_not_handed_out(fifo: Fifo) -> None:
    sqs = boto3.client("sqs", "eu-south-2")
    url = sqs.create_queue(QueueName="plain")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=60)
    sqs.send_message(QueueUrl=url, MessageBody="now")
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [each["Body"] for each in found] == ["now"]


def test_a_message_older_than_its_queue_keeps_them_is_not_handed_out(
    fifo: Fifo, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifo.put("hola", "wamid.1")
    days = 5 * 86_400  # a queue keeps them for four
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + days)
    assert fifo.take() == []


def test_what_waits_is_not_counted_for_each_that_is_taken(fifo: Fifo, monkeypatch: pytest.MonkeyPatch) -> None:
    """moto did, three times for each: a queue with a thousand statuses stood still."""
    for number in range(30):
        fifo.put("hola", str(number), group=str(number))
    looks: list[float] = []

    def noted() -> float:
        looks.append(time.time() * 1000)
        return looks[-1]

    monkeypatch.setattr(queues, "milliseconds", noted)
    assert len(fifo.take()) == 10
    assert len(looks) < 5
