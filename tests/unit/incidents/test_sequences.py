"""Any sequence of changes: those that are allowed keep what is promised of every case."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from canal.adapters.case_rows import case_of, row_of_case
from canal.incidents import changes
from canal.incidents.case import Case, File, Position, What
from canal.incidents.states import MOVES, NotAllowed, State
from canal.incidents.watch import has_work, next_look
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.builders import NOON, a_case

Change = Callable[[Case, datetime], Case]

names = st.sampled_from(["Pep", "citizen", "canal"])
words = st.text(max_size=20)
departments = st.sampled_from(["lighting", "parks", "police"])
days = st.none() | st.integers(0, 9).map(lambda number: NOON + timedelta(days=number))
_files = count()


def a_file() -> File:
    number = next(_files)
    return File(f"f{number}", "image", f"m{number}", NOON)


@st.composite
def a_change(draw: DrawFn) -> Change:
    by, said, due, flag = draw(names), draw(words), draw(days), draw(st.booleans())
    match draw(st.integers(0, 14)):
        case 0:
            department = draw(departments)
            return lambda case, at: changes.routed(case, at, department, "", due, tell=flag)
        case 1:
            department = draw(departments)
            return lambda case, at: changes.rerouted(case, at, by, department, said, due)
        case 2 | 3:
            state = draw(st.sampled_from(State))
            return lambda case, at: changes.moved(case, at, by, state, said, tell=flag)
        case 4:
            return lambda case, at: changes.answered(case, at, by, said)
        case 5:
            return lambda case, at: changes.remarked(case, at, said, [a_file()] if flag else [])
        case 6 | 7:
            return lambda case, at: changes.reopened(case, at, by, said, due)
        case 8:
            stars = draw(st.integers(0, 6))
            return lambda case, at: changes.rated(case, at, stars, said)
        case 9:
            return lambda case, at: changes.merged(case, at, by, "ORIGINAL" if flag else case.id, said)
        case 10:
            return lambda case, at: changes.escalated(case, at, due)
        case 11:
            return lambda case, at: changes.corrected(case, at, by, category=said, position=Position(1, 2))
        case 12:
            return lambda case, at: changes.redacted(case, at, by, event=case.history[-1].id if flag else "")
        case 13:
            return lambda case, at: changes.told(case, case.history[-1].id, {case.id: "sent"}, done=flag)
        case _:
            return lambda case, at: changes.forgotten(case)


@given(st.lists(a_change(), max_size=25))
def test_whatever_happens_to_a_case_what_is_promised_of_it_holds(steps: list[Change]) -> None:
    case = a_case()
    for number, change in enumerate(steps, start=1):
        before = case
        with suppress(NotAllowed):
            case = change(case, NOON + timedelta(minutes=number))
        assert_kept(before, case)
        assert_promised(case)


def assert_kept(before: Case, after: Case) -> None:
    """What no change may do to what was there."""
    assert (after.id, after.created_at, after.version) == (before.id, before.created_at, before.version)
    assert len(before.history) <= len(after.history) <= len(before.history) + 1
    for old, kept in zip(before.history, after.history, strict=False):
        assert (kept.id, kept.at, kept.what, kept.by, kept.state) == (old.id, old.at, old.what, old.by, old.state)
        assert kept.words == old.words or (kept.words == "" and kept.hidden)
    assert after.state == before.state or after.state in MOVES[before.state]
    if after.state != before.state:
        assert len(after.history) > len(before.history)
    assert {file.id for file in before.files} <= {file.id for file in after.files}


def assert_promised(case: Case) -> None:
    """What is true of every case at any time."""
    assert case.open == (case.closed_at is None)
    assert (case.state == State.DUPLICATE) == bool(case.duplicate_of)
    assert not (case.rating and case.open)
    identifiers = [event.id for event in case.history]
    assert len(identifiers) == len(set(identifiers))
    assert case.history[0].what == What.FILED
    assert case.history[-1].state == case.state
    assert [event.at for event in case.history] == sorted(event.at for event in case.history)
    assert (next_look(case) is not None) or not has_work(case)
    assert_stored(case)


def assert_stored(case: Case) -> None:
    """Its row says the same, and stands in the sparse indexes only where it belongs."""
    row = row_of_case(case)
    assert case_of(row) == replace(case, version=case.version + 1)
    assert bool(row.watch) == bool(row.watch_at) == (next_look(case) is not None)
    if case.erased:
        assert not any((row.phase, row.department_phase, row.due, row.cell))
        return
    assert bool(row.cell) == (case.open and case.position is not None)
    assert bool(row.due) == (case.open and case.due_at is not None)
    assert (row.phase == "open") == case.open
