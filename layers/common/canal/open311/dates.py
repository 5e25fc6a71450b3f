"""Dates in the W3C's subset of ISO 8601, always with a zone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from canal.open311.call import Arguments
from canal.open311.refusal import bad

LONGEST = timedelta(days=90)
YEARS = range(2000, 2100)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def shown(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """On the town's clock, to the second: 2026-11-23T12:00:00+01:00."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def span(arguments: Arguments, now: datetime, zone: ZoneInfo, usual: timedelta = LONGEST) -> tuple[datetime, datetime]:
    """From ``start_date`` to ``end_date``; where one lacks, ``usual`` lies between them, up to now. Raises Refusal."""
    start, end = (read(arguments, name, zone) for name in ("start_date", "end_date"))
    if start is None:
        end = end or now
        start = end - usual
    elif end is None:
        end = start + LONGEST
    if end < start:
        raise bad("end_date is before start_date.")
    if end - start > LONGEST:
        raise bad(f"From start_date to end_date there may be {LONGEST.days} days.")
    return start, end


def read(arguments: Arguments, name: str, zone: ZoneInfo) -> datetime | None:
    """One argument; a day alone means its beginning in the town. Raises Refusal."""
    value = arguments.one(name).replace(" ", "+")  # a "+" that was not encoded
    try:
        if not value:
            return None
        if DAY.fullmatch(value):
            return known(datetime.fromisoformat(value).replace(tzinfo=zone))
        if MOMENT.fullmatch(value):
            return known(datetime.fromisoformat(value))
    except ValueError:
        pass  # a 31 February
    raise bad(f"{name} is a date with a zone: 2026-01-31T12:00:00Z.")


def known(moment: datetime) -> datetime:
    """``moment``, if one can count from it. Raises ValueError."""
    if moment.year not in YEARS:
        raise ValueError("too far away")
    return moment
