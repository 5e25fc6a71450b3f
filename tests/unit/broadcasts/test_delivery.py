"""A delivery only goes forward, whatever arrives in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from canal.broadcasts.delivery import (
    FROM,
    OPEN,
    REPORTED,
    UNKNOWN,
    Delivery,
    State,
    Step,
    follows,
    reference,
    referred,
    taken,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.noticeboard import MONDAY

WAITING = Delivery("20261123-prova", "ES.1", "ca", "template", MONDAY, look_at=MONDAY)
CLOSED = [State.SENT, State.DELIVERED, State.READ, State.FAILED, State.SKIPPED]
steps = st.builds(
    Step,
    st.sampled_from(State),
    st.just(MONDAY),
    reason=st.sampled_from(["", UNKNOWN, "131026"]),
    reported=st.booleans(),
)


def run(*taken_steps: Step) -> Delivery:
    found = WAITING
    for step in taken_steps:
        if follows(step, found):
            found = taken(found, step)
    return found


@given(st.lists(steps, max_size=12), st.sampled_from([State.DELIVERED, State.READ]))
def test_what_was_delivered_is_never_less_afterwards(more: list[Step], state: State) -> None:
    found = run(Step(State.SENDING, MONDAY), Step(state, MONDAY, reported=True), *more)
    assert found.state in (State.DELIVERED, State.READ)
    assert not (state == State.READ and found.state == State.DELIVERED)


@given(st.lists(steps, max_size=12))
def test_what_is_closed_is_never_sent_again(more: list[Step]) -> None:
    """An open state after a closed one would be a second message."""
    found = WAITING
    for step in more:
        if not follows(step, found):
            continue
        assert found.state in OPEN or step.state not in OPEN
        found = taken(found, step)


def test_every_state_says_where_it_may_come_from() -> None:
    assert set(FROM) == set(State)
    assert all(not FROM[state] & {State.READ, State.SKIPPED} for state in State)


@pytest.mark.parametrize("state", sorted(REPORTED - {State.FAILED}))
def test_only_whatsapp_may_correct_what_we_gave_up(state: State) -> None:
    given_up = run(Step(State.FAILED, MONDAY, reason=UNKNOWN))
    assert follows(Step(state, MONDAY, reported=True), given_up)
    assert not follows(Step(state, MONDAY), given_up)
    refused = run(Step(State.FAILED, MONDAY, code=131026, reason="131026"))
    assert not follows(Step(state, MONDAY, reported=True), refused)


def test_that_one_message_failed_says_nothing_of_the_next_one_to_the_same_citizen() -> None:
    """WhatsApp may refuse a text at once and report so later as well, when the template is already there."""
    refused = Step(State.FAILED, MONDAY, wamid="wamid.text", code=131047, reason="131047", reported=True)
    noted = Step(State.SENT, MONDAY, mode="template", wamid="wamid.template")
    claimed = Step(State.SENDING, MONDAY)
    for order in ((claimed, noted, refused), (claimed, refused, noted)):
        found = run(*order)
        assert (found.state, found.wamid, found.reason, found.code) == (State.SENT, "wamid.template", "", None)
    assert run(claimed, noted, replace(refused, wamid="wamid.template")).state == State.FAILED


def test_a_claim_counts_and_a_message_that_surely_did_not_go_waits_again() -> None:
    again = run(Step(State.SENDING, MONDAY), Step(State.QUEUED, MONDAY, look_at=MONDAY), Step(State.SENDING, MONDAY))
    assert (again.state, again.tries) == (State.SENDING, 2)


def test_two_workers_cannot_claim_the_same_recipient() -> None:
    assert not follows(Step(State.SENDING, MONDAY), run(Step(State.SENDING, MONDAY)))


def test_a_step_keeps_what_it_does_not_say() -> None:
    before = replace(WAITING, wamid="wamid.1", category="utility", mode="text", release_at=MONDAY)
    after = taken(before, Step(State.READ, MONDAY))
    assert (after.wamid, after.category, after.mode, after.read_at) == ("wamid.1", "utility", "text", MONDAY)
    assert after.look_at is None


def test_the_reference_leads_back_to_campaign_and_citizen() -> None:
    assert referred(reference("20261123-prova", "ES.1#2")) == ("20261123-prova", "ES.1#2")


@pytest.mark.parametrize("other", ["", "turn#1", "case#K7Q2M4XA#1", "notice#", "notice#x", "notice##y"])
def test_the_reference_of_anything_else_leads_nowhere(other: str) -> None:
    assert referred(other) is None


def test_a_step_of_who_has_not_claimed_is_taken_only_where_nothing_has_changed() -> None:
    row = Delivery("c1", "ES.1", "ca", "template", MONDAY, State.SENDING)
    free = Step(State.QUEUED, MONDAY + timedelta(minutes=5), seen=row)
    assert follows(free, row)
    assert not follows(free, replace(row, at=MONDAY + timedelta(minutes=1)))
    assert not follows(free, replace(row, state=State.QUEUED))
