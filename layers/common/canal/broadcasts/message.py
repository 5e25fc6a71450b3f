"""What a citizen gets of a campaign: free text inside WhatsApp's window, the filled-in template outside. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.dialogue.messages import Language, Option, Say
from canal.dialogue.report.parts import units
from canal.dialogue.scene import shortened
from canal.dialogue.town import Town

# The variables of every template of a notice, and no others: ``tests/repo`` holds the templates to it.
HEADLINE, SUMMARY = "headline", "summary"
# In UTF-16 units, as WhatsApp counts. A template's own words and its two variables have 1,024 together.
MOST_WITH_BUTTONS, MOST = 1_024, 4_096
MOST_HEADLINE, MOST_SUMMARY = 100, 480
NOTHING = "…"  # WhatsApp refuses an empty variable


def free_text(town: Town, language: Language, campaign: Campaign) -> Say:
    """The notice with its two buttons: what it opens, and out of this topic.

    What is too long for buttons goes without them, whole up to 4,096 units, and says in words how to leave. Only of a
    digest the end is cut instead, since its button opens all that it tells of.
    """
    words = words_in(campaign, language)
    above, below = around(town, language, campaign, words)
    footer = town.text("notices.footer", language, town=town.name)
    room = MOST_WITH_BUTTONS - units(above + below)
    if units(words.text) <= room or (opens_all(campaign) and room > 0):
        options = tuple(Option(address, label) for address, label in buttons(town, language, campaign))
        return Say(above + shortened(words.text, room) + below, options, footer=footer, image=campaign.image)
    below = f"{below}\n\n{town.text('notices.way_out', language)}"
    room = MOST - units(below) - units(footer) - 2
    return Say(shortened(above + words.text, room) + below, footer=footer)


def around(town: Town, language: Language, campaign: Campaign, words: Words) -> tuple[str, str]:
    """What stands above and below the text: mark and headline; that it is only a demonstration."""
    above = f"{town.text(f'notices.mark.{campaign.kind}', language)} *{one_line(words.headline)}*\n\n"
    return above, f"\n\n{town.text('common.demo', language)}" if campaign.demo else ""


def opens_all(campaign: Campaign) -> bool:
    """Whether the first button leads to the whole of what is told."""
    return campaign.kind == Kind.DIGEST and bool(campaign.opens)


def template_values(campaign: Campaign, language: Language) -> Mapping[str, str]:
    """One line each, none empty and none too long: a single bad one would stop the campaign."""
    words = words_in(campaign, language)
    return {HEADLINE: variable(words.headline, MOST_HEADLINE), SUMMARY: variable(words.line, MOST_SUMMARY)}


def variable(text: str, most: int) -> str:
    """``text`` as a template takes it. Stars would end the bold that the template itself writes."""
    return shortened(one_line(text.replace("*", "")), most) or NOTHING


def one_line(text: str) -> str:
    return " ".join(text.split())


def template_payloads(campaign: Campaign) -> tuple[str, ...]:
    """What the template's buttons lead to, in their order: what it opens (if anything), and out of this topic."""
    return tuple(filter(None, (campaign.opens, leave(campaign))))


def buttons(town: Town, language: Language, campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """Address and label of each."""
    found = [(leave(campaign), town.text("notices.leave", language))]
    if campaign.opens:
        key = f"notices.open.{campaign.opens.partition(':')[0]}"
        label = town.text(key if town.has_text(key) else "notices.open.other", language)
        found.insert(0, (campaign.opens, label))
    return tuple(found)


def leave(campaign: Campaign) -> str:
    return f"subscriptions:leave:{campaign.topic}"


def words_in(campaign: Campaign, language: Language) -> Words:
    """In their language, else in the other."""
    return campaign.words.get(language) or next(iter(campaign.words.values()))


def is_marketing(category: str) -> bool:
    """Whether WhatsApp's own opt-out and its caps apply."""
    return category.upper() == "MARKETING"


def passes_quiet_hours(kind: Kind) -> bool:
    """Alerts do not wait for the morning."""
    return kind == Kind.ALERT
