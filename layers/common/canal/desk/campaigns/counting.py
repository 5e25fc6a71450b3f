"""How many recipients are in each state: counted from the rows, and not more often than the store can bear.

A page that looks every second must not cost a read of a hundred thousand rows each time, so an answer is kept for
twenty times as long as it took, but from two to fifteen seconds. It says when it was counted.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from canal.broadcasts.delivery import State
from canal.broadcasts.outside import Deliveries

LEAST, TIMES, MOST = 2.0, 20, 15.0  # seconds, how many times what the last count took, seconds
MOST_KEPT = 200  # campaigns


@dataclass(frozen=True, slots=True)
class Counted:
    """``per_second`` is how many were written to between the last two counts; None where that is not known."""

    at: datetime
    states: Mapping[State, int]
    per_second: float | None
    since: float  # of the process's own clock
    took: float

    @property
    def handled(self) -> int:
        return sum(number for state, number in self.states.items() if state not in (State.QUEUED, State.SKIPPED))


class Counts:
    """The last count of each campaign that somebody looked at."""

    def __init__(self, deliveries: Deliveries, clock: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._deliveries = deliveries
        self._clock = clock
        self._monotonic = monotonic
        self._kept: OrderedDict[str, Counted] = OrderedDict()

    def of(self, campaign: str) -> Counted:
        """Raises Temporary when the store does not answer and nothing is kept."""
        last = self._kept.get(campaign)
        if last and self._monotonic() - last.since < min(MOST, max(LEAST, TIMES * last.took)):
            return last
        self._kept[campaign] = fresh = self._count(campaign, last)
        self._kept.move_to_end(campaign)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return fresh

    def _count(self, campaign: str, last: Counted | None) -> Counted:
        at, begun = self._clock(), self._monotonic()
        states = dict(self._deliveries.counts(campaign))
        ended = self._monotonic()
        counted = Counted(at, states, None, ended, ended - begun)
        more = counted.handled - last.handled if last else 0
        seconds = (at - last.at).total_seconds() if last else 0.0
        rate = round(more / seconds, 1) if more > 0 and seconds > 0 else None
        return Counted(at, states, rate, ended, ended - begun)
