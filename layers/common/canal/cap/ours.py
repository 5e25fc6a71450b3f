"""A campaign as the CAP message that tells of it: an alert, or an update of an earlier one; once it was called off or
is over, the message that says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from canal.broadcasts.campaign import Campaign, What
from canal.broadcasts.message import words_in
from canal.broadcasts.states import RUNNING, State
from canal.cap.alert import CATEGORIES, CERTAINTIES, SEVERITIES, URGENCIES, Alert, Area, Info
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.subjects.municipality import Outline

TAGS: dict[Language, str] = {"ca": "ca-ES-valencia", "es": "es-ES"}
LIFE = timedelta(hours=24)  # of an alert that does not say until when it holds


def began(campaign: Campaign) -> datetime | None:
    """When it began to go out; None while nobody could have got it, and where nobody did."""
    if campaign.state == State.FAILED:
        return None
    return next((event.at for event in campaign.history if event.what == What.PLANNING), None)


def holds_until(campaign: Campaign) -> datetime:
    """When it ends by itself."""
    return campaign.until or (began(campaign) or campaign.created_at) + LIFE


def in_force(campaign: Campaign, now: datetime) -> bool:
    """Whether it is still to be heeded."""
    alive = campaign.state in RUNNING | {State.PAUSED, State.DONE}
    return alive and began(campaign) is not None and now < holds_until(campaign)


def called_off(campaign: Campaign) -> datetime | None:
    """When somebody ended it that had begun to go out."""
    if campaign.state != State.CANCELLED or began(campaign) is None:
        return None
    return next((event.at for event in reversed(campaign.history) if event.what == What.CANCELLED), None)


def message(campaign: Campaign, town: Town, now: datetime, earlier: Campaign | None = None) -> Alert | None:
    """What is to be said of it now; None if it never went out. ``earlier``: the campaign that it updates, if any."""
    first = _first(campaign, town, earlier)
    if first is None:
        return None
    if cancelled := called_off(campaign):
        return _follows(first, "Cancel", f"{campaign.id}-cancel", town.local(cancelled))
    if now >= holds_until(campaign):
        ended = _follows(first, "Update", f"{campaign.id}-end", town.local(holds_until(campaign)))
        over = [replace(info, responses=("AllClear",), urgency="Past") for info in ended.infos]
        return replace(ended, infos=tuple(over))
    return first


def _first(campaign: Campaign, town: Town, earlier: Campaign | None) -> Alert | None:
    """The message with which it began."""
    start = began(campaign)
    if start is None:
        return None
    before = _first(earlier, town, None) if earlier else None
    sent = town.local(start).replace(microsecond=0)
    return Alert(
        identifier=campaign.id,
        sender=sender(town),
        sent=sent,
        status="Test" if campaign.demo else "Actual",
        kind="Update" if before else "Alert",
        references=(before.reference,) if before else (),
        infos=tuple(_info(campaign, town, language, sent) for language in LANGUAGES),
        note=" / ".join(town.text("cap.demo", language) for language in LANGUAGES) if campaign.demo else "",
    )


def _follows(first: Alert, kind: str, identifier: str, sent: datetime) -> Alert:
    at = max(sent.replace(microsecond=0), first.sent)
    return replace(first, kind=kind, identifier=identifier, sent=at, references=(first.reference,))


def sender(town: Town) -> str:
    """The town's own site, which is nobody else's."""
    host = str(town.facts.get("site", "")).partition("://")[2].partition("/")[0]
    return host or "canal.invalid"


def _info(campaign: Campaign, town: Town, language: Language, sent: datetime) -> Info:
    words = words_in(campaign, language)
    known = campaign.cap
    category = known.get("category", "")
    return Info(
        language=TAGS[language],
        event=known.get("event", "") or words.headline,
        categories=(category if category in CATEGORIES else "Safety",),
        urgency=_one_of(known.get("urgency", ""), URGENCIES),
        severity=_one_of(known.get("severity", ""), SEVERITIES),
        certainty=_one_of(known.get("certainty", ""), CERTAINTIES),
        effective=sent,
        onset=_onset(known.get("onset", "")),
        expires=town.local(holds_until(campaign)).replace(microsecond=0),
        sender_name=town.text("cap.sender", language, town=town.name),
        headline=words.headline,
        description=words.text,
        web=str(town.facts.get("site", "")),
        areas=areas(campaign, town, language),
    )


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else "Unknown"


def _onset(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def areas(campaign: Campaign, town: Town, language: Language) -> tuple[Area, ...]:
    """Its zones, each an area with its outlines; without zones the municipality, which its INE code names."""
    ground = town.municipality
    zones = [zone for name in campaign.zones if (zone := ground.zone(name))]
    if not zones:
        outlines = tuple(piece.outline for piece in ground.pieces)
        rough = any(piece.approximate or piece.origin.demo for piece in ground.pieces)
        code = str(town.facts.get("ine_code", ""))
        return (_area(town, language, town.name, outlines, rough, (("INE", code),) if code else ()),)
    return tuple(
        _area(town, language, zone.name[language], zone.pieces, zone.approximate or zone.origin.demo) for zone in zones
    )


def _area(
    town: Town,
    language: Language,
    name: str,
    outlines: tuple[Outline, ...],
    rough: bool,
    codes: tuple[tuple[str, str], ...] = (),
) -> Area:
    """An outline that is only roughly known says so in its name: other programs draw it as if it were exact."""
    described = town.text("cap.approximate", language, name=name) if rough and outlines else name
    return Area(described, outlines, geocodes=codes)
