"""The public cases: one, some by number, or all of a span of time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from canal.incidents.case import Case, Kind
from canal.incidents.states import CLOSED, OPEN
from canal.open311 import public
from canal.open311.asked import Answer, Asked, Outside
from canal.open311.call import Arguments
from canal.open311.dates import span
from canal.open311.formats import Document, Row
from canal.open311.refusal import bad, unknown
from canal.open311.services import listed, service
from canal.ports import Cases, Search

PAGE = 1_000  # requests on one page, and the most that is given without asking for pages
MOST_FOUND = 10_000
AT_ONCE = 200  # read of the table
KEEP = 60  # seconds
NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
STATUSES = {"open": OPEN, "closed": CLOSED}


def request(asked: Asked, outside: Outside) -> Answer:
    rows = list(by_number([asked.name], asked, outside))
    if not rows:
        raise unknown("There is no such service_request_id.")
    return Answer(Document("service_requests", rows), KEEP)


def requests(asked: Asked, outside: Outside) -> Answer:
    """By number, which overrides everything else; else by service, status and date."""
    numbers = asked.arguments.many("service_request_id")
    rows = list(by_number(numbers, asked, outside) if numbers else by_date(asked, outside))
    return Answer(Document("service_requests", rows), KEEP)


def by_number(numbers: Sequence[str], asked: Asked, outside: Outside) -> Iterator[Row]:
    for number in numbers:
        case = outside.cases.load(number) if NUMBER.fullmatch(number) else None
        category = listed(case, asked.town) if case else None
        if case and category:
            yield public.row(case, category, asked.town, asked.language, outside.links)


def by_date(asked: Asked, outside: Outside) -> Iterator[Row]:
    """The newest first, one page of them."""
    size = asked.arguments.number("page_size", PAGE, PAGE)
    first = (asked.arguments.number("page", 1, MOST_FOUND) - 1) * size
    for case in found(asked, outside.cases)[first : first + size]:
        if category := listed(case, asked.town):
            yield public.row(case, category, asked.town, asked.language)


def found(asked: Asked, cases: Cases) -> list[Case]:
    """All public cases that the arguments mean, the newest first."""
    start, end = span(asked.arguments, asked.now, asked.town.zone)
    codes = {service(asked.town, code).id for code in asked.arguments.many("service_code")}
    statuses = statuses_in(asked.arguments)
    wanted = Search(states=tuple(sorted(state for status in statuses for state in STATUSES[status])))
    if len(codes) == 1:
        wanted = replace(wanted, category=next(iter(codes)))
    filed = gathered(cases, wanted, start, end)
    meant = [case for case in filed if listed(case, asked.town) and (not codes or case.category in codes)]
    return sorted(meant, key=lambda case: (case.created_at, case.id), reverse=True)


def statuses_in(arguments: Arguments) -> tuple[str, ...]:
    given = tuple(status.lower() for status in arguments.many("status"))
    if not set(given) <= STATUSES.keys():
        raise bad("status is open or closed.")
    return given


def gathered(cases: Cases, wanted: Search, start: datetime, end: datetime) -> list[Case]:
    """The incidents filed from ``start`` to ``end``, without history and files. Raises Refusal if they are too many."""
    until = end + timedelta(seconds=1)  # the search leaves its end out, the standard does not
    search = replace(wanted, kinds=(Kind.INCIDENT.value,), since=start, until=until, limit=AT_ONCE)
    kept: dict[str, Case] = {}  # one that is closed while we read is among the open and the closed ones
    while True:
        page = cases.search(search)
        kept |= {case.id: case for case in page.cases if start <= case.created_at <= end}
        if len(kept) > MOST_FOUND:
            raise bad("There are too many: ask for fewer days.")
        if not page.cursor:
            return list(kept.values())
        search = replace(search, cursor=page.cursor)
