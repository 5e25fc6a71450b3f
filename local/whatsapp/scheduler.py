"""What happens later: retries, statuses, template reviews. One thread, or none when a test moves the clock."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Clock = Callable[[], float]
Task = Callable[[], None]

logger = logging.getLogger(__name__)
WORKERS = 16


class Scheduler:
    """Tasks with a due time (seconds of ``clock``), oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Task]] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._pool: ThreadPoolExecutor | None = None
        self._closed = False

    def at(self, due: float, task: Task) -> None:
        with self._wake:
            heapq.heappush(self._heap, (due, next(self._numbers), task))
            self._wake.notify()

    def run_due(self) -> int:
        """Run here and now what is due, and what that makes due; returns how many tasks ran."""
        done = 0
        while (task := self._pop_due()) is not None:
            task()
            done += 1
        return done

    def clear(self) -> None:
        with self._wake:
            self._heap.clear()

    def start(self) -> None:
        """Run tasks in the background from now on, several at a time."""
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="whatsapp")
        threading.Thread(target=self._loop, name="whatsapp-scheduler", daemon=True).start()

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _pop_due(self) -> Task | None:
        with self._wake:
            if self._heap and self._heap[0][0] <= self._clock():
                return heapq.heappop(self._heap)[2]
            return None

    def _loop(self) -> None:
        while (task := self._wait_for_task()) is not None:
            assert self._pool is not None
            try:
                self._pool.submit(_run, task)
            except RuntimeError:  # closed between the two lines
                return

    def _wait_for_task(self) -> Task | None:
        with self._wake:
            while not self._closed:
                wait = self._heap[0][0] - self._clock() if self._heap else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._wake.wait(wait)
        return None


def _run(task: Task) -> None:
    try:
        task()
    except Exception:
        logger.exception("A background task of the simulator failed")
