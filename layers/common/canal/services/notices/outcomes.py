"""What to do when a message did not go out, or nobody knows whether it did: a table, by WhatsApp's code and by type.

Pure. ``adapters/whatsapp_errors.py`` says what kind of error a code is; here stands what a sender of notices does
about it. Every error may carry a problem: ``code``, ``status`` (HTTP), ``uncertain`` (the answer was lost) and
``retry_after``, seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from canal.errors import CanalError, NoTemplate, Permanent, Stopped, Temporary, Throttled, Undeliverable, WindowClosed


class Do(StrEnum):
    AGAIN = "again"  # at once, within the same claim: it surely did not go out, or it may go out twice
    TEMPLATE = "template"  # the same, as a template
    LATER = "later"  # back among the queued ones, for ``wait`` seconds
    LEAVE = "leave"  # it may have gone out: claimed as it is, until a status or ``tend`` decides
    REST = "rest"  # LATER, and no marketing for this citizen meanwhile
    NO_MARKETING = "no_marketing"  # FAIL, and no marketing for this citizen any more
    FAIL = "fail"
    STOP = "stop"  # the whole campaign


@dataclass(frozen=True, slots=True)
class Decision:
    """``hold``: everybody waits, not only this message. ``reason`` is a word of ours, or WhatsApp's code."""

    do: Do
    wait: float = 0.0
    hold: bool = False
    code: int | None = None
    reason: str = ""


ENOUGH, THROTTLED, TEMPORARY, LOST, FAULT = "enough", "throttled", "temporary", "lost", "fault"

RATE, PAIR, CAP, OPTED_OUT = 130429, 131056, 131049, 131050
# Refused alike whoever the recipient is, until somebody acts: marketing switched off, categories misused.
STOPPING = frozenset({131063, 131064})
ANSWERED = frozenset({429, 503})  # HTTP statuses of those who have done nothing

TRIES = 8  # of a message that WhatsApp found too fast
FEW_TRIES = 3  # of one that failed for another reason that passes
MOST_CLAIMS = 12  # over hours; then it is given up
REST = timedelta(hours=24).total_seconds()
MINUTE = 60.0
LONGEST = 3600.0


def decide(error: Exception, *, alert: bool, tries: int, claims: int, rested: bool) -> Decision:
    """What to do after ``error``.

    ``tries`` counts the calls within this claim and ``claims`` the claims, both from 1. ``rested``: WhatsApp held
    before that this citizen had enough, and the notice has waited for it.
    """
    code = code_of(error)
    match error:
        case Stopped() | NoTemplate():
            return Decision(Do.STOP, code=code, reason=reason_of(error))
        case WindowClosed():
            return Decision(Do.TEMPLATE, code=code, reason=reason_of(error))
        case Permanent():
            return _permanent(error, code, rested=rested)
        case Throttled():
            return _throttled(error, code, alert=alert, tries=tries)
        case Temporary():
            return _temporary(error, code, alert=alert, tries=tries, claims=claims)
    return Decision(Do.LEAVE, reason=FAULT)  # a fault of ours: nobody knows how far it came


def _permanent(error: Permanent, code: int | None, *, rested: bool) -> Decision:
    if code in STOPPING:
        return Decision(Do.STOP, code=code, reason=reason_of(error))
    if code == CAP and not rested:
        return Decision(Do.REST, REST, code=code, reason=ENOUGH)
    do = Do.NO_MARKETING if code == OPTED_OUT else Do.FAIL
    return Decision(do, code=code, reason=reason_of(error))


def _throttled(error: Throttled, code: int | None, *, alert: bool, tries: int) -> Decision:
    """Too fast for the number: all wait, longer each time. Too fast for this citizen: only they."""
    if code == PAIR:
        later = Decision(Do.LATER, MINUTE, code=code, reason=THROTTLED)
        return Decision(Do.AGAIN, 4.0, code=code) if tries == 1 else later
    if code in (RATE, None) and tries < TRIES:
        return Decision(Do.AGAIN, min(0.1 * 2 ** (tries - 1), 8.0), hold=True, code=code)
    if code not in (RATE, None) and tries < FEW_TRIES:
        return Decision(Do.AGAIN, 4.0 * tries, hold=True, code=code)
    wait = MINUTE if alert else min(max(MINUTE, _problem(error, "retry_after", 0)), LONGEST)
    return Decision(Do.LATER, wait, code=code, reason=THROTTLED)


def _temporary(error: Temporary, code: int | None, *, alert: bool, tries: int, claims: int) -> Decision:
    if may_have_gone(error) and not alert:
        return Decision(Do.LEAVE, code=code, reason=LOST)
    asked = float(_problem(error, "retry_after", 0))
    if tries < FEW_TRIES:
        return Decision(Do.AGAIN, min(asked, 10.0) or 0.5 * 2 ** (tries - 1), hold=asked > 0, code=code)
    if claims >= MOST_CLAIMS:
        return Decision(Do.FAIL, code=code, reason=TEMPORARY)
    wait = MINUTE if alert else min(MINUTE * 2.0 ** min(claims - 1, 10), LONGEST)
    return Decision(Do.LATER, max(wait, asked), code=code, reason=TEMPORARY)


def may_have_gone(error: Exception) -> bool:
    """Whether the message may be on its way all the same: no answer came, or one that is none of WhatsApp's."""
    if _problem(error, "uncertain", False):
        return True
    status = _problem(error, "status", None)
    return code_of(error) is None and status is not None and status not in ANSWERED


def code_of(error: Exception) -> int | None:
    """WhatsApp's code."""
    code = _problem(error, "code", None)
    return code if isinstance(code, int) else None


def reason_of(error: CanalError) -> str:
    """WhatsApp's code where there is one: its words may quote what we sent. Else a word of ours."""
    code = code_of(error)
    if code is not None:
        return str(code)
    if isinstance(error, Stopped):
        return "stopped"
    return "unreachable" if isinstance(error, Undeliverable) else "refused"


def _problem(error: Exception, name: str, default: Any) -> Any:
    """A field of the problem that an error carries."""
    return getattr(error.args[0], name, default) if error.args else default
