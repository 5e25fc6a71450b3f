"""The agenda, from iCalendar files (RFC 5545) as calendars export them.

Repeats, exceptions, moved and cancelled occurrences are expanded over a window of days. Texts in two
languages stand in two lines, ``SUMMARY;LANGUAGE=ca:`` and ``SUMMARY;LANGUAGE=es:`` (also DESCRIPTION,
LOCATION and X-CANAL-PRICE); one line without LANGUAGE serves both. CATEGORIES names a kind of
``kinds.yaml``, GEO the pin (``GEO;X-CANAL-APPROXIMATE=TRUE:`` where it is only near). X-CANAL-DEMO,
X-CANAL-SOURCE, X-CANAL-SOURCE-DATE and X-CANAL-VERIFIED-AT say where an event comes from; in the VCALENDAR
they hold for all of it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from canal.content.importers.plain import plain, web_address
from canal.content.importers.table import raise_all
from canal.content.yamlfile import checked
from canal.dialogue.messages import LANGUAGES
from canal.dialogue.understanding.text import fold
from canal.errors import BadContent

MAX_BYTES = 5_000_000
MAX_EVENTS = 5_000
MAX_OCCURRENCES = 10_000
MAX_SECONDS = 30.0
DAYS_BEFORE, DAYS_AFTER = 7, 400
OTHER = "other"  # the kind of what has no category that we know

# What the two libraries raise on broken calendars, besides ValueError.
_LIBRARY_FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass(slots=True)
class _Work:
    """One file being read."""

    file: str
    text: str
    zone: ZoneInfo
    kinds: Mapping[str, str]  # folded word -> kind
    problems: list[str] = field(default_factory=list)

    def wrong(self, uid: str, sentence: str) -> None:
        self.problems.append(f"{self.file}, line {self._line(uid)}: {sentence}")

    def _line(self, uid: str) -> int:
        at = self.text.find(f"UID:{uid}") if uid else 0
        return self.text.count("\n", 0, max(at, 0)) + 1


def compile_agenda(folder: Path, start: date, zone: ZoneInfo) -> dict[str, Any]:
    """The ``agenda`` section of a folder with ``kinds.yaml`` and ``*.ics``, for the days around ``start``."""
    kinds = read_kinds(folder / "kinds.yaml")
    words = {fold(word): kind["id"] for kind in kinds for word in (kind["id"], *kind["words"])}
    since, until = start - timedelta(days=DAYS_BEFORE), start + timedelta(days=DAYS_AFTER)
    problems: list[str] = []
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for path in sorted(folder.glob("*.ics")):
        try:
            pairs += read_icalendar(path, since, until, zone, words)
        except BadContent as fault:
            problems += fault.problems
    raise_all(problems)
    items, occurrences = _shared(pairs)
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "kinds": kinds,
        "items": items,
        "occurrences": sorted(occurrences, key=lambda when: str(when["start"])),
    }


def read_kinds(path: Path) -> list[dict[str, Any]]:
    """The kinds of event, one of them ``other``."""
    seen: set[str] = set()
    with checked(path) as top:
        kinds = [
            {"id": each.identifier(seen), "name": each.both("name"), "words": each.words("words")}
            for each in top.records("kinds")
        ]
        if OTHER not in seen:
            top.wrong(f"there is no kind «{OTHER}»; add it for events without a known category")
    return kinds


def read_icalendar(
    path: Path, since: date, until: date, zone: ZoneInfo, kinds: Mapping[str, str]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The occurrences of a file as (what the event is, when it is) pairs; BadContent names every fault."""
    text = _read(path)
    work = _Work(path.name, text, zone, kinds)
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    give_up = time.monotonic() + MAX_SECONDS
    for calendar in _parsed(path.name, text):
        for series in _series(calendar, work):
            if time.monotonic() > give_up or len(pairs) > MAX_OCCURRENCES:
                raise BadContent([f"{path.name}: too many repeats in {until - since}; give them an end (UNTIL)"])
            pairs += _occurrences(series, calendar, since, until, work)
    raise_all(work.problems)
    return pairs


def _read(path: Path) -> str:
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as fault:
        raise BadContent([f"{path.name}: cannot be opened; is it there and readable?"]) from fault
    if size > MAX_BYTES:
        raise BadContent([f"{path.name}: over {MAX_BYTES:,} bytes; export only the coming year"])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if text.count("BEGIN:VEVENT") > MAX_EVENTS:
        raise BadContent([f"{path.name}: over {MAX_EVENTS:,} events; export only the coming year"])
    return text


def _parsed(file: str, text: str) -> list[Any]:
    if "BEGIN:VCALENDAR" not in text:
        raise BadContent([f"{file}, line 1: no calendar here; it must start with BEGIN:VCALENDAR"])
    if not text.rstrip().endswith("END:VCALENDAR"):
        raise BadContent([f"{file}: does not end with END:VCALENDAR, so it is cut off; export it again"])
    try:
        return list(icalendar.Calendar.from_ical(text, multiple=True))
    except _LIBRARY_FAULTS as fault:
        raise BadContent([f"{file}: not a valid iCalendar file ({str(fault)[:200]}); export it again"]) from fault


def _series(calendar: Any, work: _Work) -> Iterator[list[Any]]:
    """The events of one UID together: a repeat and its exceptions. Faulty ones are named and left out."""
    groups: dict[str, list[Any]] = {}
    for event in calendar.walk("VEVENT"):
        uid = str(event.get("UID", ""))
        faults = _faults(event)
        for sentence in faults:
            work.wrong(uid, sentence)
        if not faults:
            groups.setdefault(uid, []).append(event)
    yield from groups.values()


def _faults(event: Any) -> list[str]:
    """What would make an event unusable, or its expansion endless."""
    if event.errors:  # properties that the library could not read; asking for them raises
        return [f"{name} cannot be read ({str(message)[:100]})" for name, message in event.errors]
    try:
        return [*_missing(event), *(fault for rule in _listed(event.get("RRULE")) for fault in _rule_faults(rule))]
    except _LIBRARY_FAULTS as fault:
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


def _occurrences(
    series: list[Any], calendar: Any, since: date, until: date, work: _Work
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    alone = icalendar.Calendar()
    for part in (*calendar.walk("VTIMEZONE"), *series):
        alone.add_component(part)
    try:
        found = recurring_ical_events.of(alone).between(since, until)
        return [(_item(event, calendar, work), _when(event, work.zone)) for event in found]
    except _LIBRARY_FAULTS as fault:
        work.wrong(str(series[0].get("UID")), f"its repeats cannot be worked out ({str(fault)[:200]})")
        return []


def _when(event: Any, zone: ZoneInfo) -> dict[str, Any]:
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


def _item(event: Any, calendar: Any, work: _Work) -> dict[str, Any]:
    """What an event is, apart from when."""
    uid = str(event["UID"])
    item: dict[str, Any] = {
        "id": hashlib.sha256(uid.encode()).hexdigest()[:10],
        "title": _both(event, "SUMMARY", 200),
        "about": _both(event, "DESCRIPTION", 900),
        "kind": _kind(event, work.kinds),
    }
    if venue := _venue(event):
        item["venue"] = venue
    if price := _both(event, "X-CANAL-PRICE", 100):
        item["price"] = price
    if "URL" in event:
        item["url"] = str(event["URL"])
    return item | _origin(event, calendar, work.file)


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


def _shared(
    pairs: Iterable[tuple[dict[str, Any], dict[str, Any]]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Each different item once, and occurrences that point to it: a weekly event repeats no text."""
    numbers: dict[str, int] = {}
    items: list[dict[str, Any]] = []
    occurrences: list[dict[str, Any]] = []
    for item, when in pairs:
        number = numbers.setdefault(json.dumps(item, sort_keys=True), len(items))
        if number == len(items):
            items.append(item)
        occurrences.append({"item": number, **when})
    return items, occurrences
