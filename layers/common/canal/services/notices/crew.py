"""The threads of one worker, and the clock that they go by. Both are given, so that hours of sending can be tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from threading import Lock, Thread

LATENCY = 0.4  # seconds that a recipient takes: claim, WhatsApp's answer, note
SPARE = 4  # threads for those that wait for an answer that does not come
MOST = 32

Crew = Callable[[int, Callable[[], None]], None]  # see ``start``


@dataclass(frozen=True, slots=True)
class Timing:
    """``now`` is the hour; ``clock`` counts seconds from anywhere, and ``sleep`` lets some of them pass."""

    now: Callable[[], datetime]
    clock: Callable[[], float]
    sleep: Callable[[float], None]


def size(rate: float) -> int:
    """How many threads hold ``rate`` messages a second."""
    return min(MOST, ceil(rate * LATENCY) + SPARE)


def start(count: int, work: Callable[[], None]) -> None:
    """Run ``work`` on ``count`` threads. Nobody waits for them here: see ``Supply.wait``."""
    for _ in range(count):
        Thread(target=work, daemon=True).start()


class Away:
    """How many threads wait for WhatsApp, for an answer or between two tries: ``with away: …``."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.count += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.count -= 1
