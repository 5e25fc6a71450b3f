"""Lambda's event sources on one machine: polls the queues of ``template.yaml`` and calls their functions.

As Lambda does: a batch is deleted when its function returns, but for the records it names as failed; those, and all
of a batch whose function failed, come back when the queue says so.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

import boto3

from local import addresses
from local.lambdas import Handler, context_of, handler_of
from local.template import Function, functions, load

POLLERS = 4  # batches of a queue that run at the same time
WAIT_SECONDS = 1
HEARTBEAT = addresses.RUN_FOLDER / "worker.alive"
STALE_SECONDS = 10


class Poller:
    """One thread that takes batches of one queue to one function."""

    def __init__(self, function: Function, handler: Handler, queue_url: str, batch_size: int) -> None:
        self._function = function
        self._handler = handler
        self._url = queue_url
        self._batch_size = min(batch_size, 10)
        self._sqs = boto3.session.Session().client("sqs")

    def run(self) -> None:
        """Until the process ends."""
        while True:
            HEARTBEAT.touch()
            try:
                self.once()
            except Exception as error:  # the cloud process may be restarting; a poller never dies
                print(f"{self._function.name}: {type(error).__name__}", file=sys.stderr, flush=True)
                time.sleep(0.5)

    def once(self) -> None:
        """One batch."""
        received = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=self._batch_size,
            WaitTimeSeconds=WAIT_SECONDS,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if received:
            self._delete(received, self._failed(received))

    def _failed(self, received: list[dict[str, Any]]) -> set[str]:
        """The message ids that the function did not finish."""
        event = {"Records": [record(message) for message in received]}
        try:
            answer = self._handler(event, context_of(self._function)) or {}
        except Exception as error:
            print(
                f"{self._function.name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True
            )
            return {message["MessageId"] for message in received}
        return {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", ())}

    def _delete(self, received: list[dict[str, Any]], failed: set[str]) -> None:
        done = [message for message in received if message["MessageId"] not in failed]
        if done:
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(done)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)


def record(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as Lambda's SQS event has it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": message.get("MessageAttributes", {}),
        "eventSource": "aws:sqs",
        "awsRegion": addresses.REGION,
    }


def queue_url(reference: Any) -> str:
    """The address of the queue an event names (``!GetAtt ConversationQueue.Arn``)."""
    logical = reference["Fn::GetAtt"][0] if isinstance(reference, Mapping) else reference
    resources = boto3.client("cloudformation").describe_stack_resources(StackName="canal-local")[
        "StackResources"
    ]
    url: str = next(r["PhysicalResourceId"] for r in resources if r["LogicalResourceId"] == logical)
    return url


def main() -> None:
    threads = []
    for function in functions(load()):
        queues = list(function.called_by("SQS"))
        if not queues:
            continue
        handler = handler_of(function)
        for event in queues:
            url = queue_url(event["Queue"])
            for _ in range(int(os.environ.get("CANAL_POLLERS") or POLLERS)):
                poller = Poller(function, handler, url, event.get("BatchSize", 10))
                threads.append(threading.Thread(target=poller.run, daemon=True))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
