"""Subscribers for the running local stack: ``python -m local.seed --subscribers 2000``.

Written through the adapter that converse writes with, one transaction each, so that they are what it would have made. A
second run adds only those that are missing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from local import addresses

if TYPE_CHECKING:
    from canal.adapters.dynamo import DynamoConversations
    from canal.dialogue.citizen import Citizen
    from canal.dialogue.town import Town
    from canal.incidents.case import Case
    from canal.ports import TurnRecord


TABLES = ("citizens", "turns", "incidents", "subscriptions")


class Store(Protocol):
    """What converse saves turns with, as far as seeding needs it."""

    def load(self, key: str) -> Citizen | None: ...

    def save(self, before: Citizen | None, after: Citizen, turn: TurnRecord, cases: list[Case]) -> None: ...


def seed_subscribers(
    wanted: Iterable[Citizen], store: Store, said: Callable[[int], None] = lambda done: None
) -> list[Citizen]:
    """Save ``wanted`` as if each had just subscribed; gives those that were not there yet."""
    from canal.errors import AlreadyRun
    from canal.ports import TurnRecord

    made = []
    for number, citizen in enumerate(wanted):
        if store.load(citizen.key) is None:
            assert citizen.since is not None
            with suppress(AlreadyRun):  # the client sent it again, since the answer was slow to come
                store.save(None, citizen, TurnRecord(citizen.key, f"wamid.{citizen.key}", citizen.since, ()), [])
            made.append(citizen)
        said(number + 1)
    return made


def conversations() -> DynamoConversations:
    """The tables of the running stack."""
    from canal.adapters.dynamo import DynamoConversations
    from canal.adapters.dynamo_models import Tables

    citizens, turns, incidents, subscriptions = (os.environ[f"CANAL_{name.upper()}_TABLE"] for name in TABLES)
    place = (addresses.REGION, os.environ["AWS_ENDPOINT_URL"])
    return DynamoConversations(Tables(citizens, turns, incidents, *place, subscriptions=subscriptions))


def subscribers_summary(made: list[Citizen], town: Town) -> str:
    """What was added, by language and by topic."""
    if not made:
        return "  Nothing to add: the demonstration subscribers are there already."
    languages = Counter(citizen.language for citizen in made)
    lines = [f"  {len(made)} demonstration subscribers: {languages['ca']} in Valencian, {languages['es']} in Spanish."]
    topics = Counter(topic for citizen in made for topic in citizen.subscriptions)
    lines += [f"    {topic.name['ca']}: {topics[topic.id]}" for topic in town.notices.topics]
    return "\n".join(lines)
