"""The ``Cases`` port: the same checks on the fake and on DynamoDB (moto), so that the fake does not lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from canal.adapters.dynamo_cases import DynamoCases
from canal.errors import LostRace
from canal.incidents import changes
from canal.incidents.case import Case, File, Kind, Position, What
from canal.incidents.states import State
from canal.incidents.watch import Watch
from canal.ports import Cases

from tests.builders import NOON, a_case
from tests.contracts.tables import TABLES, dynamodb
from tests.fakes import FakeCases

HOUR = timedelta(hours=1)
METRE = 1 / 111_195  # degrees of latitude
HERE = Position(39.1512, -0.4341)


@pytest.fixture(params=["fake", "dynamo"])
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    if request.param == "fake":
        yield FakeCases(now=NOON)
        return
    with dynamodb():
        yield DynamoCases(TABLES, clock=lambda: NOON)


def north(metres: float, **changes: object) -> Case:
    """A case so far to the north of HERE."""
    return a_case(position=Position(HERE.latitude + metres * METRE, HERE.longitude), **changes)


def full() -> Case:
    """A case with something in every field."""
    names = ("image/jpeg", "el fanal", "stored", "files/K/a.jpg", "files/K/b.jpg")
    image = File("f1", "image", "77", NOON, *names, True, 2, NOON, "x")
    case = a_case(
        files=(image, File("f2", "audio", "78", NOON + HOUR)),
        zone="centre",
        contact={"email": "a@example.test"},
        channel="open311",
        demo=True,
        lease_until=NOON + HOUR,
        mailed_to="lighting",
    )
    routed = changes.routed(case, NOON + HOUR, "lighting", "centre", NOON + 48 * HOUR, tell=True)
    told = changes.told(routed, routed.history[-1].id, {"K7Q2M4XA": "sent"}, done=True)
    closed = changes.moved(changes.escalated(told, NOON + 50 * HOUR), NOON + 51 * HOUR, "Pep", State.RESOLVED, "Fet 🙂")
    rated = changes.rated(closed, NOON + 52 * HOUR, 4, "gràcies")
    hidden = changes.redacted(rated, NOON + 53 * HOUR, "Pep", event=rated.history[-1].id)
    return changes.redacted(hidden, NOON + 54 * HOUR, "Pep")


def test_nothing_is_there_at_first(cases: Cases) -> None:
    assert cases.load("K7Q2M4XA") is None
    assert cases.of("ES.1001") == cases.following("K7Q2M4XA") == ()
    assert cases.waiting(Watch.WORK, NOON, 10) == ()
    assert cases.near("streetlight", HERE.latitude, HERE.longitude, 100) == ()


def test_what_is_saved_is_loaded_to_the_last_field(cases: Cases) -> None:
    saved = cases.save(full())
    assert saved == replace(full(), version=1)
    assert cases.load("K7Q2M4XA") == saved


def test_a_bare_case_is_loaded_as_bare_as_it_was(cases: Cases) -> None:
    bare = Case("BARE2222", Kind.QUESTION, "", "es", NOON)
    assert cases.save(bare) == cases.load("BARE2222") == replace(bare, version=1)


@pytest.mark.parametrize("number", ["", "?", "x" * 3_000, "../K7Q2M4XA"])
def test_what_is_no_number_finds_nothing(cases: Cases, number: str) -> None:
    cases.save(a_case())
    assert cases.load(number) is None
    assert cases.following(number) == ()
    assert cases.of("") == ()


def test_of_two_who_change_a_case_the_second_loses_and_nothing_is_overwritten(cases: Cases) -> None:
    read = cases.save(a_case())
    first = cases.save(changes.noted(read, NOON + HOUR, "Pep", "la primera"))
    with pytest.raises(LostRace):
        cases.save(changes.noted(read, NOON + HOUR, "Maria", "la segona"))
    assert cases.load("K7Q2M4XA") == first


def test_a_number_that_is_taken_is_a_lost_race(cases: Cases) -> None:
    cases.save(a_case())
    with pytest.raises(LostRace):
        cases.save(a_case(words="un altre"))


def test_a_case_that_is_gone_cannot_be_saved(cases: Cases) -> None:
    saved = cases.save(a_case())
    cases.delete(saved)
    with pytest.raises(LostRace):
        cases.save(saved)
    assert cases.load("K7Q2M4XA") is None


def test_a_case_is_deleted_only_as_it_was_read_and_twice_is_once(cases: Cases) -> None:
    read = cases.save(a_case())
    newer = cases.save(replace(read, zone="centre"))
    with pytest.raises(LostRace):
        cases.delete(read)
    cases.delete(newer)
    cases.delete(newer)
    assert cases.load("K7Q2M4XA") is None


# --- near ---------------------------------------------------------------------------------------


def test_near_gives_the_nearest_first_and_none_beyond_the_radius(cases: Cases) -> None:
    for metres in (90, 40, 110, -10):
        cases.save(north(metres, id=f"AT{metres}"))
    found = cases.near("streetlight", HERE.latitude, HERE.longitude, 100)
    assert [case.id for case in found] == ["AT-10", "AT40", "AT90"]


def test_near_gives_whole_cases_with_their_files(cases: Cases) -> None:
    saved = cases.save(a_case(files=(File("f1", "image", "77", NOON),)))
    assert cases.near("streetlight", HERE.latitude, HERE.longitude, 10) == (saved,)


def test_near_finds_over_the_border_of_a_cell(cases: Cases) -> None:
    """39.1552734375 is the edge of a row of cells."""
    cases.save(a_case(position=Position(39.1552734375 + 20 * METRE, -0.4341)))
    assert len(cases.near("streetlight", 39.1552734375 - 20 * METRE, -0.4341, 50)) == 1


@pytest.mark.parametrize(
    "other",
    [
        a_case(category="tree"),
        a_case(position=None),
        a_case(kind=Kind.COMPLAINT),
        changes.moved(a_case(), NOON, "Pep", State.RESOLVED),
        changes.merged(a_case(), NOON, "Pep", "OTHER222"),
        changes.joined(replace(a_case(), history=()), a_case(id="OTHER222")),
    ],
    ids=["another category", "no place", "no incident", "closed", "merged", "joined"],
)
def test_near_leaves_out_what_cannot_be_joined(cases: Cases, other: Case) -> None:
    cases.save(other)
    assert cases.near("streetlight", HERE.latitude, HERE.longitude, 100) == ()


def test_a_case_that_is_closed_is_near_no_more_and_again_once_it_is_reopened(cases: Cases) -> None:
    closed = cases.save(changes.moved(cases.save(a_case()), NOON, "Pep", State.RESOLVED))
    assert cases.near("streetlight", HERE.latitude, HERE.longitude, 100) == ()
    cases.save(changes.reopened(closed, NOON, "citizen", "encara no", None))
    assert len(cases.near("streetlight", HERE.latitude, HERE.longitude, 100)) == 1


# --- of, following, waiting ---------------------------------------------------------------------


def test_a_citizens_cases_come_newest_first_and_twenty_at_most(cases: Cases) -> None:
    for number in range(22):
        cases.save(a_case(id=f"CASE{number:02}", created_at=NOON + number * HOUR))
    cases.save(a_case(id="OTHER222", citizen="ES.2002"))
    assert [case.id for case in cases.of("ES.1001")] == [f"CASE{number:02}" for number in range(21, 1, -1)]


def test_a_citizens_cases_come_whole(cases: Cases) -> None:
    saved = cases.save(full())
    assert cases.of("ES.1001") == (saved,)


def test_a_forgotten_citizens_case_is_nobodys(cases: Cases) -> None:
    cases.save(changes.forgotten(cases.save(a_case())))
    assert cases.of("ES.1001") == ()


def test_those_who_joined_follow_directly_the_oldest_first(cases: Cases) -> None:
    original = cases.save(a_case(id="ORIGINAL"))
    for number, citizen in enumerate(("ES.2002", "ES.3003")):
        new = a_case(id=f"JOIN{number}", citizen=citizen, history=(), created_at=NOON + number * HOUR)
        cases.save(changes.joined(new, original))
    followers = cases.following("ORIGINAL")
    assert [(case.id, case.citizen, case.duplicate_of) for case in followers] == [
        ("JOIN0", "ES.2002", "ORIGINAL"),
        ("JOIN1", "ES.3003", "ORIGINAL"),
    ]
    assert cases.following("JOIN0") == ()


def test_a_new_case_waits_for_work_and_a_routed_one_for_its_deadline(cases: Cases) -> None:
    new = cases.save(a_case())
    assert cases.waiting(Watch.WORK, NOON, 10) == (new.id,)
    assert cases.waiting(Watch.WORK, NOON - HOUR, 10) == ()
    routed = changes.routed(new, NOON, "lighting", "", NOON + HOUR, tell=False)
    cases.save(replace(routed, mailed_to="lighting"))
    assert cases.waiting(Watch.WORK, NOON + 9 * HOUR, 10) == ()
    assert cases.waiting(Watch.DEADLINE, NOON, 10) == ()
    assert cases.waiting(Watch.DEADLINE, NOON + HOUR, 10) == (new.id,)


def test_what_waits_longest_comes_first_up_to_the_limit(cases: Cases) -> None:
    for number in (2, 0, 1):
        cases.save(a_case(id=f"CASE{number}", created_at=NOON + number * HOUR, updated_at=None, history=()))
    assert cases.waiting(Watch.WORK, NOON + 9 * HOUR, 2) == ("CASE0", "CASE1")


def test_a_case_with_nothing_left_to_do_waits_for_nothing(cases: Cases) -> None:
    closed = changes.moved(a_case(), NOON, "Pep", State.RESOLVED, tell=False)
    cases.save(closed)
    assert cases.waiting(Watch.WORK, NOON + 999 * HOUR, 10) == ()
    assert cases.waiting(Watch.DEADLINE, NOON + 999 * HOUR, 10) == ()
    assert [event.what for event in closed.history] == [What.FILED, What.MOVED]


def test_a_file_without_anything_is_loaded_as_it_was(cases: Cases) -> None:
    case = a_case(files=(File("f1", "", "", NOON),))
    cases.save(case)
    assert cases.load(case.id) == replace(case, version=1)
