"""Why a request of staff is not carried out. Each has a code; its words are in the content, ``desk.error.<code>``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from canal.errors import BadInput


class Refusal(BadInput):
    """``code`` names the reason; ``details`` say where it lies: {"field": ..., "reason": ...}. ``says`` is the key of
    its words where they are not the code's: the same refusal of a case and of a notice.
    """

    status = HTTPStatus.CONFLICT

    def __init__(self, code: str, details: Sequence[Mapping[str, Any]] = (), says: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.says = says or code
        self.details = [dict(each) for each in details]


class Unreadable(Refusal):
    """Not a request of this API at all."""

    status = HTTPStatus.BAD_REQUEST


class Forbidden(Refusal):
    """Their role does not bear it."""

    status = HTTPStatus.FORBIDDEN


class Missing(Refusal):
    """There is no such thing, or none that they may know of."""

    status = HTTPStatus.NOT_FOUND


class Unconditional(Refusal):
    """A change must say which version it was decided on."""

    status = HTTPStatus.PRECONDITION_REQUIRED

    def __init__(self, says: str = "") -> None:
        super().__init__("no_condition", [{"field": "If-Match"}], says)


class Unfit(Refusal):
    """A field holds what it cannot hold."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, field: str, reason: str, says: str = "") -> None:
        super().__init__("invalid", [{"field": field, "reason": reason}], says)


class Unusable(Refusal):
    """What was brought can be read, and nothing can be made of it."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Stale(Refusal):
    """Somebody else changed it since it was looked at; ``now`` is what it is now, a case or a campaign."""

    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, now: object, says: str = "") -> None:
        super().__init__("changed_meanwhile", says=says)
        self.now = now
