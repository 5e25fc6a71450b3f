"""What notices need of the outside, in their own words. ``adapters/`` offer it; tests bring fakes.

All methods raise Temporary when the store or the queue does not answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from canal.broadcasts.campaign import Campaign, Progress
from canal.broadcasts.delivery import Delivery, State, Step
from canal.broadcasts.subscription import Consent, Subscriber
from canal.dialogue.citizen import Citizen


class Subscribers(Protocol):
    """Who asked for what."""

    def page(self, topic: str, shard: int, after: str = "", limit: int = 500) -> tuple[Subscriber, ...]:
        """The subscribers of a shard by their keys, from behind ``after``; fewer than ``limit``: the last."""
        ...

    def consents(self, citizen: str) -> tuple[Consent, ...]:
        """What a citizen agreed to and withdrew, the newest first."""
        ...


class People(Protocol):
    """The citizens behind keys."""

    def load_many(self, keys: Sequence[str]) -> dict[str, Citizen]:
        """By the key that was asked for, read consistently, following changed numbers; who is not known is absent."""
        ...

    def known_by(self, phone: str) -> str | None:
        """The key of the citizen whose phone that is, digits with the country's; of several, since numbers find new
        owners, of who wrote last. Nobody who moved on is followed.
        """
        ...

    def stop_marketing(self, key: str) -> bool:
        """They told WhatsApp that they want no marketing; False where nobody is known under ``key``."""
        ...

    def told(self, key: str, at: datetime) -> None:
        """A notice went out to them: a number that they type next may not mean what was offered before.

        A message of theirs that is answered at this very moment may overwrite it.
        """
        ...

    def rest(self, key: str, until: datetime) -> bool:
        """No marketing before ``until``: WhatsApp holds that they had enough of it for now."""
        ...


class Campaigns(Protocol):
    """The campaigns and how far their planning has come."""

    def load(self, campaign: str) -> Campaign | None:
        """One campaign, read consistently."""
        ...

    def save(self, campaign: Campaign, told: Sequence[str] = ()) -> Campaign:
        """Keep it if the stored one still has its version (none for version 0), else raise LostRace.

        With ``told``, items of its topic, in one transaction: LostRace too if one of them was told already.
        Gives it with its new version.
        """
        ...

    def told(self, topic: str, items: Sequence[str]) -> frozenset[str]:
        """Which of ``items`` a campaign of ``topic`` has told already."""
        ...

    def active(self) -> tuple[Campaign, ...]:
        """Those that are ``tended``: in ``states.ACTIVE``, or still closing; the oldest first."""
        ...

    def page(self, before: str = "", limit: int = 50) -> tuple[Campaign, ...]:
        """The campaigns by id, the newest first, from behind ``before``; fewer than ``limit``: the last."""
        ...

    def progress(self, campaign: str) -> tuple[Progress, ...]:
        """The shards whose planning has begun."""
        ...

    def save_progress(self, campaign: str, before: Progress | None, after: Progress) -> None:
        """Keep ``after`` if the stored one is still ``before`` (None: none), else raise LostRace."""
        ...


class Deliveries(Protocol):
    """The recipients of campaigns. The truth about who got what; queues are only hints."""

    def plan(self, deliveries: Sequence[Delivery]) -> None:
        """Write down those that are not there yet, of one campaign; those that are stay as they are."""
        ...

    def load(self, campaign: str, citizens: Sequence[str]) -> dict[str, Delivery]:
        """By citizen, read consistently; those not written down are absent."""
        ...

    def take(self, campaign: str, citizen: str, step: Step) -> bool:
        """Take a step if it ``delivery.follows`` from where the delivery stands; False if not."""
        ...

    def waiting(self, campaign: str, shard: int, until: datetime | None, limit: int) -> tuple[Delivery, ...]:
        """The open deliveries of a shard to look at by ``until`` (None: all of them), the longest due first."""
        ...

    def page(
        self, campaign: str, after: str = "", limit: int = 200, states: frozenset[State] = frozenset()
    ) -> tuple[tuple[Delivery, ...], str]:
        """A page of recipients and the cursor of the next, empty after the last; a page before may hold fewer."""
        ...

    def counts(self, campaign: str) -> Mapping[State, int]:
        """How many deliveries are in each state, counted from the rows."""
        ...


class Queues(Protocol):
    """The queues of planning and sending, each with a lane for alerts."""

    def plan(self, lane: str, jobs: Sequence[PlanJob]) -> None: ...

    def send(self, lane: str, chunks: Sequence[Chunk]) -> None: ...


@dataclass(frozen=True, slots=True)
class PlanJob:
    """One shard of a campaign to plan; or, with ``again``, its open deliveries that are due to be queued again."""

    campaign: str
    shard: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Recipients to write to, at most ``CHUNK``: a hint, since every one is claimed before."""

    campaign: str
    citizens: tuple[str, ...]


CHUNK = 20


class Lane(Protocol):
    """What tells those who send in bulk that an alert is under way."""

    def announce(self, since: datetime, until: datetime) -> None:
        """An alert runs from ``since``; all others stand back until ``until``. A later ``until`` counts."""
        ...

    def alert(self) -> tuple[datetime, datetime] | None:
        """From when and until when the last alert was announced."""
        ...


class Allowance(Protocol):
    """What the account's tier allows: how many people may be written to, outside their windows, in 24 hours."""

    def reserve(self, now: datetime, wanted: int, *, alert: bool) -> tuple[tuple[datetime | None, int], ...]:
        """Room for ``wanted`` recipients: how many at once (None) and how many from which hour on; the numbers add up
        to ``wanted``. Alerts come first: they take what bulk has left, and their own reserve.
        """
        ...

    def used(self, now: datetime) -> int:
        """How many recipients are reserved for the 24 hours up to ``now``, which may be still to come."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """The account as WhatsApp last told it. ``tier``: people in 24 hours, None where unlimited; 250 is where all begin.

    ``known`` is False until WhatsApp has said it.
    """

    tier: int | None = 250
    quality: str = ""  # GREEN, YELLOW, RED
    known: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """One language of a template as WhatsApp last told it. ``status``: APPROVED, PENDING, REJECTED, PAUSED, DISABLED …;
    ``category`` in WhatsApp's capitals, which may not be the one that we asked for.
    """

    name: str
    language: str
    status: str
    category: str = ""
    quality: str = ""
    reason: str = ""
    at: datetime | None = None


SILENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Seen:
    """A time in which statuses came, by WhatsApp's clock, and never none of ``SILENCE``. What belongs to a gap may come
    hours later, since WhatsApp tries again less and less often, or only when an operator replays dead letters.
    """

    since: datetime
    until: datetime


class Account(Protocol):
    """What WhatsApp tells of the account and its templates. Older news never overwrites newer."""

    def limits(self) -> Limits: ...

    def save_limits(self, limits: Limits) -> None: ...

    def templates(self) -> tuple[Health, ...]:
        """Every language of every template that is known of."""
        ...

    def save_template(self, health: Health) -> None:
        """Fields that are empty stay as they were."""
        ...

    def statuses_seen(self) -> Seen | None:
        """From when until when statuses have reached us: proof that they did all that time. None before the first."""
        ...

    def see_statuses(self, at: datetime) -> None:
        """One has, of that moment. After a longer ``SILENCE`` the proof begins anew."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """A file from the web. ``tag`` names this edition of it, in the server's own words; empty where it gives none."""

    body: bytes
    tag: str = ""


class Web(Protocol):
    """Files that others publish."""

    def get(self, url: str, tag: str = "", near: str = "") -> Page | None:
        """The file at ``url``; None if it is still the edition ``tag``. ``near`` is the watched address that led to it.

        Raises Temporary when it does not answer, Refused for what cannot be had or leads into a private network,
        Oversized for what is too large.
        """
        ...
