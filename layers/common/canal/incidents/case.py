"""A case and its parts, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from canal.incidents.kinds import Kind as Kind
from canal.incidents.states import CLOSED, State


class What(StrEnum):
    """What happened to a case, in the past tense."""

    FILED = "filed"
    ROUTED = "routed"  # to a department, by Canal
    REROUTED = "rerouted"  # to another department, by staff
    MOVED = "moved"  # to another state
    ANSWERED = "answered"  # staff wrote to the citizen
    NOTED = "noted"  # staff wrote to each other
    REMARKED = "remarked"  # the citizen added words or files
    REOPENED = "reopened"  # the citizen says that it is not fixed
    RATED = "rated"
    MERGED = "merged"  # into another case, its original
    JOINED = "joined"  # another citizen reported the same
    ESCALATED = "escalated"  # overdue
    FILE_REFUSED = "file_refused"  # what the citizen sent is not what it should be, or too large
    FILE_LOST = "file_lost"  # it could not be fetched as long as it lived
    REDACTED = "redacted"
    ALLOWED = "allowed"  # a photo may be public
    CORRECTED = "corrected"  # category, position or address, by staff


class Telling(StrEnum):
    """Whether an event is told to the citizen, and how far that has come."""

    NOBODY = ""  # it is not told
    PENDING = "pending"
    DONE = "done"  # ``told`` says what became of it, for each who was to be told


@dataclass(frozen=True, slots=True)
class Position:
    """WGS 84 degrees. ``source``: "pin", "gazetteer", "landmark", "staff", "open311", or "demo": made up."""

    latitude: float
    longitude: float
    source: str = "pin"


@dataclass(frozen=True, slots=True)
class File:
    """A photo, video, voice note or document of a case.

    ``id`` is short and unique within the case. ``state``: "pending" until it is fetched from Meta, then "stored",
    "refused" or "lost" (``reason`` says why), or "forgotten" until it is deleted. ``key`` and ``thumbnail`` are its
    keys in the bucket; ``public`` once staff allow it to be seen by others than staff and whoever sent it.
    """

    id: str
    kind: str  # WhatsApp's word: image, video, audio, document
    media_id: str  # at Meta, for seven days
    sent_at: datetime
    mime_type: str = ""
    caption: str = ""
    state: str = "pending"
    key: str = ""
    thumbnail: str = ""
    public: bool = False
    tries: int = 0
    retry_at: datetime | None = None
    reason: str = ""

    @property
    def is_photo(self) -> bool:
        """A picture sent as a document is one too: it tells where it was taken, like any other."""
        return self.kind == "image" or (self.kind == "document" and self.mime_type.startswith("image/"))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case: what, when, by whom and why. The history only grows.

    ``by`` is "citizen", "canal", "open311" or the address of a member of staff. ``state`` and ``department`` as they
    are after it. ``told``: case id of each who follows (the case's own first) -> "sent", "template", "held" or
    "failed: <reason>".
    """

    id: str  # unique within the case
    at: datetime
    what: What
    by: str
    state: State
    department: str = ""
    words: str = ""  # the citizen's or staff's, or the reason
    details: Mapping[str, str] = field(default_factory=dict)
    telling: Telling = Telling.NOBODY
    told: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False  # its words were redacted


@dataclass(frozen=True, slots=True)
class Case:
    """One row of ``incidents``.

    ``citizen`` is the key of who brought it; empty once they are forgotten, or where it came by Open311. A case with
    ``duplicate_of`` follows another: its citizen is told what that one's citizen is told. ``version`` is the row's,
    0 when it is not saved yet.
    """

    id: str
    kind: Kind
    citizen: str
    language: str
    created_at: datetime
    words: str = ""
    state: State = State.RECEIVED
    category: str = ""  # an id of the content; it may have been removed since
    department: str = ""  # empty until routed
    zone: str = ""
    position: Position | None = None
    address: str = ""  # as confirmed or as written
    files: tuple[File, ...] = ()
    history: tuple[Event, ...] = ()
    due_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    duplicate_of: str = ""
    rating: int = 0  # 1 to 5; 0 until rated
    escalated: int = 0  # how often
    mailed_to: str = ""  # the department that was told by mail
    channel: str = "whatsapp"  # or "open311"
    contact: Mapping[str, str] = field(default_factory=dict)  # of an Open311 report, for staff only
    words_hidden: bool = False
    erased: bool = False  # its files, then its row, are to be deleted
    demo: bool = False  # made up, to show the product
    lease_until: datetime | None = None  # somebody is at work on it
    version: int = 0

    @property
    def open(self) -> bool:
        return self.state not in CLOSED
