"""A campaign: one notice for everybody who asked for its topic. One row, saved whole under its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from canal.broadcasts.states import ACTIVE, State
from canal.dialogue.messages import Language


class Kind(StrEnum):
    ALERT = "alert"
    NEWS = "news"
    DIGEST = "digest"
    REMINDER = "reminder"


class What(StrEnum):
    """What happened to a campaign."""

    CREATED = "created"
    EDITED = "edited"
    CHECKED = "checked"
    APPROVED = "approved"
    OVERRIDDEN = "overridden"  # approved by who wrote it, in an emergency; ``details["reason"]`` says which
    PLANNING = "planning"
    SENDING = "sending"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"  # paused by Canal itself: ``details`` has ``code`` and ``reason``
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a campaign's history. ``who`` is a member of staff, or "canal"."""

    at: datetime
    who: str
    what: What
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """The notice in one language.

    ``headline``: one line. ``text``: the whole of it, as read inside WhatsApp's window; it may have line ends.
    ``summary``: one line for the template, which may hold none; empty where ``text`` is that line already.
    """

    headline: str
    text: str
    summary: str = ""

    @property
    def line(self) -> str:
        """What goes into the template's variable."""
        return self.summary or self.text


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a check found, before anybody is written to. Counts are recipients.

    ``outside`` of them are out of WhatsApp's window and get the template; ``days`` is over how many days the
    account's tier spreads them; ``seconds`` how long the sending itself takes; ``cost`` in euros, None where the town
    has entered no prices. ``problems`` forbid approval, ``warnings`` do not; both are keys of words with their values:
    ``("notices.problems.no_template", {"template": …, "language": …})``.
    """

    at: datetime
    recipients: int
    outside: int
    by_language: Mapping[str, int]
    by_zone: Mapping[str, int]
    left: int  # subscribed, but blocked, gone or unwilling
    tier: int | None  # None: unlimited, or not known yet
    days: int
    seconds: int
    cost: float | None
    problems: tuple[tuple[str, Mapping[str, str]], ...] = ()
    warnings: tuple[tuple[str, Mapping[str, str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    """``id`` begins with the day it was made, so that ids sort by age. ``version`` is the row's, 0 when not saved yet.

    ``opens`` is the address of the screen that the notice's button leads to ("culture:week"), empty for none.
    ``image`` is the web address of a picture, shown inside the window only. ``not_before`` and ``until`` bound the
    sending; what has not left by ``until`` is skipped. ``cap`` holds what a CAP alert needs beyond this (identifier,
    event, severity, urgency, certainty, area, source address). ``items`` are what it tells of ("offer:123"), each told
    once. ``demo`` marks what is no real notice.
    """

    id: str
    kind: Kind
    topic: str
    words: Mapping[Language, Words]
    template: str
    created_at: datetime
    created_by: str
    state: State = State.DRAFT
    zones: tuple[str, ...] = ()
    frequency: str = ""
    opens: str = ""
    image: str = ""
    not_before: datetime | None = None
    until: datetime | None = None
    estimate: Estimate | None = None
    written_by: str = ""  # who changed the words last: somebody else must approve a mass alert
    approved_by: str = ""
    approved_at: datetime | None = None
    source: str = "staff"  # "staff", "schedule", "cap"
    items: tuple[str, ...] = ()
    cap: Mapping[str, str] = field(default_factory=dict)
    history: tuple[Event, ...] = ()
    demo: bool = False
    closing: bool = False  # called off while it ran: those who still wait are being let go
    version: int = 0

    @property
    def tended(self) -> bool:
        """Something may still happen by itself."""
        return self.closing or self.state in ACTIVE

    @property
    def lane(self) -> str:
        """Alerts have their own queues, which overtake all else."""
        return ALERTS if self.kind == Kind.ALERT else BULK


ALERTS, BULK = "alerts", "bulk"
LANES = (ALERTS, BULK)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the planning of one shard has come. ``cursor`` is the last subscriber that was planned; ``mark`` is the
    run's that wrote it, by which it knows its own write again when the answer gets lost.
    """

    shard: int
    cursor: str = ""
    done: bool = False
    planned: int = 0
    left: int = 0  # subscribers that were left out: unwilling, blocked, gone
    mark: str = field(default="", compare=False)
