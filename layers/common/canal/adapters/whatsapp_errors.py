"""WhatsApp's error codes in Canal's words: the one table of what each means for the sender.

Used by ``whatsapp_client`` on refused requests and by whoever reads a ``failed`` status. Meta asks to branch
on the code and never on the title, the subcode or the HTTP status:
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes

An error made here carries a Problem as its only argument: ``problem_of(error).code``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from canal.errors import CanalError, Refused, Stopped, Temporary, Throttled, Undeliverable


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong between us and WhatsApp. Safe to log: no token, no number, no words of a citizen.

    ``uncertain`` is True where the request may have been carried out all the same: the answer was lost.
    ``retry_after`` is the number of seconds that Meta's documentation asks to wait, 0 where it says nothing.
    """

    code: int | None = None  # None: no code of Meta's, such as a time-out
    details: str = ""
    trace_id: str = ""  # fbtrace_id: Meta's support asks for it
    status: int | None = None  # of the HTTP answer; None for an asynchronous failure
    retry_after: int = 0
    uncertain: bool = False

    def __str__(self) -> str:
        parts = [
            f"WhatsApp error {self.code}" if self.code is not None else "WhatsApp",
            f": {self.details}" if self.details else "",
            f" (HTTP {self.status})" if self.status is not None else "",
            f" [trace {self.trace_id}]" if self.trace_id else "",
            " (it may have been carried out)" if self.uncertain else "",
        ]
        return "".join(parts)


class Rule(NamedTuple):
    """The kind of error that a code is, and the wait in seconds before another try makes sense."""

    error: type[CanalError]
    wait: int = 0


HOUR = 3600

RULES: Mapping[int, Rule] = {
    # --- passes by itself: the same request again, later -----------------------------------------
    1: Rule(Temporary),  # invalid request or a fault at Meta's
    2: Rule(Temporary),  # temporarily overloaded
    131000: Rule(Temporary),  # unknown
    131016: Rule(Temporary),  # service temporarily unavailable
    131057: Rule(Temporary, 60),  # account in maintenance, also while its throughput is raised
    133000: Rule(Temporary),  # an earlier deregistration failed
    133004: Rule(Temporary),  # server unavailable
    133015: Rule(Temporary, 300),  # the number was just deleted
    # --- too fast --------------------------------------------------------------------------------
    4: Rule(Throttled, HOUR),  # calls of the app: an hourly window
    17: Rule(Throttled, HOUR),  # calls of the user; Graph's own, as the next two
    32: Rule(Throttled, HOUR),  # calls of the page
    613: Rule(Throttled, HOUR),  # a custom limit
    80007: Rule(Throttled, HOUR),  # calls of the account
    130429: Rule(Throttled, 1),  # messages per second of the number
    131056: Rule(Throttled, 4),  # too many to this citizen; then 16, 64 ... seconds
    132069: Rule(Throttled, HOUR),  # flow throttled
    133008: Rule(Throttled, HOUR),  # too many wrong PINs
    133009: Rule(Throttled, 60),  # PIN entered too fast
    133016: Rule(Throttled, 72 * HOUR),  # registered and deregistered too often
    # --- this citizen cannot be reached, others can ------------------------------------------------
    130403: Rule(Undeliverable),  # we blocked them
    130472: Rule(Undeliverable),  # in an experiment of Meta's: marketing is not delivered, nor charged
    130497: Rule(Undeliverable),  # their country is restricted
    131021: Rule(Undeliverable),  # our own number
    131026: Rule(Undeliverable),  # not on WhatsApp, too old a version, or they blocked us
    131030: Rule(Undeliverable),  # a test number, and they are not on its list
    131047: Rule(Undeliverable),  # more than 24 hours since they wrote: only a template may go
    131049: Rule(Undeliverable, 24 * HOUR),  # enough marketing for them; trying soon makes it worse
    131050: Rule(Undeliverable),  # they stopped our marketing messages
    131062: Rule(Undeliverable),  # this kind of message needs a phone number, not a user id
    137000: Rule(Undeliverable),  # identity key does not match
    # --- our request is wrong ----------------------------------------------------------------------
    100: Rule(Refused),  # bad, misspelt or too long a parameter
    131008: Rule(Refused),  # parameter missing
    131009: Rule(Refused),  # parameter value; also a read or a reaction on a bad or old message id
    131051: Rule(Refused),  # unsupported message type
    131052: Rule(Refused),  # the citizen's file cannot be downloaded: over 100 MB
    131053: Rule(Refused),  # our file cannot be uploaded: type or size
    131063: Rule(Refused),  # marketing is switched off on this API
    131064: Rule(Refused),  # templates filed under a wrong category too often
    132000: Rule(Refused),  # template: number of parameters
    132001: Rule(Refused),  # template: name or language missing, or not approved
    132005: Rule(Refused),  # template: too long once filled in
    132007: Rule(Refused),  # template: content against the policy
    132008: Rule(Refused),  # template: format of a parameter
    132012: Rule(Refused),  # template: format of a parameter
    132015: Rule(Refused),  # template paused for its quality: only an edit or a webhook ends it
    132016: Rule(Refused),  # template disabled for good
    132018: Rule(Refused),  # template: validation of a parameter
    132068: Rule(Refused),  # flow blocked
    133005: Rule(Refused),  # PIN wrong
    133006: Rule(Refused),  # number not verified yet
    135000: Rule(Refused),  # a parameter, no more is said
    # creation of templates
    2388019: Rule(Refused),  # too many templates
    2388039: Rule(Refused),  # cannot be edited in its state
    2388040: Rule(Refused),  # a field is too long
    2388047: Rule(Refused),  # format of the header
    2388072: Rule(Refused),  # format of the body
    2388073: Rule(Refused),  # format of the footer
    2388293: Rule(Refused),  # too many variables for so little text
    2388299: Rule(Refused),  # a variable at the start or the end
    # --- nothing goes out for anybody until an operator acts -----------------------------------------
    0: Rule(Stopped),  # cannot authenticate
    3: Rule(Stopped),  # the app lacks a capability
    10: Rule(Stopped),  # permission missing or removed
    33: Rule(Stopped),  # the number was deleted, or its id is wrong
    190: Rule(Stopped),  # token expired or invalid
    368: Rule(Stopped),  # account restricted for its content
    131005: Rule(Stopped),  # access denied
    131031: Rule(Stopped),  # account locked
    131037: Rule(Stopped),  # display name not approved
    131042: Rule(Stopped),  # payment
    131045: Rule(Stopped),  # registration of the number
    131048: Rule(Stopped),  # too many blocks and reports: the number is restricted
    133010: Rule(Stopped),  # number not registered
}

TOKEN_EXPIRED = 190

_PERMISSIONS = range(200, 300)
# Meta quotes what it refuses: what may be a token or a phone number is blotted out.
_SECRET = re.compile(r"[A-Za-z0-9_|\-]{24,}|\+?\d[\d .\-]{5,}\d")
_MAX_DETAILS = 300


def rule(code: int | None, status: int | None = None, *, transient: bool = False) -> Rule:
    """What ``code`` means; where Meta has a new code, the HTTP status and its own ``is_transient`` decide.

    A failure that came without HTTP status (a ``failed`` webhook) is final, so an unknown one is Refused.
    """
    if code is not None and code in RULES:
        return RULES[code]
    if code in _PERMISSIONS:
        return Rule(Stopped)
    if status == 429:
        return Rule(Throttled)
    if code is None and status == 401:
        return Rule(Stopped)
    if transient or status == 408 or (status is not None and not 400 <= status < 500):
        return Rule(Temporary)
    return Rule(Refused)


def from_response(status: int, body: object, hide: str = "") -> CanalError:
    """The error that a refused request is.

    ``body`` is the answer's JSON, or its text where it is none; ``hide``, the token, is blotted out.
    """
    error = _mapping(_mapping(body).get("error"))
    code = _code(error.get("code"))
    trace = error.get("fbtrace_id")
    found = rule(code, status, transient=error.get("is_transient") is True)
    problem = Problem(
        code=code,
        details=_details(error, hide),
        trace_id=trace[:64] if isinstance(trace, str) else "",
        status=status,
        retry_after=found.wait,
    )
    return found.error(problem)


def from_code(code: int | None, details: str = "") -> CanalError:
    """The error that a ``failed`` status or a value-level error is."""
    found = rule(code)
    return found.error(Problem(code=code, details=safe(details), retry_after=found.wait))


def problem_of(error: BaseException) -> Problem | None:
    """The Problem that an error of this module carries."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, Problem) else None


def safe(text: str, hide: str = "") -> str:
    """``text`` without ``hide``, long tokens and phone numbers, on one line, at most 300 characters."""
    if hide:
        text = text.replace(hide, "…")
    return _SECRET.sub("…", " ".join(text[: 4 * _MAX_DETAILS].split()))[:_MAX_DETAILS]


def _details(error: Mapping[str, Any], hide: str) -> str:
    """The most telling words of an error; ``error_data`` is a plain string on some endpoints."""
    data = error.get("error_data")
    for words in (_mapping(data).get("details"), data, error.get("message"), error.get("title")):
        if isinstance(words, str) and words:
            return safe(words, hide)
    return ""


def _code(value: object) -> int | None:
    """Meta's code, which some endpoints send as a string."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
