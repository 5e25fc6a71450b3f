"""The states of a case and the allowed moves, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from canal.errors import BadInput


class State(StrEnum):
    """Where a case stands. WAITING waits for the citizen."""

    RECEIVED = "received"
    ROUTED = "routed"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"


CLOSED = frozenset({State.RESOLVED, State.REJECTED, State.DUPLICATE})
OPEN = frozenset(State) - CLOSED

_ENDS = frozenset({State.RESOLVED, State.REJECTED, State.DUPLICATE})

# From each state to those that may follow. Routing is Canal's move: of a case that came in, or of one that was closed
# before it had a department and is reopened.
MOVES: Mapping[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.ROUTED}) | _ENDS,
    State.ROUTED: frozenset({State.IN_PROGRESS, State.WAITING}) | _ENDS,
    State.IN_PROGRESS: frozenset({State.WAITING}) | _ENDS,
    State.WAITING: frozenset({State.IN_PROGRESS}) | _ENDS,
    State.REOPENED: frozenset({State.ROUTED, State.IN_PROGRESS, State.WAITING}) | _ENDS,
    State.RESOLVED: frozenset({State.REOPENED}),
    State.REJECTED: frozenset({State.REOPENED}),
    State.DUPLICATE: frozenset({State.REOPENED}),
}


class NotAllowed(BadInput):
    """A move that the table does not have, or a change that the case's state does not bear."""


def check(before: State, after: State) -> None:
    """Raises NotAllowed unless a case may go from ``before`` to ``after``."""
    if after not in MOVES[before]:
        allowed = ", ".join(sorted(MOVES[before]))
        raise NotAllowed(f"a case that is {before} cannot become {after}; it can become {allowed}")
