"""The number of a report that comes by Open311, which follows from what was sent: sent twice, it is one report."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from canal.incidents.numbers import in_letters
from canal.open311.asked import Asked
from canal.open311.refusal import bad

HEADER = "idempotency-key"
LONGEST_KEY = 255


def number(asked: Asked, client: str) -> str:
    """By the Idempotency-Key; without one, the same report of the same client on one day is the same report.

    Raises Refusal for a key that is too long.
    """
    key = asked.call.headers.get(HEADER, "").strip()
    if len(key) > LONGEST_KEY:
        raise bad(f"Idempotency-Key may have {LONGEST_KEY} characters.")
    return of("key", client, key) if key else of("report", client, day(asked.town.local(asked.now)), said(asked))


def day(moment: datetime) -> str:
    return moment.date().isoformat()


def said(asked: Asked) -> str:
    """The arguments in their own order of names, without the key itself, which may be renewed between two tries."""
    return repr(sorted((name, values) for name, values in asked.arguments.given.items() if name != "api_key"))


def of(*parts: str) -> str:
    """Nine characters, one more than a case has that came by WhatsApp: the two never meet."""
    return in_letters(blake2b(repr(parts).encode(errors="replace"), digest_size=6).digest(), 9)
