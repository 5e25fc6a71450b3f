"""Demonstration cases: always the same, plausible, marked, and with nothing left to do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

from canal.incidents import watch
from canal.incidents.case import Case, Kind, What
from canal.incidents.states import State

from local.demo import words
from local.demo.cases import DAYS, demo_cases
from local.seed import seed, summary
from tests.fakes import FakeCases
from tests.towns import alzira

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@cache
def made() -> tuple[Case, ...]:
    return tuple(demo_cases(alzira(), NOW))


def test_every_case_is_marked_in_its_row_and_in_both_languages() -> None:
    assert all(case.demo and case.words.startswith(words.MARK) for case in made())
    assert "demostració " in words.MARK
    assert "demostración" in words.MARK


def test_they_are_the_same_at_every_seeding() -> None:
    assert tuple(demo_cases(alzira(), NOW)) == made()
    later = list(demo_cases(alzira(), NOW + timedelta(days=3)))
    assert [case.id for case in later] == [case.id for case in made()]


def test_they_belong_to_nobody_and_leave_nothing_to_do() -> None:
    for case in made():
        assert case.citizen == ""
        assert not watch.has_work(case)
        assert (watch.deadline(case) or NOW + timedelta(1)) > NOW


def test_they_lie_in_the_last_four_months_and_none_in_the_future() -> None:
    for case in made():
        moments = [case.created_at, *(event.at for event in case.history)]
        assert NOW - timedelta(days=DAYS + 1) < min(moments)
        assert max(moments) <= NOW
        assert moments == sorted(moments)


def test_they_lie_inside_the_town() -> None:
    placed = [case.position for case in made() if case.position]
    assert len(placed) > 200
    assert all(alzira().municipality.contains(place.latitude, place.longitude) for place in placed)


def test_every_state_kind_and_most_departments_are_seen() -> None:
    cases = made()
    assert {case.state for case in cases} >= set(State) - {State.RECEIVED, State.REOPENED}
    assert {case.kind for case in cases} == set(Kind) - {Kind.PERSON}
    assert len({case.department for case in cases}) >= 4
    assert len({case.category for case in cases}) > 10


def test_some_are_overdue_some_are_rated_some_are_reported_twice() -> None:
    cases = made()
    assert 5 <= sum(case.open and case.due_at is not None and case.due_at < NOW for case in cases) <= 80
    assert sum(case.rating > 0 for case in cases) > 30
    assert sum(bool(case.duplicate_of) for case in cases) > 5


def test_a_second_report_follows_a_case_that_was_there_before() -> None:
    known = {case.id: case for case in made()}
    for case in made():
        if case.duplicate_of:
            original = known[case.duplicate_of]
            assert (original.category, original.duplicate_of) == (case.category, "")
            assert original.created_at < case.created_at


def test_every_closed_case_says_when_and_why() -> None:
    for case in made():
        if not case.open:
            assert case.closed_at
            assert case.history[-1].what in (What.MOVED, What.RATED, What.JOINED)


# --- into the stack -----------------------------------------------------------------------------


class FakeStore:
    """The bucket, as far as seeding needs it."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes, mime_type: str) -> None:
        self.kept[key] = content


def test_seeding_twice_adds_nothing_the_second_time() -> None:
    cases, store = FakeCases(), FakeStore()
    first = seed(made()[:20], cases, store)
    kept = dict(store.kept)
    assert len(first) == 20
    assert seed(made()[:20], cases, store) == []
    assert store.kept == kept


def test_photos_are_stored_in_both_sizes_before_their_case() -> None:
    cases, store = FakeCases(), FakeStore()
    photographed = [case for case in seed(made()[:40], cases, store) if case.files]
    assert photographed
    for case in photographed:
        assert {file.state for file in case.files} == {"stored"}
        assert {key for file in case.files for key in (file.key, file.thumbnail)} <= store.kept.keys()
    assert all(content.startswith(b"\xff\xd8") for content in store.kept.values())


def test_the_summary_counts_what_was_added() -> None:
    told = summary(list(made()), alzira())
    assert told.startswith("  300 demonstration cases: ")
    counted = Counter(case.department for case in made())
    assert all(str(count) in told for count in counted.values())
    assert "there already" in summary([], alzira())
