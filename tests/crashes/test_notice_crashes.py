"""A crash at every call that leaves the process, from the approved campaign to the tick: all have it, news only once.

The documented rule: after a crash an alert may come twice, everything else may not. Nobody is left out of either.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from canal.broadcasts.campaign import Kind
from canal.broadcasts.delivery import State as Stage
from canal.broadcasts.states import State

from tests.crashes.boundaries import When, tapped
from tests.crashes.notices import TEMPLATES, Office, TalkingWorld, times_told
from tests.crashes.reports import Reporter
from tests.crashes.world import World, aws, town_hall

ENTRIES = ("receive", "tend", "PlanFunction", "SendFunction", "CollectFunction")

# A process that ends leaves its sockets to the system; here they are left to the garbage collector, which complains.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

_people = count(5_001)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with aws() as endpoint, town_hall(endpoint, TalkingWorld, ["tend"]) as world, tapped(world.wire):
        yield world


def run(world: World, kind: Kind, at: int | None, when: When = "before") -> tuple[list[str], list[str]]:
    """One campaign to somebody new, with a crash at call ``at``; what is not as promised, and the calls."""
    number = next(_people)
    who, office = Reporter(world, number), Office(world)
    world.expect(None)
    who.choose_the_language()
    who.say(who.tap(f"subscriptions:join:{TEMPLATES[kind][0]}"))
    office.forget_the_future()
    world.expect(at, when)
    campaign = office.approve(kind, number)
    world.settle()
    calls = list(world.wire.calls)
    found = faults(office, campaign, who, kind, crashed=world.wire.crashed)
    world.expect(None)
    who.say(who.tap("subscriptions:stop"))  # the next campaign is for somebody else
    return found, calls


def faults(office: Office, campaign: str, who: Reporter, kind: Kind, *, crashed: bool) -> list[str]:
    found, row, told = office.campaigns.load(campaign), office.delivery(campaign, who), times_told(who)
    wrong = []
    most = 2 if kind == Kind.ALERT and crashed else 1
    if not 1 <= told <= most:
        wrong.append(f"told {told} times")
    if row is None or row.state != Stage.DELIVERED:
        wrong.append(f"the row is {row.state if row else 'not there'}")
    if found is None or found.state != State.DONE:
        wrong.append(f"the campaign is {found.state if found else 'not there'}")
    return wrong


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_without_a_crash_it_comes_once_and_calls_every_entry(world: World, kind: Kind) -> None:
    wrong, calls = run(world, kind, None)
    assert wrong == []
    assert {call.split(":")[0] for call in calls} == set(ENTRIES)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "entry"), [*((Kind.NEWS, entry) for entry in ENTRIES), (Kind.ALERT, "SendFunction")])
def test_a_crash_at_any_call_leaves_nobody_out_and_repeats_only_alerts(
    world: World, kind: Kind, entry: str, when: When
) -> None:
    _, calm = run(world, kind, None)
    broken: dict[str, list[str]] = {}
    for number in first_and_last([call if call.startswith(f"{entry}:") else "" for call in calm]):
        wrong, _ = run(world, kind, number, when)
        if wrong:
            broken[f"{number} {calm[number]}"] = wrong
    assert not broken


def first_and_last(calls: list[str]) -> list[int]:
    """Where each kind of call comes first and where it comes last: sixteen shards are asked the same in between."""
    first = {call: number for number, call in reversed([*enumerate(calls)]) if call}
    last = {call: number for number, call in enumerate(calls) if call}
    return sorted({*first.values(), *last.values()})
