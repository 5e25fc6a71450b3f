"""A typed sentence as the search of places reads it, and how much a name that stands in it is worth there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from canal.dialogue.understanding.text import words
from canal.subjects.origin import Both
from canal.subjects.place_words import ABOUT, LINKS, TYPES, number_after, number_before, numbering, plain, sounded

Name = tuple[str, ...]

EXACT, SLIPPED, PART = 1.0, 0.9, 0.5  # how well a name is met
OTHER_TYPE = 0.3  # "plaça Sant Roc" where only a street is called so
LONE = 0.6  # a word that may be just a word: "al mercat"


class Named(Protocol):
    """What the search needs to know of a place; ``kind`` is street, square, landmark or quarter."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> Both: ...
    @property
    def also(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a place: its words without type and links; ``part``: only the end or the beginning of it."""

    place: Named
    name: Name
    part: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A spelling met in the text, from word ``start`` up to ``end``."""

    place: Named
    number: str
    score: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """The typed words; ``content`` without links ("de", "la") and as they sound, ``at`` where each of those stands in
    ``typed``.
    """

    typed: tuple[str, ...]
    content: tuple[str, ...]
    at: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Sentence:
        typed = tuple(map(plain, words(text)))
        at = tuple(place for place, word in enumerate(typed) if word not in LINKS)
        return cls(typed, tuple(sounded(typed[place]) for place in at), at)

    def weighed(self, spelling: Spelling, start: int, slipped: bool) -> Met | None:
        """How well the spelling is met there; None where its words are most likely just words."""
        end = start + len(spelling.name)
        kind = TYPES.get(self.typed[self.at[start - 1]], "") if start else ""
        number = number_after(self.typed, self.at[end - 1] + 1)
        if not number and spelling.place.kind in ("street", "square"):
            number = number_before(self.typed, self.at[start - bool(kind)])
        alone = start == bool(kind) and all(numbering(self.typed[place]) for place in self.at[end:])
        score = self._score(spelling, slipped, kind, bool(number), alone, start)
        number = number if spelling.place.kind in ("street", "square") else ""
        return Met(spelling.place, number, score, start, end) if score else None

    def _score(self, spelling: Spelling, slipped: bool, kind: str, number: bool, alone: bool, start: int) -> float:
        met = PART if spelling.part else SLIPPED if slipped else EXACT
        if kind:
            return met if kind == spelling.place.kind else met * OTHER_TYPE
        if spelling.part:
            return 0
        if alone or len(spelling.name) > 1:
            return met
        if number and spelling.place.kind == "street" and not slipped:
            return met
        return met * self._lone(spelling, slipped, start)

    def _lone(self, spelling: Spelling, slipped: bool, start: int) -> float:
        """A word that may be just a word: plainly a place after "davant de", perhaps one after "a", "en"."""
        before = self.typed[: self.at[start]]
        while before and before[-1] in ("l", "el", "la", "els", "les", "los", "las", "de", "del", "d", "dels"):
            before = before[:-1]
        last = before[-1] if before else ""
        if last in ABOUT:
            return 1.0
        near = last in ("a", "al", "als", "en", "per", "por") and spelling.place.kind in ("landmark", "quarter")
        return LONE if near and not slipped else 0
