"""The staff API: HTTP on one side, the functions of this folder on the other. Two entries call it, each with a subject.

Routes and their shapes are the subject's: cases (``cases.py``) or notices (``campaigns/subject.py``). Here is what
surrounds every route: who asks, what becomes of errors, which headers an answer carries.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
    ResponseValidationError,
)

from canal.desk import errors
from canal.desk.errors import Failure
from canal.desk.outside import Log
from canal.desk.refusals import Refusal, Stale, Unreadable
from canal.desk.roles import Person, person
from canal.desk.views import RefusalView
from canal.errors import Temporary

Answer = dict[str, Any]
LONGEST_BODY = 64 * 1024  # bytes; 4,096 characters of words and fifty boxes take a third of it
# Cases hold personal data: no cache keeps them, and a browser takes them for what they are said to be.
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an API is about.

    ``town`` gives the content as last published. ``routes`` lets the resolver answer. ``as_it_is`` adds to a refusal
    what somebody else has changed meanwhile, as this person may see it.
    """

    town: errors.Current
    warn: Log
    routes: Callable[[APIGatewayHttpResolver], None]
    as_it_is: Callable[[RefusalView, Stale, Person], RefusalView]
    longest_body: int = LONGEST_BODY


class StaffApi:
    """One HTTP API event in, one answer out. Never raises."""

    def __init__(self, subject: Subject, told: Callable[[Exception], str]) -> None:
        self._subject = subject
        self._told = told
        self._app = resolver(subject, self._unexpected)
        self._lock = Lock()  # powertools keeps the event in its class: one at a time, also where threads share it

    def answer(self, event: Mapping[str, Any], context: Any = None) -> Answer:
        """Answer one event (payload 2.0)."""
        try:
            who = person(claims(event))
            readable(event, self._subject.longest_body)
        except Refusal as refusal:
            return headed(packed(errors.refused(self._subject.town, refusal)))
        with self._lock:
            self._app.context["person"] = who
            return headed(self._app.resolve(dict(event), context))

    def _unexpected(self, error: Exception) -> Failure:
        extra = {"error": type(error).__name__, "reason": self._told(error)}
        self._subject.warn("request of staff failed", extra=extra)
        return (errors.later if isinstance(error, Temporary) else errors.ours)(self._subject.town)


def resolver(subject: Subject, unexpected: Callable[[Exception], Failure]) -> APIGatewayHttpResolver:
    """The routes with what happens to errors."""
    app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500, debug=False)
    app.use(middlewares=[only_known_parameters])
    subject.routes(app)
    town = subject.town

    def handle(kind: type[Exception], mapped: Callable[[Any], Failure]) -> None:
        app.exception_handler(kind)(lambda error: response(mapped(error)))

    def refused(refusal: Refusal) -> Failure:
        status, view = errors.refused(town, refusal)
        who: Person | None = app.context.get("person")
        return status, subject.as_it_is(view, refusal, who) if isinstance(refusal, Stale) and who else view

    handle(Refusal, refused)
    handle(RequestValidationError, lambda error: errors.invalid(town, error.errors()))
    handle(RequestUnsupportedContentType, lambda error: errors.unsupported(town))
    handle(NotFoundError, lambda error: errors.not_found(town))
    handle(ResponseValidationError, unexpected)
    handle(Exception, unexpected)
    return app


def only_known_parameters(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """A mistyped filter would give a list that is not the one that was asked for."""
    known = parameters(app.context["_route"])
    unknown = sorted(set(app.current_event.query_string_parameters or {}) - known)
    if unknown:
        details = [{"field": name[:60], "reason": "unknown"} for name in unknown]
        raise Unreadable("unknown_parameter", details)
    return next_middleware(app)


def parameters(route: Any) -> set[str]:
    """The names that a route takes in its query."""
    names: set[str] = set()
    for field in route.dependant.query_params:
        model = getattr(field.field_info.annotation, "model_fields", None)
        names |= set(model) if model else {field.alias}
    return names


def claims(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """What API Gateway found in the token; nothing where no authorizer stands before us."""
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    found = (authorizer.get("jwt") or {}).get("claims")
    return found if isinstance(found, dict) else {}


def readable(event: Mapping[str, Any], longest: int) -> None:
    """Raises Unreadable for a body that has more than ``longest`` bytes or is no text."""
    body = event.get("body") or ""
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        raw.decode()
    except ValueError as error:
        raise Unreadable("not_json", [{"field": "body"}]) from error
    if len(raw) > longest:
        raise Unreadable("too_long", [{"field": "body"}])


def response(failure: Failure) -> Response[str]:
    status, view = failure
    return Response(int(status), "application/json", view.model_dump_json(exclude_none=True))


def packed(failure: Failure) -> Answer:
    status, view = failure
    headers = {"Content-Type": "application/json"}
    return {"statusCode": int(status), "headers": headers, "body": view.model_dump_json(exclude_none=True)}


def headed(answer: Answer) -> Answer:
    """The answer as it leaves: no cache keeps it, and nothing stands in one that says "as before"."""
    headers = {**answer.get("headers", {}), **HEADERS}
    if answer["statusCode"] == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = "2"
    return {**answer, "headers": headers, "body": "" if answer["statusCode"] == 304 else answer["body"]}
