"""The pace of one worker: at most its share of the number's messages a second, whatever its threads do.

There is no counter that workers share: each takes a slot of its own share for every message. A slot that nobody was
there to take (the end of a batch, a slow answer) is made up for within a second, at twice the pace at most; in no
second are there more messages than the share. The object outlives an invocation, and so does what it remembers.
"""

from __future__ import annotations

from collections import deque
from math import ceil, inf
from threading import Lock

from canal.services.notices.crew import MOST, Timing

MARGIN = 1.003  # slots are a little longer than they might be: threads do not wake to the millisecond
MADE_UP = 1.0  # seconds of arrears, at most
IDLE = 2.0  # seconds; a longer pause leaves no arrears: others may have sent meanwhile
TENTH = 0.9  # what is left of the rate after WhatsApp found it too high
SLOWEST = 0.1  # of the rate
RECOVERY = 2.0  # seconds without a complaint until the last tenth is back
SAME = 1.0  # seconds in which further complaints are about messages that had left already


class Pace:
    """``wait`` before each message. Threads share it; no lock is held while one waits."""

    def __init__(self, rate: float, timing: Timing) -> None:
        """``rate`` is messages per second, above 0."""
        self._timing = timing
        self._rate = rate
        self._share = 1.0
        self._most = ceil(rate)  # messages in a second, or a little more
        self._taken: deque[float] = deque(maxlen=self._most + MOST)  # slots: as many, and one ahead for each thread
        self._last = self._due = self._held_until = -inf
        self._slowed_at = self._faster_at = -inf
        self._turn = 0
        self._lock = Lock()

    @property
    def rate(self) -> float:
        """Messages per second at this moment."""
        return self._rate * self._share

    def wait(self) -> None:
        """Until it is this message's turn."""
        while True:
            with self._lock:
                turn, now = self._turn, self._timing.clock()
                slot = self._next(now)
            if slot > now:
                self._timing.sleep(slot - now)
            with self._lock:
                if turn == self._turn:
                    return  # else everybody was told to wait meanwhile

    def hold(self, seconds: float) -> None:
        """WhatsApp found it too fast: everybody waits, then goes a tenth slower for a while."""
        with self._lock:
            now = self._timing.clock()
            if now - self._slowed_at >= SAME:
                self._share = max(SLOWEST, self._share * TENTH)
                self._slowed_at = now
            self._held_until = max(self._held_until, now + seconds)
            self._faster_at = self._held_until + RECOVERY
            while self._taken and self._taken[-1] > now:
                self._taken.pop()  # nothing was sent in those
            self._due = self._last = self._held_until
            self._turn += 1

    def _next(self, now: float) -> float:
        """Take the next slot; when it begins."""
        if self._share < 1 and now >= self._faster_at:
            self._share = min(1.0, self._share / TENTH)
            self._faster_at = now + RECOVERY
        if now - self._last > IDLE:
            self._due = now
        interval = MARGIN / self.rate
        full = len(self._taken) >= self._most
        free_at = self._taken[-self._most] + self._most * MARGIN / self._rate if full else -inf
        self._due = max(self._due, now - MADE_UP)
        slot = max(now, self._due, self._last + interval / 2, free_at, self._held_until)
        self._due += interval
        self._last = slot
        self._taken.append(slot)
        return slot
