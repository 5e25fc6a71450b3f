"""A batch of the conversation queue: each record alone, none of a citizen's after one that failed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from typing import Any, Protocol

from canal.dialogue.messages import Inbound
from canal.errors import CanalError
from canal.services.conversation import Conversation

Record = Mapping[str, Any]  # of an SQS event
Translate = Callable[[dict[str, Any], datetime], Inbound]  # a queued message, and when it was queued


class Waiting(Protocol):
    """Makes the queue wait before it gives records back."""

    def wait(self, record: Record, tries: int) -> None:
        """Hide ``record``, the longer the more ``tries`` there were; raises Temporary."""
        ...


# The longest that one record may take: its calls' time-outs, one after another.
SLOWEST_RECORD = 13.0  # seconds


@dataclass(slots=True)
class Outcome:
    """What became of a batch: message ids to give back, the failures to log, how many were answered.

    ``undelivered`` are messages that were run, but whose reply can never arrive, with the reason.
    """

    failed: list[str] = field(default_factory=list)
    errors: list[tuple[str, Exception]] = field(default_factory=list)
    undelivered: list[tuple[str, str]] = field(default_factory=list)
    answered: int = 0


class Worker:
    """Runs records of the conversation queue."""

    def __init__(self, conversation: Conversation, translate: Translate, patience: Waiting) -> None:
        self._conversation = conversation
        self._translate = translate
        self._patience = patience

    def run(self, records: Iterable[Record], seconds_left: Callable[[], float] = lambda: inf) -> Outcome:
        """Answer each record. One that fails goes back, and with it the rest of its citizen's, in order.

        None is begun that may not be finished: cut off in the middle, it would have to wait for the queue's own
        time-out, and the citizen with it.
        """
        outcome = Outcome()
        stopped: dict[str, int] = {}  # citizen's group: how often the record that failed was tried
        for record in records:
            group, tries = record["attributes"]["MessageGroupId"], tries_of(record)
            if seconds_left() < SLOWEST_RECORD:
                stopped.setdefault(group, 0)
            if group not in stopped:
                try:
                    turn = self._conversation.answer(self._translate(json.loads(record["body"]), queued_at(record)))
                    if turn and turn.state == "undeliverable":
                        outcome.undelivered.append((record["messageId"], turn.reason))
                    outcome.answered += 1
                    continue
                except Exception as error:  # whatever failed, the record must go back to the queue
                    stopped[group] = tries
                    outcome.errors.append((record["messageId"], error))
            outcome.failed.append(record["messageId"])
            self._hide(record, stopped[group])
        return outcome

    def _hide(self, record: Record, tries: int) -> None:
        """The citizen's records come back together; without this the queue's own time-out applies."""
        with suppress(CanalError):
            self._patience.wait(record, tries)


def tries_of(record: Record) -> int:
    """How often the queue has given this record out, this time included."""
    return int(record["attributes"]["ApproximateReceiveCount"])


def queued_at(record: Record) -> datetime:
    """When ``receive`` put it on the queue."""
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
