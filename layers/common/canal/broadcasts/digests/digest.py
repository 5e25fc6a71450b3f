"""A digest before it is a campaign, and how its lines are fitted into what WhatsApp takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.broadcasts.changes import CANAL, approved, created
from canal.broadcasts.message import MOST_SUMMARY, one_line
from canal.broadcasts.states import State
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.report.parts import units
from canal.dialogue.scene import Scene
from canal.dialogue.town import Town
from canal.subjects.notices import Topic

SCHEDULE = "schedule"
ROOM = 880  # UTF-16 units of the text: the headline and the words around it need the rest of 1,024
MOST_HEADLINE = 60


@dataclass(frozen=True, slots=True)
class Digest:
    """What is to be told now, once: ``items`` are marked as told in the transaction that keeps the campaign.

    ``name`` and the day make the campaign's id, so that whoever composes it again makes the same one. After ``until``
    it is old news.
    """

    name: str
    topic: Topic
    words: Mapping[Language, Words]
    items: tuple[str, ...]
    until: datetime
    frequency: str = ""
    demo: bool = False

    def campaign(self, now: datetime) -> Campaign:
        """Approved already: nobody reads a digest before it goes out. ``now`` is on the town's clock."""
        draft = Campaign(
            id=f"{now:%Y%m%d}-{self.name}",
            kind=Kind(self.topic.kind),
            topic=self.topic.id,
            words=self.words,
            template=self.topic.template,
            created_at=now,
            created_by=CANAL,
            state=State.CHECKED,
            frequency=self.frequency,
            opens=self.topic.opens,
            until=self.until,
            source=SCHEDULE,
            items=self.items,
            demo=self.demo,
        )
        return approved(created(draft, now, CANAL), now, SCHEDULE)


def scenes(town: Town, now: datetime) -> tuple[tuple[Language, Scene], ...]:
    """The town's words and days in each language."""
    return tuple((language, Scene(Citizen(key="", language=language), town, now)) for language in LANGUAGES)


def text_of(scene: Scene, blocks: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Headings with their lines below, as many whole lines as there is room for; what is left out is counted."""
    total = sum(len(lines) for _, lines in blocks)
    best, shown = "", 0
    for number in range(1, total + 1):
        text = _first(blocks, number)
        rest = f"\n\n{scene.text('digests.more_behind', number=total - number)}" if number < total else ""
        if units(text + rest) > ROOM and best:
            break
        best, shown = text + rest, number
    return best if shown else ""


def _first(blocks: Sequence[tuple[str, Sequence[str]]], number: int) -> str:
    """The first ``number`` lines, each below its heading."""
    found: list[str] = []
    for heading, lines in blocks:
        taken = lines[:number]
        number -= len(taken)
        if taken:
            found.append("\n".join(filter(None, [heading, *taken])))
    return "\n\n".join(found)


def summary_of(scene: Scene, highlights: Sequence[str], total: int, instead: str, *, demo: bool) -> str:
    """One line of whole highlights, and how many more there are; ``instead`` where not even one fits."""
    mark = f" {scene.text('notices.demo_line')}" if demo else ""
    for number in range(len(highlights), 0, -1):
        parts = [one_line(each) for each in highlights[:number]]
        if total > number:
            parts.append(scene.text("digests.and_more", number=total - number))
        line = "; ".join(parts) + mark
        if units(line) <= MOST_SUMMARY:
            return line
    return instead + mark
