"""The town's facts in YAML: phones, appointments, taxes and the town itself become their compiled sections.

Each function reads one file and raises BadContent with every fault it finds. Waste has a file of its own,
``waste.py``; the subjects in ``canal.subjects`` read what is written here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from canal.content.yamlfile import Section, checked
from canal.dialogue.messages import LANGUAGES

EMERGENCY = "emergency"


def compile_phones(path: Path) -> dict[str, Any]:
    """``phones.yaml``."""
    with checked(path) as top:
        subjects = _named(top, "subjects")
        known = {subject["id"] for subject in subjects}
        seen: set[str] = set()
        phones = [_phone(each, known, seen) for each in top.records("phones")]
        if not any(phone["subject"] == EMERGENCY for phone in phones):
            top.wrong(f"no phone has the subject «{EMERGENCY}»; 112 must be there")
        return {
            "subjects": subjects,
            "phones": phones,
            "unknown": [_unknown_phone(each, known, seen) for each in top.records("unknown", required=False)],
            "ignored": top.words("ignored", required=False),
        }


def _named(top: Section, key: str) -> list[dict[str, Any]]:
    seen: set[str] = set()
    return [{"id": each.identifier(seen), "name": each.both("name")} for each in top.records(key)]


def _subject(section: Section, known: set[str]) -> str:
    subject = section.text("subject")
    if subject and subject not in known:
        section.wrong(f"subject «{subject}» is not one of {', '.join(sorted(known))}")
    return subject


def _phone(section: Section, subjects: set[str], seen: set[str]) -> dict[str, Any]:
    whatsapp = section.text("whatsapp", required=False)
    if whatsapp and not re.fullmatch(r"\+\d{8,15}", whatsapp):
        section.wrong(f"whatsapp «{whatsapp}» must be as +34600000000")
    return {
        "id": section.identifier(seen),
        "subject": _subject(section, subjects),
        "name": section.both("name"),
        **number(section),
        "note": section.both("note", required=False),
        "whatsapp": whatsapp,
        "words": section.words("words"),
        **section.origin(),
    }


def number(section: Section) -> dict[str, str]:
    """``number`` as it reads well and ``dial`` as a phone wants it; the two must be one number."""
    shown, dial = section.text("number"), section.text("dial")
    if dial and not re.fullmatch(r"\+34\d{9}|\d{3,6}", dial):
        section.wrong(f"dial «{dial}» must be as +34962455233, or a short number as 112")
    elif shown.replace(" ", "") != dial.removeprefix("+34"):
        section.wrong(f"number «{shown}» and dial «{dial}» are not the same number")
    return {"number": shown, "dial": dial}


def _unknown_phone(section: Section, subjects: set[str], seen: set[str]) -> dict[str, Any]:
    return {
        "id": section.identifier(seen),
        "subject": _subject(section, subjects),
        "name": section.both("name"),
        "instead": section.both("instead"),
        "words": section.words("words"),
    }


def compile_appointments(path: Path) -> dict[str, Any]:
    """``appointments.yaml``."""
    with checked(path) as top:
        seen: set[str] = set()
        booking = top.section("booking")
        return {
            "booking": {"url": booking.url("url"), "about": booking.both("about"), **booking.origin()},
            "bookable": [_bookable(each, seen) for each in top.records("bookable", required=False)],
            "bring": both_list(top, "bring"),
            "bring_origin": top.section("bring_origin").origin(),
            "unknown": both_list(top, "unknown"),
            "ignored": top.words("ignored", required=False),
        }


def both_list(section: Section, key: str) -> list[dict[str, str]]:
    """A list of texts in both languages, each written ``{ca: …, es: …}``; empty where it is absent."""
    return [each.whole() for each in section.records(key, required=False)]


def _bookable(section: Section, seen: set[str]) -> dict[str, Any]:
    return {
        "id": section.identifier(seen),
        "name": section.both("name"),
        "about": section.both("about"),
        "where": section.both("where", required=False),
        "bring": both_list(section, "bring"),
        "words": section.words("words"),
        **section.origin(),
    }


def compile_taxes(path: Path) -> dict[str, Any]:
    """``taxes.yaml``."""
    with checked(path) as top:
        seen: set[str] = set()
        periods: set[str] = set()
        ways: set[str] = set()
        taxes = [_tax(each, seen) for each in top.records("taxes")]
        return {
            "taxes": taxes,
            "periods": [_period(each, seen, periods) for each in top.records("periods", required=False)],
            "ways": [_way(each, ways) for each in top.records("ways")],
            "advice": [_way(each, ways) for each in top.records("advice", required=False)],
            "unknown": both_list(top, "unknown"),
            "ignored": top.words("ignored", required=False),
        }


def _tax(section: Section, seen: set[str]) -> dict[str, Any]:
    return {
        "id": section.identifier(seen),
        "name": section.both("name"),
        "about": section.both("about"),
        "words": section.words("words"),
        **section.origin(),
    }


def _period(section: Section, taxes: set[str], seen: set[str]) -> dict[str, Any]:
    opens, closes = section.day("opens"), section.day("closes")
    year = int(section.number("year") or 0)
    if opens and closes and opens > closes:
        section.wrong(f"it closes ({closes}) before it opens ({opens})")
    if opens and year and not opens.startswith(str(year)):
        section.wrong(f"it opens on {opens}, which is not in the year {year}")
    of = section.texts("taxes", required=True)
    if strange := [tax for tax in of if tax not in taxes]:
        section.wrong(f"there is no tax «{strange[0]}» above; write one of {', '.join(sorted(taxes))}")
    return {
        "id": section.identifier(seen),
        "taxes": of,
        "year": year,
        "opens": opens,
        "closes": closes,
        "debits": [_debit(each) for each in section.records("debits", required=False)],
        **section.origin(),
    }


def _debit(section: Section) -> dict[str, Any]:
    percent = int(section.number("percent") or 0)
    if not 1 <= percent <= 100:
        section.wrong("«percent» must be from 1 to 100")
    return {"on": section.day("on"), "percent": percent}


def _way(section: Section, seen: set[str]) -> dict[str, Any]:
    return {
        "id": section.identifier(seen),
        "name": section.both("name"),
        "about": section.both("about"),
        "url": section.url("url", required=False),
        **section.origin(),
    }


def compile_town(path: Path) -> dict[str, Any]:
    """``town.yaml``. Every holiday is ``{date, name}``; the years in ``holidays_incomplete`` lack some."""
    with checked(path) as top:
        return {
            "name": top.text("name"),
            "languages": _languages(top),
            "timezone": _zone(top),
            "postcode": top.text("postcode"),
            "ine_code": top.text("ine_code"),
            "population": _population(top.section("population")),
            "centre": point(top.section("centre")),
            "site": top.url("site"),
            "session_hours": top.number("session_hours"),
            "demonym": top.both("demonym", required=False),
            "person": _person(top.section("person")),
            "unknown": both_list(top, "unknown"),
            "holidays": [_holiday(each) for each in top.records("holidays")],
            "holidays_incomplete": top.take("holidays_incomplete", list, "a list of years", required=False) or [],
            "holidays_origin": top.section("holidays_origin").origin(),
            **top.origin(),
        }


def _languages(top: Section) -> list[str]:
    languages = top.texts("languages", required=True)
    if sorted(languages) != sorted(LANGUAGES):
        top.wrong(f"«languages» must name {' and '.join(LANGUAGES)}, the town's own first")
    return languages


def _zone(top: Section) -> str:
    name = top.text("timezone")
    try:
        ZoneInfo(name or "Europe/Madrid")
    except (KeyError, ValueError, OSError):
        top.wrong(f"there is no time zone «{name}»; write one such as Europe/Madrid")
    return name


def point(section: Section) -> dict[str, float | None]:
    """``{latitude, longitude}``, WGS 84 degrees."""
    latitude, longitude = section.number("latitude"), section.number("longitude")
    if latitude is not None and longitude is not None and not (27 <= latitude <= 44 and -19 <= longitude <= 5):
        section.wrong("latitude and longitude must be degrees in Spain, as 39.15 and -0.435")
    return {"latitude": latitude, "longitude": longitude}


def _population(section: Section) -> dict[str, Any]:
    return {"count": section.number("count"), "on": section.day("on")}


def _person(section: Section) -> dict[str, Any]:
    """Who answers when somebody asks for a person; what is not known of them stands in ``unknown``."""
    return {
        "service": section.both("service"),
        "about": section.both("about"),
        "url": section.url("url", required=False),
        "unknown": section.both("unknown", required=False),
        **section.origin(),
    }


def _holiday(section: Section) -> dict[str, Any]:
    return {"date": section.day("date"), "name": section.both("name")}
