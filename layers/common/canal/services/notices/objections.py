"""What forbids a campaign to go out, and what its author should know first. Pure: keys of words with their values.

The limits of template variables are Meta's: one line, no tab, no run of spaces; a body of 1,024 characters with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.broadcasts.message import passes_quiet_hours
from canal.broadcasts.outside import Health, Limits
from canal.cap.drafting import untranslated
from canal.dialogue.citizen import Place
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.subjects.notices import Topic

HEADLINE, SUMMARY, TEXT = 60, 480, 900  # UTF-16 units, as WhatsApp counts
NOT_A_LINE = re.compile(r"[\r\n\t]| {5}")
APPROVED = "APPROVED"

Objection = tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Findings:
    """What preflight has found out. ``health`` is the campaign's template by language; ``filed`` its category as the
    town files it; ``left``: what others have left of the account's tier, for such a notice; ``whole``: everybody was
    counted, nothing extrapolated.
    """

    now: datetime
    starts: datetime
    readers: Mapping[str, int]  # by language
    outside: Mapping[str, int]
    days: int
    seconds: int
    limits: Limits
    left: int | None  # None: no limit
    health: Mapping[str, Health]
    filed: str
    priced: bool
    whole: bool


def problems(town: Town, campaign: Campaign, found: Findings) -> Iterator[Objection]:
    """All that forbids approval."""
    topic = town.notices.topic(campaign.topic)
    if topic is None:
        yield "notices.problems.unknown_topic", {}
    else:
        yield from _of_topic(town, campaign, topic)
    yield from of_words(campaign)
    yield from _of_hours(campaign, found.now)
    for language in sorted(found.outside):
        if not approved(found, language):
            yield "notices.problems.no_template", {"template": campaign.template, "language": language}
    if not sum(found.readers.values()):
        yield "notices.problems.nobody", {}


def of_words(campaign: Campaign) -> Iterator[Objection]:
    """What is wrong with the words, in any language."""
    for language in LANGUAGES:
        words = campaign.words.get(language)
        if words is None or not words.headline.strip() or not words.text.strip():
            yield "notices.problems.no_words", {"language": language}
        else:
            yield from _of_language(words, language)


def _of_language(words: Words, language: Language) -> Iterator[Objection]:
    here = {"language": language}
    if units(words.headline) > HEADLINE:
        yield "notices.problems.headline_too_long", {**here, "most": str(HEADLINE)}
    if NOT_A_LINE.search(words.headline):
        yield "notices.problems.headline_no_line", here
    if units(words.text) > TEXT:
        yield "notices.problems.text_too_long", {**here, "most": str(TEXT)}
    if units(words.line) > SUMMARY:
        yield "notices.problems.summary_too_long", {**here, "most": str(SUMMARY)}
    if NOT_A_LINE.search(words.line):
        yield "notices.problems.summary_no_line", here


def _of_topic(town: Town, campaign: Campaign, topic: Topic) -> Iterator[Objection]:
    if campaign.kind != topic.kind:
        yield "notices.problems.other_kind", {}
    known = {zone.id for zone in town.municipality.zones}
    if campaign.zones and not topic.zones:
        yield "notices.problems.no_zones", {}
    for zone in sorted(set(campaign.zones) - known):
        yield "notices.problems.unknown_zone", {"zone": zone}
    if campaign.frequency and campaign.frequency not in topic.frequencies:
        yield "notices.problems.unknown_frequency", {"frequency": campaign.frequency}
    # The template's first button is filed with Meta: one that leads nowhere, or is not there, is refused.
    if bool(campaign.opens) != bool(topic.opens):
        yield "notices.problems.needs_screen" if topic.opens else "notices.problems.no_screen", {}
    elif campaign.opens and campaign.opens.partition(":")[0] not in list(Place):
        yield "notices.problems.unknown_screen", {"screen": campaign.opens}


def _of_hours(campaign: Campaign, now: datetime) -> Iterator[Objection]:
    start, end = campaign.not_before, campaign.until
    if start and start < now:
        yield "notices.problems.start_passed", {"moment": start.isoformat()}
    if end and end <= now:
        yield "notices.problems.end_passed", {"moment": end.isoformat()}
    elif start and end and end <= start:
        yield "notices.problems.end_before_start", {}


def warnings(town: Town, campaign: Campaign, found: Findings) -> Iterator[Objection]:
    """What does not forbid it."""
    for language in untranslated(campaign):
        yield "notices.warnings.untranslated", {"language": language}
    yield from _of_templates(campaign, found)
    yield from _of_account(campaign, found)
    waits = None if passes_quiet_hours(campaign.kind) else town.notices.quiet.ends_after(town.local(found.starts))
    if waits:
        yield "notices.warnings.quiet_hours", {"moment": waits.isoformat()}
    if campaign.until and ends(waits or found.starts, found) > campaign.until > found.now:
        yield "notices.warnings.not_in_time", {"moment": campaign.until.isoformat()}
    if not found.priced:
        yield "notices.warnings.no_prices", {}
    elif town.notices.prices_demo:
        yield "notices.warnings.prices_demo", {}
    if not found.whole:
        yield "notices.warnings.extrapolated", {}


def _of_templates(campaign: Campaign, found: Findings) -> Iterator[Objection]:
    for language in sorted(found.readers):
        which = {"template": campaign.template, "language": language}
        health = found.health.get(language)
        if not approved(found, language) and not found.outside.get(language):
            yield "notices.warnings.no_template", which
        if health and health.category.lower() == "marketing" != found.filed:
            yield "notices.warnings.now_marketing", which
        if health and health.quality.upper() in ("YELLOW", "RED"):
            yield f"notices.warnings.template_{health.quality.lower()}", which


def _of_account(campaign: Campaign, found: Findings) -> Iterator[Objection]:
    limits, people = found.limits, sum(found.outside.values())
    if not limits.known:
        yield "notices.warnings.account_unknown", {}
    if limits.quality.upper() in ("YELLOW", "RED"):
        yield f"notices.warnings.number_{limits.quality.lower()}", {}
    if found.left is not None and people > found.left:
        late = {"people": str(people - found.left), "left": str(found.left), "days": str(found.days)}
        late["tier"] = str(limits.tier)
        yield "notices.warnings.not_today" if campaign.kind == Kind.ALERT else "notices.warnings.spread", late


def ends(begins: datetime, found: Findings) -> datetime:
    """When the last recipient would have been written to, at the earliest."""
    return begins + timedelta(days=found.days - 1, seconds=found.seconds)


def approved(found: Findings, language: str) -> bool:
    health = found.health.get(language)
    return health is not None and health.status.upper() == APPROVED


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
