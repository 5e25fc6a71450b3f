"""A subscription: what a citizen asked to be told of, and the proof that they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

SHARDS = 16  # a topic's subscribers stand in as many partitions, which are planned side by side
EACH, WEEKLY = "each", "weekly"  # how often: whenever there is something, or once a week together


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic of one citizen, kept on their row. ``zones`` is empty for the whole town.

    ``since``, ``wamid`` and ``wording`` are the consent: when they agreed, by which message, and the very words that
    they agreed to.
    """

    topic: str
    since: datetime
    wamid: str
    wording: str
    zones: tuple[str, ...] = ()
    frequency: str = EACH


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who subscribed to a topic, as planning reads it. What else is to be known stands on the citizen's row."""

    citizen: str
    zones: tuple[str, ...] = ()
    frequency: str = EACH

    def wants(self, zones: tuple[str, ...], frequency: str) -> bool:
        """Whether a notice for ``zones`` (empty: the whole town) and ``frequency`` (empty: any) is for them."""
        here = not zones or not self.zones or not set(zones).isdisjoint(self.zones)
        return here and frequency in ("", self.frequency)


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as it is kept: also for a while after it was withdrawn, since the town may have to show it.

    ``withdrawn_how`` is "word", "screen", "whatsapp" (its own switch) or "erased".
    """

    citizen: str
    topic: str
    given_at: datetime
    wamid: str
    wording: str
    withdrawn_at: datetime | None = None
    withdrawn_wamid: str = ""
    withdrawn_how: str = ""


def shard_of(citizen: str) -> int:
    """The partition, of ``SHARDS``, that a citizen's subscriptions and deliveries stand in."""
    return crc32(citizen.encode()) % SHARDS
