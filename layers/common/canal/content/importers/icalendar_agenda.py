"""The agenda, from iCalendar files (RFC 5545) as calendars export them.

Repeats, exceptions, moved and cancelled occurrences are expanded over a window of days. Texts in two
languages stand in two lines, ``SUMMARY;LANGUAGE=ca:`` and ``SUMMARY;LANGUAGE=es:`` (also DESCRIPTION,
LOCATION and X-CANAL-PRICE); one line without LANGUAGE serves both. CATEGORIES names a kind of
``kinds.yaml``, GEO the pin (``GEO;X-CANAL-APPROXIMATE=TRUE:`` where it is only near). X-CANAL-DEMO,
X-CANAL-SOURCE, X-CANAL-SOURCE-DATE and X-CANAL-VERIFIED-AT say where an event comes from; in the VCALENDAR
they hold for all of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from canal.content.importers.files import bounded, decoded
from canal.content.importers.icalendar_event import LIBRARY_FAULTS, OTHER, faults, item, when
from canal.content.importers.table import raise_all
from canal.content.yamlfile import checked
from canal.dialogue.understanding.text import fold
from canal.errors import BadContent

MAX_BYTES = 5_000_000
MAX_EVENTS = 5_000
MAX_OCCURRENCES = 10_000
MAX_SECONDS = 30.0
DAYS_BEFORE, DAYS_AFTER = 7, 400


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
        "occurrences": sorted(occurrences, key=lambda hours: str(hours["start"])),
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
    text = decoded(bounded(path, MAX_BYTES, "export only the coming year"))
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
    except LIBRARY_FAULTS as fault:
        raise BadContent([f"{file}: not a valid iCalendar file ({str(fault)[:200]}); export it again"]) from fault


def _series(calendar: Any, work: _Work) -> Iterator[list[Any]]:
    """The events of one UID together: a repeat and its exceptions. Faulty ones are named and left out."""
    groups: dict[str, list[Any]] = {}
    for event in calendar.walk("VEVENT"):
        uid = str(event.get("UID", ""))
        wrong = faults(event)
        for sentence in wrong:
            work.wrong(uid, sentence)
        if not wrong:
            groups.setdefault(uid, []).append(event)
    yield from groups.values()


def _occurrences(
    series: list[Any], calendar: Any, since: date, until: date, work: _Work
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    alone = icalendar.Calendar()
    for part in (*calendar.walk("VTIMEZONE"), *series):
        alone.add_component(part)
    try:
        found = recurring_ical_events.of(alone).between(since, until)
        return [(item(event, calendar, work.file, work.kinds), when(event, work.zone)) for event in found]
    except LIBRARY_FAULTS as fault:
        work.wrong(str(series[0].get("UID")), f"its repeats cannot be worked out ({str(fault)[:200]})")
        return []


def _shared(
    pairs: Iterable[tuple[dict[str, Any], dict[str, Any]]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Each different item once, and occurrences that point to it: a weekly event repeats no text."""
    numbers: dict[str, int] = {}
    items: list[dict[str, Any]] = []
    occurrences: list[dict[str, Any]] = []
    for what, hours in pairs:
        number = numbers.setdefault(json.dumps(what, sort_keys=True), len(items))
        if number == len(items):
            items.append(what)
        occurrences.append({"item": number, **hours})
    return items, occurrences
