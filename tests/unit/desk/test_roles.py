"""Who a token describes, and what each may do."""

from __future__ import annotations

from typing import Any

import pytest
from canal.desk.refusals import Forbidden
from canal.desk.roles import Action, Person, groups, person
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_case

MINE, OTHERS, NOBODYS = a_case(department="lighting"), a_case(department="parks"), a_case(department="")


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("[administrator]", ("administrator",)),
        ("[communications department:lighting]", ("communications", "department:lighting")),
        ('["communications", "department:lighting"]', ("communications", "department:lighting")),
        (["a", "b"], ("a", "b")),
        ("a,b", ("a", "b")),
        ("", ()),
        (None, ()),
        (7, ("7",)),
    ],
)
def test_groups_are_read_in_every_form(claim: Any, found: tuple[str, ...]) -> None:
    assert groups(claim) == found


@given(st.text() | st.none() | st.lists(st.text()) | st.integers())
def test_no_claim_makes_an_administrator_by_accident(claim: Any) -> None:
    try:
        who = person({"email": "a@b.test", "cognito:groups": claim})
    except Forbidden:
        return
    assert "administrator" in str(claim) or "communications" in str(claim) or "department:" in str(claim)
    assert who.name == "a@b.test"


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "a@b.test", "username": "u", "sub": "s"}, "a@b.test"),
        ({"username": "u", "sub": "s"}, "u"),
        ({"sub": "s"}, "s"),
    ],
)
def test_the_history_names_the_address_or_else_the_account(claims: dict[str, str], name: str) -> None:
    assert person({**claims, "cognito:groups": "[administrator]"}).name == name


def test_a_token_that_names_nobody_is_refused() -> None:
    with pytest.raises(Forbidden):
        person({"cognito:groups": "[administrator]"})


def test_several_groups_add_up() -> None:
    both = person({"sub": "s", "cognito:groups": "[communications department:lighting]"})
    assert both.may(Action.MOVE, MINE)
    assert not both.may(Action.MOVE, OTHERS)
    assert both.may(Action.ANSWER, OTHERS)
    assert both.sees(NOBODYS)


def test_a_case_of_no_department_yet_is_for_those_who_see_all() -> None:
    assert not Person("p", departments=("lighting",)).sees(NOBODYS)
    assert Person("p", communications=True).sees(NOBODYS)


def test_only_an_administrator_blocks() -> None:
    blockers = [
        Person("a", administrator=True),
        Person("c", communications=True),
        Person("d", departments=("lighting",)),
    ]
    assert [who.may(Action.BLOCK, MINE) for who in blockers] == [True, False, False]


@pytest.mark.parametrize(
    ("who", "wanted", "searched"),
    [
        (Person("a", administrator=True), (), ()),
        (Person("a", administrator=True), ("parks",), ("parks",)),
        (Person("d", departments=("lighting",)), (), ("lighting",)),
        (Person("d", departments=("lighting", "parks")), ("parks", "water"), ("parks",)),
        (Person("d", departments=("lighting",)), ("parks",), None),
    ],
)
def test_nobody_searches_where_they_may_not_see(
    who: Person, wanted: tuple[str, ...], searched: tuple[str, ...] | None
) -> None:
    assert who.among(wanted) == searched
