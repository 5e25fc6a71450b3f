"""Whom a campaign is for, and how each would get it now. One predicate for the estimate, for planning and for sending.

The row of the subscription says who may be meant; the citizen's own row has the last word.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.delivery import TEMPLATE, TEXT
from canal.broadcasts.subscription import Subscriber
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language
from canal.dialogue.town import Town

WINDOW = timedelta(hours=24)  # in which WhatsApp lets the town write freely

# Why somebody is passed over; what a delivery that is skipped for it gives as its reason.
ELSEWHERE = "elsewhere"  # other zones, another frequency: never meant, and not counted as left out
GONE = "gone"  # nobody is known under that key any more
LEFT = "left"  # no longer subscribed
UNWILLING = "unwilling"  # they said stop to marketing, which this is
RESTING = "resting"  # WhatsApp lets no more marketing through to them until after the notice has ended


def wanted(town: Town, campaign: Campaign, subscriber: Subscriber, citizen: Citizen | None, now: datetime) -> str:
    """Empty if the campaign is for them, else why not; ``citizen`` is None where nobody is known.

    Whom staff blocked is written to all the same: their reports are refused, and a flood is not.
    """
    if not subscriber.wants(campaign.zones, campaign.frequency):
        return ELSEWHERE
    if citizen is None:
        return GONE
    mine = citizen.subscriptions.get(campaign.topic)
    if mine is None:
        return LEFT
    if not Subscriber(citizen.key, mine.zones, mine.frequency).wants(campaign.zones, campaign.frequency):
        return ELSEWHERE
    return _of_marketing(campaign, citizen, now) if is_marketing(town, campaign) else ""


def _of_marketing(campaign: Campaign, citizen: Citizen, now: datetime) -> str:
    if not citizen.wants_marketing:
        return UNWILLING
    return RESTING if campaign.until and resting(citizen, now) >= campaign.until else ""


def is_marketing(town: Town, campaign: Campaign) -> bool:
    """Whether WhatsApp's own opt-out and its caps apply to the campaign's topic."""
    topic = town.notices.topic(campaign.topic)
    return topic is not None and topic.marketing


def resting(citizen: Citizen, now: datetime) -> datetime:
    """From when on marketing may go to them: ``now``, or when their rest ends."""
    return max(now, citizen.rest_until) if citizen.rest_until else now


def mode_of(citizen: Citizen, now: datetime) -> str:
    """TEXT inside WhatsApp's window, TEMPLATE outside."""
    wrote = citizen.last_inbound_at
    return TEXT if wrote is not None and now - wrote < WINDOW else TEMPLATE


def language_of(town: Town, citizen: Citizen) -> Language:
    """As they chose, else the town's."""
    return citizen.language or town.language
