"""Finding a thing by the words people type for it: the waste item, the phone, the tax.

A thing has phrases ("sofà", "aceite de motor"). A phrase is met when each of its words stands in the typed
text: as it is, in the other number, by its stem or with a slip of the finger. The phrase with most words
wins, so motor oil is not taken for cooking oil, and several things in one message are all found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from canal.dialogue.understanding.text import allowance, stem, within, words

Thing = TypeVar("Thing")
Phrase = tuple[str, ...]

EXACT, BY_NUMBER, BY_STEM, BY_SLIP = 1.0, 0.95, 0.9, 0.6
# Words that say nothing by themselves inside a phrase, in either language.
_SMALL = frozenset(words("a al als amb con d de del dels e el els en es i l la las les lo los o per y un una"))


@dataclass(frozen=True, slots=True)
class Found(Generic[Thing]):
    """A thing, how well it fits (about one for each word of its phrase) and the typed words that say so."""

    thing: Thing
    score: float = 0.0
    said: frozenset[str] = frozenset()


@dataclass(frozen=True)  # no slots: its index is made when somebody first searches
class Finder(Generic[Thing]):
    """The phrases of many things. ``ignored`` words are no clue here: "tirar", "vull". A stem shorter than
    ``shortest_stem`` letters is none either: "sols" is not "solar".
    """

    things: Sequence[tuple[Thing, Sequence[str]]]
    ignored: Sequence[str] = field(default=())
    shortest_stem: int = 0

    @classmethod
    def of(
        cls, things: Iterable[tuple[Thing, Iterable[str]]], ignored: Iterable[str] = (), shortest_stem: int = 0
    ) -> Finder[Thing]:
        """From (thing, its phrases) pairs, in the order that settles a draw."""
        return cls(tuple((thing, tuple(phrases)) for thing, phrases in things), tuple(ignored), shortest_stem)

    def find(self, text: str, limit: int = 3) -> tuple[Found[Thing], ...]:
        """The things meant by ``text``, best first; none where no phrase is met."""
        meant = self._vocabulary.meant(_content_words(text, self._ignored))
        found: dict[int, Found[Thing]] = {}
        for number, phrase in dict.fromkeys(place for word in meant for place in self._places[word]):
            each = _met(self.things[number][0], phrase, meant)
            if each.score > found.get(number, each).score or number not in found:
                found[number] = each
        ranked = sorted((found[number] for number in sorted(found)), key=lambda each: -each.score)
        return _without_echoes([each for each in ranked if each.said])[:limit]

    @cached_property
    def _ignored(self) -> frozenset[str]:
        return frozenset(word for text in self.ignored for word in words(text))

    @cached_property
    def _places(self) -> Mapping[str, list[tuple[int, Phrase]]]:
        """Each word of the phrases: the things (by number) and phrases that it stands in."""
        places: defaultdict[str, list[tuple[int, Phrase]]] = defaultdict(list)
        for number, (_, phrases) in enumerate(self.things):
            for phrase in filter(None, (_content_words(text, self._ignored) for text in phrases)):
                for word in phrase:
                    places[word].append((number, phrase))
        return places

    @cached_property
    def _vocabulary(self) -> _Vocabulary:
        return _Vocabulary.of(self._places, self.shortest_stem)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words of all phrases, by the ways of meeting them."""

    words: frozenset[str]
    numbers: Mapping[str, list[str]]
    stems: Mapping[str, list[str]]
    initials: Mapping[str, list[str]]

    @classmethod
    def of(cls, known: Iterable[str], shortest_stem: int) -> _Vocabulary:
        kept = sorted(known)
        return cls(
            frozenset(kept),
            _grouped((single, word) for word in kept for single in singulars(word)),
            _grouped((stem(word), word) for word in kept if len(stem(word)) >= shortest_stem),
            _grouped((word[0], word) for word in kept),
        )

    def meant(self, typed: Iterable[str]) -> dict[str, tuple[float, str]]:
        """The known words that the typed ones say: known word -> (how surely, typed word)."""
        meant: dict[str, tuple[float, str]] = {}
        for word in typed:
            for known, score in self._meant_by(word):
                if score > meant.get(known, (0.0, ""))[0]:
                    meant[known] = (score, word)
        return meant

    def _meant_by(self, typed: str) -> list[tuple[str, float]]:
        """A slip is looked for only in a word that is nothing else."""
        found = [(known, BY_STEM) for known in self.stems.get(stem(typed), ())]
        found += [(known, BY_NUMBER) for single in singulars(typed) for known in self.numbers.get(single, ())]
        found += [(typed, EXACT)] if typed in self.words else []
        return found or [(known, BY_SLIP) for known in self.initials.get(typed[0], ()) if _slip(known, typed)]


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key, word in pairs:
        groups[key].append(word)
    return groups


def _content_words(text: str, ignored: frozenset[str]) -> Phrase:
    """The words that say something here."""
    return tuple(word for word in words(text) if word not in _SMALL and word not in ignored)


def _met(thing: Thing, phrase: Phrase, meant: Mapping[str, tuple[float, str]]) -> Found[Thing]:
    """How well the phrase is met; not at all when one of its words is missing.

    A phrase of nothing but slips is a guess, however many words it has.
    """
    if any(word not in meant for word in phrase):
        return Found(thing)
    scores = [meant[word][0] for word in phrase]
    score = sum(scores) if max(scores) > BY_SLIP else BY_SLIP
    return Found(thing, score, frozenset(meant[word][1] for word in phrase))


def _without_echoes(ranked: Iterable[Found[Thing]]) -> tuple[Found[Thing], ...]:
    """Leaves out what only words that a better find explains say, and guesses where none is needed."""
    kept: list[Found[Thing]] = []
    for each in ranked:
        better = [other for other in kept if other.score > each.score]
        explained = frozenset[str]().union(*(other.said for other in better))
        if not better or (each.score > BY_SLIP and not each.said <= explained):
            kept.append(each)
    return tuple(kept)


def singulars(word: str) -> tuple[str, ...]:
    """The word, and what it may be the plural of: cadires cadira, coixins coixí, sartenes sartén."""
    if len(word) < 4 or not word.endswith("s"):
        return (word,)
    if word.endswith("es"):
        return (word, word[:-1], f"{word[:-2]}a", word[:-2])
    return (word, word[:-1], word[:-2]) if word.endswith("ns") else (word, word[:-1])


def _slip(word: str, typed: str) -> bool:
    """One word with a slip of the finger; the first letter is seldom missed, and tells short words apart."""
    return within(word, typed, min(allowance(word), allowance(typed)))
