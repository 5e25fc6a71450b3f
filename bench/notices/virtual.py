"""A clock that jumps: when every thread that takes part sleeps, it is the hour at which the first of them wakes.

Threads are real, so that locks and races are, and waiting costs nothing. A thread that waits for something else than
the clock (another thread, say) must stand aside meanwhile, or time would stop.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta


class VirtualClock:
    """``now`` and ``monotonic`` tell the hour, ``sleep`` waits for another."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._seconds = 0.0
        self._lock = threading.Lock()
        self._awake = 0
        self._sleepers: list[tuple[float, int, threading.Event]] = []
        self._order = itertools.count()

    def monotonic(self) -> float:
        return self._seconds

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._seconds)

    def sleep(self, seconds: float) -> None:
        """For the threads that take part."""
        if seconds <= 0:
            return
        waked = threading.Event()
        with self._lock:
            heapq.heappush(self._sleepers, (self._seconds + seconds, next(self._order), waked))
            self._awake -= 1
            self._jump()
        waked.wait()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While this thread waits for another."""
        self._leave()
        try:
            yield
        finally:
            self._join()

    def threads(self, works: list[Callable[[], None]]) -> list[threading.Thread]:
        """Start one thread for each of ``works``, all of them taking part from the start."""
        with self._lock:
            self._awake += len(works)
        threads = [threading.Thread(target=self._run, args=(work,), daemon=True) for work in works]
        for thread in threads:
            thread.start()
        return threads

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self._leave()

    def _join(self) -> None:
        with self._lock:
            self._awake += 1

    def _leave(self) -> None:
        with self._lock:
            self._awake -= 1
            self._jump()

    def _jump(self) -> None:
        """Under the lock: on to the next hour at which somebody wakes, if nobody is awake."""
        if self._awake == 0 and self._sleepers:
            at, _, waked = heapq.heappop(self._sleepers)
            self._seconds = max(self._seconds, at)
            self._awake += 1
            waked.set()
