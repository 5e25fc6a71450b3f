"""Writing a notice: new, as a copy, changed, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.desk.campaigns.allowed import Act
from canal.desk.campaigns.changing import changed, current, runner, seen
from canal.desk.campaigns.keeping import kept
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.requests import BothWords, CampaignEdit, CapIn, Draft, NewCampaign
from canal.desk.refusals import Unfit
from canal.desk.roles import Person
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.subjects.notices import Topic


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
            cap=rated(wanted, topic, {}),
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
            cap={name: word for name, word in old.cap.items() if name in CapIn.model_fields},
            demo=old.demo,
        )

    return kept(room, person, drawn_up, key, identifier)


def edit(room: Room, person: Person, identifier: str, if_match: str | None, wanted: CampaignEdit) -> Campaign:
    """Change a draft or one that was checked, which makes it a draft again."""
    now = room.clock()

    def change(before: Campaign) -> Campaign:
        after = before
        if wanted.topic or wanted.kind or wanted.cap:
            topic = topic_of(room.town, wanted, before.topic)
            moved = topic.id != before.topic
            opens = topic.opens if moved else before.opens
            after = replace(before, topic=topic.id, kind=Kind(topic.kind), template=topic.template, opens=opens)
            after = replace(after, cap=rated(wanted, topic, before.cap))
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


def rated(wanted: Draft, topic: Topic, before: Mapping[str, str]) -> Mapping[str, str]:
    """What CAP is to say of it. Raises Unfit for what is no alert."""
    if wanted.cap and topic.kind != Kind.ALERT:
        raise Unfit("cap", "alerts_only")
    return {**before, **(wanted.cap.model_dump(exclude_none=True) if wanted.cap else {})}


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
