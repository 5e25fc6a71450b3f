"""moto's FIFO queues with two faults mended, so that they keep what SQS promises.

- moto holds a citizen's messages back while one of them is in flight, and takes for in flight also those whose time-out
  is over: when several come back together, each blocks the ones before it and the last is handed out first. SQS hands
  them out in order. Here only what is still hidden counts as in flight.
- moto knows a repeated deduplication id only while the first message is still in the queue. SQS remembers it for five
  minutes, however quickly the first was dealt with.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from moto.sqs.models import Message, Queue

REMEMBERED_SECONDS = 300

Known = dict[tuple[str, str], float]  # group and deduplication id -> when it was taken

_lock = threading.Lock()


def groups_in_flight(queue: Queue) -> set[str]:
    """The groups of which a message is with somebody right now."""
    hidden = (message for message in list(queue.pending_messages) if not message.visible)
    return {message.group_id for message in hidden if message.group_id is not None}


def is_repeated(queue: Queue, message: Message) -> bool:
    """Whether a message of this group and deduplication id was taken within five minutes; notes it if not."""
    if not queue.fifo_queue or not message.deduplication_id:
        return False
    key, now = (message.group_id or "", message.deduplication_id), time.time()
    with _lock:
        known: Known = queue.__dict__.setdefault("_canal_known", {})
        for old in [key for key, taken in known.items() if now - taken > REMEMBERED_SECONDS]:
            del known[old]
        return known.setdefault(key, now) != now


def remembering(add: Callable[[Queue, Message], None]) -> Callable[[Queue, Message], None]:
    def add_message(self: Queue, message: Message) -> None:
        if not is_repeated(self, message):
            add(self, message)

    return add_message


def mend() -> None:
    """Put both in place; once per process."""
    if Queue.add_message.__module__ != __name__:
        Queue.pending_message_groups = property(groups_in_flight)  # type: ignore[assignment,method-assign]  # a property
        Queue.add_message = remembering(Queue.add_message)  # type: ignore[method-assign,assignment]
