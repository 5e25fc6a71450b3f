"""Every change of a campaign, one function each: who did it and when goes into its history."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import datetime

from canal.broadcasts.campaign import Campaign, Estimate, Event, What
from canal.broadcasts.states import EDITABLE, RUNNING, State, may_move
from canal.errors import BadInput

CANAL = "canal"  # who, where nobody of the staff did it


class NotNow(BadInput):
    """The campaign is not in a state in which this can be done."""


def created(campaign: Campaign, at: datetime, who: str) -> Campaign:
    return noted(campaign, at, who, What.CREATED)


def edited(before: Campaign, after: Campaign, at: datetime, who: str) -> Campaign:
    """``after`` in the place of ``before``: what was checked must be checked again."""
    if before.state not in EDITABLE:
        raise NotNow(f"a campaign that is {before.state} cannot be edited")
    fresh = replace(after, state=State.DRAFT, estimate=None, written_by=who)
    return noted(fresh, at, who, What.EDITED)


def checked(campaign: Campaign, estimate: Estimate, at: datetime, who: str) -> Campaign:
    """With its estimate; a campaign that must not go out stays a draft."""
    state = State.DRAFT if estimate.problems else State.CHECKED
    if campaign.state not in EDITABLE:
        raise NotNow(f"a campaign that is {campaign.state} cannot be checked")
    return noted(replace(campaign, state=state, estimate=estimate), at, who, What.CHECKED)


def approved(campaign: Campaign, at: datetime, who: str, reason: str = "") -> Campaign:
    """Approved; with ``reason``, in an emergency by the one who wrote it."""
    moved = move(campaign, State.APPROVED, at, who, What.APPROVED, {})
    moved = replace(moved, approved_by=who, approved_at=at)
    return noted(moved, at, who, What.OVERRIDDEN, {"reason": reason}) if reason else moved


def planning(campaign: Campaign, at: datetime) -> Campaign:
    only_from(campaign, {State.APPROVED}, What.PLANNING)
    return move(campaign, State.PLANNING, at, CANAL, What.PLANNING)


def sending(campaign: Campaign, at: datetime) -> Campaign:
    """Every recipient is written down."""
    only_from(campaign, {State.PLANNING}, What.SENDING)
    return move(campaign, State.SENDING, at, CANAL, What.SENDING)


def paused(campaign: Campaign, at: datetime, who: str) -> Campaign:
    return move(campaign, State.PAUSED, at, who, What.PAUSED)


def stopped(campaign: Campaign, at: datetime, code: int | None, reason: str) -> Campaign:
    """Paused by Canal, since nothing can go out until somebody mends what ``reason`` names."""
    details = {"reason": reason, **({"code": str(code)} if code is not None else {})}
    return move(campaign, State.PAUSED, at, CANAL, What.STOPPED, details)


def resumed(campaign: Campaign, at: datetime, who: str, *, planned: bool) -> Campaign:
    """Running again; ``planned``: every recipient was written down before."""
    only_from(campaign, {State.PAUSED}, What.RESUMED)
    return move(campaign, State.SENDING if planned else State.PLANNING, at, who, What.RESUMED)


def cancelled(campaign: Campaign, at: datetime, who: str) -> Campaign:
    """For good; where it ran, ``tend`` lets go who still waits, and then it is ``closed``."""
    ran = campaign.state in RUNNING | {State.PAUSED}
    return replace(move(campaign, State.CANCELLED, at, who, What.CANCELLED), closing=ran)


def closed(campaign: Campaign) -> Campaign:
    """Nobody waits any more."""
    return replace(campaign, closing=False)


def failed(campaign: Campaign, at: datetime, reason: str) -> Campaign:
    return move(campaign, State.FAILED, at, CANAL, What.FAILED, {"reason": reason})


def done(campaign: Campaign, at: datetime) -> Campaign:
    return move(campaign, State.DONE, at, CANAL, What.DONE)


def move(
    campaign: Campaign, to: State, at: datetime, who: str, what: What, details: Mapping[str, str] | None = None
) -> Campaign:
    """Raises NotNow where ``states.MOVES`` does not allow it."""
    if not may_move(campaign.state, to):
        raise NotNow(f"a campaign that is {campaign.state} cannot be {what}")
    return noted(replace(campaign, state=to), at, who, what, details or {})


def only_from(campaign: Campaign, states: Set[State], what: What) -> None:
    """Where the table would allow more: what was paused goes on only when somebody resumes it."""
    if campaign.state not in states:
        raise NotNow(f"a campaign that is {campaign.state} cannot be {what}")


def noted(campaign: Campaign, at: datetime, who: str, what: What, details: Mapping[str, str] | None = None) -> Campaign:
    return replace(campaign, history=(*campaign.history, Event(at, who, what, details or {})))
