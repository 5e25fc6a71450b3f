"""``incidents.yaml``, what can be reported, who solves it and the town's ground, becomes the ``incidents`` section."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from canal.content.ground import compile_piece, compile_zone
from canal.content.yamlfile import Section, checked
from canal.dialogue.understanding.text import fold
from canal.incidents.case import Kind
from canal.incidents.states import State

LONGEST_LABEL = 24  # characters; a row of a WhatsApp list
LONGEST_TEXT = 300  # characters of a hint or a caution
# A list has ten rows: beside the groups stand "something else" and "cancel", in a group the way back.
MOST_GROUPS, MOST_IN_A_GROUP = 8, 9
MOST_DAYS = 250  # working days; about a year
MOST_METRES = 1_000
TOLD = frozenset(State) - {State.RECEIVED}


def compile_incidents(path: Path) -> dict[str, Any]:
    """The ``incidents`` section; BadContent names every fault of the file."""
    with checked(path) as top:
        departments: set[str] = set()
        groups: set[str] = set()
        zones: set[str] = set()
        seen: set[str] = set()
        pieces: set[str] = set()
        section = {
            "municipality": [compile_piece(each, pieces) for each in top.records("municipality")],
            "zones": [compile_zone(each, zones) for each in top.records("zones", required=False)],
            "departments": [_department(each, departments) for each in top.records("departments")],
            "groups": [{"id": each.identifier(groups), "name": _label(each)} for each in top.records("groups")],
            "categories": [_category(each, seen, groups, departments, zones) for each in top.records("categories")],
            "kinds": _kinds(top.section("kinds"), departments),
            "reopen_days": whole(top, "reopen_days", 0, MOST_DAYS),
            "escalate_after_days": whole(top, "escalate_after_days", 0, MOST_DAYS),
            "tell": _tell(top),
            "ignored": top.words("ignored", required=False),
            **top.section("proposal").origin(),
        }
        _check_lists(top, section)
        return section


def _department(section: Section, seen: set[str]) -> dict[str, Any]:
    email = section.text("email", required=False)
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", email):
        section.wrong(f"email «{email}» must be as serveis@ajuntament.es, or leave it out")
    return {
        "id": section.identifier(seen),
        "name": section.both("name"),
        "about": section.both("about", required=False),
        **({"email": email} if email else {}),
        **section.origin(),
    }


def _category(
    section: Section, seen: set[str], groups: Collection[str], departments: Collection[str], zones: Collection[str]
) -> dict[str, Any]:
    by_zone = section.section("by_zone") if "by_zone" in section else None
    return {
        "id": section.identifier(seen),
        "name": _label(section),
        "group": _one_of(section, "group", groups),
        "hint": _short(section, "hint"),
        "words": section.words("words"),
        "vague": section.words("vague", required=False),
        "department": _one_of(section, "department", departments),
        "by_zone": _by_zone(by_zone, departments, zones) if by_zone else {},
        "days": whole(section, "days", 0, MOST_DAYS),
        "radius": whole(section, "radius", 0, MOST_METRES),
        "private": section.flag("private"),
        "public": section.flag("public") or "public" not in section,
        "danger": _short(section, "danger", required=False),
        **({"other_body": _other_body(section.section("other_body"))} if "other_body" in section else {}),
    }


def _by_zone(section: Section, departments: Collection[str], zones: Collection[str]) -> dict[str, str]:
    for zone in section.keys():  # noqa: SIM118 - a Section is no dict
        if zone not in zones:
            section.wrong(f"there is no zone «{zone}»; write one of {_listed(zones)}")
    return {zone: _one_of(section, zone, departments) for zone in section.keys()}  # noqa: SIM118


def _other_body(section: Section) -> dict[str, Any]:
    return {"name": section.both("name"), "about": section.both("about")}


def _kinds(section: Section, departments: Collection[str]) -> dict[str, Any]:
    """A rule for each kind of case; all of them, so that every case finds somebody."""
    found = {}
    for kind in Kind:
        rules = section.section(kind)
        found[kind.value] = {
            "department": _one_of(rules, "department", departments),
            "days": whole(rules, "days", 0, MOST_DAYS),
        }
    return found


def _tell(top: Section) -> list[str]:
    states = top.texts("tell", required=True)
    if strange := [state for state in states if state not in TOLD]:
        top.wrong(f"«tell»: there is no state «{strange[0]}» to tell of; write some of {_listed(TOLD)}")
    return states


def whole(section: Section, key: str, least: int, most: int) -> int:
    """A whole number between two others."""
    value = section.take(key, int, "a whole number")
    if value is not None and not least <= value <= most:
        section.wrong(f"«{key}» must be from {least} to {most}")
    return int(value or 0)


def _label(section: Section) -> dict[str, str]:
    name = section.both("name")
    for text in name.values():
        if len(text) > LONGEST_LABEL:
            section.wrong(f"the name «{text}» has {len(text)} characters; a list shows {LONGEST_LABEL}")
    return name


def _short(section: Section, key: str, *, required: bool = True) -> dict[str, str]:
    found = section.both(key, required=required)
    if any(len(text) > LONGEST_TEXT for text in found.values()):
        section.wrong(f"«{key}» is over {LONGEST_TEXT} characters; say it more briefly")
    return found


def _one_of(section: Section, key: str, known: Collection[str]) -> str:
    value = section.text(key)
    if value and value not in known:
        section.wrong(f"«{key}»: there is no «{value}»; write one of {_listed(known)}")
    return value


def _listed(known: Iterable[str]) -> str:
    return ", ".join(sorted(known))


def _check_lists(top: Section, section: dict[str, Any]) -> None:
    """What only shows when all of it is there: lists that are too long, words that say two things."""
    for key in ("municipality", "departments", "groups", "categories"):
        if key in top and not section[key]:
            top.wrong(f"«{key}» lists nothing; it needs at least one")
    if len(section["groups"]) > MOST_GROUPS:
        top.wrong(f"there are {len(section['groups'])} groups; a list shows {MOST_GROUPS}")
    for group in section["groups"]:
        inside = sum(category["group"] == group["id"] for category in section["categories"])
        if not 1 <= inside <= MOST_IN_A_GROUP:
            top.wrong(f"group «{group['id']}» has {inside} categories; it needs 1 to {MOST_IN_A_GROUP}")
    said: dict[str, str] = {}
    for category in section["categories"]:
        for phrase in dict.fromkeys(map(fold, category["words"])):
            if other := said.setdefault(phrase, category["id"]) if phrase else "":
                if other != category["id"]:
                    top.wrong(f"«{phrase}» stands under «{other}» and «{category['id']}»; leave it under one")
            else:
                top.wrong(f"category «{category['id']}» has a word without letters; take it out")
