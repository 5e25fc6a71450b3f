"""The phone page from the simulator itself, so that the two can be tried with nothing else running."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from local.whatsapp.simulator import Simulator

FOLDER = Path(__file__).resolve().parent.parent / "phone"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


def answer(simulator: Simulator, request: Request) -> Response:
    name = request.path.removeprefix("/phone").strip("/") or "index.html"
    if request.path == "/phone":
        return Response(status=302, headers={"Location": "/phone/"})
    if name == "config.json":
        config = json.dumps({"graph": f"http://{request.host}"})
        return Response(config, mimetype="application/json")
    path = (FOLDER / name).resolve()
    if not path.is_relative_to(FOLDER) or not path.is_file():
        raise NotFound
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(path.read_bytes(), mimetype=kind, headers={"Cache-Control": "no-store"})
