"""The life of a campaign: the one table that says what may follow what."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    CHECKED = "checked"  # the estimate is there, and nothing forbids sending
    APPROVED = "approved"  # waits for its hour, or for planning to begin
    PLANNING = "planning"  # recipients are being written down; those that are get their notice already
    SENDING = "sending"  # all are written down
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"  # ended without reaching anybody it could have reached


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.CHECKED, State.CANCELLED}),
    State.CHECKED: frozenset({State.DRAFT, State.CHECKED, State.APPROVED, State.CANCELLED}),
    State.APPROVED: frozenset({State.DRAFT, State.PLANNING, State.CANCELLED, State.FAILED}),
    State.PLANNING: frozenset({State.SENDING, State.PAUSED, State.CANCELLED, State.FAILED}),
    State.SENDING: frozenset({State.DONE, State.PAUSED, State.CANCELLED, State.FAILED}),
    State.PAUSED: frozenset({State.PLANNING, State.SENDING, State.CANCELLED}),
    State.DONE: frozenset(),
    State.CANCELLED: frozenset(),
    State.FAILED: frozenset(),
}

RUNNING = frozenset({State.PLANNING, State.SENDING})  # recipients are written to
ACTIVE = RUNNING | {State.APPROVED, State.PAUSED}  # something may still happen by itself
ENDED = frozenset({State.DONE, State.CANCELLED, State.FAILED})
EDITABLE = frozenset({State.DRAFT, State.CHECKED})


def may_move(old: State, new: State) -> bool:
    return new in MOVES[old]
