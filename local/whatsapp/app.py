"""The WSGI application: the Graph API, the download addresses, ``/_sim`` and (for tests) the phone page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from local.whatsapp import graph_api, page, sim_api
from local.whatsapp.config import Config
from local.whatsapp.faults import Fault
from local.whatsapp.media import DOWNLOAD_PATH
from local.whatsapp.outbox import FaultAfterwards
from local.whatsapp.simulator import Simulator

LOCAL_ORIGIN = re.compile(r"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
CORS = {
    "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "600",
    "Vary": "Origin",
}

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def create_app(simulator: Simulator | Config | None = None) -> App:
    """The application on a simulator, or on a new one with this configuration."""
    state = simulator if isinstance(simulator, Simulator) else Simulator(simulator)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with Request(environ) as request:  # an uploaded file is let go again
            response = _answer(state, request)
        return response(environ, start_response)

    return app


def _answer(simulator: Simulator, request: Request) -> Response:
    origin = request.headers.get("Origin", "")
    if origin and not LOCAL_ORIGIN.fullmatch(origin):
        return Response("Only pages of this machine may ask.", 403)
    response = Response(status=204) if request.method == "OPTIONS" else _routed(simulator, request)
    if origin:
        response.headers.update({"Access-Control-Allow-Origin": origin, **CORS})
    return response


def _routed(simulator: Simulator, request: Request) -> Response:
    try:
        if request.path.startswith("/_sim/"):
            return sim_api.answer(simulator, request)
        if request.path == "/phone" or request.path.startswith("/phone/"):
            return page.answer(simulator, request)
        if request.path == DOWNLOAD_PATH:
            return graph_api.download(simulator, request)
        return graph_api.answer(simulator, request)
    except FaultAfterwards as afterwards:
        return _faulty(simulator, afterwards.fault)
    except graph_api.FaultBefore as before:
        return _faulty(simulator, before.fault)
    except HTTPException as error:
        return as_json({"message": error.name}, error.code or 500)


def _faulty(simulator: Simulator, fault: Fault) -> Response:
    if fault.mode == "hang":
        simulator.journal.wait_closed(fault.hang)
    if fault.mode != "error":
        raise ConnectionAbortedError("a fault that was asked for")  # the server drops the line
    if fault.body is not None:
        return Response(fault.body, fault.http or 503, mimetype="text/html")
    error = fault.error()
    return as_json(error.body(), error.http)


def as_json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")
