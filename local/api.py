"""API Gateway on one machine: the HTTP routes of ``template.yaml``, the phone page, and ``/_local``."""

from __future__ import annotations

import base64
import json
import mimetypes
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import boto3
from werkzeug.exceptions import HTTPException, NotFound, Unauthorized
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from local import addresses, mailbox, schedules, staff
from local.citizens import citizen
from local.lambdas import context_of, handler_of
from local.routes import Route, http_event, most_exact_first
from local.template import ROOT, functions, load

PAGES = {"/phone": ROOT / "local" / "phone", "/admin": ROOT / "admin" / "dist"}
MAX_BODY = 10 * 1024 * 1024  # API Gateway's own limit


class Api:
    """The WSGI application."""

    def __init__(self, routes: list[Route]) -> None:
        self._routes = routes

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._answer(request)
        except HTTPException as error:
            response = Response(json.dumps({"message": error.name}), error.code or 500, mimetype="application/json")
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/_local/"):
            return local_answer(request)
        for route in self._routes:
            parameters = route.match(request)
            if parameters is not None:
                return invoke(route, request, parameters)
        return page(request)


def invoke(route: Route, request: Request, parameters: dict[str, str]) -> Response:
    """Call the function as API Gateway does, and turn its answer into HTTP."""
    if (request.content_length or 0) > MAX_BODY:
        return Response(json.dumps({"message": "Request Too Long"}), 413, mimetype="application/json")
    claims = signed_in(request) if route.staff else None
    try:
        answer = route.handler(http_event(route, request, parameters, claims), context_of(route.function))
    except Exception as error:
        print(f"{route.function.name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return Response(json.dumps({"message": "Internal Server Error"}), 500, mimetype="application/json")
    body = answer.get("body") or ""
    raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    return Response(raw, answer.get("statusCode", 200), answer.get("headers") or {})


def signed_in(request: Request) -> dict[str, str]:
    """The claims of the caller's token. Raises Unauthorized, as the JWT authorizer answers before any function."""
    try:
        return staff.claims_of(request.headers.get("Authorization", ""))
    except staff.NotSignedIn as refusal:
        raise Unauthorized from refusal


def page(request: Request) -> Response:
    """A file of the phone page or of the staff page."""
    if request.path == "/":
        return Response(status=302, headers={"Location": "/phone/"})
    if request.path == "/phone/config.json":
        return Response(json.dumps({"graph": addresses.GRAPH_URL}), mimetype="application/json")
    for prefix, folder in PAGES.items():
        if request.path == prefix:
            return Response(status=302, headers={"Location": f"{prefix}/"})
        if request.path.startswith(f"{prefix}/"):
            return file(folder, request.path.removeprefix(f"{prefix}/") or "index.html")
    raise NotFound


def file(folder: Path, name: str) -> Response:
    if "\0" in name:  # which no file system takes
        raise NotFound
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise NotFound
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(path.read_bytes(), mimetype=kind, headers={"Cache-Control": "no-store"})


def local_answer(request: Request) -> Response:
    """What only the local stack offers: health, a citizen's row, mail, sign-in, schedules fired by hand."""
    match request.method, *request.path.removeprefix("/_local/").split("/"):
        case "GET", "health":
            up = healthy()
            return as_json({"healthy": up}, 200 if up else 503)
        case "GET", "citizens", key:
            row = citizen(key)
            return as_json(row, 200) if row else as_json({"message": "no such citizen"}, 404)
        case "GET", "mail":
            return Response(mailbox.page(), mimetype="text/html")
        case "GET", "mail.json":
            return as_json(mailbox.mails(), 200)
        case "POST", "sign-in":
            return tokens(request)
        case "POST", "schedules", name:
            fired = schedules.fire(name)
            return as_json({"fired": name}, 202) if fired else as_json({"message": "no such schedule"}, 404)
    raise NotFound


def tokens(request: Request) -> Response:
    """What Cognito gives who signs in with an e-mail address and a password."""
    wanted = request.get_json(force=True, silent=True)
    if not isinstance(wanted, dict) or not all(isinstance(wanted.get(key), str) for key in ("email", "password")):
        return as_json({"message": "email and password are needed"}, 400)
    try:
        return as_json(staff.sign_in(wanted["email"], wanted["password"]), 200)
    except staff.NotSignedIn:
        return as_json({"message": "no such account or another password"}, 401)


def healthy() -> bool:
    """Whether everything behind the API answers."""
    try:
        boto3.client("sqs").list_queues(MaxResults=1)
        return worker_is_up()
    except Exception:
        return False


def worker_is_up() -> bool:
    from local.worker import HEARTBEAT, STALE_SECONDS

    return HEARTBEAT.exists() and time.time() - HEARTBEAT.stat().st_mtime < STALE_SECONDS


def as_json(value: Any, status: int) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")


class Quiet(WSGIRequestHandler):
    """One line a request would drown what matters."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        return


def main() -> None:
    routes = [
        Route(event["Method"], event["Path"], function, handler, staff="Authorizer" in event.get("Auth", {}))
        for function in functions(load())
        if (events := list(function.called_by("HttpApi")))
        for handler in [handler_of(function)]
        for event in events
    ]
    server = make_server(
        addresses.HOST, addresses.API_PORT, Api(most_exact_first(routes)), threaded=True, request_handler=Quiet
    )
    server.serve_forever()


if __name__ == "__main__":
    main()
