"""Short numbers for cases, which people read aloud over the telephone."""

from __future__ import annotations

from hashlib import blake2b

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read or heard as something else


def case_number(message_id: str) -> str:
    """Eight characters that follow from the message alone, so that a repeated message is the same case."""
    return in_letters(blake2b(message_id.encode(), digest_size=5).digest(), 8)


def in_letters(digest: bytes, length: int) -> str:
    """The last ``length`` times five bits of ``digest``, each five as a character."""
    bits = int.from_bytes(digest)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (length - 1), -1, -5))
