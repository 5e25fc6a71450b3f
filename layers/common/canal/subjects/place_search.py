"""Finding the place that a sentence names: "fanal trencat al carrer Sant Roc 12, davant del forn".

A name fires by its own words when it has several ("sants patrons"); a lone word ("major", "mercat") may be any word
and needs a street word or a "davant de" before it, a number after it, or nothing around it. What stands next to the
name decides how good the match is; ``place_sentence.py`` weighs it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from canal.dialogue.understanding.text import allowance, within, words
from canal.subjects.place_sentence import SLIPPED, Met, Name, Named, Sentence, Spelling
from canal.subjects.place_words import LINKS, TYPES, plain, sounded

LONGEST = 2_000  # characters that are read
SHORTEST_SLIP = 6  # letters of a name that may hold one


@dataclass(frozen=True)  # no slots: its indexes are made when somebody first searches
class PlaceSearch:
    """The search over all places."""

    places: tuple[Named, ...]

    @classmethod
    def of(cls, places: Iterable[Named]) -> PlaceSearch:
        return cls(tuple(places))

    def find(self, text: str) -> list[tuple[str, str, bool]]:
        """(id of the place, house number, sure), the best first."""
        return _judged(_longest(list(self._met(Sentence.of(text[:LONGEST])))))

    def _met(self, sentence: Sentence) -> Iterator[Met]:
        """Every spelling that stands in the sentence and may be meant."""
        for start in range(len(sentence.content)):
            for spelling, slipped in self._at(sentence.content, start):
                if met := sentence.weighed(spelling, start, slipped):
                    yield met

    def _at(self, typed: Sequence[str], start: int) -> Iterator[tuple[Spelling, bool]]:
        """The spellings whose words follow each other from there, and whether with slips."""
        for first in self._meant(typed[start]):
            for spelling in self._spellings[first]:
                name = spelling.name
                said = tuple(typed[start : start + len(name)])
                slipped = said != name
                if len(said) == len(name) and all(map(_same, name, said)) and not (slipped and _short(name)):
                    yield spelling, slipped

    def _meant(self, typed: str) -> list[str]:
        """The first words of names that the typed word may be: itself, else those a slip away."""
        if typed in self._spellings:
            return [typed]
        slips = allowance(typed)
        sizes = range(len(typed) - slips, len(typed) + slips + 1)
        return [known for size in sizes for known in self._firsts.get((typed[0], size), ()) if _same(known, typed)]

    @cached_property
    def _spellings(self) -> Mapping[str, list[Spelling]]:
        """The spellings by their first word."""
        found: defaultdict[str, list[Spelling]] = defaultdict(list)
        for place in self.places:
            for spelling in _spellings_of(place):
                found[spelling.name[0]].append(spelling)
        return dict(found)

    @cached_property
    def _firsts(self) -> Mapping[tuple[str, int], list[str]]:
        """First words by initial and length: the only ones a slip can reach."""
        found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._spellings:
            found[word[0], len(word)].append(word)
        return found


def _spellings_of(place: Named) -> Iterator[Spelling]:
    """The whole names, and for streets and squares of several words their ends: "Galdós" for "Pérez Galdós"."""
    whole = dict.fromkeys(filter(None, map(name_of, (*place.name.values(), *place.also))))
    yield from (Spelling(place, name, part=False) for name in whole)
    if place.kind not in ("street", "square"):
        return
    parts = dict.fromkeys(part for name in whole if len(name) > 1 for part in _parts(name))
    yield from (Spelling(place, part, part=True) for part in parts if part not in whole)


def _parts(name: Name) -> Iterator[Name]:
    if len(name) > 2:
        yield name[:-1]
        yield name[1:]
    if len(name[-1]) > 3:
        yield name[-1:]


def name_of(text: str) -> Name:
    """The words that tell a name from others: "Carrer de l'Hort dels Frares" is (hort, frares)."""
    kept = [word for word in map(plain, words(text)) if word not in LINKS]
    return tuple(map(sounded, kept[1:] if len(kept) > 1 and kept[0] in TYPES else kept))


def _short(name: Name) -> bool:
    """Whether a slip would turn it into any word: "carrer parc" and "calle para"."""
    return len("".join(name)) < SHORTEST_SLIP


def _same(known: str, typed: str) -> bool:
    return known == typed or within(known, typed, min(allowance(known), allowance(typed)))


def _longest(met: Sequence[Met]) -> list[Met]:
    """Each place once, at its best; without what is only a part of a longer name that was met as well."""
    best: dict[str, Met] = {}
    for each in met:
        if each.place.id not in best or _rank(each) < _rank(best[each.place.id]):
            best[each.place.id] = each
    return sorted((each for each in best.values() if not any(_covers(other, each) for other in met)), key=_rank)


def _covers(other: Met, each: Met) -> bool:
    """Whether the other is a longer name around this one, or the same words met much better."""
    around = other.start <= each.start and each.end <= other.end and other.place.id != each.place.id
    longer = other.end - other.start > each.end - each.start
    return around and other.score > each.score * (0 if longer and other.score >= each.score else 1)


def _rank(met: Met) -> tuple[float, bool, int, int]:
    return (-met.score, not met.number, met.start - met.end, met.start)


def _judged(met: Sequence[Met]) -> list[tuple[str, str, bool]]:
    """One of them is sure when it is met plainly and nothing else is as well; a quarter is too wide to be."""
    plainly = [each for each in met if each.score >= SLIPPED and each.place.kind != "quarter"]
    numbered = [each for each in plainly if each.number]
    exact = numbered if len(numbered) == 1 else plainly
    clear = exact[0] if len(exact) == 1 else None
    first = [clear] if clear else []
    return [
        (each.place.id, each.number, each is clear) for each in (*first, *(each for each in met if each is not clear))
    ]
