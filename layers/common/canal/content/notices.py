"""``notices.yaml``, what the town sends of its own accord, becomes the compiled ``notices`` section."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time
from pathlib import Path
from typing import Any

from canal.broadcasts.campaign import Kind
from canal.broadcasts.subscription import EACH, WEEKLY
from canal.content.cap import compile_cap
from canal.content.incidents import whole
from canal.content.yamlfile import Section, checked
from canal.dialogue.citizen import Place
from canal.dialogue.understanding.text import fold

LONGEST_NAME = 22  # characters: a row of a WhatsApp list has 24, and two go to the tick before it
LONGEST_ABOUT = 300
# A list has ten rows: beside the topics stand "no more of any" and the menu.
MOST_TOPICS = 8
MOST_HIGHLIGHTS = 10
MOST_RECIPIENTS = 10_000_000
KINDS = tuple(kind.value for kind in Kind)
OPENED = frozenset(Place) - {Place.WELCOME, Place.HELP, Place.ATTACHMENT}  # what has a name in the menu
CATEGORIES = ("service", "utility", "marketing")  # WhatsApp's, of what it charges for
DEAREST = 1.0  # euros; more for one message is a slip of the decimal point


def compile_notices(
    path: Path, templates: Collection[str] | None = None, zones: Collection[str] | None = None
) -> dict[str, Any]:
    """The ``notices`` section; BadContent names every fault of the file.

    ``templates`` and ``zones``: the names there are; None where they are not known, and not checked.
    """
    with checked(path) as top:
        seen: set[str] = set()
        section = {
            "topics": [_topic(each, seen, templates) for each in top.records("topics")],
            "ignored": top.words("ignored", required=False),
            "quiet": _quiet(top.section("quiet")),
            "second_person_from": _second_person(top.section("second_person_from")),
            **_prices(top.section("prices")),
            "digest_highlights": whole(top, "digest_highlights", 1, MOST_HIGHLIGHTS),
        }
        topics = {topic["id"] for topic in section["topics"]}
        section["cap"] = compile_cap(top.section("cap"), topics, zones)
        _check_topics(top, section["topics"])
        return section


def templates_in(folder: Path) -> frozenset[str]:
    """The names of the templates in a folder: each is a file."""
    return frozenset(path.stem for path in folder.glob("*.yaml"))


def _topic(section: Section, seen: set[str], templates: Collection[str] | None) -> dict[str, Any]:
    return {
        "id": section.identifier(seen),
        "name": _short(section, "name", LONGEST_NAME),
        "about": _short(section, "about", LONGEST_ABOUT),
        "kind": _one_of(section, "kind", KINDS),
        "template": _one_of(section, "template", templates),
        "opens": _opens(section),
        "zones": section.flag("zones"),
        "frequencies": _frequencies(section),
        "marketing": section.flag("marketing"),
        "words": section.words("words"),
    }


def _opens(section: Section) -> str:
    """The screen behind the first button: an address of the dialogue, which begins with a place."""
    address = section.text("opens", required=False)
    if address and address.partition(":")[0] not in OPENED:
        section.wrong(f"«opens»: no screen begins with «{address}»; write one such as culture, jobs or taxes")
    return address


def _frequencies(section: Section) -> list[str]:
    found = section.texts("frequencies")
    if strange := [each for each in found if each not in (EACH, WEEKLY)]:
        section.wrong(f"«frequencies»: «{strange[0]}» is none; write {EACH}, {WEEKLY} or both")
    if len(set(found)) != len(found):
        section.wrong("«frequencies» lists one twice; leave it once")
    return found


def _quiet(section: Section) -> dict[str, str]:
    return {key: _hour(section, key) for key in ("since", "until")}


def _hour(section: Section, key: str) -> str:
    value = section.text(key)
    try:
        return time.fromisoformat(value).strftime("%H:%M") if value else ""
    except ValueError:
        section.wrong(f"«{key}» must be an hour written as 22:00 between quotes, not «{value}»")
        return ""


def _second_person(section: Section) -> dict[str, int]:
    for key in section.keys():  # noqa: SIM118 - a Section is no dict
        if key not in KINDS:
            section.wrong(f"there is no kind «{key}»; write one of {_listed(KINDS)}")
    return {kind: whole(section, kind, 0, MOST_RECIPIENTS) for kind in KINDS if kind in section}


def _prices(section: Section) -> dict[str, Any]:
    prices = {name: section.number(name) or 0.0 for name in CATEGORIES if name in section}
    for name, price in prices.items():
        if not 0 <= price <= DEAREST:
            section.wrong(f"«{name}» must be euros for one message, from 0 to {DEAREST:g}, not {price}")
    origin = {key: section.text(key, required=False) for key in ("reason", "source", "source_date")}
    demo = section.flag("demo")
    if not prices and not origin["reason"]:
        section.wrong("there are no prices; say why under «reason», or write utility, marketing and service")
    if prices and not (origin["source"] or demo):
        section.wrong("«source» is missing; say where the prices come from, or «demo: true»")
    return {"prices": prices, "prices_demo": demo}


def _short(section: Section, key: str, most: int) -> dict[str, str]:
    found = section.both(key)
    for text in found.values():
        if len(text) > most:
            section.wrong(f"«{key}» has {len(text)} characters, room is for {most}: «{text[:40]}»")
    return found


def _one_of(section: Section, key: str, known: Collection[str] | None) -> str:
    value = section.text(key)
    if value and known is not None and value not in known:
        section.wrong(f"«{key}»: there is no «{value}»; write one of {_listed(known)}")
    return value


def _check_topics(top: Section, topics: list[dict[str, Any]]) -> None:
    """What only shows when all of them are there: too many for a list, words that say two things."""
    if "topics" in top and not 1 <= len(topics) <= MOST_TOPICS:
        top.wrong(f"there are {len(topics)} topics; a list shows 1 to {MOST_TOPICS}")
    said: dict[str, str] = {}
    for topic in topics:
        for phrase in dict.fromkeys(map(fold, topic["words"])):
            other = said.setdefault(phrase, topic["id"])
            if not phrase:
                top.wrong(f"topic «{topic['id']}» has a word without letters; take it out")
            elif other != topic["id"]:
                top.wrong(f"«{phrase}» stands under «{other}» and «{topic['id']}»; leave it under one")


def _listed(known: Collection[str]) -> str:
    return ", ".join(sorted(known))
