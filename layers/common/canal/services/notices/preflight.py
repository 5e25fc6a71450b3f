"""What a campaign would do if it were approved now: whom it reaches, how long it takes, what it costs, what forbids it.

The real audience is walked with planning's own predicate, so that the number shown is the number written to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from canal.broadcasts import spread
from canal.broadcasts.campaign import ALERTS, Campaign, Estimate
from canal.broadcasts.delivery import TEMPLATE
from canal.broadcasts.outside import Account, Allowance, Health, People, Subscribers
from canal.broadcasts.subscription import SHARDS, Subscriber
from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.errors import Temporary
from canal.services.notices.audience import ELSEWHERE, is_marketing, language_of, mode_of, wanted
from canal.services.notices.objections import Findings, problems, warnings

PAGE = 500  # subscribers
MOST_TIME = timedelta(seconds=18)  # API Gateway waits for 30; what is left then is extrapolated
WHOLE_TOWN = ""  # the zone of those who chose none


@dataclass(slots=True)
class Audience:
    """Counts of those it would reach: all, and those out of the window; ``shards`` says how many were walked."""

    inside: Counter[str] = field(default_factory=Counter)  # by language
    outside: Counter[str] = field(default_factory=Counter)
    zones: Counter[str] = field(default_factory=Counter)
    left: int = 0
    shards: int = SHARDS

    @property
    def languages(self) -> Counter[str]:
        return self.inside + self.outside

    def grown(self) -> Audience:
        """What was found in some shards, for all of them: keys spread evenly."""

        def all_of(counts: Counter[str]) -> Counter[str]:
            return Counter({name: round(count * SHARDS / self.shards) for name, count in counts.items()})

        left = round(self.left * SHARDS / self.shards)
        return Audience(all_of(self.inside), all_of(self.outside), all_of(self.zones), left, self.shards)


class Preflight:
    """Estimates campaigns. ``per_second``: how many messages the number may send."""

    def __init__(
        self,
        subscribers: Subscribers,
        people: People,
        account: Account,
        allowance: Allowance,
        clock: Callable[[], datetime],
        per_second: float,
    ) -> None:
        self._subscribers = subscribers
        self._people = people
        self._account = account
        self._allowance = allowance
        self._clock = clock
        self._per_second = per_second

    def estimate(self, town: Town, campaign: Campaign) -> Estimate:
        """Raises Temporary when a store does not answer, or is too slow for any answer at all."""
        now = self._clock()
        starts = max(now, campaign.not_before) if campaign.not_before else now
        audience = self._audience(town, campaign, starts)
        limits, health = self._account.limits(), self._account.templates()
        filed = "marketing" if is_marketing(town, campaign) else "utility"
        recipients, outside = audience.languages.total(), audience.outside.total()
        used, alert = self._allowance.used(starts), campaign.lane == ALERTS
        days = spread.days(outside, limits.tier, used, alert=alert)
        cost = cost_of(audience, prices=town.notices.prices, charged=charged(campaign, health, filed))
        seconds = ceil(recipients / self._per_second)
        found = Findings(
            now=now,
            starts=starts,
            readers=audience.languages,
            outside=audience.outside,
            days=days,
            seconds=seconds,
            limits=limits,
            left=spread.left(limits.tier, used, alert=alert),
            health={each.language: each for each in health if each.name == campaign.template},
            filed=filed,
            priced=cost is not None,
            whole=audience.shards == SHARDS,
        )
        return Estimate(
            at=now,
            recipients=recipients,
            outside=outside,
            by_language=dict(audience.languages),
            by_zone=dict(audience.zones),
            left=audience.left,
            tier=limits.tier,
            days=days,
            seconds=seconds,
            cost=cost,
            problems=tuple(problems(town, campaign, found)),
            warnings=tuple(warnings(town, campaign, found)),
        )

    def _audience(self, town: Town, campaign: Campaign, starts: datetime) -> Audience:
        audience = Audience()
        enough = self._clock() + MOST_TIME
        for shard in range(SHARDS):
            part = self._shard(town, campaign, starts, shard, enough)
            if part is None and not shard:
                raise Temporary("the subscriptions are read too slowly for an estimate")
            if part is None:
                audience.shards = shard
                return audience.grown()
            audience.inside += part.inside
            audience.outside += part.outside
            audience.zones += part.zones
            audience.left += part.left
        return audience

    def _shard(self, town: Town, campaign: Campaign, starts: datetime, shard: int, enough: datetime) -> Audience | None:
        """One shard; None when time ran out."""
        part, after = Audience(), ""
        while True:
            page = self._subscribers.page(campaign.topic, shard, after, PAGE)
            meant = [each for each in page if each.wants(campaign.zones, campaign.frequency)]
            people = self._people.load_many([each.citizen for each in meant]) if meant else {}
            for each in meant:
                count(part, town, campaign, each, people.get(each.citizen), starts)
            if len(page) < PAGE:
                return part
            if self._clock() > enough:
                return None
            after = page[-1].citizen


def count(
    audience: Audience,
    town: Town,
    campaign: Campaign,
    subscriber: Subscriber,
    citizen: Citizen | None,
    starts: datetime,
) -> None:
    """Add one subscriber to ``audience``."""
    reason = wanted(town, campaign, subscriber, citizen, starts)
    if reason or citizen is None:
        audience.left += reason != ELSEWHERE
        return
    counts = audience.outside if mode_of(citizen, starts) == TEMPLATE else audience.inside
    counts[language_of(town, citizen)] += 1
    chosen = citizen.subscriptions[campaign.topic].zones
    audience.zones.update([zone for zone in chosen if not campaign.zones or zone in campaign.zones] or [WHOLE_TOWN])


def charged(campaign: Campaign, health: tuple[Health, ...], filed: str) -> Callable[[str], str]:
    """The category that WhatsApp charges the template under in a language: its own word, else as it was filed."""
    told = {each.language: each.category.lower() for each in health if each.name == campaign.template}
    return lambda language: told.get(language) or filed


def cost_of(audience: Audience, prices: Mapping[str, float], charged: Callable[[str], str]) -> float | None:
    """Euros; None where a price that counts has not been entered."""
    messages = Counter({"service": audience.inside.total()})
    for language, number in audience.outside.items():
        messages[charged(language)] += number
    needed = {category: number for category, number in messages.items() if number}
    if not prices or not needed.keys() <= prices.keys():
        return None
    return round(sum(prices[category] * number for category, number in needed.items()), 2)
