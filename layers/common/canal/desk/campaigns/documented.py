"""What OpenAPI says of the notices' routes beside their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from canal.desk.campaigns.requests import CampaignsWanted, RecipientCsvWanted, RecipientPageWanted
from canal.desk.campaigns.views import ErrorView
from canal.desk.documented import OF_READING, OF_WRITING, described

TITLE = "Canal: the staff API of notices"
ABOUT = """Notices of a town: write, check, approve, follow, stop. Every call bears a token of the town's user pool:
`administrator` and `communications` do everything; `department:<id>` sees the notices, but not who got them.

A notice is a draft, is checked (which counts whom it reaches and tells what forbids it), approved (a mass alert by
somebody other than its authors, or in an emergency by them with a reason), planned and sent. Every change names the
version of the notice that it was decided on (`If-Match`, from `ETag` or `version`). Without it 428; if somebody else
changed it meanwhile 412 with the notice as it is now, and nothing is overwritten. A change that is sent twice with the
same `If-Match` is carried out once. `POST /api/campaigns` and `.../copy` take an `Idempotency-Key` for the same
purpose. A 503 means that it is not known whether the change was saved: send it again with the same `If-Match`.

Refusals are JSON: a code, a sentence in both languages, and the fields that it is about."""

QUERIES: Mapping[str, type[BaseModel]] = {
    "/api/campaigns": CampaignsWanted,
    "/api/campaigns/{identifier}/recipients": RecipientPageWanted,
    "/api/campaigns/{identifier}/recipients.csv": RecipientCsvWanted,
}


def route(operation: str, summary: str, answers: dict[int, Any] | None = None) -> dict[str, Any]:
    """The arguments of a route that only reads."""
    return described(ErrorView, operation, summary, "read", OF_READING, answers or {})


def change(operation: str, summary: str, answers: dict[int, Any] | None = None) -> dict[str, Any]:
    """The arguments of a route that changes a notice."""
    return described(ErrorView, operation, summary, "change", OF_WRITING, answers or {})
