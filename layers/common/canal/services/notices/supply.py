"""The work of one batch, piece by piece, for threads that ask: the next chunk is read while this one is being sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from canal.broadcasts.outside import CHUNK, Chunk
from canal.services.notices.crew import Away, Timing
from canal.services.notices.recipient import Recipient

POLL = 0.02  # seconds; a thread that finds nothing to do, while others read, looks again after them
LOOK = 0.05  # seconds between two looks at whether all are done

Task = Callable[[], None]


@dataclass(slots=True)
class Part:
    """One record: ``back`` if the queue is to give it again, with the ``error`` that it is for, if it is for one."""

    record: Mapping[str, Any]
    chunk: Chunk
    back: bool = False
    error: Exception | None = None

    def fail(self, error: Exception) -> None:
        self.back, self.error = True, error


class Supply:
    """What the threads of one batch do, until nothing is left."""

    def __init__(
        self,
        parts: Iterable[Part],
        read: Callable[[Part], Sequence[Recipient]],
        send: Callable[[Part, Recipient], None],
        timing: Timing,
        threads: int,
    ) -> None:
        """A chunk is read when fewer recipients than ``threads`` are at hand. ``read`` and ``send`` raise nothing."""
        self._parts = deque(parts)
        self._ready: deque[Task] = deque()
        self._reading = 0
        self._read = read
        self._send = send
        self._timing = timing
        self._threads = self._working = threads
        self._empty_since: float | None = None
        self._faults: list[BaseException] = []
        self._lock = Lock()

    def work(self) -> None:
        """One thread's share of it."""
        try:
            while (task := self._next()) is not None:
                task()
        except BaseException as fault:  # told by ``wait``
            self._faults.append(fault)
        finally:
            with self._lock:
                self._working -= 1

    def wait(self, away: Away, grace: float) -> None:
        """Until all is done; or for ``grace`` seconds, where nothing is left but answers. Raises what a thread raised.

        An answer that does not come would keep all threads from the next batch. The one that waits for it is left
        behind: it goes on as long as the environment does, and its recipient is claimed, whatever becomes of it.
        """
        while self._working and not self._faults:
            since = self._empty_since
            if since is not None and self._timing.clock() - since >= grace and self._working <= away.count:
                break
            self._timing.sleep(LOOK)
        if self._faults:
            raise self._faults[0]

    def _next(self) -> Task | None:
        while not self._faults:
            with self._lock:
                if self._parts and len(self._ready) + self._reading * CHUNK < self._threads:
                    self._reading += 1
                    return partial(self._fetch, self._parts.popleft())
                if self._ready:
                    return self._ready.popleft()
                if not self._reading:
                    self._empty_since = self._empty_since or self._timing.clock()
                    return None
            self._timing.sleep(POLL)
        return None

    def _fetch(self, part: Part) -> None:
        found: Sequence[Recipient] = ()
        try:
            found = self._read(part)
        finally:
            with self._lock:
                self._reading -= 1
                self._ready.extend(partial(self._send, part, one) for one in found)
