"""A book of phrases and the search for them in a folded message: the ground under danger and commands.

The phrases are content. ``canal/content/danger_words.py`` compiles the notation in which people write them (see
there) into the numbers that this module reads, so that nothing is parsed when a function starts:

- a *slot* is a set of words that may stand in one place ("foc", "fuego", "incendi"); a word knows its slots;
- a *phrase* is a row of slots with the number of other words allowed before each;
- a *group* is a list of phrases that mean one thing.

A long word may hold one slip of the finger (a letter lost, added, changed, or two swapped; never the first
letter). Looking that up is cheap because the book knows each long word also with any one letter left out.
Everything is linear in the message: no regular expression, no backtracking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canal.dialogue.understanding.text import within

# What Valencian elides and people in a hurry write without the apostrophe: "sha caigut", "lescala".
_ELIDED = "dlmns"

Marks = dict[int, list[int]]  # slot -> positions in the message, rising


@dataclass(frozen=True, slots=True)
class Phrase:
    """``steps``: (slot, most other words allowed just before it); the first gap is not used."""

    group: int
    steps: tuple[tuple[int, int], ...]
    at_start: bool
    at_end: bool


@dataclass(frozen=True, slots=True)
class Book:
    """Words, the slots they fill and the phrases made of slots. Build it with ``from_content``."""

    exact: Mapping[str, tuple[int, ...]]
    starts: Mapping[str, tuple[int, ...]]  # beginnings of words ("ofeg*")
    start_sizes: tuple[int, ...]
    slips: Mapping[str, tuple[str, ...]]  # a long word or beginning less one letter -> the words it may be
    windows: tuple[int, ...]  # how much of a message's word is compared with the beginnings
    own_words: frozenset[str]  # words that are no typing slip of ours, however near they come
    slip_size: int  # shortest word that may hold a slip, as it should be and as it was typed
    by_anchor: Mapping[int, tuple[Phrase, ...]]  # the slot that is rarest in a phrase -> phrases

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Book:
        """From the compiled section: ``exact``, ``starts``, ``own_words``, ``slip_size``, ``groups[].phrases``."""
        exact = {word: tuple(slots) for word, slots in data["exact"].items()}
        starts = {word: tuple(slots) for word, slots in data["starts"].items()}
        slip_size = int(data["slip_size"])
        long_starts = [word for word in starts if len(word) >= slip_size]
        sizes = {len(word) + more for word in long_starts for more in (-1, 0, 1)}
        return cls(
            exact=exact,
            starts=starts,
            start_sizes=tuple(sorted({len(word) for word in starts})),
            slips=_slip_index([*exact, *starts], slip_size),
            windows=tuple(sorted(sizes)),
            own_words=frozenset(data["own_words"]),
            slip_size=slip_size,
            by_anchor=_by_anchor(data["groups"]),
        )

    def mark(self, tokens: Sequence[str]) -> Marks:
        """Where in the message each slot can be filled."""
        marks: Marks = {}
        known: dict[str, tuple[int, ...]] = {}
        for position, token in enumerate(tokens):
            slots = known.get(token)
            if slots is None:
                slots = known[token] = self.slots(token)
            for slot in slots:
                marks.setdefault(slot, []).append(position)
        return marks

    def slots(self, token: str) -> tuple[int, ...]:
        """The slots that a folded word fills; a long word unknown to the book may be one with a slip."""
        found = self._slots_as_written(token)
        if not found and token[0] in _ELIDED and (token[1] in "h" if len(token) in (3, 4) else len(token) > 4):
            found = self._slots_as_written(token[1:])
        if found or len(token) < self.slip_size or token in self.own_words:
            return found
        return self._slots_despite_a_slip(token)

    def _slots_as_written(self, token: str) -> tuple[int, ...]:
        found = self.exact.get(token, ())
        for size in self.start_sizes:
            if size > len(token):
                break
            found += self.starts.get(token[:size], ())
        return found

    def _slots_despite_a_slip(self, token: str) -> tuple[int, ...]:
        """The slots of the words and beginnings that are one slip away."""
        meant: set[str] = set()
        for part in {token, *(token[:size] for size in self.windows if size < len(token))}:
            for shape in _less_one_letter(part):
                for word in self.slips.get(shape, ()):
                    whole = word in self.exact and within(token, word, 1)
                    if whole or (word in self.starts and within(part, word, 1)):
                        meant.add(word)
        return tuple({slot for word in meant for slot in (*self.exact.get(word, ()), *self.starts.get(word, ()))})

    def phrases_in(self, marks: Marks, size: int) -> Iterator[Phrase]:
        """Every phrase of the book that stands in a message of ``size`` words."""
        for slot in marks:
            for phrase in self.by_anchor.get(slot, ()):
                if stands(phrase, marks, size):
                    yield phrase


def stands(phrase: Phrase, marks: Marks, size: int) -> bool:
    """Whether the phrase is in the message."""
    return bool(_reached(phrase, marks, size))


def positions(phrase: Phrase, marks: Marks, size: int) -> set[int]:
    """The words of the message that take part in the phrase, wherever it stands."""
    layers = _reached(phrase, marks, size)
    used: set[int] = set()
    after: set[int] = set()
    for index in range(len(layers) - 1, -1, -1):
        if after:
            gap = phrase.steps[index + 1][1]
            after = {p for p in layers[index] if any(p + step in after for step in range(1, gap + 2))}
        else:
            after = layers[index]
        used |= after
    return used


def _reached(phrase: Phrase, marks: Marks, size: int) -> list[set[int]]:
    """For each step the positions where it can end; empty when the phrase is not there."""
    layers: list[set[int]] = []
    if not all(slot in marks for slot, _ in phrase.steps):
        return layers
    for slot, gap in phrase.steps:
        here = marks[slot]
        if layers:
            before = layers[-1]
            ends = {p for p in here if any(p - step in before for step in range(1, gap + 2))}
        else:
            ends = {p for p in here if p == 0} if phrase.at_start else set(here)
        if not ends:
            return []
        layers.append(ends)
    if phrase.at_end:
        layers[-1] &= {size - 1}
    return layers if layers[-1] else []


def _less_one_letter(word: str) -> Iterable[str]:
    """The word itself, and without each of its letters; the first only of a very long word ("vomberos")."""
    yield word
    for index in range(0 if len(word) >= 8 else 1, len(word)):
        yield word[:index] + word[index + 1 :]


def _slip_index(vocabulary: Iterable[str], slip_size: int) -> dict[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for word in {word for word in vocabulary if len(word) >= slip_size and word.isalpha()}:
        for shape in set(_less_one_letter(word)):
            index[shape] = (*index.get(shape, ()), word)
    return index


def _by_anchor(groups: Sequence[Mapping[str, Any]]) -> dict[int, tuple[Phrase, ...]]:
    """A compiled phrase is ``[anchor, at_start, at_end, slot, gap, slot, gap, …]``."""
    index: dict[int, list[Phrase]] = {}
    for number, group in enumerate(groups):
        for anchor, at_start, at_end, *flat in group["phrases"]:
            steps = tuple(zip(flat[::2], flat[1::2], strict=True))
            index.setdefault(anchor, []).append(Phrase(number, steps, bool(at_start), bool(at_end)))
    return {slot: tuple(phrases) for slot, phrases in index.items()}
