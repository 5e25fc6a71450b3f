"""A CAP alert as a campaign of the town: whom it concerns, its words in both languages, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.broadcasts.states import State
from canal.cap.alert import Alert, BadAlert, Info, reaches, severer
from canal.cap.region import Zones, concerned, together
from canal.cap.text import line
from canal.cap.watched import Feed, Watch
from canal.cap.wording import LONGEST_HEADLINE, spoken, worded
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town

WHO = "cap"
SOURCE = "cap"
NEITHER = ",".join(LANGUAGES)  # ``untranslated``, where the alert speaks none of the town's languages
LIFE = timedelta(hours=24)  # of an alert that does not say when it ends


class NotForUs(BadAlert):
    """A good alert that is no matter of this town's citizens, or not any more."""


def draft(alert: Alert, town: Town, watch: Watch, feed: Feed, now: datetime, who: str = WHO) -> Campaign:
    """The draft of an Alert or Update. Raises NotForUs."""
    if alert.kind not in ("Alert", "Update"):
        raise NotForUs(f"it is a {alert.kind}, which tells citizens nothing", "tells_nothing")
    if alert.scope != "Public":
        raise NotForUs("it is not public", "not_public")
    ours = [(info, zones) for info in alert.infos if (zones := concerned(info.areas, town, watch.named)) is not None]
    if not ours:
        raise NotForUs("its area does not meet the municipality", "elsewhere")
    ours = [each for each in ours if spoken(each[0].language)] or ours  # others say the same to other people
    lead = worst([info for info, _ in ours])
    if not reaches(lead.severity, feed.draft_from):
        raise NotForUs("it is less severe than what is drafted", "mild")
    until = max(ends(alert, info) for info, _ in ours)
    if until <= now:
        raise NotForUs("it has expired", "past")
    return _campaign(alert, lead, ours, town, watch, feed, now, until, who)


def _campaign(
    alert: Alert,
    lead: Info,
    ours: Sequence[tuple[Info, Zones]],
    town: Town,
    watch: Watch,
    feed: Feed,
    now: datetime,
    until: datetime,
    who: str,
) -> Campaign:
    infos = [info for info, _ in ours]
    topic = town.notices.topic(watch.topic)
    said = words(alert, infos, town, feed)
    made = Campaign(
        id=identifier(alert),
        kind=Kind.ALERT,
        topic=watch.topic,
        words=said,
        template=topic.template if topic else "",
        opens=topic.opens if topic else "",
        created_at=now,
        created_by=who,
        zones=together([zones for _, zones in ours], town.municipality) or (),
        until=until,
        written_by=who,
        source=SOURCE,
        items=(alert.reference.item,),
        cap=about(alert, lead, infos, feed, said),
        demo=alert.status != "Actual",
    )
    return changes.created(made, now, who)


def identifier(alert: Alert) -> str:
    """Follows from the alert: read twice, it is one campaign."""
    return f"{alert.sent.astimezone(UTC):%Y%m%d}-{alert.reference.item.replace(':', '-')}"


def worst(infos: Sequence[Info]) -> Info:
    """The most severe, the earliest of these."""
    first = infos[0]
    for info in infos[1:]:
        first = info if severer(info.severity, first.severity) else first
    return first


def ends(alert: Alert, info: Info) -> datetime:
    return info.expires or (info.onset or info.effective or alert.sent) + LIFE


def words(alert: Alert, infos: Sequence[Info], town: Town, feed: Feed) -> dict[Language, Words]:
    """In both languages; one that the alert does not have gets another's words as they are (see ``untranslated``)."""
    said: dict[Language, Words] = {}
    for language in LANGUAGES:
        found = _in(language, infos)
        marks = spoken(found[0].language) or town.language  # in the language of the words that they stand beside
        said[language] = worded(alert, found, marks, town, feed.name)
    return said


def _in(language: Language, infos: Sequence[Info]) -> list[Info]:
    """What the alert says in ``language``, else in the other of the town's, else in English, else in any."""
    tags = [info.language.lower().split("-")[0] for info in infos]
    best = next(tag for tag in (language, *LANGUAGES, "en", tags[0]) if tag in tags)
    return [info for info, tag in zip(infos, tags, strict=True) if tag == best]


def about(
    alert: Alert, lead: Info, infos: Sequence[Info], feed: Feed, said: Mapping[Language, Words]
) -> dict[str, str]:
    """What a campaign keeps of the alert; what is empty is absent."""
    missing = [each for each in LANGUAGES if each not in {spoken(info.language) for info in infos}]
    found = {
        "identifier": alert.identifier,
        "sender": alert.sender,
        "sent": alert.sent.isoformat(),
        "status": alert.status,
        "type": alert.kind,
        "event": lead.event,
        "category": lead.categories[0],
        "urgency": lead.urgency,
        "severity": lead.severity,
        "certainty": lead.certainty,
        "onset": lead.onset.isoformat() if lead.onset else "",
        "area": "; ".join(dict.fromkeys(area.description for info in infos for area in info.areas))[:500],
        "web": lead.web,
        "feed": feed.name,
        "untranslated": ",".join(missing),
        "original": _print(said[missing[0]]) if missing else "",
    }
    return {name: value for name, value in found.items() if value}


def renewed(before: Campaign, fresh: Campaign, now: datetime, who: str = WHO) -> Campaign:
    """A draft that nobody has touched, with what an Update says; it stays the same campaign."""
    after = replace(
        before,
        words=fresh.words,
        zones=fresh.zones,
        until=fresh.until,
        cap=fresh.cap,
        items=(*before.items, *fresh.items),
    )
    return changes.edited(before, after, now, who)


def following(fresh: Campaign, before: Campaign, town: Town) -> Campaign:
    """A new draft that says that it changes an earlier notice."""
    said: dict[Language, Words] = {
        language: replace(each, headline=_marked(town, "cap.update", language, each.headline))
        for language, each in fresh.words.items()
    }
    return replace(fresh, words=said, cap={**fresh.cap, "updates": before.id})


def over(before: Campaign, alert: Alert, town: Town, now: datetime, who: str = WHO) -> Campaign:
    """A draft that tells those who got ``before`` that its sender has withdrawn it."""
    said: dict[Language, Words] = {
        language: Words(
            _marked(town, "cap.over.headline", language, each.headline),
            town.text("cap.over.text", language, sender=before.cap.get("feed") or before.cap.get("sender", "")),
        )
        for language, each in before.words.items()
    }
    fresh = replace(
        before,
        id=identifier(alert),
        words=said,
        created_at=now,
        created_by=who,
        state=State.DRAFT,
        estimate=None,
        written_by=who,
        approved_by="",
        approved_at=None,
        items=(alert.reference.item,),
        cap={**before.cap, "updates": before.id, "type": alert.kind, "severity": "Minor", "urgency": "Past"},
        history=(),
        version=0,
    )
    return changes.created(fresh, now, who)


def _marked(town: Town, key: str, language: Language, headline: str) -> str:
    return line(town.text(key, language, headline=headline), LONGEST_HEADLINE)


def untranslated(campaign: Campaign) -> tuple[Language, ...]:
    """The languages in which nobody has written the alert yet: they still hold another language's words."""
    marked, original = campaign.cap.get("untranslated", "").split(","), campaign.cap.get("original")
    return tuple(each for each in LANGUAGES if each in marked and _print(campaign.words[each]) == original)


def _print(words: Words) -> str:
    """By which words are known again."""
    return blake2b(words.text.encode(), digest_size=8).hexdigest()
