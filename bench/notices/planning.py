"""Planning a campaign: seconds and memory for a tenth of a million and for a million recipients.

The real planning, all shards one after another, on stores that hold nothing: subscribers and citizens are made as they
are asked for, rows and chunks are counted and forgotten, so that what grows is planning's own.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.broadcasts.delivery import Delivery
from canal.broadcasts.outside import Chunk, PlanJob
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS, Subscriber
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.services.notices.planning import Planning, Stores

from bench.report import Row
from tests.noticeboard import Board, FakeAllowance, FakeCampaigns, FakeLane, a_subscription
from tests.towns import alzira

SMALL, LARGE = 100_000, 1_000_000
MEGABYTES = 256
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Crowd:
    """So many subscribers of a topic, and counters in the place of tables and queues."""

    def __init__(self, count: int) -> None:
        self._in_a_shard = count // SHARDS
        self._subscriptions = {"agenda": a_subscription("agenda")}
        self.planned = self.queued = 0

    def page(self, topic: str, shard: int, after: str = "", limit: int = 500) -> tuple[Subscriber, ...]:
        first = int(after[2:]) + 1 if after else 0
        keys = (f"{shard:02}{number:08}" for number in range(first, self._in_a_shard))
        return tuple(Subscriber(key) for key in islice(keys, limit))

    def consents(self, citizen: str) -> tuple[()]:
        return ()

    def load_many(self, keys: Sequence[str]) -> dict[str, Citizen]:
        return {key: Citizen(key, language="es", subscriptions=self._subscriptions) for key in keys}

    def plan(self, deliveries: Sequence[Delivery]) -> None:
        self.planned += len(deliveries)

    def load(self, campaign: str, citizens: Sequence[str]) -> dict[str, Delivery]:
        return {}

    def send(self, lane: str, chunks: Sequence[Chunk]) -> None:
        self.queued += sum(len(chunk.citizens) for chunk in chunks)


class Jobs:
    """The queues: what is to be sent is counted, what is to be planned is planned already."""

    def __init__(self, crowd: Crowd) -> None:
        self.send = crowd.send

    def plan(self, lane: str, jobs: Sequence[PlanJob]) -> None:
        raise AssertionError("there is time enough")


class Towns:
    def __init__(self, town: Town) -> None:
        self._town = town

    def current(self) -> Town:
        return self._town


def measure() -> list[Row]:
    town = alzira()
    run(town, SMALL // 10)  # what is loaded once is loaded
    small, large = seconds(town, SMALL), seconds(town, LARGE)
    ratio = (large / LARGE) / (small / SMALL)
    figure, floor = f"{large / LARGE * 1e6:.1f} µs each", f"{small / SMALL * 1e6:.1f} µs each"
    few, many = megabytes(town, SMALL), megabytes(town, LARGE)
    memory = f"{many:.1f} MB ({few:.1f} for a tenth)"
    return [
        Row(f"planning 1,000,000 against 100,000 ({large:.0f} s)", figure, floor, ratio, 1.2),
        Row("  its memory against what is allowed", memory, f"{MEGABYTES} MB", many / MEGABYTES, 1.0),
    ]


def seconds(town: Town, count: int) -> float:
    """Of this process's CPU, to plan so many."""
    start = time.process_time()
    run(town, count)
    return time.process_time() - start


def megabytes(town: Town, count: int) -> float:
    """The most that was in use at once."""
    tracemalloc.start()
    run(town, count)
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return most


def run(town: Town, count: int) -> None:
    crowd, board = Crowd(count), Board()
    campaigns = FakeCampaigns(board)
    words: dict[Language, Words] = {code: Words("La setmana", "Concert") for code in LANGUAGES}
    state = replace(
        Campaign("20261123-agenda", Kind.DIGEST, "agenda", words, "weekly_agenda", AT, "bench"), state=State.PLANNING
    )
    campaigns.save(state)
    stores = Stores(campaigns, crowd, crowd, crowd, Jobs(crowd), FakeLane(), FakeAllowance())  # type: ignore[arg-type]  # it stands for several
    planning = Planning(stores, Towns(town), lambda: AT, 80)
    for shard in range(SHARDS):
        planning.plan(PlanJob(state.id, shard))
    wanted = count // SHARDS * SHARDS
    assert (crowd.planned, crowd.queued) == (wanted, wanted), "somebody was left out"
