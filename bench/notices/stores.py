"""The stores of notices in memory, quick enough for a million: what DynamoDB would answer, after what it would take.

``Stores.tap`` is called at each call, with its name: there time passes, and there a worker may be killed.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from canal.broadcasts.delivery import OPEN, Delivery, State, Step, follows, taken
from canal.broadcasts.subscription import SHARDS, Consent, Subscriber, shard_of
from canal.dialogue.citizen import Citizen

from tests.noticeboard import a_subscription

Row = tuple[str, str]  # campaign, citizen


class Stores:
    """All of them, on the same rows. Citizens are made when they are asked for: a million need not be held."""

    def __init__(self, people: Mapping[str, Sequence[str]], tap: Callable[[str], None]) -> None:
        """``people``: the keys of those who subscribed, by topic."""
        self.tap = tap
        self.topics = {topic: by_shard(keys) for topic, keys in people.items()}
        self.changed: dict[str, Citizen] = {}
        self.rows: dict[Row, Delivery] = {}
        self.open: dict[tuple[str, int], dict[str, None]] = {}
        self.lock = threading.Lock()
        self._subscriptions = {topic: a_subscription(topic) for topic in people}

    def of(self, key: str) -> Citizen:
        made = self.changed.get(key)
        return made or Citizen(key=key, phone=key, language="ca", subscriptions=self._subscriptions, version=1)

    def put(self, row: Delivery) -> None:
        """Under the lock."""
        self.rows[row.campaign, row.citizen] = row
        shelf = self.open.setdefault((row.campaign, shard_of(row.citizen)), {})
        if row.state in OPEN:
            shelf[row.citizen] = None
        else:
            shelf.pop(row.citizen, None)


class BenchSubscribers:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def page(self, topic: str, shard: int, after: str = "", limit: int = 500) -> tuple[Subscriber, ...]:
        self._stores.tap("page")
        keys = self._stores.topics[topic][shard]
        start = bisect_right(keys, after)
        return tuple(Subscriber(key) for key in keys[start : start + limit])

    def consents(self, citizen: str) -> tuple[Consent, ...]:
        return ()


class BenchPeople:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def load_many(self, keys: Sequence[str]) -> dict[str, Citizen]:
        self._stores.tap("load_many")
        return {key: self._stores.of(key) for key in keys}

    def known_by(self, phone: str) -> str | None:
        return phone

    def stop_marketing(self, key: str) -> bool:
        self._stores.changed[key] = replace(self._stores.of(key), wants_marketing=False)
        return True

    def told(self, key: str, at: datetime) -> None:
        self._stores.tap("told")

    def rest(self, key: str, until: datetime) -> bool:
        self._stores.changed[key] = replace(self._stores.of(key), rest_until=until)
        return True


class BenchDeliveries:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def plan(self, deliveries: Sequence[Delivery]) -> None:
        self._stores.tap("plan")
        with self._stores.lock:
            for row in deliveries:
                if (row.campaign, row.citizen) not in self._stores.rows:
                    self._stores.put(row)

    def load(self, campaign: str, citizens: Sequence[str]) -> dict[str, Delivery]:
        self._stores.tap("load")
        found = {citizen: self._stores.rows.get((campaign, citizen)) for citizen in citizens}
        return {citizen: row for citizen, row in found.items() if row}

    def take(self, campaign: str, citizen: str, step: Step) -> bool:
        self._stores.tap(f"take {step.state}")
        with self._stores.lock:
            row = self._stores.rows.get((campaign, citizen))
            if row is None or not follows(step, row):
                return False
            self._stores.put(taken(row, step))
            return True

    def waiting(self, campaign: str, shard: int, until: datetime | None, limit: int) -> tuple[Delivery, ...]:
        self._stores.tap("waiting")
        with self._stores.lock:
            found = [self._stores.rows[campaign, key] for key in self._stores.open.get((campaign, shard), ())]
        due = [row for row in found if row.look_at and (until is None or row.look_at <= until)]
        return tuple(sorted(due, key=lambda row: (str(row.look_at), row.citizen))[:limit])

    def page(
        self, campaign: str, after: str = "", limit: int = 200, states: frozenset[State] = frozenset()
    ) -> tuple[tuple[Delivery, ...], str]:
        raise NotImplementedError("nobody reads lists here")

    def counts(self, campaign: str) -> Mapping[State, int]:
        with self._stores.lock:
            return Counter(row.state for (name, _), row in self._stores.rows.items() if name == campaign)


def by_shard(keys: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(SHARDS)]
    for key in sorted(keys):
        found[shard_of(key)].append(key)
    return found
