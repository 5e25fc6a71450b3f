"""A digest to 100,000 at the number's limit, with faults and two workers killed; and an alert that overtakes one.

What is counted is what WhatsApp took by a clock that jumps: the share of what it permits, until 99 of 100 recipients
have theirs (the last ones are those whose worker was killed, who come back when their time-out is over).
"""

from __future__ import annotations

import sys

from canal.broadcasts.delivery import State

from bench.notices.number import Number
from bench.notices.world import World
from bench.report import Row
from tests.towns import alzira

RECIPIENTS, ALERTED = 100_000, 2_000
DIGEST, ALERT = "20261123-agenda", "20261123-alert"
KILLED = ("send-bulk-0", "send-bulk-1")
SHARE, FIRST = 0.98, 5.0  # at least of the rate; at most seconds until the first alert


def measure() -> list[Row]:
    rows = []
    for limit, workers in ((80, 2), (1_000, 20)):
        print(f"  {RECIPIENTS:,} recipients at {limit} a second …", file=sys.stderr, flush=True)
        rows += paced(limit, workers)
    return [*rows, *overtaken(80, 2)]


def paced(limit: int, workers: int) -> list[Row]:
    """A number that takes ``limit`` messages a second, and nothing but the digest."""
    world = at_work(limit, workers)

    def scene() -> None:
        world.send("agenda", DIGEST)
        for worker in KILLED:
            world.clock.sleep(RECIPIENTS / limit / 10)
            world.kill(worker)

    world.run(scene)
    used = world.number.share()
    what = f"paced send to {RECIPIENTS:,}, {limit} a second, {len(KILLED)} workers killed"
    return [
        Row(what, f"{used * limit:.1f}/s", f"{limit}/s", 1 / used, 1 / SHARE),
        Row(f"  {faults(world.number)}", missed_and_doubled(world), "none", None, None),
    ]


def overtaken(limit: int, workers: int) -> list[Row]:
    """An alert is approved while the digest runs; until everybody has it."""
    world = at_work(limit, workers)
    began = ended = 0.0

    def scene() -> None:
        nonlocal began, ended
        world.send("agenda", DIGEST)
        world.clock.sleep(60)
        began = world.clock.monotonic()
        world.send("alerts", ALERT)
        while world.number.count(ALERT) < ALERTED:
            world.clock.sleep(1)
        ended, world.finished = world.clock.monotonic(), True

    world.run(scene)
    first = world.number.first[ALERT] - began
    what = f"first alert while a digest of {RECIPIENTS:,} runs"
    return [
        Row(what, f"{first:.1f} s", f"{FIRST:.0f} s", first / FIRST, 1.0),
        Row(f"  the alert to all {ALERTED:,}", f"{ended - began:.0f} s", f"{ALERTED / limit:.0f} s", None, None),
    ]


def at_work(limit: int, workers: int) -> World:
    people = {"agenda": keys("347", RECIPIENTS), "alerts": keys("346", ALERTED)}
    return World(alzira(), people, limit, {"alerts": workers, "bulk": workers})


def keys(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number:08}" for number in range(count)]


def faults(number: Number) -> str:
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(number.faults.items()))
    return f"{told}; {number.over} over the limit"


def missed_and_doubled(world: World) -> str:
    missed = sum(row.state not in (State.SENT, State.DELIVERED, State.READ) for row in world.stores.rows.values())
    doubled = sum(count > 1 for count in world.number.taken.values())
    return f"{missed} missed, {doubled} twice"
