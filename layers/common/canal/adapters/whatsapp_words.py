"""Meta's small words and our JSON, as ``receive`` handles them: ids, timestamps, bodies that SQS accepts."""

from __future__ import annotations

import json
import math
from hashlib import sha256
from typing import Any

MAX_QUEUED = 200_000  # bytes of a queued body: SQS takes 256 KB, some of it for attributes
MAX_WORD = 256  # an id or a number of Meta's; the longest known, a wamid, has about 100 characters
MAX_SQS_ID = 128  # MessageGroupId and MessageDeduplicationId


def finite(number: str) -> float | None:
    """A number of JSON; one beyond all bounds is as good as none."""
    value = float(number)
    return value if math.isfinite(value) else None


def nothing(_constant: str) -> None:
    """NaN and Infinity, which Python reads and JSON does not know."""


DECODER = json.JSONDecoder(parse_float=finite, parse_constant=nothing)
ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def compact(value: object, limit: int = MAX_QUEUED) -> str | None:
    """Compact JSON; None where it is too large, or nested too deeply to be written again.

    It is pure ASCII: its length is its size, and it holds no control character that SQS would refuse.
    """
    try:
        text = ENCODER.encode(value)
    except RecursionError:
        return None
    return text if len(text) <= limit else None


def listed(value: object) -> list[Any]:
    """A list as it is; anything else as the one item that it stands for, so that nothing is lost."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def word(value: object) -> str:
    """An id or a number of Meta's; empty for what cannot be one."""
    fits = isinstance(value, str) and len(value) <= MAX_WORD and value.isprintable() and not value.isspace()
    return str(value) if fits else ""


def seconds(value: object) -> int:
    """A timestamp of Meta's, a string in messages and a number in preferences; 0 where there is none."""
    if isinstance(value, int):
        return value
    digits = word(value)
    return int(digits) if digits.isdecimal() and len(digits) < 20 else 0


def sqs_id(text: str) -> str:
    """``text`` as SQS takes ids: at most 128 letters, digits and ASCII punctuation."""
    if len(text) <= MAX_SQS_ID and text.isascii() and text.isprintable() and " " not in text:
        return text
    return f"sha256.{digest(text)}"


def digest(text: str) -> str:
    """SHA-256 of ``text`` in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
