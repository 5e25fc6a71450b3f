"""Impostos: which periods are open today, which come next, and what is known of a year that is over.

A calendar of another year never shows as current: it is orientation, and its year stands beside every date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from canal.subjects.finding import Finder
from canal.subjects.origin import Both, Origin


@dataclass(frozen=True, slots=True)
class Tax:
    id: str
    name: Both
    about: Both
    words: tuple[str, ...]
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Tax:
        return cls(
            record["id"],
            record["name"],
            record["about"],
            tuple(record["words"]),
            Origin.from_content(record),
        )


@dataclass(frozen=True, slots=True)
class Debit:
    """A day on which receipts on direct debit are charged, and how much of them, in percent."""

    on: date
    percent: int


@dataclass(frozen=True, slots=True)
class Period:
    """When some taxes of a year are paid without surcharge: ``opens`` to ``closes``, both days included."""

    id: str
    taxes: tuple[str, ...]  # ids of Tax
    year: int
    opens: date
    closes: date
    debits: tuple[Debit, ...]
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Period:
        debits = (Debit(date.fromisoformat(each["on"]), each["percent"]) for each in record["debits"])
        return cls(
            record["id"],
            tuple(record["taxes"]),
            record["year"],
            date.fromisoformat(record["opens"]),
            date.fromisoformat(record["closes"]),
            tuple(debits),
            Origin.from_content(record),
        )

    def days_left(self, today: date) -> int:
        """Whole days until the last one: 0 on the last day."""
        return (self.closes - today).days


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay, or a thing to know about paying; ``url`` where there is a page for it."""

    id: str
    name: Both
    about: Both
    url: str
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Way:
        return cls(record["id"], record["name"], record["about"], record.get("url", ""), Origin.from_content(record))


@dataclass(frozen=True, slots=True)
class TaxStatus:
    """What can be said on a day.

    ``open`` ends soonest first; ``coming`` starts soonest first; ``charges`` are direct debits still to
    come in an open or coming calendar. ``calendar_loaded`` says whether any period of this year is known.
    ``past`` is filled only where nothing is open or coming: the periods of ``last_known_year``, as
    orientation.
    """

    year: int
    calendar_loaded: bool
    last_known_year: int | None
    open: tuple[Period, ...]
    coming: tuple[Period, ...]
    charges: tuple[tuple[Debit, Period], ...]
    past: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Taxes:
    """The taxes of one town."""

    taxes: tuple[Tax, ...]
    periods: tuple[Period, ...]  # earliest first
    ways: tuple[Way, ...]
    advice: tuple[Way, ...]
    unknown: tuple[Both, ...]
    finder: Finder[Tax]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Taxes:
        """From the compiled ``taxes`` section."""
        taxes = tuple(Tax.from_content(each) for each in data["taxes"])
        periods = map(Period.from_content, data["periods"])
        return cls(
            taxes,
            tuple(sorted(periods, key=lambda period: (period.opens, period.closes))),
            tuple(map(Way.from_content, data["ways"])),
            tuple(map(Way.from_content, data["advice"])),
            tuple(data["unknown"]),
            Finder.of(((tax, tax.words) for tax in taxes), data.get("ignored", ())),
        )

    def status(self, now: datetime, tax: str | None = None) -> TaxStatus:
        """The calendar as of ``now`` (aware, in the town's zone), of all taxes or of one."""
        today = now.date()
        periods = [period for period in self.periods if tax is None or tax in period.taxes]
        current = tuple(period for period in periods if period.opens <= today <= period.closes)
        coming = tuple(period for period in periods if period.opens > today)
        last = max((period.year for period in periods), default=None)
        return TaxStatus(
            year=today.year,
            calendar_loaded=any(period.year == today.year for period in periods),
            last_known_year=last,
            open=tuple(sorted(current, key=lambda period: period.closes)),
            coming=coming,
            charges=_charges_from(today, periods),
            past=() if current or coming else tuple(period for period in periods if period.year == last),
        )

    def get(self, identifier: str) -> Tax | None:
        return next((tax for tax in self.taxes if tax.id == identifier), None)

    def of(self, period: Period) -> tuple[Tax, ...]:
        """The taxes that a period is for."""
        return tuple(tax for tax in self.taxes if tax.id in period.taxes)

    def find(self, text: str, limit: int = 3) -> tuple[Tax, ...]:
        """The taxes meant by typed words ("contribució", "el segell del cotxe"), the best first."""
        return tuple(found.thing for found in self.finder.find(text, limit))


def _charges_from(today: date, periods: Iterable[Period]) -> tuple[tuple[Debit, Period], ...]:
    ahead = [(debit, period) for period in periods for debit in period.debits if debit.on >= today]
    return tuple(sorted(ahead, key=lambda each: each[0].on))
