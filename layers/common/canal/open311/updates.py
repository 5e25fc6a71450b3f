"""FixMyStreet's extension: what has become of the requests, one row for each change of state.

The state is told in the town's public words. What staff wrote to the citizen is theirs, and is not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from canal.incidents.case import Case, Event
from canal.incidents.states import State
from canal.open311.asked import Answer, Asked, Outside
from canal.open311.dates import shown, span
from canal.open311.formats import Document, Row
from canal.open311.public import state_words
from canal.open311.refusal import bad
from canal.open311.requests import gathered
from canal.open311.services import listed
from canal.ports import Cases, Search

USUAL = timedelta(days=7)
OLDEST = timedelta(days=365)  # a request filed before that has no updates here any more
MOST_CHANGED = 500
KEEP = 60

# FixMyStreet's words, where it has one for the state.
STATUSES = {
    State.RECEIVED: "open",
    State.ROUTED: "open",
    State.IN_PROGRESS: "in_progress",
    State.WAITING: "investigating",
    State.RESOLVED: "fixed",
    State.REJECTED: "no_further_action",
    State.DUPLICATE: "duplicate",
    State.REOPENED: "open",
}


def updates(asked: Asked, outside: Outside) -> Answer:
    start, end = span(asked.arguments, asked.now, asked.town.zone, USUAL)
    cases = changed(asked, outside.cases, start, end)
    events = [(event, case) for case in cases for event in moves(case) if start <= event.at <= end]
    events.sort(key=lambda pair: (pair[0].at, pair[1].id, pair[0].id))
    rows = [row(event, case, asked) for event, case in events]
    return Answer(Document("service_request_updates", rows), KEEP)


def changed(asked: Asked, cases: Cases, start: datetime, end: datetime) -> Iterator[Case]:
    """The public cases that something happened to since ``start``, whole. Raises Refusal if they are too many."""
    filed = gathered(cases, Search(), start - OLDEST, end)
    recent = [case for case in filed if (case.updated_at or case.created_at) >= start and listed(case, asked.town)]
    if len(recent) > MOST_CHANGED:
        raise bad(f"More than {MOST_CHANGED} requests changed since start_date: ask from a later one.")
    for case in recent:
        whole = cases.load(case.id)
        if whole and listed(whole, asked.town):
            yield whole


def moves(case: Case) -> Iterator[Event]:
    """The events that left the case in another state than it was in."""
    before = case.history[0].state if case.history else case.state
    for event in case.history:
        if event.state != before:
            yield event
        before = event.state


def row(event: Event, case: Case, asked: Asked) -> Row:
    original = event.details.get("original", case.duplicate_of)
    return {
        "update_id": f"{case.id}-{event.id}",
        "service_request_id": case.id,
        "status": STATUSES[event.state],
        "updated_datetime": shown(event.at, asked.town.zone),
        "description": state_words(event.state, original, asked.town, asked.language),
        "media_url": None,
    }
