"""The staff's list: which index answers a search, what is filtered while it is read, and where a page ends.

A search reads one or two parts, one after the other: the open cases and then the closed ones, each the newest first;
or the open cases by their due dates. A cursor names the part and the last row looked at.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import and_

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex

from canal.adapters.case_rows import CLOSED, OPEN, case_of, department_phase
from canal.adapters.dynamo_models import IncidentRow
from canal.adapters.moments import text
from canal.dialogue.understanding.text import words
from canal.errors import BadInput
from canal.incidents import states
from canal.incidents.case import Case
from canal.incidents.numbers import ALPHABET
from canal.ports import Page, Search

MOST = 200  # cases of one page
LOOKED_AT = 1_000  # rows read for one page, found or not: what a page costs is bounded
AT_ONCE = 250  # rows of one request, where many may be filtered away
MOST_WORDS = 10  # of the text filter
LONGEST = 64  # characters of a part of the cursor
MOMENT = timedelta(microseconds=1)
NUMBER = re.compile(rf"[{ALPHABET}]{{8,9}}")

Place = tuple[str, str]  # the sort key and the number of the last row looked at


@dataclass(frozen=True, slots=True)
class Part:
    """The rows under one key of an index, with the bounds of the sort key, both included ("" for none)."""

    index: GlobalSecondaryIndex[IncidentRow]
    hash_name: str
    hash_value: str
    range_name: str
    since: str = ""
    until: str = ""
    forward: bool = False

    def range(self) -> Condition | None:
        attribute = getattr(IncidentRow, self.range_name)
        if self.since and self.until:
            return attribute.between(self.since, self.until)  # type: ignore[no-any-return]
        if self.since:
            return attribute >= self.since  # type: ignore[no-any-return]
        return attribute <= self.until if self.until else None

    def holds(self, at: str) -> bool:
        return self.since <= at and (not self.until or at <= self.until)


def search(wanted: Search, now: datetime) -> Page:
    """A page of what is wanted. Raises BadInput for a cursor that this search did not give."""
    if case := by_number(wanted):
        return Page((case,))
    limit = min(max(wanted.limit, 1), MOST)
    parts, condition = parts_of(wanted, now), filters(wanted)
    number, start = position(wanted.cursor, parts)
    found: list[Case] = []
    looked = 0
    while number < len(parts):
        missing = limit - len(found)
        if not missing or looked >= LOOKED_AT:
            return Page(tuple(found), cursor(number, start))
        cases, scanned, start = read(parts[number], condition, start, missing)
        found += cases
        looked += scanned
        if start is None:
            number += 1
    return Page(tuple(found))


def by_number(wanted: Search) -> Case | None:
    """The case whose number the text is, if it is in the list: one read, where a search for words reads hundreds."""
    number = wanted.text.strip().upper()
    if wanted.cursor or wanted.overdue or not NUMBER.fullmatch(number):
        return None
    conditions = [*wishes(replace(wanted, text="")), *filed_between(*bounds(wanted))]
    if len(wanted.departments) == 1:  # the list has one in its key, and the wishes have several
        conditions.append(IncidentRow.department == wanted.departments[0])
    rows = IncidentRow.query(number, filter_condition=reduce(and_, conditions) if conditions else None)
    return next((replace(case_of(row), history=(), files=(), contact={}) for row in rows if not row.erased), None)


def read(
    part: Part, condition: Condition | None, start: Place | None, missing: int
) -> tuple[list[Case], int, Place | None]:
    """One request: at most ``missing`` cases, how many rows were looked at, and where to go on (None at the end)."""
    pages = part.index.query(
        part.hash_value,
        part.range(),
        condition,
        scan_index_forward=part.forward,
        page_size=missing if condition is None else AT_ONCE,
        last_evaluated_key=key(part, start) if start else None,
    ).page_iter
    page = next(pages)
    rows = [IncidentRow.from_raw_data(item) for item in page["Items"]]
    taken = rows[:missing]
    if len(rows) > missing:
        end: Place | None = (getattr(taken[-1], part.range_name), taken[-1].id)
    else:
        last = page.get("LastEvaluatedKey")
        end = (last[part.range_name]["S"], last["id"]["S"]) if last else None
    return [case_of(row) for row in taken], page["ScannedCount"], end


def key(part: Part, place: Place) -> dict[str, dict[str, str]]:
    at, number = place
    return {part.hash_name: {"S": part.hash_value}, part.range_name: {"S": at}, "id": {"S": number}}


# --- what is read -------------------------------------------------------------------------------


def parts_of(wanted: Search, now: datetime) -> list[Part]:
    """What to read, in its order."""
    since, until = bounds(wanted)
    if since and until and since > until:
        return []
    if wanted.overdue:
        return [Part(IncidentRow.by_due, "due", OPEN, "due_at", until=before(now), forward=True)]
    if len(wanted.departments) == 1:
        department = wanted.departments[0]
        index, name = IncidentRow.by_department, "department_phase"
        values = [department_phase(department, phase) for phase in phases(wanted)]
    else:
        index, name, values = IncidentRow.by_phase, "phase", list(phases(wanted))  # type: ignore[assignment]
    return [Part(index, name, value, "created_at", since, until) for value in values]


def phases(wanted: Search) -> Iterator[str]:
    """The phases that the wanted states lie in; both where no state is asked for."""
    if not wanted.states or any(state in states.OPEN for state in wanted.states):
        yield OPEN
    if not wanted.states or any(state in states.CLOSED for state in wanted.states):
        yield CLOSED


def bounds(wanted: Search) -> tuple[str, str]:
    """The first and the last moment of filing that is wanted, as stored."""
    try:
        return text(wanted.since) or "", before(wanted.until) if wanted.until else ""
    except OverflowError:
        raise BadInput("a day beyond the calendar") from None


def before(moment: datetime) -> str:
    """The last moment before this one, as stored."""
    return text(moment - MOMENT) or ""


def filters(wanted: Search) -> Condition | None:
    """What the rows that are read must be besides."""
    conditions = list(wishes(wanted))
    if wanted.overdue:
        conditions += filed_between(*bounds(wanted))
    return reduce(and_, conditions) if conditions else None


def wishes(wanted: Search) -> Iterator[Condition]:
    if len(wanted.departments) > 1 or (wanted.departments and wanted.overdue):
        yield IncidentRow.department.is_in(*wanted.departments)
    if wanted.kinds:
        yield IncidentRow.kind.is_in(*map(str, wanted.kinds))
    if wanted.states:
        yield IncidentRow.state.is_in(*map(str, wanted.states))
    if wanted.category:
        yield IncidentRow.category == wanted.category
    if wanted.zone:
        yield IncidentRow.zone == wanted.zone
    for word in words(wanted.text)[:MOST_WORDS]:
        yield IncidentRow.search.contains(word)


def filed_between(since: str, until: str) -> Iterator[Condition]:
    """What stands in the key of the other indexes."""
    if since:
        yield IncidentRow.created_at >= since
    if until:
        yield IncidentRow.created_at <= until


# --- cursors ------------------------------------------------------------------------------------


def cursor(number: int, place: Place | None) -> str:
    return base64.urlsafe_b64encode(json.dumps([number, *(place or ())]).encode()).decode()


def position(given: str, parts: list[Part]) -> tuple[int, Place | None]:
    """The part to go on with, and where; raises BadInput for anything that ``cursor`` did not make for ``parts``."""
    if not given:
        return 0, None
    try:
        match json.loads(base64.b64decode(given.encode(), b"-_", validate=True)):
            case [int(number)] if 0 <= number < len(parts):
                return number, None
            case [int(number), str(at), str(case)] if 0 <= number < len(parts) and parts[number].holds(at):
                if 0 < len(case) <= LONGEST and 0 < len(at) <= LONGEST:
                    return number, (at, case)
    except (ValueError, RecursionError):
        pass
    raise BadInput("this is not a cursor of this list")
