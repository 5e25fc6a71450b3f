"""The account's tier as a ledger: how many people are written to, outside their windows, in which ten minutes. Pure.

WhatsApp allows so many in any 24 hours. What does not fit now is given the next moments at which there is room: a day
later for what fills a day. The ledger holds only moments with somebody in them, as JSON can, and forgets old ones.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from math import ceil

STEP = 600  # seconds; what is reserved in one of these may leave at any moment of it
# In steps. One more than a day has, so that the last second of one and the first of the other are a day apart.
SPAN = 24 * 3600 // STEP + 1
KEEP = 2 * SPAN  # who plans for the end of the quiet hours must not forget what counts now
HORIZON = 30 * 24 * 3600 // STEP  # nothing is promised beyond a month
SPARED = 5  # one in so many is left for alerts

Slots = tuple[tuple[datetime | None, int], ...]


def reserve(
    ledger: Mapping[str, int], tier: int | None, now: datetime, wanted: int, alert: bool
) -> tuple[dict[str, int], Slots]:
    """The ledger with ``wanted`` recipients more, and when they may be written to: so many at once (None), so many from
    a moment on. The numbers add up to ``wanted``; ``tier`` is None where there is no limit.

    An alert takes what is left of the last 24 hours, whatever bulk has reserved for later. Bulk stays within four
    fifths of the tier. For what finds no room within a month the last slot is a month away and is not reserved: by
    then it has expired, or WhatsApp itself decides.
    """
    start = step_of(now)
    book = {step: count for step, count in read(ledger).items() if step > start - KEEP}
    slots: list[tuple[datetime | None, int]] = []
    rest = max(wanted, 0)
    if tier is None:
        return written(book), ((None, rest),) if rest else ()
    limit = most(tier, alert=alert)
    for step in candidates(book, start):
        if not rest:
            break
        count = min(rest, room(book, step, limit, ahead=not alert))
        if count > 0:
            book[step] = book.get(step, 0) + count
            slots.append((None if step == start else moment(step), count))
            rest -= count
    if rest:
        slots.append((moment(start + HORIZON), rest))
    return written(book), tuple(slots)


def used(ledger: Mapping[str, int], now: datetime) -> int:
    """How many recipients are reserved for the 24 hours up to ``now``."""
    end = step_of(now)
    return sum(count for step, count in read(ledger).items() if end - SPAN < step <= end)


def left(tier: int | None, used: int, *, alert: bool) -> int | None:
    """How many more may be written to when ``used`` are, None where there is no limit. Bulk spares some for alerts."""
    return None if tier is None else max(most(tier, alert=alert) - used, 0)


def days(wanted: int, tier: int | None, used: int, *, alert: bool) -> int:
    """Over how many days ``wanted`` recipients are spread, today included, if nothing else is reserved meanwhile."""
    today = left(tier, used, alert=alert)
    if tier is None or today is None or wanted <= today:
        return 1
    return 1 + ceil((wanted - today) / max(most(tier, alert=alert), 1))


def most(tier: int, *, alert: bool) -> int:
    """How many of a tier's people are for alerts, or for all else."""
    return tier if alert else tier - tier // SPARED


def candidates(book: Mapping[int, int], start: int) -> Iterator[int]:
    """``start``, and every later step, within a month, at which something is just a day old. ``book`` may grow."""
    step = start
    while step < start + HORIZON:
        yield step
        step = min((each + SPAN for each in book if each + SPAN > step), default=start + HORIZON)


def room(book: Mapping[int, int], step: int, limit: int, *, ahead: bool) -> int:
    """How many more may go at ``step``, with at most ``limit`` in the 24 hours up to it; with ``ahead``, in any."""
    steps = sorted(book)
    sums = [0, *accumulate(book[each] for each in steps)]

    def within(last: int) -> int:
        return sums[bisect_right(steps, last)] - sums[bisect_left(steps, last - SPAN + 1)]

    ends = [step]
    if ahead:  # the sum changes only where something comes in
        ends += steps[bisect_right(steps, step) : bisect_left(steps, step + SPAN)]
    return limit - max(within(end) for end in ends)


def step_of(when: datetime) -> int:
    return int(when.timestamp()) // STEP


def moment(step: int) -> datetime:
    return datetime.fromtimestamp(step * STEP, UTC)


def read(ledger: Mapping[str, int]) -> dict[int, int]:
    return {step_of(datetime.fromisoformat(when)): int(count) for when, count in ledger.items()}


def written(book: Mapping[int, int]) -> dict[str, int]:
    return {moment(step).isoformat(timespec="minutes"): book[step] for step in sorted(book)}
