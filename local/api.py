"""API Gateway on one machine: the HTTP routes of ``template.yaml``, the phone page, and ``/_local``."""

from __future__ import annotations

import base64
import json
import mimetypes
import re
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import boto3
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from local import addresses, schedules
from local.citizens import citizen
from local.lambdas import Handler, context_of, handler_of
from local.template import ROOT, Function, functions, load

PAGES = {"/phone": ROOT / "local" / "phone", "/admin": ROOT / "admin" / "dist"}
MAX_BODY = 10 * 1024 * 1024  # API Gateway's own limit
TEXT_TYPES = ("application/json", "text/", "application/x-www-form-urlencoded", "application/xml")


class Route:
    """One route of the HTTP API: method, path with {parameters}, and the function behind it."""

    def __init__(self, method: str, path: str, function: Function, handler: Handler) -> None:
        self.method = method.upper()
        self.path = path
        self.function = function
        self.handler = handler
        pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", path)
        self._pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern) + "$")

    def match(self, request: Request) -> dict[str, str] | None:
        """The path's parameters if the request is for this route."""
        if self.method not in ("ANY", request.method):
            return None
        found = self._pattern.match(request.path)
        return found.groupdict() if found else None


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
    try:
        answer = route.handler(http_event(route, request, parameters), context_of(route.function))
    except Exception as error:
        print(f"{route.function.name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return Response(json.dumps({"message": "Internal Server Error"}), 500, mimetype="application/json")
    body = answer.get("body") or ""
    raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    return Response(raw, answer.get("statusCode", 200), answer.get("headers") or {})


def http_event(route: Route, request: Request, parameters: dict[str, str]) -> dict[str, Any]:
    """An HTTP API event, payload format 2.0."""
    raw = request.get_data()
    is_text = any(request.mimetype.startswith(kind) for kind in TEXT_TYPES)
    try:
        body, encoded = (raw.decode() if is_text else base64.b64encode(raw).decode()), not is_text
    except UnicodeDecodeError:
        body, encoded = base64.b64encode(raw).decode(), True
    query = {key: ",".join(request.args.getlist(key)) for key in request.args}
    return {
        "version": "2.0",
        "routeKey": f"{route.method} {route.path}",
        "rawPath": request.path,
        "rawQueryString": request.query_string.decode(),
        "headers": {name.lower(): value for name, value in request.headers.items()},
        **({"queryStringParameters": query} if query else {}),
        **({"pathParameters": parameters} if parameters else {}),
        "requestContext": {
            "apiId": "local",
            "domainName": f"{addresses.HOST}:{addresses.API_PORT}",
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.remote_addr,
                "userAgent": request.headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": f"{route.method} {route.path}",
            "stage": "$default",
            "timeEpoch": int(time.time() * 1000),
        },
        **({"body": body} if raw else {}),
        "isBase64Encoded": encoded if raw else False,
    }


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
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise NotFound
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(path.read_bytes(), mimetype=kind, headers={"Cache-Control": "no-store"})


def local_answer(request: Request) -> Response:
    """What only the local stack offers: health, a citizen's row, schedules fired by hand."""
    match request.method, *request.path.removeprefix("/_local/").split("/"):
        case "GET", "health":
            up = healthy()
            return as_json({"healthy": up}, 200 if up else 503)
        case "GET", "citizens", key:
            row = citizen(key)
            return as_json(row, 200) if row else as_json({"message": "no such citizen"}, 404)
        case "POST", "schedules", name:
            fired = schedules.fire(name)
            return as_json({"fired": name}, 202) if fired else as_json({"message": "no such schedule"}, 404)
    raise NotFound


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
        Route(event["Method"], event["Path"], function, handler)
        for function in functions(load())
        if (events := list(function.called_by("HttpApi")))
        for handler in [handler_of(function)]
        for event in events
    ]
    server = make_server(addresses.HOST, addresses.API_PORT, Api(routes), threaded=True, request_handler=Quiet)
    server.serve_forever()


if __name__ == "__main__":
    main()
