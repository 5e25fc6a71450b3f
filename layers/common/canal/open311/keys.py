"""Who may bring reports: the keys of a secret, compared without telling by the time how much of one is right."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Protocol

from canal.open311.call import Arguments
from canal.open311.refusal import Refusal


class Keys(Protocol):
    """The secret {"keys": {"<key>": "<name of the client>"}}."""

    def value(self, *, refresh: bool = False) -> Mapping[str, Any]:
        """Raises Temporary when it cannot be had."""
        ...


def client(arguments: Arguments, keys: Keys) -> str:
    """The name of whoever calls. Raises Refusal without a key, or with one that is not known even after a new look."""
    key = arguments.one("api_key")
    if not key:
        raise Refusal(403, "This call needs an api_key.")
    name = owner(key, keys.value()) or owner(key, keys.value(refresh=True))
    if not name:
        raise Refusal(403, "This api_key is not known.")
    return name


def owner(key: str, secret: Mapping[str, Any]) -> str:
    """The client of ``key``, or nothing. All keys are compared, whichever is the right one."""
    known = secret.get("keys")
    found = ""
    for each, name in known.items() if isinstance(known, Mapping) else ():
        if each and compare_digest(digest(each), digest(key)):
            found = str(name)
    return found


def digest(key: str) -> bytes:
    return sha256(key.encode(errors="replace")).digest()
