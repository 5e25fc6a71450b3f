"""What OpenAPI says beside the shapes: names and sentences of routes, the refusals they share, who may call them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer
from pydantic import BaseModel

from canal.desk.views import RefusalView

WHY = {
    400: "The request cannot be read: a parameter that does not exist, a cursor that is none of ours",
    403: "The token's groups do not bear it",
    404: "There is no such thing, or none that this person may know of",
    409: "Its state does not bear it; where it is a matter of moves, `allowed` names the states that it can go to",
    412: "Somebody else changed it meanwhile; `case` or `campaign` is what it is now, `changed` says by whom and when",
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


def described(
    view: type[RefusalView],
    operation: str,
    summary: str,
    tag: str,
    codes: tuple[int, ...],
    answers: dict[int, Any],
) -> dict[str, Any]:
    """The arguments of a route; every refusal has the shape of ``view``."""
    content = {"application/json": {"model": view}}
    return {
        "summary": summary,
        "operation_id": operation,
        "tags": [tag],
        "security": JWT,
        "responses": (answers or {200: {"description": "Done"}})
        | {code: {"description": WHY[code], "content": content} for code in codes},
    }


def document(
    app: APIGatewayHttpResolver, title: str, about: str, queries: Mapping[str, type[BaseModel]]
) -> dict[str, Any]:
    """The whole API in OpenAPI 3.1, as powertools finds it in the code, and with what it cannot find there."""
    text = app.get_openapi_json_schema(
        title=title,
        version="1",
        description=about,
        security_schemes={"jwt": HTTPBearer(bearerFormat="JWT", description="A token of the town's user pool")},
        security=JWT,
    )
    found: dict[str, Any] = json.loads(text)
    found["components"]["schemas"].pop("ResponseValidationError", None)
    for path, operations in found["paths"].items():
        for operation in operations.values():
            operation["responses"]["500"] = {"description": WHY[500], "content": ERROR}
        if path in queries:
            fill_in(operations["get"]["parameters"], queries[path])
    return found


def fill_in(parameters: list[dict[str, Any]], query: type[BaseModel]) -> None:
    """The schemas of a query's parameters."""
    schemas = query.model_json_schema(ref_template="#/components/schemas/{model}")["properties"]
    for parameter in parameters:
        if parameter["in"] == "query":
            parameter["schema"] = schemas[parameter["name"]]
