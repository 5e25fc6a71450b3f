"""What the town watches: ``notices.cap`` of its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canal.cap.region import Zones, known


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that is read every few minutes. Alerts below the severity ``draft_from`` are passed over; from
    ``send_from`` on they go out without anybody's approval, and nothing does where that is empty.
    """

    url: str
    name: str
    draft_from: str = "Unknown"
    send_from: str = ""


# By hand a member of staff may bring any alert, and it never goes out by itself.
BY_HAND = Feed("", "")


@dataclass(frozen=True, slots=True)
class Watch:
    """``named``: which zones a geocode or an area's name means, none for the whole town; keys as ``known`` has them."""

    topic: str
    feeds: tuple[Feed, ...]
    named: Mapping[str, Zones]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Watch:
        return cls(
            topic=data["topic"],
            feeds=tuple(
                Feed(each["url"], each["name"], each["draft_from"], each["send_from"]) for each in data["feeds"]
            ),
            named={known(name): tuple(zones) for name, zones in data["areas"].items()},
        )
