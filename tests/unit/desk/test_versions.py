"""The version of a case that staff see: what they name it by, and where it can go from there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from canal.desk.changing import condition, etag, next_states
from canal.desk.refusals import Unconditional
from canal.incidents import changes
from canal.incidents.states import MOVES, State

from tests.builders import NOON, a_case


@pytest.mark.parametrize("header", ['"7"', 'W/"7"', "7", ' "7" '])
def test_a_version_is_read_from_if_match(header: str) -> None:
    assert condition(header) == "7"


@pytest.mark.parametrize("header", [None, "", "*", '""', " "])
def test_no_version_is_no_condition(header: str | None) -> None:
    with pytest.raises(Unconditional):
        condition(header)


def test_the_version_grows_with_what_people_do_and_not_with_canals_books() -> None:
    case = a_case()
    assert etag(replace(case, mailed_to="lighting", version=9)) == etag(case)
    assert etag(changes.noted(case, NOON, "pau", "Vist")) != etag(case)


@pytest.mark.parametrize("state", State)
def test_staff_are_offered_only_moves_that_the_table_has(state: State) -> None:
    offered = next_states(a_case(state=state))
    assert {State(each) for each in offered} <= MOVES[state]
    assert not {"routed", "duplicate"} & set(offered)
