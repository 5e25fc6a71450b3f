"""Farmàcies de guàrdia: who is on duty at a moment, who comes next, and which is nearest.

A duty usually ends the next morning, so a shift is an interval, never "the pharmacy of the day". Moments
carry their offset, so they compare across the change of the clocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from canal.subjects.geo import Located, Near, nearest
from canal.subjects.origin import Both, Origin

Kind = Literal["full", "day", "night"]  # round the clock, by day, by night


@dataclass(frozen=True, slots=True)
class Pharmacy:
    """``phone`` is empty and the coordinates None where they are not known."""

    id: str
    name: Both
    address: Both
    phone: str
    latitude: float | None
    longitude: float | None
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Pharmacy:
        return cls(
            record["id"],
            record["name"],
            record["address"],
            record.get("phone", ""),
            record.get("latitude"),
            record.get("longitude"),
            Origin.from_content(record),
        )


@dataclass(frozen=True, slots=True)
class Shift:
    """A pharmacy on duty from ``starts`` until just before ``ends`` (aware, with the town's offset)."""

    pharmacy: Pharmacy
    starts: datetime
    ends: datetime
    kind: Kind

    @property
    def latitude(self) -> float | None:
        return self.pharmacy.latitude

    @property
    def longitude(self) -> float | None:
        return self.pharmacy.longitude

    def covers(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends


@dataclass(frozen=True, slots=True)
class Asking:
    """Where to ask when no rota is loaded for the moment."""

    id: str
    text: Both
    origin: Origin


@dataclass(frozen=True, slots=True)
class Pharmacies:
    """The pharmacies of one town and their duty rota."""

    pharmacies: tuple[Pharmacy, ...]
    shifts: tuple[Shift, ...]  # earliest first
    asking: tuple[Asking, ...]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Pharmacies:
        """From the compiled ``pharmacies`` section."""
        known = {each["id"]: Pharmacy.from_content(each) for each in data["pharmacies"]}
        shifts = (
            Shift(known[identifier], datetime.fromisoformat(starts), datetime.fromisoformat(ends), kind)
            for identifier, starts, ends, kind in data["rota"]
        )
        asking = (Asking(each["id"], each["text"], Origin.from_content(each)) for each in data["ask"])
        return cls(tuple(known.values()), tuple(sorted(shifts, key=lambda shift: shift.starts)), tuple(asking))

    def on_duty(self, now: datetime) -> tuple[Shift, ...]:
        """The shifts under way; empty where no rota is loaded for this moment: say so, with ``asking``."""
        return tuple(shift for shift in self.shifts if shift.covers(now))

    def coming(self, now: datetime) -> tuple[Shift, ...]:
        """The shifts that start next, together; empty where the rota ends."""
        ahead = [shift for shift in self.shifts if shift.starts > now]
        return tuple(shift for shift in ahead if shift.starts == ahead[0].starts)

    def starting_on(self, day: date) -> tuple[Shift, ...]:
        """The shifts that start on that day of the town's calendar ("qui està de guàrdia demà?")."""
        return tuple(shift for shift in self.shifts if shift.starts.date() == day)

    def nearest(self, now: datetime, pin: Located, limit: int = 3) -> tuple[Near[Shift], ...]:
        """The pharmacies on duty, nearest to the pin first; those without known place are left out."""
        return nearest(pin, self.on_duty(now), limit)

    def get(self, identifier: str) -> Pharmacy | None:
        return next((pharmacy for pharmacy in self.pharmacies if pharmacy.id == identifier), None)

    @property
    def loaded_until(self) -> datetime | None:
        """When the rota that is loaded ends."""
        return max((shift.ends for shift in self.shifts), default=None)
