"""The outcome of one message: the citizen as they are now, what to answer, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language, Reply
from canal.dialogue.questions import Question

if TYPE_CHECKING:
    from canal.incidents.case import Case


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
class CaseFiled:
    """A new case for staff, saved with the turn."""

    case: Case


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """A case that the citizen changed, saved with the turn if it is still the version that was read."""

    case: Case


@dataclass(frozen=True, slots=True)
class FileKept:
    """A photo or another file joined the report that is being written. ``kind`` is WhatsApp's word."""

    kind: str


@dataclass(frozen=True, slots=True)
class WindowOpened:
    """The citizen wrote, and news of their cases had been waiting for it."""


@dataclass(frozen=True, slots=True)
class OptedOut:
    """No more notices, by word or by WhatsApp's own switch."""


@dataclass(frozen=True, slots=True)
class OptedIn:
    """WhatsApp's own switch was turned on again."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """They asked for a topic, or changed its zones or how often; the citizen's row says to what."""

    topic: str


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """They want no more of a topic. ``how``: "word", "screen", "whatsapp"."""

    topic: str
    how: str


@dataclass(frozen=True, slots=True)
class ErasureRequested:
    """All that is kept of this citizen is to be deleted."""


Effect = (
    LanguageChosen
    | Understood
    | NotUnderstood
    | ScreenShown
    | DangerMet
    | CaseFiled
    | CaseChanged
    | FileKept
    | WindowOpened
    | OptedOut
    | OptedIn
    | Subscribed
    | Unsubscribed
    | ErasureRequested
)


@dataclass(frozen=True, slots=True)
class Turn:
    """``replies`` holds one reply, or none where silence is right (reactions, stickers).

    With ``asks`` the turn is not decided yet: the step wants to be run again with the answer.
    """

    citizen: Citizen
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    asks: Question[Any] | None = None
