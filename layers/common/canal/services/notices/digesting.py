"""Digests on their schedule: composed from the town's content, kept as approved campaigns, started.

A campaign and its items go into the store in one transaction, already approved. So whatever crashes or runs twice, an
item is in one campaign or in none: before the transaction nothing has happened and the next run does it; after it the
campaign is found by ``tend``, should it not have been started here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.digests.agenda import NotLoaded, agenda
from canal.broadcasts.digests.digest import Digest
from canal.broadcasts.digests.offers import item, new, offers
from canal.broadcasts.digests.taxes import due, taxes
from canal.broadcasts.outside import Campaigns
from canal.broadcasts.subscription import EACH, WEEKLY
from canal.dialogue.town import Town
from canal.errors import BadInput, LostRace, Temporary
from canal.ports import Towns
from canal.subjects.notices import Topic

AGENDA, OFFERS, OFFERS_WEEKLY, TAXES = "agenda", "offers", "offers_weekly", "taxes"
TOPICS = {AGENDA: "agenda", OFFERS: "jobs", OFFERS_WEEKLY: "jobs", TAXES: "taxes"}  # ids in ``notices.yaml``

MADE, NOTHING, TOLD = "made", "nothing to tell", "told already"
NO_TOPIC, NOT_LOADED = "no such topic in the content", "the agenda is not loaded"


class UnknownDigest(BadInput):
    """The schedule asks for something that nobody composes."""


@dataclass(frozen=True, slots=True)
class Digested:
    """How a run ended. ``campaign`` is the id of what was made; ``started`` is False where ``tend`` has to start it."""

    result: str
    campaign: str = ""
    started: bool = False


class Digesting:
    """Composes what a schedule asks for."""

    def __init__(
        self,
        campaigns: Campaigns,
        towns: Towns,
        start: Callable[[Campaign, datetime], object],
        clock: Callable[[], datetime],
    ) -> None:
        """``start`` begins the planning of an approved campaign; it may raise Temporary."""
        self._campaigns = campaigns
        self._towns = towns
        self._start = start
        self._clock = clock

    def run(self, asked: object) -> Digested:
        """One digest, by the name in the schedule's event. Raises UnknownDigest, and Temporary from the stores."""
        if not isinstance(asked, str) or asked not in TOPICS:
            raise UnknownDigest(f"there is no digest {asked!r}; known are {', '.join(TOPICS)}")
        town = self._towns.current()
        topic = town.notices.topic(TOPICS[asked])
        if topic is None:
            return Digested(NO_TOPIC)
        try:
            digest = self._compose(asked, town, topic, town.local(self._clock()))
        except NotLoaded:
            return Digested(NOT_LOADED)
        return self._keep(digest, town) if digest else Digested(NOTHING)

    def _compose(self, asked: str, town: Town, topic: Topic, now: datetime) -> Digest | None:
        """What is to be told that was not told before."""
        match asked:
            case "agenda":
                return agenda(town, topic, now)
            case "taxes":
                dates = due(town, now)
                told = self._told(topic, [each.item for each in dates])
                return taxes(town, topic, now, dates, told)
            case _:
                frequency = frequency_of(topic, asked)
                if frequency is None:
                    return None
                found = new(town, now)
                told = self._told(topic, [item(each, frequency) for each in found])
                return offers(town, topic, now, frequency, found, told)

    def _told(self, topic: Topic, items: list[str]) -> frozenset[str]:
        return self._campaigns.told(topic.id, items) if items else frozenset()

    def _keep(self, digest: Digest, town: Town) -> Digested:
        """As a campaign, once; started where that succeeds."""
        if self._campaigns.told(digest.topic.id, digest.items):
            return Digested(TOLD)
        now = self._clock()
        draft = digest.campaign(town.local(now))
        try:
            campaign = self._campaigns.save(draft, digest.items)
        except LostRace:
            if self._campaigns.load(draft.id) or self._campaigns.told(digest.topic.id, digest.items):
                return Digested(TOLD)
            raise  # two transactions got into each other's way, and neither was kept
        try:
            self._start(campaign, now)
        except Temporary:
            return Digested(MADE, campaign.id)
        return Digested(MADE, campaign.id, started=True)


def frequency_of(topic: Topic, asked: str) -> str | None:
    """Whom a digest of offers is for: empty for all of them, where nobody can choose; None for nobody at all."""
    if WEEKLY not in topic.frequencies:
        return "" if asked == OFFERS else None
    if asked == OFFERS:
        return EACH if EACH in topic.frequencies else None
    return WEEKLY
