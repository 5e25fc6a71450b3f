"""What the services need of the outside, in the domain's words. ``adapters/`` offer it; tests bring fakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # ``receive`` knows nothing of the dialogue and must not load it
    from canal.dialogue.citizen import Citizen
    from canal.dialogue.town import Town
    from canal.incidents.case import Case

Body = dict[str, Any]  # a request to WhatsApp's Graph API, ready to send


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """What is kept of a turn: enough to send its replies again, and what happened for the figures.

    ``citizen`` is the key the message came under, which a repeated delivery will carry again. ``state`` is
    "answered" or "undeliverable"; ``events`` are the turn's effects as JSON-able dicts.
    """

    citizen: str
    wamid: str
    at: datetime
    replies: tuple[Body, ...]
    events: tuple[dict[str, Any], ...] = ()
    state: str = "answered"
    reason: str = ""


class Conversations(Protocol):
    """Citizens and their turns."""

    def load(self, key: str) -> Citizen | None:
        """The citizen known under ``key``, read consistently; follows a changed number. None if unknown."""
        ...

    def turn(self, key: str, wamid: str) -> TurnRecord | None:
        """The turn of a message, if it has been run."""
        ...

    def save(self, before: Citizen | None, after: Citizen, turn: TurnRecord, cases: Sequence[Case]) -> None:
        """All of it in one transaction; ``cases`` are new (version 0) or changed (the version that was read).

        Raises AlreadyRun if the message has a turn, LostRace if the citizen or a case changed since it was read.
        """
        ...

    def erase(self, citizen: Citizen, turn: TurnRecord) -> None:
        """Delete the citizen and what their turns say; ``turn`` stays: a repeat is no new start.

        Their cases are ``changes.forgotten`` first. Raises as ``save``.
        """
        ...

    def move(self, old: Citizen, new: Citizen | None, after: Citizen) -> None:
        """Make ``after`` of ``old`` (and of ``new``, if somebody wrote under the new key already).

        The cases of ``old`` become those of ``after``. Raises LostRace if either changed since it was loaded.
        """
        ...

    def mark_undeliverable(self, key: str, wamid: str, reason: str) -> None:
        """Note on a turn that its replies cannot be delivered."""
        ...


class Outbox(Protocol):
    """The way to WhatsApp."""

    def send(self, body: Body) -> str:
        """Send one message and give its wamid; raises Temporary, Permanent or Stopped."""
        ...


class Queue(Protocol):
    """A queue that takes many messages at once."""

    def put(self, messages: Sequence[Any]) -> None:
        """Queue all of ``messages`` in their order; raises Temporary if any could not be queued."""
        ...


class Towns(Protocol):
    """The town's content as last published."""

    def current(self) -> Town: ...


# --- cases ----------------------------------------------------------------------------------------


class Cases(Protocol):
    """The cases, wherever they come from. All methods raise Temporary when the store does not answer."""

    def load(self, number: str) -> Case | None:
        """One case, read consistently."""
        ...

    def save(self, case: Case) -> Case:
        """Keep ``case`` if the stored one still has its version (none for version 0), else raise LostRace.

        Gives it with its new version.
        """
        ...

    def delete(self, case: Case) -> None:
        """Delete the row, under the same condition as ``save``. Deleted already: done."""
        ...

    def near(self, category: str, latitude: float, longitude: float, metres: float) -> tuple[Case, ...]:
        """Open incidents of a category within a radius, the nearest first."""
        ...

    def of(self, citizen: str) -> tuple[Case, ...]:
        """A citizen's cases, those they joined included, the newest first, at most twenty."""
        ...

    def following(self, number: str) -> tuple[Case, ...]:
        """The cases that are a duplicate of this one, directly."""
        ...

    def waiting(self, watch: str, until: datetime, limit: int) -> tuple[str, ...]:
        """Numbers of the cases whose ``watch.next_look`` is of this kind and not after ``until``, oldest first."""
        ...

    def search(self, wanted: Search) -> Page:
        """The staff's list."""
        ...


@dataclass(frozen=True, slots=True)
class Search:
    """What staff look for; what is empty does not matter.

    ``departments``: a case of any of them. ``text``: all its words stand in the report, the address or the number,
    accents and case aside. ``since`` and ``until`` bound the day of filing (until excluded). ``overdue``: open and
    past the due date, the longest overdue first; all else comes open ones first, then closed, each newest first.
    """

    departments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    category: str = ""
    zone: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    overdue: bool = False
    limit: int = 50  # at most 200
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Cases without history and files, and where the next page begins; an empty cursor after the last.

    A page may hold fewer than asked for, even none, while there is a cursor: filters are applied after reading.
    """

    cases: tuple[Case, ...]
    cursor: str = ""


class Citizens(Protocol):
    """Citizens, for those who are not in the conversation with them. All methods raise Temporary as ``Cases`` do."""

    def load(self, key: str) -> Citizen | None:
        """As ``Conversations.load``."""
        ...

    def hold(self, key: str) -> bool:
        """Note that news waits until they write; a turn that runs meanwhile loses the race and is run again.

        False where nobody is known under ``key``. Noted already: nothing is written.
        """
        ...

    def block(self, key: str, blocked: bool) -> bool:
        """Take no more reports of theirs, or take them again; otherwise as ``hold``."""
        ...


class CaseQueue(Protocol):
    """The incidents queue: what ``functions/incident/route`` is to look at."""

    def put(self, messages: Sequence[Mapping[str, str]]) -> None:
        """Each is {"case": number}, or {"citizen": key} for one whose window opened while news was held back.

        Raises Temporary if any could not be queued; the sweep finds those cases anyway.
        """
        ...


class PhotoLinks(Protocol):
    """Web addresses of stored files, for whoever may see them."""

    def link(self, key: str, seconds: int = 3600) -> str: ...
