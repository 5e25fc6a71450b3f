"""What the town sends of its own accord: topics, quiet hours, prices, and what is done with CAP alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from canal.subjects.finding import BY_SLIP, Finder
from canal.subjects.origin import Both


@dataclass(frozen=True, slots=True)
class Topic:
    """What one can subscribe to. ``kind`` is a campaign's; ``template`` is sent outside the window; ``opens`` is the
    screen behind the notice's first button, empty for none. ``zones``: one may choose quarters. ``frequencies``: the
    choices of how often, none where there is nothing to choose. ``marketing``: WhatsApp counts it as that.
    """

    id: str
    name: Both
    about: Both
    kind: str
    template: str
    opens: str
    zones: bool
    frequencies: tuple[str, ...]
    marketing: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours, on the town's clock, in which only alerts go out; over midnight as a rule."""

    since: time
    until: time

    def ends_after(self, local: datetime) -> datetime | None:
        """When the quiet hours that ``local`` falls into end; None outside them."""
        hour = local.time()
        inside = self.since <= hour or hour < self.until if self.since > self.until else self.since <= hour < self.until
        if self.since == self.until or not inside:
            return None
        end = local.replace(hour=self.until.hour, minute=self.until.minute, second=0, microsecond=0)
        return end if end > local else end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notices:
    """The ``notices`` section.

    ``second_person_from``: recipients from which somebody other than the author must approve, by kind; a kind that is
    absent needs none. ``prices``: euros for one delivered message by WhatsApp's category in small letters ("service",
    "utility", "marketing"); empty while nobody has entered them. ``digest_highlights``: how many events the template
    names.
    """

    topics: tuple[Topic, ...]
    quiet: Quiet
    second_person_from: Mapping[str, int]
    prices: Mapping[str, float]
    prices_demo: bool
    digest_highlights: int
    cap: Mapping[str, Any]  # see ``canal/cap``: feeds, areas, send_from
    ignored: tuple[str, ...] = ()  # words that only resemble one of a topic

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Notices:
        quiet = data["quiet"]
        return cls(
            topics=tuple(_topic(each) for each in data["topics"]),
            quiet=Quiet(time.fromisoformat(quiet["since"]), time.fromisoformat(quiet["until"])),
            second_person_from=data["second_person_from"],
            prices=data["prices"],
            prices_demo=data["prices_demo"],
            digest_highlights=data["digest_highlights"],
            cap=data["cap"],
            ignored=tuple(data.get("ignored", ())),
        )

    def topic(self, identifier: str) -> Topic | None:
        return next((each for each in self.topics if each.id == identifier), None)

    def named(self, text: str) -> tuple[str, ...]:
        """The ids of the topics that the words name, the best first; a word that is only nearly one names none."""
        finder = Finder.of(((each.id, (*each.words, *each.name.values())) for each in self.topics), self.ignored)
        return tuple(found.thing for found in finder.find(text, len(self.topics)) if found.score > BY_SLIP)


def _topic(record: Mapping[str, Any]) -> Topic:
    return Topic(
        id=record["id"],
        name=record["name"],
        about=record["about"],
        kind=record["kind"],
        template=record["template"],
        opens=record.get("opens", ""),
        zones=record["zones"],
        frequencies=tuple(record["frequencies"]),
        marketing=record["marketing"],
        words=tuple(record["words"]),
    )
