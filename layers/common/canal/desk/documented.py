"""What OpenAPI says beside the shapes: names and sentences of routes, the refusals they share, who may call them."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer

from canal.desk.requests import CsvWanted, PageWanted, Wanted
from canal.desk.views import ErrorView

ABOUT = """Cases of a town: list, read, change, export. Every call bears a token of the town's user pool; what it may
see and do follows from the groups in it: `administrator` everything; `communications` reads everything, answers,
notes and files; `department:<id>` works on its own cases, others do not exist for it.

Every change names the version of the case that it was decided on (`If-Match`, from `ETag` or `version`). Without it
428; if somebody else changed the case meanwhile 412 with the case as it is now, and nothing is overwritten. A change
that is sent twice with the same `If-Match` is therefore carried out once: the second gets 412, and finds its own change
last in the history. `POST /api/cases` takes an `Idempotency-Key` for the same purpose. A 503 means that it is not
known whether the change was saved: send it again with the same `If-Match`.

Refusals are JSON: a code, a sentence in both languages, and the fields that it is about."""

WHY = {
    400: "The request cannot be read: a parameter that does not exist, a cursor that is none of ours",
    403: "The token's groups do not bear it",
    404: "There is no such thing, or none that this person may know of",
    409: "The case's state does not bear it; `allowed` names the states that it can go to",
    412: "Somebody else changed the case meanwhile; `case` is what it is now, `changed` says by whom and when",
    415: "Not JSON",
    422: "A field holds what it cannot hold; `details` name it",
    428: "If-Match is missing",
    500: "Our fault; noted for an operator",
    503: "Try again later",
}
OF_READING = (400, 403, 404, 422, 500, 503)
OF_WRITING = (400, 403, 404, 409, 412, 415, 422, 428, 500, 503)
JWT: list[dict[str, list[str]]] = [{"jwt": []}]
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorView"}}}
# What powertools knows of a query that is one model: the names. Here is the rest.
QUERIES: dict[str, type[Wanted]] = {"/api/cases": PageWanted, "/api/cases.csv": CsvWanted, "/api/cases.geojson": Wanted}


def route(operation: str, summary: str, answers: dict[int, Any] | None = None) -> dict[str, Any]:
    """The arguments of a route that only reads."""
    return described(operation, summary, "read", OF_READING, answers or {})


def change(operation: str, summary: str, answers: dict[int, Any] | None = None) -> dict[str, Any]:
    """The arguments of a route that changes a case."""
    return described(operation, summary, "change", OF_WRITING, answers or {})


def described(
    operation: str, summary: str, tag: str, codes: tuple[int, ...], answers: dict[int, Any]
) -> dict[str, Any]:
    content = {"application/json": {"model": ErrorView}}
    return {
        "summary": summary,
        "operation_id": operation,
        "tags": [tag],
        "security": JWT,
        "responses": (answers or {200: {"description": "Done"}})
        | {code: {"description": WHY[code], "content": content} for code in codes},
    }


def document(app: APIGatewayHttpResolver) -> dict[str, Any]:
    """The whole API in OpenAPI 3.1, as powertools finds it in the code, and with what it cannot find there."""
    text = app.get_openapi_json_schema(
        title="Canal: the staff API",
        version="1",
        description=ABOUT,
        security_schemes={"jwt": HTTPBearer(bearerFormat="JWT", description="A token of the town's user pool")},
        security=JWT,
    )
    found: dict[str, Any] = json.loads(text)
    found["components"]["schemas"].pop("ResponseValidationError", None)
    for path, operations in found["paths"].items():
        for operation in operations.values():
            operation["responses"]["500"] = {"description": WHY[500], "content": ERROR}
        if path in QUERIES:
            fill_in(operations["get"]["parameters"], QUERIES[path])
    return found


def fill_in(parameters: list[dict[str, Any]], query: type[Wanted]) -> None:
    """The schemas of a query's parameters."""
    schemas = query.model_json_schema(ref_template="#/components/schemas/{model}")["properties"]
    for parameter in parameters:
        if parameter["in"] == "query":
            parameter["schema"] = schemas[parameter["name"]]
