"""What the dialogue may need to know from outside, asked as a value.

A place says ``scene.know(CasesNear(...))``. The first time the answer is not there: ``step`` ends with a Turn that
only asks, the conversation service looks it up, and the same step is run again with the answer among its inputs. So
the engine stays pure, and a turn that asks nothing costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from canal.incidents.case import Case  # noqa: F401 - named in the quoted types below

Answer = TypeVar("Answer", covariant=True)


class Question(Generic[Answer]):
    """Something to be looked up; its type says what the answer is."""

    __slots__ = ()


@dataclass(frozen=True)
class CasesNear(Question["tuple[Case, ...]"]):
    """Open incidents of ``category`` within ``metres`` of a place (WGS 84), the nearest first."""

    category: str
    latitude: float
    longitude: float
    metres: float


@dataclass(frozen=True)
class CasesOf(Question["tuple[Case, ...]"]):
    """The cases of a citizen (by key), the newest first, at most twenty. Those that they joined are among them."""

    citizen: str


@dataclass(frozen=True)
class CaseOf(Question["Case | None"]):
    """One case by its number, read consistently; None if there is none."""

    case: str


@dataclass(frozen=True)
class PhotoLink(Question[str]):
    """A web address of a stored photo (its key in the bucket), good for some hours."""

    key: str


class Wanted(Exception):
    """Raised by ``Scene.know`` and caught by ``step``: the answer to ``question`` is not known yet."""

    def __init__(self, question: Question[Any]) -> None:
        super().__init__()
        self.question = question
