"""Writing a notice: new, as a copy, changed, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.desk.campaigns.allowed import Act
from canal.desk.campaigns.changing import changed, current, runner, seen
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.requests import BothWords, CampaignEdit, Draft, NewCampaign
from canal.desk.refusals import Unfit
from canal.desk.roles import Person
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.errors import LostRace, Temporary
from canal.subjects.notices import Topic

DrawnUp = Callable[[str, datetime], Campaign]  # of a name and the hour
TRIES = 3  # other names, should one be taken
RECENT = 50  # notices among which a repeated request finds its own


def create(room: Room, person: Person, wanted: NewCampaign, key: str | None) -> Campaign:
    """A draft. With a ``key`` (the header Idempotency-Key) a repetition gives the one that is there already."""
    runner(person)
    topic = topic_of(room.town, wanted)

    def drawn_up(identifier: str, now: datetime) -> Campaign:
        blank = Campaign(
            id=identifier,
            kind=Kind(topic.kind),
            topic=topic.id,
            words={},
            template=topic.template,
            created_at=now,
            created_by=person.name,
            opens=topic.opens,
            written_by=person.name,
        )
        return replace(blank, **given(wanted))

    return kept(room, person, drawn_up, key, wanted.model_dump_json())


def copy(room: Room, person: Person, identifier: str, key: str | None) -> Campaign:
    """A new draft with the words and the audience of an old one; its hours and its items are of the past."""
    runner(person)
    old = seen(room, identifier)

    def drawn_up(fresh: str, now: datetime) -> Campaign:
        return Campaign(
            id=fresh,
            kind=old.kind,
            topic=old.topic,
            words=old.words,
            template=old.template,
            created_at=now,
            created_by=person.name,
            zones=old.zones,
            frequency=old.frequency,
            opens=old.opens,
            image=old.image,
            written_by=person.name,
            demo=old.demo,
        )

    return kept(room, person, drawn_up, key, identifier)


def kept(room: Room, person: Person, drawn_up: DrawnUp, key: str | None, request: str) -> Campaign:
    """Save what ``drawn_up`` makes of a name and the hour; names begin with the moment, so that they sort by age."""
    tail = digest(person.name, key, request) if key else ""
    if tail and (there := again(room, tail)):
        return there
    for _ in range(TRIES):
        now = room.clock()
        identifier = f"{now:%Y%m%d-%H%M%S}-{tail or uuid4().hex[:8]}"
        draft = changes.created(drawn_up(identifier, now), now, person.name)
        try:
            return room.campaigns.save(draft)
        except LostRace:
            stored = room.campaigns.load(identifier)
            if stored and (tail or draft.history[-1] in stored.history):
                return stored
    raise Temporary("no free name was found")


def digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def again(room: Room, tail: str) -> Campaign | None:
    """What the same request made before; pages hold campaigns whole or without history, so it is loaded."""
    found = next((each.id for each in room.campaigns.page(limit=RECENT) if each.id.endswith(f"-{tail}")), "")
    return room.campaigns.load(found) if found else None


def edit(room: Room, person: Person, identifier: str, if_match: str | None, wanted: CampaignEdit) -> Campaign:
    """Change a draft or one that was checked, which makes it a draft again."""
    now = room.clock()

    def change(before: Campaign) -> Campaign:
        after = before
        if wanted.topic or wanted.kind:
            topic = topic_of(room.town, wanted, before.topic)
            moved = topic.id != before.topic
            opens = topic.opens if moved else before.opens
            after = replace(before, topic=topic.id, kind=Kind(topic.kind), template=topic.template, opens=opens)
        after = replace(after, **given(wanted))
        after = replace(after, words={**before.words, **after.words})
        return changes.edited(before, after, now, person.name)

    return changed(room, person, identifier, if_match, Act.EDIT, change)


def topic_of(town: Town, wanted: NewCampaign | CampaignEdit, usual: str = "") -> Topic:
    """Raises Unfit for a topic that the content does not have, or a kind that is not the topic's."""
    topic = town.notices.topic(wanted.topic or usual)
    if topic is None:
        raise Unfit("topic", "unknown")
    if wanted.kind and wanted.kind != topic.kind:
        raise Unfit("kind", "not_of_the_topic")
    return topic


def given(wanted: Draft) -> Mapping[str, Any]:
    """What the request says of a campaign's fields."""
    said = wanted.model_fields_set
    found: dict[str, Any] = {}
    if "words" in said:
        found["words"] = words(wanted.words)
    if "zones" in said:
        found["zones"] = tuple(dict.fromkeys(wanted.zones))
    if wanted.opens is not None:
        found["opens"] = wanted.opens
    return found | {
        name: getattr(wanted, name) for name in ("frequency", "not_before", "until", "image") if name in said
    }


def words(wanted: BothWords) -> dict[Language, Words]:
    both = {language: getattr(wanted, language) for language in LANGUAGES}
    return {
        language: Words(said.headline, said.text, said.summary) for language, said in both.items() if said is not None
    }


def check(room: Room, person: Person, identifier: str, if_match: str | None) -> Campaign:
    """With a fresh estimate: CHECKED, or a draft with the reasons why not."""
    campaign = current(room, person, identifier, if_match, Act.CHECK)
    estimate = room.preflight.estimate(room.town, campaign)
    return changed(
        room,
        person,
        identifier,
        if_match,
        Act.CHECK,
        lambda each: changes.checked(each, estimate, room.clock(), person.name),
    )
