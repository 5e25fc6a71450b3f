"""The staff's list: the same searches on the fake and on DynamoDB (moto)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from canal.adapters import case_search
from canal.adapters.dynamo_cases import DynamoCases
from canal.errors import BadInput
from canal.incidents import changes
from canal.incidents.case import Case, File, Kind
from canal.incidents.states import State
from canal.ports import Cases, Page, Search

from tests.builders import NOON, a_case
from tests.contracts.tables import TABLES, dynamodb
from tests.fakes import FakeCases, without_history

HOUR = timedelta(hours=1)


@pytest.fixture(params=["fake", "dynamo"])
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    if request.param == "fake":
        yield FakeCases(now=NOON)
        return
    with dynamodb():
        yield DynamoCases(TABLES, clock=lambda: NOON)


def at(hours: float, number: str, **given: Any) -> Case:
    """A case filed so many hours from noon."""
    return a_case(id=number, created_at=NOON + hours * HOUR, **given)


def resolved(case: Case) -> Case:
    return changes.moved(case, case.created_at + HOUR, "Pep", State.RESOLVED)


def numbers(page: Page) -> list[str]:
    return [case.id for case in page.cases]


def everything(cases: Cases, wanted: Search) -> list[str]:
    """The numbers of all pages, one after the other."""
    page = cases.search(wanted)
    found = numbers(page)
    while page.cursor:
        page = cases.search(replace(wanted, cursor=page.cursor))
        assert len(page.cases) <= wanted.limit
        found += numbers(page)
    return found


def test_an_empty_base_is_an_empty_list(cases: Cases) -> None:
    assert cases.search(Search()) == Page((), "")


def test_open_cases_come_before_closed_ones_each_newest_first(cases: Cases) -> None:
    for case in (at(1, "A"), resolved(at(4, "B")), at(3, "C"), resolved(at(2, "D"))):
        cases.save(case)
    assert everything(cases, Search()) == ["C", "A", "B", "D"]


def test_a_list_holds_cases_without_history_files_and_contact(cases: Cases) -> None:
    saved = cases.save(a_case(files=(File("f", "image", "1", NOON),), contact={"email": "a@example.test"}))
    assert cases.search(Search()).cases == (without_history(saved),)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("wanted", [Search(), Search(kinds=("incident",)), Search(departments=("lighting",))])
def test_pages_of_any_size_make_the_same_list_without_a_gap_or_a_repeat(
    cases: Cases, wanted: Search, limit: int
) -> None:
    for number in range(4):
        cases.save(at(number, f"OPEN{number}", department="lighting"))
        cases.save(resolved(at(number, f"DONE{number}", department="lighting")))
    names = [f"{name}{number}" for name in ("OPEN", "DONE") for number in (3, 2, 1, 0)]
    assert everything(cases, replace(wanted, limit=limit)) == names


def test_a_case_closed_between_two_pages_does_not_stop_the_list(cases: Cases) -> None:
    saved = [cases.save(at(number, f"CASE{number}")) for number in range(4)]
    first = cases.search(Search(limit=2, states=("received",)))
    cases.save(resolved(saved[2]))
    rest = cases.search(Search(limit=2, states=("received",), cursor=first.cursor))
    assert numbers(first) == ["CASE3", "CASE2"]
    if isinstance(cases, DynamoCases):  # the fake counts rows, and so skips one
        assert numbers(rest) == ["CASE1", "CASE0"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Search(departments=("lighting",)), ["A"]),
        (Search(departments=("lighting", "parks")), ["B", "A", "C"]),
        (Search(departments=("nobody",)), []),
        (Search(kinds=("complaint",)), ["D"]),
        (Search(kinds=("complaint", "incident")), ["D", "B", "A", "C"]),
        (Search(states=("resolved",)), ["C"]),
        (Search(states=("received",)), ["D", "B", "A"]),
        (Search(states=("received", "resolved")), ["D", "B", "A", "C"]),
        (Search(states=("no_such_state",)), []),
        (Search(departments=("parks",), states=("resolved",)), ["C"]),
        (Search(category="tree"), ["B", "C"]),
        (Search(category="removed"), []),
        (Search(zone="garrofera"), ["B"]),
        (Search(since=NOON + 2 * HOUR), ["D", "B", "C"]),
        (Search(until=NOON + 2 * HOUR), ["A"]),
        (Search(since=NOON + 2 * HOUR, until=NOON + 3 * HOUR), ["B"]),
        (Search(since=NOON + 3 * HOUR, until=NOON + 3 * HOUR), []),
        (Search(since=NOON + 9 * HOUR, until=NOON), []),
        (Search(text="arbre caigut"), ["B"]),
        (Search(text="CAIGUT, l'Arbré"), ["B"]),
        (Search(text="sant roc"), ["A", "C"]),
        (Search(text="d"), ["D", "B", "A"]),
        (Search(text="🙂"), ["D", "B", "A", "C"]),
        (Search(text="quality"), []),
        (Search(departments=("parks",), text="arbre", category="tree", zone="garrofera", kinds=("incident",)), ["B"]),
    ],
    ids=repr,
)
def test_each_filter_finds_what_it_says(cases: Cases, wanted: Search, found: list[str]) -> None:
    for case in (
        at(1, "A", department="lighting", words="fanal trencat del carrer"),
        at(
            2,
            "B",
            department="parks",
            category="tree",
            zone="garrofera",
            words="Hi ha un Arbre caigut",
            address="de la",
        ),
        resolved(at(3, "C", department="parks", category="tree", words="branques")),
        at(4, "D", kind=Kind.COMPLAINT, category="", words="soroll de nit", address=""),
    ):
        cases.save(case)
    assert everything(cases, wanted) == found


# --- overdue ------------------------------------------------------------------------------------


def due(hours: float, number: str, **given: Any) -> Case:
    """A routed case that is due so many hours from noon."""
    case = at(-99, number, **given)
    return changes.routed(case, NOON - 99 * HOUR, "lighting", "", NOON + hours * HOUR, tell=False)


def test_the_overdue_come_longest_overdue_first(cases: Cases) -> None:
    for case in (due(-1, "A"), due(-5, "B"), due(1, "C"), due(0, "NOW"), resolved(due(-9, "D")), at(-99, "E")):
        cases.save(case)
    assert everything(cases, Search(overdue=True)) == ["B", "A"]


def test_one_that_has_escalated_or_waits_for_a_photo_is_overdue_all_the_same(cases: Cases) -> None:
    cases.save(changes.escalated(due(-3, "A"), NOON, NOON + 48 * HOUR))
    cases.save(replace(due(-2, "B"), files=(File("f", "image", "1", NOON, retry_at=NOON + 5 * HOUR),)))
    assert everything(cases, Search(overdue=True)) == ["A", "B"]


@pytest.mark.parametrize(
    "wanted",
    [
        Search(departments=("lighting",)),
        Search(since=NOON - 99 * HOUR, until=NOON - 98 * HOUR),
        Search(states=("routed",)),
        Search(text="fanal", limit=1),
    ],
    ids=repr,
)
def test_the_overdue_are_filtered_like_any_list(cases: Cases, wanted: Search) -> None:
    other = {"kind": Kind.COMPLAINT, "words": "soroll"}
    cases.save(due(-5, "A"))
    cases.save(due(-4, "B"))
    cases.save(replace(due(-3, "C", **other), department="police", state=State.WAITING, created_at=NOON - 7 * HOUR))
    assert everything(cases, replace(wanted, overdue=True)) == ["A", "B"]


# --- cursors and bounds -------------------------------------------------------------------------

MADE_UP = [
    [],
    [0],
    ["0"],
    [7],
    [-1],
    [0, "2026"],
    [0, "2026", ""],
    [0, "", "A"],
    [0, "x" * 99, "A"],
    [0, "2026", "x" * 99],
    [0, 1, 2],
    {"a": 1},
    None,
]


@pytest.mark.parametrize("cursor", ["?", "é", "AAAA", "=", "x" * 5_000, "[" * 9_000])
def test_garbage_is_no_cursor(cases: Cases, cursor: str) -> None:
    with pytest.raises(BadInput):
        cases.search(Search(cursor=cursor))


@pytest.mark.parametrize("content", [each for each in MADE_UP if each != [0]], ids=repr)
def test_a_cursor_that_somebody_made_up_is_refused(content: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
    with dynamodb(), pytest.raises(BadInput):
        DynamoCases(TABLES).search(Search(cursor=cursor))


def test_a_cursor_of_another_search_is_refused_where_it_would_lead_outside() -> None:
    with dynamodb():
        cases = DynamoCases(TABLES)
        for number in range(3):
            cases.save(at(number, f"CASE{number}"))
        cursor = cases.search(Search(limit=1)).cursor
        with pytest.raises(BadInput):
            cases.search(Search(cursor=cursor, until=NOON))


def test_a_day_beyond_the_calendar_is_bad_input(cases: Cases) -> None:
    if isinstance(cases, DynamoCases):
        with pytest.raises(BadInput):
            cases.search(Search(until=datetime.min.replace(tzinfo=NOON.tzinfo)))


@pytest.mark.parametrize("limit", [0, -5, 10_000])
def test_a_strange_limit_is_brought_within_bounds(cases: Cases, limit: int) -> None:
    cases.save(a_case())
    assert len(cases.search(Search(limit=limit)).cases) == 1


def test_a_page_ends_after_so_many_rows_even_when_it_found_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_search, "LOOKED_AT", 4)
    monkeypatch.setattr(case_search, "AT_ONCE", 2)
    with dynamodb():
        cases = DynamoCases(TABLES)
        cases.save(at(-1, "LAST", words="un arbre"))
        for number in range(6):
            cases.save(at(number, f"CASE{number}"))
        first = cases.search(Search(text="arbre"))
        assert numbers(first) == []
        assert first.cursor
        assert everything(cases, Search(text="arbre")) == ["LAST"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Search(text="k7q2m4xa"), ["K7Q2M4XA"]),
        (Search(text=" K7Q2M4XA ", departments=("serveis",)), ["K7Q2M4XA"]),
        (Search(text="K7Q2M4XA", departments=("policia",)), []),
        (Search(text="K7Q2M4XA", states=("resolved",)), []),
        (Search(text="K7Q2M4XA", since=NOON + HOUR), []),
    ],
)
def test_a_case_is_found_by_its_number_alone_and_only_where_the_list_holds_it(
    cases: Cases, wanted: Search, found: list[str]
) -> None:
    for number in ("K7Q2M4XA", "K7Q2M4XB"):
        cases.save(at(0, number, department="serveis"))
    assert everything(cases, wanted) == found


def test_words_that_look_like_a_number_are_searched_for_as_words(cases: Cases) -> None:
    cases.save(at(0, "K7Q2M4XA", words="els semafors cremen"))
    assert everything(cases, Search(text="semafors")) == ["K7Q2M4XA"]


def test_what_is_being_deleted_is_in_no_list(cases: Cases) -> None:
    joined = changes.joined(at(1, "ERASED22"), at(0, "OTHER222"))
    cases.save(changes.forgotten(joined))
    cases.save(changes.forgotten(due(-1, "PERSON22", kind=Kind.PERSON)))
    wishes = [Search(), Search(departments=("lighting",)), Search(overdue=True), Search(text="ERASED22")]
    assert [cases.search(wish).cases for wish in wishes] == [()] * len(wishes)
    assert [case.id for case in cases.following("OTHER222")] == ["ERASED22"]


def test_a_case_is_found_by_what_its_citizen_added(cases: Cases) -> None:
    case = changes.remarked(at(1, "REMARK22"), NOON, "La Pepa no té llum")
    cases.save(changes.noted(case, NOON, "Pep", "secret"))
    assert numbers(cases.search(Search(text="pepa llum"))) == ["REMARK22"]
    assert numbers(cases.search(Search(text="secret"))) == []
