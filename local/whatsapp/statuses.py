"""Sent, delivered, read, failed: what Meta tells the town about its own messages, in batches when there are many."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local.whatsapp import envelope
from local.whatsapp.citizens import Citizen
from local.whatsapp.config import Config
from local.whatsapp.errors import GraphError
from local.whatsapp.scheduler import Clock, Scheduler

BATCH = 200
KEEP = 300_000
FREE_SERVICE_MESSAGES = 1000  # a month and number


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was accepted, as far as its statuses need it."""

    wamid: str
    citizen: Citizen
    by_phone: bool  # sent to a number, not to a user id
    callback_data: str | None
    category: str  # service, utility, marketing, authentication
    kind: str  # the message's type


def status(sent: Sent, word: str, at: float, pricing: dict[str, Any] | None = None) -> dict[str, Any]:
    """The item of ``statuses``."""
    phone = sent.citizen.phone if sent.by_phone else sent.citizen.wa_id
    return {
        "id": sent.wamid,
        "status": word,
        "timestamp": str(int(at)),
        **({"recipient_id": phone} if phone else {}),
        **({"recipient_user_id": sent.citizen.user_id} if sent.citizen.user_id else {}),
        **({"biz_opaque_callback_data": sent.callback_data} if sent.callback_data else {}),
        **({"pricing": pricing} if pricing else {}),
    }


def failed(sent: Sent, error: GraphError, at: float) -> dict[str, Any]:
    """A ``failed`` status: the user id only if it was sent to one."""
    item = status(sent, "failed", at) | {"errors": [error.as_status_error()]}
    if sent.by_phone:
        item.pop("recipient_user_id", None)
    return item


def contact(sent: Sent) -> dict[str, Any]:
    """The item of ``contacts`` beside a status: with the number if it was sent to the number."""
    shown = sent.citizen.contact()
    return {**shown, "wa_id": sent.citizen.phone} if sent.by_phone and sent.citizen.phone else shown


class Statuses:
    """Collects what is due and hands it over as few webhooks; sending a message costs no more than a push."""

    def __init__(
        self, config: Config, scheduler: Scheduler, clock: Clock, deliver: Callable[[dict[str, Any]], object]
    ) -> None:
        self._config, self._scheduler, self._clock, self._deliver = config, scheduler, clock, deliver
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._heap: list[tuple[float, int, Sent, str, GraphError | None]] = []
        self._flush_at: float | None = None
        self._delivered_service = 0

    def reset(self) -> None:
        with self._lock:
            self._heap.clear()
            self._flush_at = None
            self._delivered_service = 0

    def accepted(self, sent: Sent, words: Sequence[str], delays: dict[str, float]) -> None:
        """Promise the usual statuses; of a reaction only ``sent`` ever comes."""
        wanted = [word for word in words if sent.kind != "reaction" or word == "sent"]
        self._push([(self._clock() + delays.get(word, 0), sent, word, None) for word in wanted])

    def failed(self, sent: Sent, error: GraphError, delay: float = 0) -> None:
        self._push([(self._clock() + delay, sent, "failed", error)])

    def _push(self, items: list[tuple[float, Sent, str, GraphError | None]]) -> None:
        with self._lock:
            if len(self._heap) > KEEP:
                return
            for due, sent, word, error in items:
                heapq.heappush(self._heap, (due, next(self._numbers), sent, word, error))
            self._plan()

    def _plan(self) -> None:
        """Schedule the next flush, unless one at least as early is planned."""
        if self._heap and (self._flush_at is None or self._heap[0][0] < self._flush_at):
            self._flush_at = self._heap[0][0]
            self._scheduler.at(self._flush_at, self._flush)

    def _flush(self) -> None:
        with self._lock:
            now = self._clock()
            due: list[tuple[float, int, Sent, str, GraphError | None]] = []
            while self._heap and self._heap[0][0] <= now and len(due) < BATCH:
                due.append(heapq.heappop(self._heap))
            changes = [self._change(at, sent, word, error) for at, _, sent, word, error in due]
            self._flush_at = None
            self._plan()
        if changes:
            self._deliver(envelope.envelope(self._config, changes))

    def _change(self, at: float, sent: Sent, word: str, error: GraphError | None) -> dict[str, Any]:
        if error is not None:
            return envelope.change(self._config, statuses=[failed(sent, error, at)])
        pricing = self._pricing(sent, word) if word in ("sent", "delivered") else None
        return envelope.change(self._config, contacts=[contact(sent)], statuses=[status(sent, word, at, pricing)])

    def _pricing(self, sent: Sent, word: str) -> dict[str, Any]:
        free = sent.category == "service" and self._delivered_service < FREE_SERVICE_MESSAGES
        if word == "delivered" and sent.category == "service":
            self._delivered_service += 1
        kind = "free_customer_service" if free else "regular"
        return {"billable": not free, "pricing_model": "PMP", "type": kind, "category": sent.category}
