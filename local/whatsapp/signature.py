"""Meta's way of writing JSON and of signing it. The signature is over the bytes exactly as they are sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any


def encode(value: Any) -> bytes:
    """JSON as Meta writes it: no spaces, everything but ASCII escaped, and slashes escaped as well."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def sign(secret: str, body: bytes) -> str:
    """The value of ``X-Hub-Signature-256``."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
