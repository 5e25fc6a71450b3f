"""Why a request of staff is not carried out. Each has a code; its words are in the content, ``desk.error.<code>``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from canal.errors import BadInput
from canal.incidents.case import Case


class Refusal(BadInput):
    """``code`` names the reason; ``details`` say where it lies: {"field": ..., "reason": ...}."""

    status = HTTPStatus.CONFLICT

    def __init__(self, code: str, details: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(code)
        self.code = code
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
    """A change must say which version of the case it was decided on."""

    status = HTTPStatus.PRECONDITION_REQUIRED

    def __init__(self) -> None:
        super().__init__("no_condition", [{"field": "If-Match"}])


class Unfit(Refusal):
    """A field holds what it cannot hold."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, field: str, reason: str) -> None:
        super().__init__("invalid", [{"field": field, "reason": reason}])


class Stale(Refusal):
    """Somebody else changed the case since it was looked at; ``case`` is what it is now."""

    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, case: Case) -> None:
        super().__init__("changed_meanwhile")
        self.case = case
