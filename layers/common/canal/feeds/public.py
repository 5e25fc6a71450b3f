"""Which notices are public: those that have gone out. Never a draft, nor one that waits for its hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from canal.broadcasts.campaign import Campaign, Kind
from canal.broadcasts.outside import Campaigns
from canal.broadcasts.states import State
from canal.cap.ours import began, called_off, holds_until, in_force
from canal.dialogue.messages import Language
from canal.dialogue.town import Town

RECENT = timedelta(days=30)  # how long news stays
CALLED_OFF = timedelta(days=1)  # how long it is told that an alert was called off
OLDEST = timedelta(days=90)  # a notice that was written longer ago and has ended is not looked for
PAGE, MOST = 50, 500


def for_readers(campaigns: Campaigns, now: datetime) -> list[Campaign]:
    """Alerts in force and the other notices of the last weeks, the newest first."""
    return newest_first(each for each in known(campaigns, now) if readable(each, now))


def for_programs(campaigns: Campaigns, now: datetime) -> list[Campaign]:
    """Alerts in force, and those that were called off a short while ago, the newest first."""
    alerts = (each for each in known(campaigns, now) if each.kind == Kind.ALERT)
    return newest_first(each for each in alerts if in_force(each, now) or newly_off(each, now))


def readable(campaign: Campaign, now: datetime) -> bool:
    start = began(campaign)
    if start is None or campaign.state == State.CANCELLED:
        return False
    return in_force(campaign, now) if campaign.kind == Kind.ALERT else start > now - RECENT


def newly_off(campaign: Campaign, now: datetime) -> bool:
    at = called_off(campaign)
    return at is not None and now < min(at + CALLED_OFF, holds_until(campaign))


def known(campaigns: Campaigns, now: datetime) -> list[Campaign]:
    """Those under way, whenever they were written, and all that were written lately."""
    found = {each.id: each for each in campaigns.active()}
    return list({**{each.id: each for each in _written_lately(campaigns, now)}, **found}.values())


def _written_lately(campaigns: Campaigns, now: datetime) -> Iterator[Campaign]:
    """By their ids, which begin with the day."""
    oldest, before = f"{now - OLDEST:%Y%m%d}", ""
    for _ in range(MOST // PAGE):
        page = campaigns.page(before, PAGE)
        yield from (each for each in page if each.id >= oldest)
        if len(page) < PAGE or page[-1].id < oldest:
            return
        before = page[-1].id


def newest_first(found: Iterator[Campaign]) -> list[Campaign]:
    return sorted(found, key=lambda each: (began(each) or each.created_at, each.id), reverse=True)


def earlier(campaigns: Campaigns, campaign: Campaign) -> Campaign | None:
    """The campaign that this one updates."""
    name = campaign.cap.get("updates", "")
    return campaigns.load(name) if name else None


def title(campaign: Campaign, town: Town, headline: str, language: Language) -> str:
    """The headline, marked where it is no real notice or was called off."""
    if campaign.state == State.CANCELLED:
        headline = town.text("feeds.cancelled", language, headline=headline)
    return town.text("feeds.demo", language, headline=headline) if campaign.demo else headline
