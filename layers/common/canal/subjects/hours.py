"""Opening hours: whether a place is open now and until when, or when it opens again.

Content writes them as people do: weekdays alone, in a range or in a list; a shift may pass midnight::

    {"mon-fri": ["9:00-14:00", "16:00-19:00"], "sat,sun": ["9:00-14:00"],
     "exceptions": {"2026-12-24": ["9:00-12:00"]},  # a date's own hours; [] for closed
     "holidays": ["10:00-13:00"],                   # hours of holidays, if they have their own
     "closed_on_holidays": true}                    # or none at all
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 14  # days searched for the next opening

_SHIFT = re.compile(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)", re.ASCII)
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of a day, in minutes since its midnight; ``closes`` is beyond 24 hours at night."""

    opens: int
    closes: int

    @classmethod
    def parse(cls, text: str) -> Shift:
        """From "9:00-14:00" or "22:00-2:00"; ValueError says what is wrong."""
        found = _SHIFT.fullmatch(text.replace(" ", ""))
        if found is None:
            raise ValueError(f"'{text}' is no opening time; write it as 9:00-14:00")
        hour, minute, last_hour, last_minute = map(int, found.groups())
        opens, closes = hour * 60 + minute, last_hour * 60 + last_minute
        if opens >= _DAY or closes > _DAY:
            raise ValueError(f"'{text}' goes beyond 24:00; write the small hours as 22:00-2:00")
        return cls(opens, closes if closes > opens else closes + _DAY)

    def on(self, day: date, now: datetime) -> tuple[datetime, datetime]:
        """Its two ends on ``day``, on the clock of ``now``."""
        return _moment(day, self.opens, now), _moment(day, self.closes, now)

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


Shifts = tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class OpenState:
    """Open or closed at a moment. ``until``: when it closes, None if it never does within LOOK_AHEAD days or
    is closed. ``next``: when it opens again, None while open or where no opening is known.
    """

    open: bool
    until: datetime | None = None
    next: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of one place. ``holiday`` is None where holidays are as any other day."""

    week: tuple[Shifts, ...]  # Monday first
    exceptions: Mapping[date, Shifts] = field(default_factory=dict)
    holiday: Shifts | None = None

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> OpeningHours:
        """From the shape above; ValueError names what cannot be read."""
        week: list[Shifts] = [()] * 7
        for key, shifts in data.items():
            if key not in ("exceptions", "holidays", "closed_on_holidays"):
                for weekday in _weekdays(key):
                    week[weekday] += _shifts(shifts)
        return cls(
            tuple(week),
            {date.fromisoformat(str(day)): _shifts(own) for day, own in data.get("exceptions", {}).items()},
            () if data.get("closed_on_holidays") else _shifts(data["holidays"]) if "holidays" in data else None,
        )

    def on(self, day: date, holidays: Collection[date] = ()) -> Shifts:
        """The shifts of a date: its own, else a holiday's, else the weekday's."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.holiday is not None and day in holidays:
            return self.holiday
        return self.week[day.weekday()]

    def state(self, now: datetime, holidays: Collection[date] = ()) -> OpenState:
        """Open or closed at ``now``, which is aware and on the town's clock; so are the answers."""
        if now.tzinfo is None:
            raise ValueError("now must know its time zone")
        moment = now.astimezone(UTC)
        for opens, closes in self._stretches(now, holidays):
            if moment < opens:
                return OpenState(open=False, next=opens.astimezone(now.tzinfo))
            if moment < closes:
                endless = closes - moment > timedelta(days=LOOK_AHEAD - 1)
                return OpenState(open=True, until=None if endless else closes.astimezone(now.tzinfo))
        return OpenState(open=False)

    def _stretches(self, now: datetime, holidays: Collection[date]) -> Iterator[tuple[datetime, datetime]]:
        """When it is open from yesterday on, in UTC, in order; shifts that meet are one stretch."""
        begin: datetime | None = None
        end: datetime | None = None
        for opens, closes in sorted(self._openings(now, holidays)):
            if begin is None or end is None or opens > end:
                if begin and end:
                    yield begin, end
                begin, end = opens, closes
            else:
                end = max(end, closes)
        if begin and end:
            yield begin, end

    def _openings(self, now: datetime, holidays: Collection[date]) -> Iterator[tuple[datetime, datetime]]:
        for days in range(-1, LOOK_AHEAD + 1):
            day = now.date() + timedelta(days=days)
            for shift in self.on(day, holidays):
                yield shift.on(day, now)


def _moment(day: date, minutes: int, now: datetime) -> datetime:
    """The UTC moment at which the clock of ``now`` shows these minutes after the midnight of ``day``.

    By the clock on the wall, not by hours gone by: the office opens at nine also when the clocks changed.
    """
    later, rest = divmod(minutes, _DAY)
    hour = time(rest // 60, rest % 60)
    return datetime.combine(day + timedelta(days=later), hour, now.tzinfo).astimezone(UTC)


def _clock(minutes: int) -> str:
    hours = minutes // 60 if minutes <= _DAY else minutes // 60 - 24
    return f"{hours:02}:{minutes % 60:02}"


def _shifts(texts: Sequence[str]) -> Shifts:
    return tuple(Shift.parse(text) for text in texts)


def _weekdays(key: str) -> Iterator[int]:
    """The weekdays of "mon", "mon-fri" or "sat,sun", Monday being 0. A range may pass the week's end."""
    for part in key.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise ValueError(f"'{key}' names no weekdays; write them as mon, mon-fri or sat,sun")
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
        for weekday in range(begin, end + 1 if end >= begin else end + 8):
            yield weekday % 7
