"""How fast the town may send: messages a second of its number, and messages to one person. Off unless asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

PAIR_SECONDS = 6.0  # one message to a person costs so much of their time
PAIR_BURST = 45  # so many may be borrowed within one such time
KEEP = 100_000


class Throughput:
    """A bucket of one second's worth of messages (130429)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens, self._at = 0.0, float("-inf")

    def allows(self, now: float, per_second: float | None) -> bool:
        if per_second is None:
            return True
        with self._lock:
            elapsed = max(now - self._at, 0.0)
            self._tokens = min(per_second, self._tokens + elapsed * per_second)
            self._at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


@dataclass(slots=True)
class _Pair:
    burst_from: float
    in_burst: int
    paid_until: float


class PairRate:
    """One message every 6 s to the same person; up to 45 within 6 s, paid back by waiting (131056)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pairs: OrderedDict[str, _Pair] = OrderedDict()

    def reset(self) -> None:
        with self._lock:
            self._pairs.clear()

    def allows(self, now: float, person: str) -> bool:
        with self._lock:
            pair = self._pairs.get(person)
            if pair is None or now >= pair.paid_until:
                pair = self._pairs[person] = _Pair(now, 0, now)
            if now - pair.burst_from >= PAIR_SECONDS or pair.in_burst >= PAIR_BURST:
                return False
            pair.in_burst += 1
            pair.paid_until += PAIR_SECONDS
            self._pairs.move_to_end(person)
            while len(self._pairs) > KEEP:
                self._pairs.popitem(last=False)
            return True
