"""Short numbers for cases, which people read aloud over the telephone."""

from __future__ import annotations

from hashlib import blake2b

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read or heard as something else


def case_number(message_id: str) -> str:
    """Eight characters that follow from the message alone, so that a repeated message is the same case."""
    number = int.from_bytes(blake2b(message_id.encode(), digest_size=5).digest())
    return "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
