"""How many people WhatsApp lets the account write to in 24 hours, in the spellings that it uses."""

from __future__ import annotations

TIERS: dict[str, int | None] = {
    "TIER_50": 50,
    "TIER_250": 250,
    "TIER_1K": 1_000,
    "TIER_2K": 2_000,
    "TIER_10K": 10_000,
    "TIER_100K": 100_000,
    "TIER_UNLIMITED": None,
    "UNLIMITED": None,
    "-1": None,
}


class NoTier(ValueError):
    """Not a spelling of a tier."""


def tier_of(told: object) -> int | None:
    """People in 24 hours, None where there is no limit. Raises NoTier for what is none."""
    word = str(told).strip().upper()
    if word in TIERS:
        return TIERS[word]
    if word.isascii() and word.isdigit() and not isinstance(told, bool) and 0 < int(word) < 10**9:
        return int(word)
    raise NoTier(word[:40])
