"""A recipient before the message: whether it is still for them, whether it may go now, and what they get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.delivery import TEXT, Delivery, reference
from canal.broadcasts.message import free_text, passes_quiet_hours, template_payloads, template_values
from canal.broadcasts.subscription import Subscriber
from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.services.channel import Channel
from canal.services.notices import audience

EXPIRED, LEFT, QUIET, RESTING = "expired", audience.LEFT, "quiet", audience.RESTING


@dataclass(frozen=True, slots=True)
class Recipient:
    """A row that waits, and who it is about as they were read at ``read_at``; None where nobody is known."""

    row: Delivery
    citizen: Citizen | None
    read_at: float


@dataclass(frozen=True, slots=True)
class Letter:
    """What one citizen gets, in the language that they speak now."""

    channel: Channel
    town: Town
    campaign: Campaign
    row: Delivery
    citizen: Citizen

    def ready(self, mode: str) -> Callable[[], str]:
        """Composed; the call sends it and gives the wamid."""
        language = audience.language_of(self.town, self.citizen)
        about = reference(self.row.campaign, self.row.citizen)
        if mode == TEXT:
            return partial(self.channel.write, free_text(self.town, language, self.campaign), self.citizen, about)
        values, payloads = template_values(self.campaign, language), template_payloads(self.campaign)
        template = self.campaign.template
        return partial(self.channel.fill_in, template, language, values, payloads, self.citizen, about)


def unwanted(town: Town, campaign: Campaign, citizen: Citizen, now: datetime) -> str:
    """Why nothing is to be sent to them, ever; empty if it is."""
    if campaign.until and now >= campaign.until:
        return EXPIRED
    mine = citizen.subscriptions.get(campaign.topic)
    if mine is None:
        return LEFT
    subscriber = Subscriber(citizen.key, mine.zones, mine.frequency)
    reason = audience.wanted(town, campaign, subscriber, citizen, now)
    return LEFT if reason == audience.ELSEWHERE else reason  # they chose other zones since it was planned


def postponed(town: Town, campaign: Campaign, citizen: Citizen, now: datetime) -> tuple[datetime, str] | None:
    """Until when it must wait, and why."""
    if not passes_quiet_hours(campaign.kind):
        end = town.notices.quiet.ends_after(town.local(now))
        if end:
            return end.astimezone(now.tzinfo), QUIET
    if audience.is_marketing(town, campaign):
        rested = audience.resting(citizen, now)
        return (rested, RESTING) if rested > now else None
    return None
