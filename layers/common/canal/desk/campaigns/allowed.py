"""What may be done to a notice, in which state and by whom."""

from __future__ import annotations

from enum import StrEnum

from canal.broadcasts.campaign import Campaign, Kind
from canal.broadcasts.states import EDITABLE, MOVES, RUNNING, State
from canal.desk.refusals import Refusal
from canal.desk.roles import Person
from canal.dialogue.town import Town


class Act(StrEnum):
    """What staff do to a notice."""

    EDIT = "edit"
    CHECK = "check"
    TEST = "test"
    APPROVE = "approve"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    COPY = "copy"


STATES: dict[Act, frozenset[State]] = {
    Act.EDIT: EDITABLE,
    Act.CHECK: EDITABLE,
    Act.TEST: frozenset(State),
    Act.APPROVE: frozenset(state for state in State if State.APPROVED in MOVES[state]),
    Act.PAUSE: RUNNING,
    Act.RESUME: frozenset({State.PAUSED}),
    Act.CANCEL: frozenset(state for state in State if State.CANCELLED in MOVES[state]),
    Act.COPY: frozenset(State),
}


def may(person: Person, campaign: Campaign) -> list[str]:
    return [act for act in Act if person.runs_notices and campaign.state in STATES[act]]


def bears(campaign: Campaign, act: Act) -> None:
    """Raises a Refusal that says in plain words where the notice stands, and what can be done with it."""
    if campaign.state not in STATES[act]:
        can = [each for each in Act if campaign.state in STATES[each]]
        details = [{"field": "state", "reason": campaign.state, "allowed": can}]
        raise Refusal("not_now", details, f"not_now_{campaign.state}")


def needs_second(town: Town, campaign: Campaign) -> bool:
    """Whether somebody other than its authors must approve it, as far as its estimate tells."""
    least = town.notices.second_person_from.get(campaign.kind)
    return least is not None and campaign.estimate is not None and campaign.estimate.recipients >= least


def wrote(person: Person, campaign: Campaign) -> bool:
    mine = person.name.casefold()
    return mine in (campaign.created_by.casefold(), campaign.written_by.casefold())


def is_alert(campaign: Campaign) -> bool:
    return campaign.kind == Kind.ALERT
