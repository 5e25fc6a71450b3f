"""The life of a campaign: each change where it makes sense, with who and when, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace

import pytest
from canal.broadcasts import changes
from canal.broadcasts.campaign import ALERTS, BULK, Campaign, Estimate, Kind, What
from canal.broadcasts.changes import NotNow
from canal.broadcasts.states import ACTIVE, ENDED, MOVES, RUNNING, State

from tests.noticeboard import MONDAY, a_campaign

WHO = "comunicacio@canal.test"
ESTIMATE = Estimate(MONDAY, 3, 3, {"ca": 3}, {}, 0, 250, 1, 1, None)
EDITABLE = {State.DRAFT, State.CHECKED}

# Every change, and the states in which it may be made.
CHANGES: dict[str, tuple[Callable[[Campaign], Campaign], Set[State], State]] = {
    "edited": (lambda c: changes.edited(c, c, MONDAY, WHO), EDITABLE, State.DRAFT),
    "checked": (lambda c: changes.checked(c, ESTIMATE, MONDAY, WHO), EDITABLE, State.CHECKED),
    "approved": (lambda c: changes.approved(c, MONDAY, WHO), {State.CHECKED}, State.APPROVED),
    "planning": (lambda c: changes.planning(c, MONDAY), {State.APPROVED}, State.PLANNING),
    "sending": (lambda c: changes.sending(c, MONDAY), {State.PLANNING}, State.SENDING),
    "paused": (lambda c: changes.paused(c, MONDAY, WHO), {State.PLANNING, State.SENDING}, State.PAUSED),
    "stopped": (lambda c: changes.stopped(c, MONDAY, 190, "token"), {State.PLANNING, State.SENDING}, State.PAUSED),
    "resumed": (lambda c: changes.resumed(c, MONDAY, WHO, planned=True), {State.PAUSED}, State.SENDING),
    "cancelled": (lambda c: changes.cancelled(c, MONDAY, WHO), set(State) - ENDED, State.CANCELLED),
    "failed": (lambda c: changes.failed(c, MONDAY, "nobody"), RUNNING | {State.APPROVED}, State.FAILED),
    "done": (lambda c: changes.done(c, MONDAY), {State.SENDING}, State.DONE),
}


@pytest.mark.parametrize("state", sorted(State))
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_change_is_made_where_it_makes_sense_and_nowhere_else(name: str, state: State) -> None:
    change, allowed, leads_to = CHANGES[name]
    before = a_campaign(state=state)
    if state not in allowed:
        with pytest.raises(NotNow):
            change(before)
        return
    after = change(before)
    assert after.state == leads_to
    assert len(after.history) == 1
    assert after.history[0].at == MONDAY


def test_what_has_ended_stays_so() -> None:
    assert all(not MOVES[state] for state in ENDED)
    assert not ENDED & ACTIVE


def test_editing_takes_the_check_away_and_notes_who_wrote_the_words() -> None:
    before = a_campaign(state=State.CHECKED, estimate=ESTIMATE, written_by="admin@canal.test")
    after = changes.edited(before, before, MONDAY, WHO)
    assert (after.state, after.estimate, after.written_by) == (State.DRAFT, None, WHO)


def test_a_check_with_problems_leaves_a_draft_that_cannot_be_approved() -> None:
    found = replace(ESTIMATE, problems=(("notices.problems.nobody", {}),))
    after = changes.checked(a_campaign(), found, MONDAY, WHO)
    assert after.state == State.DRAFT
    with pytest.raises(NotNow):
        changes.approved(after, MONDAY, WHO)


def test_an_emergency_leaves_its_trace() -> None:
    after = changes.approved(a_campaign(state=State.CHECKED), MONDAY, WHO, reason="el barranc creix")
    assert [event.what for event in after.history] == [What.APPROVED, What.OVERRIDDEN]
    assert after.history[1].details == {"reason": "el barranc creix"}
    assert (after.approved_by, after.approved_at) == (WHO, MONDAY)


def test_canal_says_why_it_stopped() -> None:
    after = changes.stopped(a_campaign(state=State.SENDING), MONDAY, 131042, "payment")
    assert after.history[0].details == {"code": "131042", "reason": "payment"}
    assert after.history[0].who == "canal"


def test_alerts_have_a_lane_of_their_own() -> None:
    assert {kind: a_campaign(kind=kind).lane for kind in Kind} == {
        Kind.ALERT: ALERTS,
        Kind.NEWS: BULK,
        Kind.DIGEST: BULK,
        Kind.REMINDER: BULK,
    }
