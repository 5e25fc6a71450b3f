"""A page of subscribers becomes recipients: who gets a row, how they get it, and from when on. Asks only the allowance.

What is chosen here is written down, never sent: ``send`` looks at each citizen once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, repeat

from canal.broadcasts.campaign import ALERTS, Campaign
from canal.broadcasts.delivery import TEMPLATE, Delivery
from canal.broadcasts.outside import Allowance
from canal.broadcasts.subscription import Subscriber
from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.services.notices import audience
from canal.services.notices.hours import allowed, look_at

MARGIN = timedelta(minutes=5)  # a window that ends so soon may have ended when their turn comes


@dataclass(frozen=True, slots=True)
class Plan:
    """What the recipients of a page have in common. ``ahead``: how many of the shard are written down already."""

    town: Town
    campaign: Campaign
    now: datetime
    per_second: float
    ahead: int = 0


def chosen(plan: Plan, page: Iterable[Subscriber], people: Mapping[str, Citizen]) -> tuple[dict[str, Citizen], int]:
    """The recipients by their present keys, and how many were left out though the notice was meant for them."""
    found: dict[str, Citizen] = {}
    left = 0
    for subscriber in page:
        citizen = people.get(subscriber.citizen)
        reason = audience.wanted(plan.town, plan.campaign, subscriber, citizen, plan.now)
        if citizen is not None and not reason:
            found[citizen.key] = citizen
        elif reason != audience.ELSEWHERE:
            left += 1
    return found, left


def rows(plan: Plan, citizens: Iterable[Citizen], allowance: Allowance) -> list[Delivery]:
    """Their rows. Outside the window they need room in the tier: those who can go first get the first of it."""
    begin = allowed(plan.town, plan.campaign, plan.now)
    free = [(_free(plan, citizen, begin), citizen) for citizen in citizens]
    free.sort(key=lambda each: each[0])  # stable: as good as nothing to do where nobody rests
    modes = [audience.mode_of(citizen, when + MARGIN) for when, citizen in free]
    slots = _slots(allowance, begin, modes.count(TEMPLATE), alert=plan.campaign.lane == ALERTS)
    releases = (
        max(when, next(slots)) if mode == TEMPLATE else when for (when, _), mode in zip(free, modes, strict=True)
    )
    return [
        _row(plan, citizen, mode, release, plan.ahead + n)
        for n, ((_, citizen), mode, release) in enumerate(zip(free, modes, releases, strict=True))
    ]


def _free(plan: Plan, citizen: Citizen, begin: datetime) -> datetime:
    """From when on anything of this campaign may go to them."""
    if citizen.rest_until is None or not audience.is_marketing(plan.town, plan.campaign):
        return begin
    return allowed(plan.town, plan.campaign, max(begin, citizen.rest_until))


def _slots(allowance: Allowance, begin: datetime, wanted: int, *, alert: bool) -> Iterator[datetime]:
    """One moment for each of ``wanted`` recipients, the earliest first."""
    found = allowance.reserve(begin, wanted, alert=alert) if wanted else ()
    return chain.from_iterable(repeat(when or begin, count) for when, count in found)


def _row(plan: Plan, citizen: Citizen, mode: str, release: datetime, ahead: int) -> Delivery:
    waits = release > plan.now
    if waits:
        release = allowed(plan.town, plan.campaign, release)
    return Delivery(
        campaign=plan.campaign.id,
        citizen=citizen.key,
        language=audience.language_of(plan.town, citizen),
        mode=mode,
        at=plan.now,
        release_at=release if waits else None,
        look_at=release if waits else look_at(plan.campaign, plan.now, ahead, plan.per_second),
    )


def due(deliveries: Iterable[Delivery], now: datetime) -> list[str]:
    """The citizens of those that may go now."""
    return [each.citizen for each in deliveries if each.release_at is None or each.release_at <= now]


def hundreds(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many citizens as are read at once."""
    return (keys[start : start + 100] for start in range(0, len(keys), 100))
