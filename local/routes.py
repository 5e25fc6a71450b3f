"""The routes of the HTTP API as API Gateway has them: which one a request is for, and the event its function gets."""

from __future__ import annotations

import base64
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.wrappers import Request

from local import addresses
from local.lambdas import Handler
from local.template import Function

TEXT_TYPES = ("application/json", "text/", "application/x-www-form-urlencoded", "application/xml")
PARAMETER = re.compile(r"\{(\w+)(\+?)\}")


class Route:
    """One route: method, path with {parameters}, the function behind it, and whether a member of staff must call."""

    def __init__(self, method: str, path: str, function: Function, handler: Handler, *, staff: bool = False) -> None:
        self.method = method.upper()
        self.path = path
        self.function = function
        self.handler = handler
        self.staff = staff
        self._pattern = re.compile(pattern(path))

    def match(self, request: Request) -> dict[str, str] | None:
        """The path's parameters if the request is for this route."""
        if self.method not in ("ANY", request.method):
            return None
        found = self._pattern.fullmatch(request.path)
        return found.groupdict() if found else None


def pattern(path: str) -> str:
    """A regular expression for ``path``: {name} is one part of it, {name+} all the rest."""
    written, end = "", 0
    for found in PARAMETER.finditer(path):
        written += re.escape(path[end : found.start()]) + f"(?P<{found[1]}>{'.+' if found[2] else '[^/]+'})"
        end = found.end()
    return written + re.escape(path[end:])


def most_exact_first(routes: Iterable[Route]) -> list[Route]:
    """As API Gateway chooses: a path written out before one with a parameter, {proxy+} and ANY at the end."""
    return sorted(routes, key=lambda route: ("+}" in route.path, "{" in route.path, route.method == "ANY"))


def http_event(
    route: Route, request: Request, parameters: Mapping[str, str], claims: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """An HTTP API event, payload format 2.0; ``claims`` are those of the token, where the route wants one."""
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
        "headers": {**{name.lower(): value for name, value in request.headers.items()}, "x-forwarded-proto": "http"},
        **({"queryStringParameters": query} if query else {}),
        **({"pathParameters": dict(parameters)} if parameters else {}),
        "requestContext": {
            "apiId": "local",
            **({} if claims is None else {"authorizer": {"jwt": {"claims": dict(claims), "scopes": None}}}),
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
