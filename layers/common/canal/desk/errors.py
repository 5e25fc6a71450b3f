"""From what went wrong to what staff read: a status, a code, a sentence in both languages, and where it lies.

Never a stack trace, never what a citizen or a member of staff wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from canal.desk.bilingual import words
from canal.desk.refusals import Refusal
from canal.desk.views import Both, Problem, RefusalView
from canal.dialogue.town import Town
from canal.errors import CanalError

QUOTED = re.compile("'([^']*)'")  # pydantic tells what it expected as "'a', 'b' or 'c'"

Failure = tuple[int, RefusalView]
Current = Callable[[], Town]  # the town as last published

# Where a rule of a whole body is broken, the field that it is about.
FIELD_OF = {
    "words_needed": "words",
    "cap_or_file": "cap",
    "latitude_and_longitude": "latitude",
    "position_of_nowhere": "latitude",
    "boxes_of_a_file": "boxes",
}


def refused(town: Current, refusal: Refusal) -> Failure:
    """Our own refusals."""
    return refusal.status, said(town, refusal.code, [Problem(**each) for each in refusal.details], refusal.says)


def invalid(town: Current, errors: Iterable[Mapping[str, Any]]) -> Failure:
    """What pydantic found, each with its field."""
    return HTTPStatus.UNPROCESSABLE_ENTITY, said(town, "invalid", [problem(each) for each in errors])


def problem(error: Mapping[str, Any]) -> Problem:
    reason = str(error.get("type", ""))
    if reason == "value_error":
        reason = str(error.get("ctx", {}).get("error", reason))
    where, *path = [str(part) for part in error.get("loc", ("body",))]
    if where == "query":
        path = [part for part in path[1:] if not part.isdecimal()]  # without the code's own name, and which of several
    allowed = QUOTED.findall(str(error.get("ctx", {}).get("expected", "")))
    return Problem(field=".".join(path) or FIELD_OF.get(reason, ""), reason=reason, allowed=allowed)


def plain(code: str, status: HTTPStatus) -> Callable[[Current], Failure]:
    return lambda town: (status, said(town, code))


not_found = plain("no_such_route", HTTPStatus.NOT_FOUND)
unsupported = plain("not_json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
later = plain("try_again", HTTPStatus.SERVICE_UNAVAILABLE)
ours = plain("our_fault", HTTPStatus.INTERNAL_SERVER_ERROR)


def said(town: Current, code: str, details: Iterable[Problem] = (), says: str = "") -> RefusalView:
    problems = list(details)
    return RefusalView(error=code, message=message(town, says or code, problems), details=problems)


def message(town: Current, code: str, problems: list[Problem]) -> Both:
    """The sentence for a code; the bare code when the content itself is out of reach."""
    fields = ", ".join(dict.fromkeys(each.field for each in problems if each.field)) or "—"
    try:
        return words(town(), f"desk.error.{code}", fields=fields)
    except (CanalError, KeyError):
        return Both(ca=code, es=code)
