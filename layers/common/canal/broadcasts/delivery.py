"""A delivery: one campaign to one citizen, and the only way in which its state may change: forward."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    QUEUED = "queued"  # waits for its turn, or for ``release_at``
    SENDING = "sending"  # claimed: a message may be on its way
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    SKIPPED = "skipped"  # nothing was sent: they left, or the campaign ended


# What a delivery may have been when it becomes the key. WhatsApp's statuses come in any order, twice, and before we
# have noted that we sent; what it says counts over what we believe, so a delivery given up as "unknown" may still turn
# out to be read. A sending that surely did not happen waits again.
FROM: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.QUEUED, State.SENDING}),
    State.SENDING: frozenset({State.QUEUED}),
    State.SENT: frozenset({State.QUEUED, State.SENDING}),
    State.DELIVERED: frozenset({State.QUEUED, State.SENDING, State.SENT}),
    State.READ: frozenset({State.QUEUED, State.SENDING, State.SENT, State.DELIVERED}),
    State.FAILED: frozenset({State.QUEUED, State.SENDING, State.SENT}),
    State.SKIPPED: frozenset({State.QUEUED}),
}
REPORTED = frozenset({State.SENT, State.DELIVERED, State.READ, State.FAILED})  # by WhatsApp: also after "unknown"
WENT_OUT = frozenset({State.SENT, State.DELIVERED, State.READ})
OPEN = frozenset({State.QUEUED, State.SENDING})
UNKNOWN = "unknown"  # the reason of one that we gave up without knowing whether it went out
TEXT, TEMPLATE = "text", "template"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of ``deliveries``. ``mode`` is how it went, or how it was planned to go, TEXT or TEMPLATE.

    ``release_at``: not before. ``look_at``: when somebody must look at it, because nothing else will: of a queued one
    when it should have been taken, of a claimed one when its worker must be dead; None once nothing is to be done.
    ``code`` is WhatsApp's, ``reason`` a word of ours (a key below ``notices.reasons``). ``tries`` counts claims.
    ``category`` is what WhatsApp charged it under, empty until it says.
    """

    campaign: str
    citizen: str
    language: str
    mode: str
    at: datetime  # of the last change
    state: State = State.QUEUED
    release_at: datetime | None = None
    look_at: datetime | None = None
    tries: int = 0
    wamid: str = ""
    code: int | None = None
    reason: str = ""
    category: str = ""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A change of a delivery; what is None or empty stays as it was.

    ``reported``: WhatsApp said so, which may also correct one that was given up as unknown. ``look_at`` is set as it
    is given, None included: an open delivery must name when to look at it, a closed one needs none. ``seen``: only if
    the delivery still stands as it was read; who has not claimed it must say so, or they might let go another's claim.
    """

    state: State
    at: datetime
    look_at: datetime | None = None
    release_at: datetime | None = None
    mode: str = ""
    wamid: str = ""
    code: int | None = None
    reason: str = ""
    category: str = ""
    reported: bool = False
    seen: Delivery | None = None


def follows(step: Step, delivery: Delivery) -> bool:
    """Whether ``step`` may be taken from where ``delivery`` stands.

    A failure is that of one message. Of the text that WhatsApp refused it may tell when the template has long arrived.
    """
    if step.seen is not None and (delivery.state, delivery.at) != (step.seen.state, step.seen.at):
        return False
    if step.reported and step.state in REPORTED and delivery.state == State.FAILED and delivery.reason == UNKNOWN:
        return True
    if step.wamid and step.wamid != delivery.wamid:  # another message to the same citizen
        if step.state in WENT_OUT and delivery.state == State.FAILED:
            return True
        if step.state == State.FAILED and step.reported and delivery.wamid:
            return False
    return delivery.state in FROM[step.state]


def taken(delivery: Delivery, step: Step) -> Delivery:
    """``delivery`` after ``step``, which ``follows``."""
    return replace(
        delivery,
        state=step.state,
        at=step.at,
        look_at=step.look_at,
        release_at=step.release_at or delivery.release_at,
        mode=step.mode or delivery.mode,
        wamid=step.wamid or delivery.wamid,
        code=step.code if step.state == State.FAILED else None if step.state in WENT_OUT else delivery.code,
        reason=step.reason,
        category=step.category or delivery.category,
        tries=delivery.tries + (step.state == State.SENDING),
        sent_at=step.at if step.state == State.SENT else delivery.sent_at,
        delivered_at=step.at if step.state == State.DELIVERED else delivery.delivered_at,
        read_at=step.at if step.state == State.READ else delivery.read_at,
    )


REFERENCE = "notice#"


def reference(campaign: str, citizen: str) -> str:
    """What goes along with the message and comes back in each of its statuses."""
    return f"{REFERENCE}{campaign}#{citizen}"


def referred(found: str) -> tuple[str, str] | None:
    """Campaign and citizen of a ``reference``; None for that of anything else."""
    if not found.startswith(REFERENCE):
        return None
    campaign, _, citizen = found.removeprefix(REFERENCE).partition("#")
    return (campaign, citizen) if campaign and citizen else None
