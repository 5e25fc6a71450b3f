"""moto's queues with two faults of FIFO ones mended, so that they keep what SQS promises, and one of speed.

- moto holds a citizen's messages back while one of them is in flight, and takes for in flight also those whose time-out
  is over: when several come back together, each blocks the ones before it and the last is handed out first. SQS hands
  them out in order. Here only what is still hidden counts as in flight.
- moto knows a repeated deduplication id only while the first message is still in the queue. SQS remembers it for five
  minutes, however quickly the first was dealt with.
- moto counts all messages of a queue, and asks the calendar for the hour twice for each, whenever one of them is sent
  or received: with four hundred that wait, a receive takes 60 ms. Here the clock is read once, and nothing is counted
  to see how long a queue keeps its messages.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable

from moto.core.utils import camelcase_to_underscores
from moto.sqs import models
from moto.sqs.models import Message, Queue, SQSBackend

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


# --- how quick they are ---------------------------------------------------------------------------


def milliseconds() -> float:
    return time.time() * 1000


def visible(queue: Queue) -> list[Message]:
    """The messages that may be handed out now."""
    now = milliseconds()
    return [each for each in list(queue._messages) if each.visible_at < now and each.delayed_until <= now]


def hidden_count(queue: Queue) -> int:
    now = milliseconds()
    return sum(each.visible_at >= now for each in list(queue._messages))


def delayed_count(queue: Queue) -> int:
    now = milliseconds()
    return sum(each.delayed_until > now for each in list(queue._messages))


def is_kept(backend: SQSBackend, queue_name: str, message: Message) -> bool:
    """Whether a message is younger than its queue keeps them."""
    seconds: int = backend.get_queue(queue_name).message_retention_period  # type: ignore[attr-defined]
    sent: float = message.sent_timestamp  # type: ignore[assignment]  # it is in the queue, and so was sent
    return seconds + sent / 1000 > time.time()


def quicken() -> None:
    vars(models)["unix_time_millis"] = milliseconds
    vars(models)["camelcase_to_underscores"] = functools.cache(camelcase_to_underscores)
    Queue.messages = property(visible)  # type: ignore[assignment,method-assign]
    Queue.approximate_number_of_messages_not_visible = property(hidden_count)  # type: ignore[assignment,method-assign]
    Queue.approximate_number_of_messages_delayed = property(delayed_count)  # type: ignore[assignment,method-assign]
    SQSBackend.is_message_valid_based_on_retention_period = is_kept  # type: ignore[method-assign,assignment]


def mend() -> None:
    """Put all in place; once per process."""
    if Queue.add_message.__module__ != __name__:
        quicken()
        Queue.pending_message_groups = property(groups_in_flight)  # type: ignore[assignment,method-assign]  # a property
        Queue.add_message = remembering(Queue.add_message)  # type: ignore[method-assign,assignment]
