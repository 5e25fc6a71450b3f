"""The outcome of one message: the citizen as they are now, what to answer, and what happened."""

from __future__ import annotations

from dataclasses import dataclass

from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language, Reply


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: Language


@dataclass(frozen=True, slots=True)
class Understood:
    """Typed words were read as ``labels``, the best first."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Typed words that no place could use; staff read them to see what is missing."""

    words: str


@dataclass(frozen=True, slots=True)
class ScreenShown:
    address: str


@dataclass(frozen=True, slots=True)
class DangerMet:
    kind: str


@dataclass(frozen=True, slots=True)
class PersonRequested:
    """The citizen wants to talk to a person: a case for staff. Told again with more words, it is the same case."""

    case: str
    words: str
    since: str  # ISO 8601


@dataclass(frozen=True, slots=True)
class OptedOut:
    """No more notices, by word or by WhatsApp's own switch."""


@dataclass(frozen=True, slots=True)
class OptedIn:
    """WhatsApp's own switch was turned on again."""


@dataclass(frozen=True, slots=True)
class ErasureRequested:
    """All that is kept of this citizen is to be deleted."""


Effect = (
    LanguageChosen
    | Understood
    | NotUnderstood
    | ScreenShown
    | DangerMet
    | PersonRequested
    | OptedOut
    | OptedIn
    | ErasureRequested
)


@dataclass(frozen=True, slots=True)
class Turn:
    """``replies`` holds one reply, or none where silence is right (reactions, stickers)."""

    citizen: Citizen
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
