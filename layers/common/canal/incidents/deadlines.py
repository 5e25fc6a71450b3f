"""When a case is due: so many working days of the town after it came in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo

from canal.errors import BadInput

LAST_SECOND = time(23, 59, 59)
SATURDAY = 5
MOST_DAYS = 1_000  # working days; about four years


def due(at: datetime, days: int, holidays: Collection[date], zone: tzinfo) -> datetime:
    """The end of the ``days``-th working day after the day of ``at``: 23:59:59 of ``zone``, where the town lies.

    Counting starts on the next working day, so that a report of the evening loses none. With 0 days it is the end of
    the day itself, or of the next working day. Raises BadInput for a negative number or one of more than four years.
    """
    if not 0 <= days <= MOST_DAYS:
        raise BadInput(f"{days} is no number of working days from 0 to {MOST_DAYS}")
    day = at.astimezone(zone).date()
    for _ in range(days):
        day = _working_day_from(day + timedelta(days=1), holidays)
    return datetime.combine(_working_day_from(day, holidays), LAST_SECOND, zone)


def working_days_between(start: date, end: date, holidays: Collection[date]) -> int:
    """How many working days come after ``start``, up to and including ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start, holidays)
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def _working_day_from(day: date, holidays: Collection[date]) -> date:
    """``day`` itself or the next one on which the town hall works."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day
