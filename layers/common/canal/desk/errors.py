"""From what went wrong to what staff read: a status, a code, a sentence in both languages, and where it lies.

Never a stack trace, never what a citizen or a member of staff wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from canal.desk.described import words
from canal.desk.outside import Desk
from canal.desk.present import event, whole
from canal.desk.refusals import Refusal, Stale
from canal.desk.roles import Person
from canal.desk.views import Both, ErrorView, Problem
from canal.errors import CanalError

QUOTED = re.compile("'([^']*)'")  # pydantic tells what it expected as "'a', 'b' or 'c'"

Failure = tuple[int, ErrorView]

# Where a rule of a whole body is broken, the field that it is about.
FIELD_OF = {
    "words_needed": "words",
    "latitude_and_longitude": "latitude",
    "position_of_nowhere": "latitude",
    "boxes_of_a_file": "boxes",
}


def refused(desk: Desk, person: Person | None, refusal: Refusal) -> Failure:
    """Our own refusals. A change that came too late is answered with the case as it is now."""
    view = said(desk, refusal.code, [Problem(**each) for each in refusal.details])
    if isinstance(refusal, Stale) and person:
        last = refusal.case.history[-1] if refusal.case.history else None
        view = view.model_copy(
            update={"case": whole(desk, person, refusal.case), "changed": event(last) if last else None}
        )
    return refusal.status, view


def invalid(desk: Desk, errors: Iterable[Mapping[str, Any]]) -> Failure:
    """What pydantic found, each with its field."""
    return HTTPStatus.UNPROCESSABLE_ENTITY, said(desk, "invalid", [problem(each) for each in errors])


def problem(error: Mapping[str, Any]) -> Problem:
    reason = str(error.get("type", ""))
    if reason == "value_error":
        reason = str(error.get("ctx", {}).get("error", reason))
    where, *path = [str(part) for part in error.get("loc", ("body",))]
    if where == "query":
        path = [part for part in path[1:] if not part.isdecimal()]  # without the code's own name, and which of several
    allowed = QUOTED.findall(str(error.get("ctx", {}).get("expected", "")))
    return Problem(field=".".join(path) or FIELD_OF.get(reason, ""), reason=reason, allowed=allowed)


def plain(code: str, status: HTTPStatus) -> Callable[[Desk], Failure]:
    return lambda desk: (status, said(desk, code))


not_found = plain("no_such_route", HTTPStatus.NOT_FOUND)
unsupported = plain("not_json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
later = plain("try_again", HTTPStatus.SERVICE_UNAVAILABLE)
ours = plain("our_fault", HTTPStatus.INTERNAL_SERVER_ERROR)


def said(desk: Desk, code: str, details: Iterable[Problem] = ()) -> ErrorView:
    problems = list(details)
    return ErrorView(error=code, message=message(desk, code, problems), details=problems)


def message(desk: Desk, code: str, problems: list[Problem]) -> Both:
    """The sentence for a code; the bare code when the content itself is out of reach."""
    fields = ", ".join(dict.fromkeys(each.field for each in problems if each.field)) or "—"
    try:
        return words(desk.town, f"desk.error.{code}", fields=fields)
    except (CanalError, KeyError):
        return Both(ca=code, es=code)
