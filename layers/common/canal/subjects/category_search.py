"""Which category a citizen's sentence is about: what is broken, apart from where it is.

"hi ha un matalàs al costat del contenidor" is about a mattress: what follows "al costat de", "davant de" says where,
and is read only when the rest says nothing. After "en", "a", "per" it may be either ("un clot a la vorera", "una
foguera en el solar") and counts for less. Of two things said equally well the first one is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from canal.dialogue.understanding.text import words
from canal.subjects.finding import BY_SLIP, Finder, Found

Thing = TypeVar("Thing")

LONGEST = 2_000  # characters that are read; what it is about is said before
SHORTEST_SLIP = 6  # letters of a lone word that may hold a slip: "fatola" is farola, "temas" is not "tejas"
SHORTEST_STEM = 4
WHERE = frozenset(
    words("davant enfront front costat prop junt darrere vora delante enfrente frente lado junto cerca detras")
)
_LINKS = frozenset(words("a al als de del dels d l el la les els los las en un una meu meua mi mis uns unes unos unas"))
_IN = frozenset(words("en a al als pel pels per por sobre damunt encima dins dentro entre hasta fins sota debajo bajo"))
_OF = frozenset(words("de d del dels"))
_ARTICLES = frozenset(
    words("l el la els les los las un una uns unes unos unas meu meua nostre nostra mi mis nuestra este esta")
)
PLACED = 0.4  # what a word in that position counts
_ALL = 1_000


@dataclass(frozen=True)
class CategorySearch(Generic[Thing]):
    """Two searches over the same things: by plain words, and by vague ones where those find nothing."""

    plain: Finder[Thing]
    vague: Finder[Thing]

    @classmethod
    def of(
        cls, things: Iterable[tuple[Thing, Sequence[str], Sequence[str]]], ignored: Sequence[str] = ()
    ) -> CategorySearch[Thing]:
        """From (thing, its words, its vague words), in the order that settles a draw."""
        kept = tuple(things)
        return cls(
            Finder.of(((thing, plain) for thing, plain, _ in kept), ignored, SHORTEST_STEM),
            Finder.of(((thing, vague) for thing, _, vague in kept), ignored, SHORTEST_STEM),
        )

    def find(self, text: str, limit: int) -> tuple[Thing, ...]:
        """The things meant, best first."""
        typed = words(text[:LONGEST])
        what = without_where(typed)
        for finder, said in ((self.plain, what), (self.plain, typed), (self.vague, what), (self.vague, typed)):
            if found := _ranked(finder, said):
                return tuple(each.thing for each in found[:limit])
        return ()


def without_where(typed: Sequence[str]) -> tuple[str, ...]:
    """The words apart from those that follow "davant de": the marker, its links and the one word they lead to."""
    kept: list[str] = []
    place = 0
    while place < len(typed):
        if typed[place] not in WHERE:
            kept.append(typed[place])
            place += 1
            continue
        place += 1
        while place < len(typed) and typed[place] in _LINKS:
            place += 1
        place += 1
    return tuple(kept)


def placed(typed: Sequence[str]) -> frozenset[str]:
    """The words that only follow "en", "a", "per", with what belongs to them: "en el pas de vianants"."""
    free: set[str] = set()
    found: set[str] = set()
    inside, linked = False, False
    for word in typed:
        if word in _IN or word in _OF:
            inside, linked = word in _IN or inside, True
        elif word not in _ARTICLES:
            inside = inside and linked
            (found if inside else free).add(word)
            linked = False
    return frozenset(found - free)


def _ranked(finder: Finder[Thing], typed: Sequence[str]) -> list[Found[Thing]]:
    order = {word: place for place, word in reversed(list(enumerate(typed)))}
    where = placed(typed)
    found = [each for each in finder.find(" ".join(typed), _ALL) if _believable(each)]

    def rank(each: Found[Thing]) -> tuple[float, int]:
        return len(each.said & where) * (1 - PLACED) - each.score, min(order[word] for word in each.said)

    return sorted(found, key=rank)


def _believable(found: Found[Thing]) -> bool:
    return found.score > BY_SLIP or max(map(len, found.said)) >= SHORTEST_SLIP
