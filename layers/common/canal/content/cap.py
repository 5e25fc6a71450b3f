"""The ``cap`` part of ``notices.yaml``: which alerts of others are watched, and what is done with them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from canal.content.yamlfile import Section

SEVERITIES = ("Unknown", "Minor", "Moderate", "Severe", "Extreme")  # CAP's, the mildest first
BY_ITSELF = ("Severe", "Extreme")  # what may go out without anybody's approval, if the town says so
MOST_FEEDS = 10


def compile_cap(section: Section, topics: Collection[str], zones: Collection[str] | None) -> dict[str, Any]:
    """The topic that alerts go to, the feeds, and which zones an area's code or name means.

    ``zones``: those there are; None where they are not known, and not checked.
    """
    topic = section.text("topic")
    if topic and topic not in topics:
        section.wrong(f"«topic»: there is no topic «{topic}» above")
    seen: set[str] = set()
    feeds = [_feed(each, seen) for each in section.records("feeds")]
    if len(feeds) > MOST_FEEDS:
        section.wrong(f"there are {len(feeds)} feeds; {MOST_FEEDS} are read in time")
    return {"topic": topic, "feeds": feeds, "areas": _areas(section.section("areas"), zones)}


def _feed(section: Section, seen: set[str]) -> dict[str, str]:
    name = section.text("name")
    if name in seen:
        section.wrong(f"two feeds are called «{name}»; names must differ")
    seen.add(name)
    return {
        "url": section.url("url"),
        "name": name,
        "draft_from": _severity(section, "draft_from", SEVERITIES) or SEVERITIES[0],
        "send_from": _severity(section, "send_from", BY_ITSELF),
    }


def _severity(section: Section, key: str, known: Collection[str]) -> str:
    value = section.text(key, required=False)
    if value and value not in known:
        section.wrong(f"«{key}»: «{value}» is none of {', '.join(known)}")
    return value


def _areas(section: Section, zones: Collection[str] | None) -> dict[str, list[str]]:
    found = {name: section.texts(name) for name in section.keys()}  # noqa: SIM118 - a Section is no dict
    for name, wanted in found.items():
        for zone in wanted:
            if zones is not None and zone not in zones:
                section.wrong(f"area «{name}»: there is no zone «{zone}»")
    return found
