"""What a citizen's subscriptions become, and what is told of it. Pure; the words for it are in the neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from canal.broadcasts.subscription import Subscription
from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.dialogue.turn import Effect, OptedIn, OptedOut, Turn, Unsubscribed

Subscriptions = Mapping[str, Subscription]
BY_WORD, BY_SCREEN, BY_WHATSAPP = "word", "screen", "whatsapp"


def without(citizen: Citizen, topics: Iterable[str], how: str) -> tuple[Subscriptions, tuple[Effect, ...]]:
    """The subscriptions after leaving ``topics``; those that the citizen did not have are no news."""
    gone = [topic for topic in topics if topic in citizen.subscriptions]
    kept = {topic: each for topic, each in citizen.subscriptions.items() if topic not in gone}
    return kept, tuple(Unsubscribed(topic, how) for topic in gone)


def with_one(citizen: Citizen, wanted: Subscription) -> Subscriptions:
    """The subscriptions with ``wanted``, in the place of an older one to its topic."""
    return {**citizen.subscriptions, wanted.topic: wanted}


def switched_off(citizen: Citizen, town: Town, at: datetime) -> Turn:
    """WhatsApp's own switch ends what it counts as marketing: alerts stay. What was asked for later than the
    switch was turned ``at`` stays too, since Meta may tell of it late.
    """
    counted = {topic.id for topic in town.notices.topics if topic.marketing} if citizen.subscriptions else set()
    mine = [each for topic, each in citizen.subscriptions.items() if topic in counted]
    ended = [each.topic for each in mine if each.since <= at]
    kept, effects = without(citizen, ended, BY_WHATSAPP)
    wants = len(ended) < len(mine)
    after = replace(citizen, subscriptions=kept, wants_marketing=wants)
    return Turn(after, effects=effects if wants else (OptedOut(), *effects))


def switched_on(citizen: Citizen, at: datetime) -> Turn:
    """The switch turned on again gives back no topic: those are asked for here. One that comes later than what the
    citizen has written since undoes nothing.
    """
    if citizen.last_inbound_at and at < citizen.last_inbound_at:
        return Turn(citizen)
    return Turn(replace(citizen, wants_marketing=True), effects=(OptedIn(),))
