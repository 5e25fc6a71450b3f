"""Every few minutes: the cases that must be looked at without anybody asking are queued again.

Those whose work was interrupted or put off, and those whose time is up. It only finds and queues them; ``routing.py``
does the work, and finding one twice does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from canal.incidents.watch import Watch
from canal.ports import CaseQueue, Cases

GRACE = timedelta(minutes=1)  # what was just filed is on its way already
MOST = 500  # of each kind in one run; the next run takes the next


@dataclass(frozen=True, slots=True)
class Swept:
    """How many cases were queued, by reason."""

    work: int
    overdue: int


class Sweeping:
    """Finds and queues."""

    def __init__(self, cases: Cases, queue: CaseQueue, clock: Callable[[], datetime]) -> None:
        self._cases = cases
        self._queue = queue
        self._clock = clock

    def run(self) -> Swept:
        """One run. Raises Temporary when the store or the queue does not answer: the next run finds them again."""
        now = self._clock()
        work = self._cases.waiting(Watch.WORK, now - GRACE, MOST)
        overdue = self._cases.waiting(Watch.DEADLINE, now, MOST)
        if work or overdue:
            self._queue.put([{"case": number} for number in dict.fromkeys((*work, *overdue))])
        return Swept(len(work), len(overdue))
