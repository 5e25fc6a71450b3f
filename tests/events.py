"""The payloads of ``events/``, signed and wrapped as API Gateway (HTTP API, payload 2.0) gives them to us.

As a command: ``python tests/events.py webhook-hola`` prints the event, for ``sam local invoke --event -``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HOST = "abc123.execute-api.eu-south-2.amazonaws.com"
EVENTS = Path(__file__).resolve().parents[1] / "events"
PHONE_NUMBER_ID = "200000000000002"
APP_SECRET = "local-app-secret"
VERIFY_TOKEN = "local-verify-token"
USER_ID = "ES.10000000000000000001"
PHONE = "34600000099"


def names() -> list[str]:
    """The names of all payloads, without ``.json``."""
    return sorted(path.stem for path in EVENTS.glob("*.json"))


def body(name: str) -> bytes:
    """A payload as Meta would send it."""
    return (EVENTS / f"{name}.json").read_bytes()


def signature(raw: bytes, secret: str = APP_SECRET) -> str:
    """The value of X-Hub-Signature-256."""
    return f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"


def posted(raw: bytes | str, *, secret: str = APP_SECRET, encoded: bool = False) -> dict[str, Any]:
    """The event of a signed POST of ``raw`` (or of the payload of that name), if asked for in base64."""
    if isinstance(raw, str):
        raw = body(raw)
    event = _event("POST", "")
    event["headers"] |= {
        "content-type": "application/json",
        "content-length": str(len(raw)),
        "x-hub-signature-256": signature(raw, secret),
    }
    event["body"] = base64.b64encode(raw).decode() if encoded else raw.decode()
    event["isBase64Encoded"] = encoded
    return event


def verification(token: str = VERIFY_TOKEN, challenge: str = "1158201444") -> dict[str, Any]:
    """The event of Meta's verification GET."""
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
    return _event("GET", urlencode(query)) | {"queryStringParameters": query}


def _event(method: str, query: str) -> dict[str, Any]:
    agent = "facebookexternalua"
    return {
        "version": "2.0",
        "routeKey": f"{method} /webhook",
        "rawPath": "/webhook",
        "rawQueryString": query,
        "headers": {
            "accept": "*/*",
            "host": HOST,
            "user-agent": agent,
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": HOST,
            "domainPrefix": "abc123",
            "http": {
                "method": method,
                "path": "/webhook",
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.1",
                "userAgent": agent,
            },
            "requestId": "test-request",
            "routeKey": f"{method} /webhook",
            "stage": "$default",
            "time": "23/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1795428000000,
        },
        "isBase64Encoded": False,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(posted(sys.argv[1].removesuffix(".json")), indent=2) + "\n")
