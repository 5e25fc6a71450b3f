"""The list of cases, page by page, and all of it for an export."""

from __future__ import annotations

from datetime import timedelta

from canal.desk.outside import Desk
from canal.desk.present import row
from canal.desk.refusals import Unreadable
from canal.desk.requests import FEW_ROWS, MOST_ROWS, Wanted
from canal.desk.roles import Person
from canal.desk.views import Row, Rows
from canal.errors import BadInput
from canal.ports import Page, Search

MOST_EXPORTED = 10_000  # rows
MOST_CHARACTERS = 2_000_000  # of words in an export: Lambda answers with 6 MB at most, and one page may hold a third
MOST_TIME = timedelta(seconds=20)  # API Gateway waits for 30


def page(desk: Desk, person: Person, wanted: Wanted, limit: int = FEW_ROWS) -> Rows:
    """A page of the cases that this person may see. Raises Unreadable for a cursor that is none of ours."""
    departments = person.among(tuple(wanted.department))
    if departments is None:  # nothing of it is theirs; no departments at all would mean every one
        return Rows(cases=[], cursor="")
    found = _find(desk, wanted.search(departments, desk.town.zone, limit))
    now = desk.clock()
    return Rows(cases=[row(case, now) for case in found.cases if not case.erased], cursor=found.cursor)


def everything(desk: Desk, person: Person, wanted: Wanted) -> Rows:
    """All pages from the wanted one on, up to what one answer can hold; with a cursor where there is more."""
    rows: list[Row] = []
    size = 0
    enough = desk.clock() + MOST_TIME
    while True:
        found = page(desk, person, wanted, MOST_ROWS)
        rows += found.cases
        size += sum(len(case.words) + len(case.address) for case in found.cases)
        full = len(rows) > MOST_EXPORTED - MOST_ROWS or size > MOST_CHARACTERS or desk.clock() > enough
        if full or not found.cursor:
            return Rows(cases=rows, cursor=found.cursor)
        wanted = wanted.model_copy(update={"cursor": found.cursor})


def _find(desk: Desk, search: Search) -> Page:
    try:
        return desk.cases.search(search)
    except BadInput as error:
        raise Unreadable("bad_cursor", [{"field": "cursor"}]) from error
