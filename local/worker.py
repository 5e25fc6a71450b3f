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
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3

from local import addresses, schedules
from local.lambdas import Handler, context_of, handler_of
from local.template import Function, functions, load

WORKERS = 4  # batches of a queue that run at the same time
BUSY_PAUSE, IDLE_PAUSE = 0.02, 0.1  # seconds between two looks at an empty queue
IDLE_AFTER = 5.0  # seconds
HEARTBEAT = addresses.RUN_FOLDER / "worker.alive"
STALE_SECONDS = 10


class EventSource:
    """Takes the batches of one queue to one function.

    One thread receives and others work, each queue with its own: a photo that takes long keeps no citizen waiting.
    moto notes which citizens are in flight once, when a receive begins: two receives at the same time, or one that
    waits, could give two messages of one citizen to two workers. So there is one receive of a queue at a time and none
    of them waits; SQS itself needs neither care.
    """

    def __init__(self, function: Function, handler: Handler, queue_url: str, batch_size: int) -> None:
        self._function = function
        self._handler = handler
        self._url = queue_url
        self._batch_size = min(batch_size, 10)
        self._sqs = boto3.session.Session().client("sqs")
        self._workers = int(os.environ.get("CANAL_WORKERS") or WORKERS)
        self._free = threading.Semaphore(self._workers)

    def run(self) -> None:
        """Until the process ends."""
        last_seen = time.monotonic()
        with ThreadPoolExecutor(self._workers) as pool:
            while True:
                HEARTBEAT.touch()
                while not self._free.acquire(timeout=1):  # all at work, and so alive
                    HEARTBEAT.touch()
                received = self._receive()
                if received:
                    last_seen = time.monotonic()
                    pool.submit(self._work, received)
                    continue
                self._free.release()
                time.sleep(IDLE_PAUSE if time.monotonic() - last_seen > IDLE_AFTER else BUSY_PAUSE)

    def _receive(self) -> list[dict[str, Any]]:
        try:
            received: list[dict[str, Any]] = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=self._batch_size,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            return received
        except Exception as error:  # the cloud process may be starting; an event source never dies
            complain(self._function.name, error)
            return []

    def _work(self, received: list[dict[str, Any]]) -> None:
        try:
            self._delete(received, self._failed(received))
        except Exception as error:
            complain(self._function.name, error)
        finally:
            self._free.release()

    def _failed(self, received: list[dict[str, Any]]) -> set[str]:
        """The message ids that the function did not finish."""
        event = {"Records": [record(message) for message in received]}
        try:
            answer = self._handler(event, context_of(self._function)) or {}
        except Exception as error:
            complain(self._function.name, error)
            return {message["MessageId"] for message in received}
        return {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", ())}

    def _delete(self, received: list[dict[str, Any]], failed: set[str]) -> None:
        done = [message for message in received if message["MessageId"] not in failed]
        if done:
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(done)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)


def complain(name: str, error: Exception) -> None:
    print(f"{name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


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
    resources = boto3.client("cloudformation").describe_stack_resources(StackName="canal-local")["StackResources"]
    url: str = next(r["PhysicalResourceId"] for r in resources if r["LogicalResourceId"] == logical)
    return url


def main() -> None:
    sources = [
        EventSource(function, handler, queue_url(event["Queue"]), event.get("BatchSize", 10))
        for function in functions(load())
        if (events := list(function.called_by("SQS")))
        for handler in [handler_of(function)]
        for event in events
    ]
    threads = [threading.Thread(target=source.run, daemon=True) for source in sources]
    for thread in threads:
        thread.start()
    schedules.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
