"""Demonstration citizens who subscribed to notices: always the same ones, in both languages and all quarters.

Pure. Their user ids say what they are (``ES.Demo00001``), they have no telephone number, and no real person is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from canal.broadcasts.subscription import EACH, Subscription
from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.messages import Language
from canal.dialogue.town import Town
from canal.subjects.notices import Topic

WAMID = "wamid.demonstration"
IN_VALENCIAN, INSIDE_WINDOW, WHOLE_TOWN = 0.6, 0.35, 0.5  # of all
OF_A_TOPIC = 0.4  # subscribe to it; to the first, alerts, everybody does


def demo_citizens(town: Town, now: datetime, count: int) -> Iterator[Citizen]:
    """``count`` citizens. The first ones are the same, whatever the count; only their last hour is by ``now``."""
    for number in range(1, count + 1):
        yield demo_citizen(town, now, number)


def demo_citizen(town: Town, now: datetime, number: int) -> Citizen:
    dice = Random(f"canal {number}")  # the same at every seeding
    language: Language = "ca" if dice.random() < IN_VALENCIAN else "es"
    wrote = now - (timedelta(hours=20) if dice.random() < INSIDE_WINDOW else timedelta(days=60)) * dice.uniform(0.05, 1)
    if wrote < now - timedelta(hours=22):  # not just at the edge of the window
        wrote -= timedelta(hours=6)
    since = wrote - timedelta(days=dice.uniform(0, 200))
    key = f"ES.Demo{number:05}"
    return Citizen(
        key=key,
        user_id=key,
        language=language,
        place=Place.MENU,
        since=since,
        last_inbound_at=wrote,
        subscriptions={each.topic: each for each in subscriptions(town, language, since, dice)},
    )


def subscriptions(town: Town, language: Language, since: datetime, dice: Random) -> Iterator[Subscription]:
    """Alerts, and some of the other topics."""
    for number, topic in enumerate(town.notices.topics):
        wanted = dice.random() < OF_A_TOPIC
        zones, frequency = chosen_zones(town, topic, dice), dice.choice(topic.frequencies or (EACH,))
        if wanted or number == 0:
            yield Subscription(topic.id, since, WAMID, topic.about[language], zones, frequency)


def chosen_zones(town: Town, topic: Topic, dice: Random) -> tuple[str, ...]:
    """One quarter, where a topic has them; none for half of the people, which is the whole town."""
    one = dice.choice(town.municipality.zones).id
    return () if not topic.zones or dice.random() < WHOLE_TOWN else (one,)
