"""The table of moves: every pair of states."""

from __future__ import annotations

from itertools import product

import pytest
from canal.incidents.states import CLOSED, MOVES, OPEN, NotAllowed, State, check

ALLOWED = {
    "received": "routed resolved rejected duplicate",
    "routed": "in_progress waiting resolved rejected duplicate",
    "in_progress": "waiting resolved rejected duplicate",
    "waiting": "in_progress resolved rejected duplicate",
    "reopened": "routed in_progress waiting resolved rejected duplicate",
    "resolved": "reopened",
    "rejected": "reopened",
    "duplicate": "reopened",
}


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_a_move_is_allowed_or_refused_by_the_table(before: State, after: State) -> None:
    if after in ALLOWED[before].split():
        check(before, after)
    else:
        with pytest.raises(NotAllowed, match=f"{before} cannot become {after}"):
            check(before, after)


def test_every_state_has_a_way_out_and_is_open_or_closed() -> None:
    assert set(MOVES) == set(State) == CLOSED | OPEN
    assert not CLOSED & OPEN
    assert all(MOVES.values())


def test_a_closed_case_can_only_be_reopened() -> None:
    assert all(MOVES[state] == {State.REOPENED} for state in CLOSED)
