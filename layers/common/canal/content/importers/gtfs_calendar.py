"""The service days of a GTFS feed: on which dates each set of trips runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from canal.content.importers.gtfs_tables import Row, Tables

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(slots=True)
class Service:
    """The weekdays of a season, and the dates that break the rule. A feed may use the dates alone."""

    weekdays: str = "0000000"  # Monday first
    start: date | None = None
    end: date | None = None
    added: set[date] = field(default_factory=set)
    removed: set[date] = field(default_factory=set)

    def ends(self) -> list[date]:
        """The dates between which it may run."""
        return [day for day in (self.start, self.end, *self.added) if day]

    def compiled(self) -> dict[str, Any]:
        return {
            "weekdays": self.weekdays,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "added": sorted(day.isoformat() for day in self.added),
            "removed": sorted(day.isoformat() for day in self.removed),
        }


def read_services(tables: Tables) -> dict[str, Service]:
    """Every service by its id, from calendar.txt, calendar_dates.txt or both."""
    services: dict[str, Service] = {}
    for row in tables.rows("calendar.txt", "service_id", *WEEKDAYS, "start_date", "end_date"):
        _add_season(row, services)
    for row in tables.rows("calendar_dates.txt", "service_id", "date", "exception_type"):
        service, day = row.required("service_id"), row.day("date")
        kind = row.choice("exception_type", "1", "2")
        if service and day and kind:
            exceptions = services.setdefault(service, Service())
            (exceptions.added if kind == "1" else exceptions.removed).add(day)
    return services


def _add_season(row: Row, services: dict[str, Service]) -> None:
    service, start, end = row.required("service_id"), row.day("start_date"), row.day("end_date")
    flags = [row.choice(weekday, "0", "1") for weekday in WEEKDAYS]
    if service is None or start is None or end is None:
        return
    if service in services:
        row.fault(f"service_id '{service}' stands twice; give each line its own")
    elif end < start:
        row.fault("end_date is before start_date; mend one of them")
    else:
        services[service] = Service("".join(flag or "0" for flag in flags), start, end)
