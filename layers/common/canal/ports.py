"""What the services need of the outside, in the domain's words. ``adapters/`` offer it; tests bring fakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # ``receive`` knows nothing of the dialogue and must not load it
    from canal.dialogue.citizen import Citizen
    from canal.dialogue.town import Town

Body = dict[str, Any]  # a request to WhatsApp's Graph API, ready to send


@dataclass(frozen=True, slots=True)
class Case:
    """Something a citizen brought that staff must see; ``kind`` is "person" for now."""

    id: str
    kind: str
    citizen: str  # key
    language: str
    words: str
    created_at: datetime


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
        """All of it in one transaction.

        Raises AlreadyRun if the message has a turn, LostRace if the citizen changed since ``before``.
        """
        ...

    def erase(self, citizen: Citizen, turn: TurnRecord) -> None:
        """Delete the citizen, their cases and what their turns say; ``turn`` stays: a repeat is no new start.

        Raises as ``save``.
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
