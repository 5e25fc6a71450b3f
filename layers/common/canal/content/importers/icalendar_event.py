"""What one event of an iCalendar file says, and what is wrong with it. ``icalendar_agenda`` reads the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from canal.content.importers.plain import plain, web_address
from canal.dialogue.messages import LANGUAGES
from canal.dialogue.understanding.text import fold

OTHER = "other"  # the kind of what has no category that we know

# What the libraries raise on broken calendars, besides ValueError.
LIBRARY_FAULTS = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError)


def faults(event: Any) -> list[str]:
    """What would make an event unusable, or its expansion endless."""
    if event.errors:  # properties that the library could not read; asking for them raises
        return [f"{name} cannot be read ({str(message)[:100]})" for name, message in event.errors]
    try:
        return [*_missing(event), *(fault for rule in _listed(event.get("RRULE")) for fault in _rule_faults(rule))]
    except LIBRARY_FAULTS as fault:
        return [f"the event contradicts itself ({str(fault)[:200]})"]


def _missing(event: Any) -> Iterator[str]:
    if not str(event.get("UID", "")):
        yield "an event without UID; every event needs its own"
    if not str(event.get("SUMMARY", "")):
        yield "an event without SUMMARY; write its title"
    if "DTSTART" not in event:
        yield "an event without DTSTART; write when it starts"
    elif not 1970 <= event.start.year <= 2200:
        yield f"it starts in the year {event.start.year}; mend DTSTART"
    if "URL" in event and not web_address(str(event["URL"])):
        yield "URL is no web address; start it with https://"


def _rule_faults(rule: Any) -> Iterator[str]:
    often = str(next(iter(_listed(rule.get("FREQ"))), "")).upper()
    if often not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        yield f"RRULE repeats «{often}»; daily is the most that an agenda shows"
    if any(step < 1 for step in _listed(rule.get("INTERVAL"))):
        yield "RRULE has an INTERVAL below 1, which never gets on; take it out"
    hours, minutes, seconds = (len(_listed(rule.get(f"BY{part}"))) for part in ("HOUR", "MINUTE", "SECOND"))
    if max(hours, 1) * max(minutes, 1) * max(seconds, 1) > 24:
        yield "RRULE repeats more than 24 times a day; write it as one event"


def when(event: Any, zone: ZoneInfo) -> dict[str, Any]:
    """The hours of one occurrence, in the town's offset."""
    start, end = event["DTSTART"].dt, event.end
    planned = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else start
    when: dict[str, Any] = {"start": _moment(start, zone).isoformat()}
    if end != start:
        when["end"] = _moment(end, zone).isoformat()
    if not isinstance(start, datetime):
        when["all_day"] = True
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        when["cancelled"] = True
    if _moment(planned, zone) != _moment(start, zone):
        when["moved_from"] = _moment(planned, zone).isoformat()
    return when


def _moment(value: date, zone: ZoneInfo) -> datetime:
    """A moment on the town's clock; a date is its midnight, an hour without zone is the town's."""
    if not isinstance(value, datetime):
        return datetime.combine(value, datetime.min.time(), zone)
    return value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)


def item(event: Any, calendar: Any, file: str, kinds: Mapping[str, str]) -> dict[str, Any]:
    """What an event is, apart from when."""
    uid = str(event["UID"])
    item: dict[str, Any] = {
        "id": hashlib.sha256(uid.encode()).hexdigest()[:10],
        "title": _both(event, "SUMMARY", 200),
        "about": _both(event, "DESCRIPTION", 900),
        "kind": _kind(event, kinds),
    }
    if venue := _venue(event):
        item["venue"] = venue
    if price := _both(event, "X-CANAL-PRICE", 100):
        item["price"] = price
    if "URL" in event:
        item["url"] = str(event["URL"])
    return item | _origin(event, calendar, file)


def _origin(event: Any, calendar: Any, file: str) -> dict[str, Any]:
    """The event's own marks, else the calendar's; a calendar without marks is its own source."""
    names = ("source", "source_date", "verified_at")
    marks = {name: _mark(event, calendar, name) for name in names}
    known: dict[str, Any] = {name: text for name, text in marks.items() if text}
    if _mark(event, calendar, "demo").upper() == "TRUE":
        return known | {"demo": True}
    return {"source": file} | known


def _mark(event: Any, calendar: Any, name: str) -> str:
    key = f"X-CANAL-{name.replace('_', '-').upper()}"
    return plain(str(event.get(key) or calendar.get(key) or ""), 300)


def _kind(event: Any, kinds: Mapping[str, str]) -> str:
    """The first category that is a known kind."""
    for categories in _listed(event.get("CATEGORIES")):
        for name in getattr(categories, "cats", [categories]):
            if kind := kinds.get(fold(str(name))):
                return kind
    return OTHER


def _venue(event: Any) -> dict[str, Any]:
    """The place and its pin; without a name there is no place to show."""
    name = _both(event, "LOCATION", 200)
    geo = event.get("GEO")
    if not name or geo is None:
        return {"name": name} if name else {}
    pin = {"name": name, "latitude": float(geo.latitude), "longitude": float(geo.longitude)}
    return pin | ({"approximate": True} if "X-CANAL-APPROXIMATE" in geo.params else {})


def _both(event: Any, name: str, limit: int) -> dict[str, str]:
    """The text in each language; where one is missing, the one without language, else any."""
    found: dict[str, str] = {}
    for text in _listed(event.get(name)):
        language = str(text.params.get("LANGUAGE", "")).lower()[:2]
        found.setdefault(language if language in LANGUAGES else "", plain(str(text), limit))
    fallback = found.get("") or next(iter(found.values()), "")
    return {language: found.get(language) or fallback for language in LANGUAGES} if fallback else {}


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
