"""Queues on SQS: what ``receive`` hands over, whole and in order, before it answers Meta."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from canal.errors import Temporary

if TYPE_CHECKING:  # whoever queues cases has no use for webhooks, nor for notices
    from canal.adapters.whatsapp_webhook import QueuedMessage
    from canal.broadcasts.outside import Chunk, PlanJob

BATCH = 10  # SQS takes ten messages at once
BATCH_BYTES = 240_000  # and 256 KB in all, with room for attributes


class ConversationQueue:
    """The FIFO queue of citizens' messages: one group a citizen, deduplicated by message id."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, messages: Sequence[QueuedMessage]) -> None:
        """All of them, each citizen's in order. Raises Temporary if any could not be queued.

        No batch holds two messages of one citizen: if the first of them failed alone, the second would overtake.
        """
        for wave in waves(messages):
            entries = [
                {
                    "MessageBody": message.body,
                    "MessageGroupId": message.group,
                    "MessageDeduplicationId": message.deduplication_id,
                }
                for message in wave
            ]
            send_all(self._sqs, self._url, entries)


class EventsQueue:
    """The queue of statuses and account events: no order, no promise but to arrive."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, messages: Sequence[str]) -> None:
        """All of ``messages`` (JSON texts). Raises Temporary if any could not be queued."""
        send_all(self._sqs, self._url, [{"MessageBody": body} for body in messages])


class IncidentsQueue:
    """The queue of cases that ``functions/incident/route`` is to look at. ``sqs`` is made when it is first needed."""

    def __init__(self, sqs: Callable[[], Any], url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, messages: Sequence[Mapping[str, str]]) -> None:
        """See ``CaseQueue.put``."""
        send_all(self._sqs(), self._url, [{"MessageBody": json.dumps(dict(message))} for message in messages])


class NoticeQueues:
    """The ``Queues`` of notices, by lane: two of planning, two of sending. ``sqs`` is made when it is first needed.

    Who sends nothing gives no ``sending`` queues.
    """

    def __init__(
        self, sqs: Callable[[], Any], planning: Mapping[str, str], sending: Mapping[str, str] | None = None
    ) -> None:
        self._sqs = sqs
        self._planning = planning
        self._sending = sending or {}

    def plan(self, lane: str, jobs: Sequence[PlanJob]) -> None:
        """See ``Queues.plan``."""
        bodies = [{"campaign": job.campaign, "shard": job.shard, "again": job.again} for job in jobs]
        self._put(self._planning[lane], bodies)

    def send(self, lane: str, chunks: Sequence[Chunk]) -> None:
        """See ``Queues.send``."""
        bodies = [{"campaign": chunk.campaign, "citizens": list(chunk.citizens)} for chunk in chunks]
        self._put(self._sending[lane], bodies)

    def _put(self, url: str, bodies: Sequence[Mapping[str, Any]]) -> None:
        if bodies:
            send_all(self._sqs(), url, [{"MessageBody": json.dumps(body)} for body in bodies])


def waves(messages: Sequence[QueuedMessage]) -> Iterator[list[QueuedMessage]]:
    """The n-th messages of every citizen together, for n = 1, 2, ..."""
    by_citizen: dict[str, list[QueuedMessage]] = defaultdict(list)
    for message in messages:
        by_citizen[message.group].append(message)
    for turn in range(max(map(len, by_citizen.values()), default=0)):
        yield [queue[turn] for queue in by_citizen.values() if turn < len(queue)]


def send_all(sqs: Any, url: str, entries: Sequence[dict[str, str]]) -> None:
    """Send ``entries`` in as few batches as SQS's limits allow."""
    for batch in batches(entries):
        try:
            answer = sqs.send_message_batch(
                QueueUrl=url, Entries=[{"Id": str(n), **entry} for n, entry in enumerate(batch)]
            )
        except (BotoCoreError, ClientError) as error:
            raise Temporary(f"SQS: {type(error).__name__}") from error
        if failed := answer.get("Failed"):
            raise Temporary(f"SQS kept {len(failed)} of {len(batch)} messages out")


def batches(entries: Sequence[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """``entries`` cut at ten messages and at SQS's size."""
    batch: list[dict[str, str]] = []
    size = 0
    for entry in entries:
        length = len(entry["MessageBody"].encode())
        if batch and (len(batch) == BATCH or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch
