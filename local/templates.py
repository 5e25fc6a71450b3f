"""The town's templates and account at the simulated WhatsApp, as if Meta had approved them and told so.

What it tells comes by webhook, as from Meta, so that ``collect`` knows the templates and the account as it would there.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

from local.template import ROOT

FOLDER = ROOT / "content" / "common" / "templates"
TIER = "TIER_100K"  # a town that has sent for a while: seeded subscribers fit into one day


def approve(graph: str) -> None:
    """Put every template, in each of its languages, into the simulated WhatsApp at ``graph``; it tells of each."""
    from canal.content.templates import read_templates

    for body in read_templates(FOLDER):
        post(f"{graph}/_sim/templates", body)
        verdict = {"status": "APPROVED", "language": body["language"]}
        post(f"{graph}/_sim/templates/{body['name']}", verdict)


def tell_limits(graph: str) -> None:
    """How many people a day the account may write to, as Meta tells it when it changes."""
    value = {"max_daily_conversations_per_business": TIER}
    post(f"{graph}/_sim/settings", {"messaging_limit": TIER})
    post(f"{graph}/_sim/webhook", {"field": "business_capability_update", "value": value})


def post(url: str, body: Mapping[str, Any]) -> None:
    """To the simulated WhatsApp on this machine."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own loopback address
        pass
