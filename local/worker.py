"""Lambda's event sources on one machine: polls the queues of ``template.yaml`` and calls their functions.

As Lambda does: a batch is deleted when its function returns, but for the records it names as failed; those, and all
of a batch whose function failed, come back when the queue says so. No more batches of a queue run at the same time than
its MaximumConcurrency, and where that is what limits them, each runs in a copy of the function that does nothing else
meanwhile: the pace of notices rests on both.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import boto3

from local import addresses, schedules
from local.lambdas import Handler, context_of, handler_of
from local.template import Function, functions, load, resolved

WORKERS = 4  # batches of a queue that run at the same time, where its MaximumConcurrency allows more
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

    ``handlers``: the function, or a copy of it, for each batch that may run at the same time.
    """

    def __init__(self, function: Function, handlers: Sequence[Handler], queue_url: str, batch_size: int) -> None:
        self._function = function
        self._url = queue_url
        self._batch_size = min(batch_size, 10)
        self._sqs = boto3.session.Session().client("sqs")
        self._workers = len(handlers)
        self._free = threading.Semaphore(self._workers)
        self._idle: SimpleQueue[Handler] = SimpleQueue()
        for handler in handlers:
            self._idle.put(handler)

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
        event = {"Records": [record(message, self._url) for message in received]}
        handler = self._idle.get()
        try:
            answer = handler(event, context_of(self._function)) or {}
        except Exception as error:
            complain(self._function.name, error)
            return {message["MessageId"] for message in received}
        finally:
            self._idle.put(handler)
        return {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", ())}

    def _delete(self, received: list[dict[str, Any]], failed: set[str]) -> None:
        done = [message for message in received if message["MessageId"] not in failed]
        if done:
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(done)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)


def complain(name: str, error: Exception) -> None:
    print(f"{name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


def record(message: Mapping[str, Any], url: str = "") -> dict[str, Any]:
    """A message of the queue at ``url`` as Lambda's SQS event has it; without one it does not say which queue."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": message.get("MessageAttributes", {}),
        "eventSource": "aws:sqs",
        **({"eventSourceARN": ":".join(("arn:aws:sqs", addresses.REGION, *url.split("/")[-2:]))} if url else {}),
        "awsRegion": addresses.REGION,
    }


def queue_url(reference: Any) -> str:
    """The address of the queue an event names (``!GetAtt ConversationQueue.Arn``)."""
    logical = reference["Fn::GetAtt"][0] if isinstance(reference, Mapping) else reference
    resources = boto3.client("cloudformation").describe_stack_resources(StackName="canal-local")["StackResources"]
    url: str = next(r["PhysicalResourceId"] for r in resources if r["LogicalResourceId"] == logical)
    return url


def handlers(function: Function, most: int | None) -> list[Handler]:
    """One for each batch that may run at the same time; ``most`` as the event source says, None where it does not.

    Copies where we run as many as AWS would; else one for all, since each copy loads the town's content for itself.
    """
    here = int(os.environ.get("CANAL_WORKERS") or WORKERS)
    if most is not None and most <= here:
        return [handler_of(function) for _ in range(most)]
    return [handler_of(function)] * here


def concurrency(event: Mapping[str, Any], parameters: Mapping[str, Mapping[str, Any]]) -> int | None:
    """The MaximumConcurrency of an event source, if it has one."""
    most = event.get("ScalingConfig", {}).get("MaximumConcurrency")
    return None if most is None else int(resolved(most, parameters))


def main() -> None:
    template = load()
    sources = [
        EventSource(
            function,
            handlers(function, concurrency(event, template["Parameters"])),
            queue_url(event["Queue"]),
            event.get("BatchSize", 10),
        )
        for function in functions(template)
        for event in function.called_by("SQS")
    ]
    threads = [threading.Thread(target=source.run, daemon=True) for source in sources]
    for thread in threads:
        thread.start()
    schedules.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
