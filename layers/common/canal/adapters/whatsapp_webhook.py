"""What Meta posts to us, checked and taken apart: the first station of a message, used by ``receive`` alone.

``verify`` and ``challenge`` say whether it is Meta; ``split`` sorts a batch of up to 1,000 updates into the
messages of citizens, for the conversation queue, and everything else, for the events queue. What a message
says is not looked at here. Standard library only: ``receive`` starts cold more often than anything else.

A queued message is ``{"phone_number_id", "message", "contact"}`` or, for WhatsApp's own opt-out switch,
``{"phone_number_id", "id", "preference", "contact"}``; ``contact`` may be null.

An event is ``{"updates": [...]}``, each update ``{"field", "entry_id", "time", "value"}`` and, for what fits
nowhere, ``reason``. The ``value`` of a status is ``{"phone_number_id", "status"}``, that of an error
``{"phone_number_id", "error"}``, that of any other field is Meta's own.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from canal.adapters.whatsapp_batch import Batch, QueuedMessage, Sorter
from canal.adapters.whatsapp_words import DECODER, listed
from canal.errors import BadInput, BadSignature, TooLarge

__all__ = ["MAX_BODY", "Batch", "QueuedMessage", "challenge", "split", "verify"]

MAX_BODY = 3 * 1024 * 1024  # Meta's own limit

_PREFIX = "sha256="
_HEADER_LENGTH = len(_PREFIX) + 64


def verify(raw: bytes, header: str | None, secrets: Sequence[str]) -> None:
    """Check X-Hub-Signature-256 over the bytes as they came. Raises BadSignature.

    ``secrets`` are the app secrets in force: two of them while one is being replaced.
    """
    if header is None or len(header) != _HEADER_LENGTH or not header.startswith(_PREFIX):
        raise BadSignature("no signature, or not one of Meta's form")
    try:
        claimed = bytes.fromhex(header[len(_PREFIX) :])
    except ValueError:
        raise BadSignature("the signature is not hexadecimal") from None
    # An empty secret would let anybody sign. A list, not a generator: the time tells nothing.
    matches = [hmac.compare_digest(_signature(raw, secret), claimed) for secret in secrets if secret]
    if not any(matches):
        raise BadSignature("the body is not signed with our app secret")


def _signature(raw: bytes, secret: str) -> bytes:
    return hmac.digest(_bytes(secret), raw, "sha256")


def challenge(query: Mapping[str, str] | None, verify_token: str) -> str | None:
    """What to answer to Meta's verification GET, as plain text; None when it is not Meta's or not for us."""
    if not query or query.get("hub.mode") != "subscribe" or not verify_token:
        return None
    if not hmac.compare_digest(_bytes(query.get("hub.verify_token", "")), _bytes(verify_token)):
        return None
    return query.get("hub.challenge") or None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def split(raw: bytes, phone_number_ids: Collection[str]) -> Batch:
    """Take apart a body whose signature is right. A broken item never harms the others.

    ``phone_number_ids`` are ours. Raises TooLarge over 3 MB, BadInput when it is not a batch of WhatsApp's at all.
    """
    sorter = Sorter(phone_number_ids)
    for entry in listed(_parsed(raw).get("entry")):
        sorter.sort_entry(entry)
    return sorter.batch()


def _parsed(raw: bytes) -> dict[str, Any]:
    """The JSON object, or BadInput."""
    if len(raw) > MAX_BODY:
        raise TooLarge("the body is too large")
    try:
        body = DECODER.decode(raw.decode())
    except (ValueError, RecursionError):
        raise BadInput("the body is not JSON") from None
    if not isinstance(body, dict) or body.get("object") != "whatsapp_business_account":
        raise BadInput("the body is not of a WhatsApp business account")
    return body
