"""``waste.yaml``, the town's pick-up, ecoparc and list of things, becomes the compiled ``waste`` section."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from canal.content.facts import both_list, number, point
from canal.content.yamlfile import Section, checked
from canal.subjects.hours import OpeningHours


def compile_waste(path: Path) -> dict[str, Any]:
    """The ``waste`` section; BadContent names every fault of the file."""
    with checked(path) as top:
        places: set[str] = set()
        seen: set[str] = set()
        others: set[str] = set()
        return {
            "pickup": _pickup(top.section("pickup")),
            "ecoparc": _ecoparc(top.section("ecoparc")),
            "others": [_other(each, others) for each in top.records("others", required=False)],
            "destinations": [_named(each, places) for each in top.records("destinations")],
            "items": [_item(each, places, seen) for each in top.records("items")],
            "items_origin": top.section("items_origin").origin(),
            "ignored": top.words("ignored", required=False),
        }


def _pickup(section: Section) -> dict[str, Any]:
    return {
        "name": section.both("name"),
        "about": section.both("about"),
        **number(section),
        "steps": both_list(section, "steps"),
        "warning": section.both("warning", required=False),
        "unknown": section.both("unknown", required=False),
        **section.origin(),
    }


def _ecoparc(section: Section) -> dict[str, Any]:
    return {
        "name": section.both("name"),
        "where": section.both("where"),
        "who": section.both("who", required=False),
        "hours": _hours(section.section("hours")),
        "takes": both_list(section, "takes"),
        "note": section.both("note", required=False),
        **(point(section) if "latitude" in section or "longitude" in section else {}),
        **section.origin(),
    }


def _hours(section: Section) -> dict[str, list[str]]:
    """Hours as ``mon-fri: ["9:00-14:00", "16:00-19:00"]``, kept as written once they can be read."""
    hours = {days: section.texts(days) for days in section.keys()}  # noqa: SIM118 - a Section is no dict
    try:
        OpeningHours.from_content(hours)
    except ValueError as fault:
        section.wrong(str(fault))
    return hours


def _named(section: Section, seen: set[str]) -> dict[str, Any]:
    return {"id": section.identifier(seen), "name": section.both("name"), "about": section.both("about")}


def _other(section: Section, seen: set[str]) -> dict[str, Any]:
    return {**_named(section, seen), **section.origin()}


def _item(section: Section, places: set[str], seen: set[str]) -> dict[str, Any]:
    to = section.texts("to", required=True)
    if strange := [place for place in to if place not in places]:
        section.wrong(f"there is no destination «{strange[0]}»; write one of {', '.join(sorted(places))}")
    note = section.both("note", required=False)
    item = {
        "id": section.identifier(seen),
        "name": section.both("name"),
        "words": section.words("words"),
        "to": to,
    }
    return item | ({"note": note} if note else {})
