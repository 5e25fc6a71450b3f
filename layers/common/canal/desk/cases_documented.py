"""What OpenAPI says of the cases' routes beside their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canal.desk.documented import OF_READING, OF_WRITING, described
from canal.desk.requests import CsvWanted, PageWanted, Wanted
from canal.desk.views import ErrorView

TITLE = "Canal: the staff API"
ABOUT = """Cases of a town: list, read, change, export. Every call bears a token of the town's user pool; what it may
see and do follows from the groups in it: `administrator` everything; `communications` reads everything, answers,
notes and files; `department:<id>` works on its own cases, others do not exist for it.

Every change names the version of the case that it was decided on (`If-Match`, from `ETag` or `version`). Without it
428; if somebody else changed the case meanwhile 412 with the case as it is now, and nothing is overwritten. A change
that is sent twice with the same `If-Match` is therefore carried out once: the second gets 412, and finds its own change
last in the history. `POST /api/cases` takes an `Idempotency-Key` for the same purpose. A 503 means that it is not
known whether the change was saved: send it again with the same `If-Match`.

Refusals are JSON: a code, a sentence in both languages, and the fields that it is about."""

# What powertools knows of a query that is one model: the names. Here is the rest.
QUERIES: Mapping[str, type[Wanted]] = {
    "/api/cases": PageWanted,
    "/api/cases.csv": CsvWanted,
    "/api/cases.geojson": Wanted,
}


def route(operation: str, summary: str, answers: dict[int, Any] | None = None) -> dict[str, Any]:
    """The arguments of a route that only reads."""
    return described(ErrorView, operation, summary, "read", OF_READING, answers or {})


def change(operation: str, summary: str, answers: dict[int, Any] | None = None) -> dict[str, Any]:
    """The arguments of a route that changes a case."""
    return described(ErrorView, operation, summary, "change", OF_WRITING, answers or {})
