"""A crash at every call that leaves the process, from the webhook to the routed case: one case, all photos, one number.

The calls are found by a first run without a crash; then the same report is made once for each of them, with a crash
before or after that call, and everything that a crash leaves behind is delivered again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

import pytest

from tests.crashes.boundaries import When, tapped
from tests.crashes.reports import Reporter
from tests.crashes.world import World, aws, town_hall

NUMBER = re.compile(r"\*([23456789A-HJ-NP-Z]{8})\*")
PHOTOS = 2

# A process that ends leaves its sockets to the system; here they are left to the garbage collector, which complains.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

_people = count(1)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with aws() as endpoint, town_hall(endpoint, World, ["sweep"]) as world, tapped(world.wire):
        yield world


def run(world: World, at: int | None, when: When = "before") -> tuple[Reporter, list[str]]:
    """One report by somebody new, with a crash at call ``at``; who it was, and the calls that were made."""
    who = Reporter(world, next(_people))
    world.expect(None)
    who.choose_the_language()
    world.expect(at, when)
    who.report(PHOTOS)
    return who, list(world.wire.calls)


def faults(who: Reporter) -> list[str]:
    """What is not as promised after a report; empty when all is well."""
    rows = who.rows()
    if len(rows) != 1:
        return [f"{len(rows)} cases"]
    case = rows[0]
    told = {number for words in who.replies() for number in NUMBER.findall(words)}
    stored = [file for file in case.files if file.state == "stored"]
    objects = who.objects(case.id)
    wrong = []
    if told != {case.id}:
        wrong.append(f"told {sorted(told)}, filed {case.id}")
    if case.state != "routed" or not case.department or not case.due_at:
        wrong.append(f"not routed: {case.state} {case.department}")
    if len(stored) != PHOTOS or len(objects) != 2 * PHOTOS:
        wrong.append(f"{len(stored)} photos of {PHOTOS}, {len(objects)} objects")
    if {file.key for file in stored} | {file.thumbnail for file in stored} != set(objects):
        wrong.append("the objects in the bucket are not those of the case")
    if [event.telling for event in case.history if event.what == "routed"] != ["done"]:
        wrong.append("the citizen was not told that it is routed")
    if not case.mailed_to:
        wrong.append("the department was not told")
    return wrong


def test_without_a_crash_there_is_one_case_and_calls_of_every_entry(world: World) -> None:
    who, calls = run(world, None)
    assert faults(who) == []
    assert {call.split(":")[0] for call in calls} == {"receive", "ConverseFunction", "RouteFunction", "sweep"}


@pytest.mark.parametrize("entry", ["receive", "ConverseFunction", "RouteFunction", "sweep"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_call_ends_with_one_case_all_photos_and_one_number(world: World, entry: str, when: When) -> None:
    _, calm = run(world, None)
    broken: dict[str, list[str]] = {}
    for number, call in enumerate(calm):
        if call.startswith(f"{entry}:"):
            who, _ = run(world, number, when)
            assert world.wire.crashed, f"call {number} was not reached"
            if wrong := faults(who):
                broken[f"{number} {call}"] = wrong
    assert not broken
