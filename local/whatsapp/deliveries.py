"""Webhooks on their way to the town: posted at once, and again with growing pauses until they are answered 200."""

from __future__ import annotations

import http.client
import itertools
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from local.whatsapp.scheduler import Clock, Scheduler

Post = Callable[[str, bytes, dict[str, str], float], int]  # url, body, headers, seconds -> HTTP status, 0: no answer
KEEP_DONE = 500


@dataclass(slots=True)
class Delivery:
    """One POST, however often it is tried."""

    id: int
    url: str
    body: bytes
    headers: dict[str, str]
    lane: str | None
    wamids: tuple[str, ...]
    created_at: float
    attempts: int = 0
    results: list[int] = field(default_factory=list)  # HTTP status of each attempt
    next_at: float | None = None
    state: str = "pending"  # delivered, dropped
    done: threading.Event = field(default_factory=threading.Event)

    def public(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "state": self.state,
            "attempts": self.attempts,
            "results": self.results[-20:],
            "next_at": self.next_at,
            "created_at": self.created_at,
            "wamids": list(self.wamids),
            "bytes": len(self.body),
        }


class Deliveries:
    """First attempts in one lane (a citizen's messages) follow each other; all else goes out at the same time."""

    def __init__(
        self,
        scheduler: Scheduler,
        clock: Clock,
        post: Post,
        *,
        timeout: float,
        delays: Sequence[float],
        give_up_after: float,
        keep_pending: int,
        on_delivered: Callable[[Delivery], None],
    ) -> None:
        self._scheduler, self._clock, self._post = scheduler, clock, post
        self._timeout, self._delays, self._give_up_after = timeout, delays, give_up_after
        self._keep_pending, self._on_delivered = keep_pending, on_delivered
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._pending: OrderedDict[int, Delivery] = OrderedDict()
        self._done: deque[Delivery] = deque(maxlen=KEEP_DONE)
        self._lanes: dict[str, deque[Delivery]] = {}
        self._counts = {"delivered": 0, "dropped": 0, "attempts": 0}

    def submit(
        self,
        url: str,
        body: bytes,
        headers: dict[str, str],
        *,
        delay: float = 0,
        lane: str | None = None,
        wamids: tuple[str, ...] = (),
    ) -> Delivery:
        now = self._clock()
        delivery = Delivery(next(self._numbers), url, body, headers, lane, wamids, now, next_at=now + delay)
        with self._lock:
            self._pending[delivery.id] = delivery
            while len(self._pending) > self._keep_pending:
                self._finish(next(iter(self._pending.values())), "dropped")
            if lane is not None and not delay:
                waiting = self._lanes.get(lane)
                if waiting is not None:
                    waiting.append(delivery)
                    return delivery
                self._lanes[lane] = deque()
        self._schedule(delivery, now + delay)
        return delivery

    def reset(self) -> None:
        with self._lock:
            self._pending.clear()
            self._done.clear()
            self._lanes.clear()
            self._counts = dict.fromkeys(self._counts, 0)

    def state(self) -> dict[str, Any]:
        with self._lock:
            pending = list(itertools.islice(self._pending.values(), 200))
            return {
                **self._counts,
                "pending": len(self._pending),
                "waiting": [delivery.public() for delivery in pending],
                "recent": [delivery.public() for delivery in list(self._done)[-100:]],
            }

    def retry_now(self) -> int:
        """Try everything that waits at once, as when Meta's next try happens to come now."""
        with self._lock:
            waiting = [delivery for delivery in self._pending.values() if delivery.attempts]
        for delivery in waiting:
            self._schedule(delivery, self._clock())
        return len(waiting)

    def _schedule(self, delivery: Delivery, at: float) -> None:
        delivery.next_at = at
        attempt = delivery.attempts
        self._scheduler.at(at, lambda: self._attempt(delivery, attempt))

    def _attempt(self, delivery: Delivery, attempt: int) -> None:
        with self._lock:
            due = delivery.id in self._pending and delivery.attempts == attempt
            if due:
                delivery.attempts += 1
                self._counts["attempts"] += 1
        if due:  # else it was forgotten, or another task has tried it
            self._try(delivery, attempt)
        if attempt == 0 and delivery.lane is not None:
            self._next_in_lane(delivery.lane)

    def _try(self, delivery: Delivery, attempt: int) -> None:
        status = self._post(delivery.url, delivery.body, delivery.headers, self._timeout)
        delivery.results.append(status)
        with self._lock:
            if status == 200:
                self._finish(delivery, "delivered")
            elif self._clock() - delivery.created_at > self._give_up_after:
                self._finish(delivery, "dropped")
        if delivery.state == "pending":
            delay = self._delays[min(attempt, len(self._delays) - 1)]
            self._schedule(delivery, self._clock() + delay)
        elif delivery.state == "delivered":
            self._on_delivered(delivery)

    def _next_in_lane(self, lane: str) -> None:
        with self._lock:
            waiting = self._lanes.get(lane)
            if not waiting:
                self._lanes.pop(lane, None)
                return
            following = waiting.popleft()
        self._schedule(following, self._clock())

    def _finish(self, delivery: Delivery, state: str) -> None:
        delivery.state, delivery.next_at = state, None
        self._pending.pop(delivery.id, None)
        self._done.append(delivery)
        self._counts[state] += 1
        delivery.done.set()


def post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> int:
    """POST over a connection of its own; 0 when nobody answered in time."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read(65_536)
        return response.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
