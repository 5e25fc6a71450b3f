"""The mended FIFO queues keep what SQS promises."""

from __future__ import annotations

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
