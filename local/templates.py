"""The town's message templates at the simulated WhatsApp, as if Meta had approved them."""

from __future__ import annotations

import json
import urllib.request

from local.template import ROOT

FOLDER = ROOT / "content" / "common" / "templates"


def approve(graph: str) -> None:
    """Put every template, in each of its languages, into the simulated WhatsApp at ``graph``."""
    from canal.content.templates import read_templates

    for body in read_templates(FOLDER):
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{graph}/_sim/templates", data, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own loopback address
            pass
