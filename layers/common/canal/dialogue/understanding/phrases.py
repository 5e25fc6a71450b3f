"""A book of phrases and the search for them in a folded message: the ground under danger and commands.

The phrases are content. ``canal/content/danger_words.py`` compiles the notation in which people write them (see
there) into the numbers that this module reads, so that nothing is parsed when a function starts:

- a *slot* is a set of words that may stand in one place ("foc", "fuego", "incendi"); a word knows its slots;
- a *phrase* is a row of slots with the number of other words allowed before each (*light* words, "de la", are
  not counted; where no gap is allowed nothing at all may come between);
- a *group* is a list of phrases that mean one thing.

A word fills its slots as it stands, and also as another form of one in the book ("finestres", "desmaiada") or as one
written without its apostrophe ("sha", "lescala"). A long word that is none of these may be one mistyped by one slip
of the finger: a letter lost, added, changed, or two swapped. Looking that up is cheap because the book knows each long
word also with any one letter left out. Everything is linear in the message: no regular expression, no backtracking.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from canal.dialogue.understanding.text import within

Row = tuple[int, Sequence[int]]  # the group's number, and a phrase as it is compiled

# What Valencian elides and people in a hurry write without the apostrophe: "sha caigut", "lescala".
_ELIDED = "dlmns"

# An ending that a word may have, and the one under which the book may know it.
_KINDRED = (
    ("ades", "at"), ("adas", "ado"), ("ada", "at"), ("ada", "ado"), ("ats", "at"), ("ados", "ado"), ("at", "ado"),
    ("ado", "at"), ("ides", "it"), ("idas", "ido"), ("ida", "it"), ("ida", "ido"), ("its", "it"), ("idos", "ido"),
    ("udes", "ut"), ("uda", "ut"), ("uts", "ut"), ("ques", "ca"), ("gues", "ga"), ("es", "a"), ("es", ""), ("s", ""),
)  # fmt: skip
_SHORTEST_KIN = 5


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the words of a message fill slots."""

    slots: Mapping[int, Sequence[int]]  # slot -> positions in the message, rising
    weights: Sequence[int]  # for each position, and one past the end, how many words that count stand before it

    def without(self, taken: set[int]) -> Marks:
        """The same message with the words at some positions gone silent."""
        left = {slot: kept for slot, at in self.slots.items() if (kept := [p for p in at if p not in taken])}
        return Marks(left, self.weights)

    @property
    def last(self) -> int:
        """The position of the last word; -1 in an empty message."""
        return len(self.weights) - 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """``steps``: (slot, most other words allowed just before it); the first gap is not used."""

    group: int
    steps: tuple[tuple[int, int], ...]
    at_start: bool
    at_end: bool


@dataclass(frozen=True)  # without slots, so that it can keep what it works out when it is first needed
class Book:
    """Words, the slots they fill and the phrases made of slots. Build it with ``from_content``."""

    exact: Mapping[str, Sequence[int]]
    starts: Mapping[str, Sequence[int]]  # beginnings of words ("ofeg*")
    light: frozenset[str]  # words that do not count as standing between
    own_words: frozenset[str]  # words that are no typing slip of ours, however near they come
    slip_size: int  # shortest word that may hold a slip, as it should be and as it was typed
    groups: Sequence[Mapping[str, Any]]  # as compiled
    _phrases: dict[int, tuple[Phrase, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Book:
        """From a compiled section: ``exact``, ``starts``, ``light``, ``own_words``, ``slip_size``, ``groups``."""
        return cls(
            exact=data["exact"],
            starts=data["starts"],
            light=frozenset(data["light"]),
            own_words=frozenset(data["own_words"]),
            slip_size=int(data["slip_size"]),
            groups=data["groups"],
        )

    @cached_property
    def start_sizes(self) -> tuple[int, ...]:
        return tuple(sorted({len(word) for word in self.starts}))

    @cached_property
    def windows(self) -> tuple[int, ...]:
        """How much of a message's word is compared with the beginnings."""
        long_starts = [word for word in self.starts if len(word) >= self.slip_size]
        return tuple(sorted({len(word) + more for word in long_starts for more in (-1, 0, 1)}))

    @cached_property
    def slips(self) -> Mapping[str, Sequence[str]]:
        """A long word or beginning less one letter -> the words it may be."""
        return _slip_index({*self.exact, *self.starts}, self.slip_size)

    @cached_property
    def rows(self) -> Mapping[int, Sequence[Row]]:
        """The slot that is rarest in a phrase -> phrases as compiled."""
        return _by_anchor(self.groups)

    def anchored(self, slot: int) -> tuple[Phrase, ...]:
        """The phrases of which ``slot`` is the rarest, made when they are first asked for."""
        if slot not in self._phrases:
            self._phrases[slot] = tuple(_phrase(row) for row in self.rows.get(slot, ()))
        return self._phrases[slot]

    def mark(self, tokens: Sequence[str]) -> Marks:
        """Where in the message each slot can be filled."""
        found: dict[int, list[int]] = {}
        known: dict[str, tuple[int, ...]] = {}
        weights = [0]
        for position, token in enumerate(tokens):
            slots = known.get(token)
            if slots is None:
                slots = known[token] = self.slots(token)
            for slot in slots:
                found.setdefault(slot, []).append(position)
            weights.append(weights[-1] + (token not in self.light))
        return Marks(found, weights)

    def slots(self, token: str) -> tuple[int, ...]:
        """The slots that a folded word fills, as it stands or as what it was meant to be."""
        found = self._slots_as_written(token)
        if token in self.own_words or token in self.light:
            return found
        found += self._slots_of_kin(token)  # also of a known word: "finestres" may stand in one set and not in another
        if found or len(token) < self.slip_size:
            return found
        return self._slots_despite_a_slip(token)

    def _slots_of_kin(self, token: str) -> tuple[int, ...]:
        """The slots of the same word with its apostrophe, or in another form."""
        found: tuple[int, ...] = ()
        if token[0] in _ELIDED and (token[1] == "h" if len(token) in (3, 4) else len(token) > 4):
            found = self._slots_as_written(token[1:])
        if found or len(token) < _SHORTEST_KIN:
            return found
        kin = (token[: -len(ending)] + other for ending, other in _KINDRED if token.endswith(ending))
        return next((tuple(slots) for word in kin if len(word) > 2 and (slots := self.exact.get(word))), ())

    def _slots_as_written(self, token: str) -> tuple[int, ...]:
        found = tuple(self.exact.get(token, ()))
        for size in self.start_sizes:
            if size > len(token):
                break
            found += tuple(self.starts.get(token[:size], ()))
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

    def phrases_in(self, marks: Marks) -> Iterator[Phrase]:
        """Every phrase of the book that stands in the message."""
        for slot in marks.slots:
            for phrase in self.anchored(slot):
                if stands(phrase, marks):
                    yield phrase


def stands(phrase: Phrase, marks: Marks) -> bool:
    """Whether the phrase is in the message."""
    return bool(_reached(phrase, marks))


def positions(phrase: Phrase, marks: Marks) -> set[int]:
    """The words of the message that take part in the phrase, wherever it stands."""
    layers = _reached(phrase, marks)
    used: set[int] = set(layers[-1]) if layers else set()
    after = layers[-1] if layers else []
    for index in range(len(layers) - 2, -1, -1):
        gap = phrase.steps[index + 1][1]
        after = [p for p in layers[index] if any(_follows(p, q, gap, marks) for q in _next_few(p, after))]
        used |= set(after)
    return used


def _reached(phrase: Phrase, marks: Marks) -> list[list[int]]:
    """For each step the positions where it can end; empty when the phrase is not there."""
    layers: list[list[int]] = []
    slots = marks.slots
    for slot, _ in phrase.steps:
        if slot not in slots:
            return layers
    for slot, gap in phrase.steps:
        here = slots[slot]
        if not layers:
            ends = [0] if phrase.at_start and here[0] == 0 else [] if phrase.at_start else list(here)
        else:
            # The nearest place before is the one that leaves the smallest gap.
            before = layers[-1]
            ends = [p for p in here if (i := bisect_left(before, p)) > 0 and _follows(before[i - 1], p, gap, marks)]
        if not ends:
            return []
        layers.append(ends)
    if phrase.at_end and layers[-1][-1] != marks.last:
        return []
    return layers


def _follows(first: int, second: int, gap: int, marks: Marks) -> bool:
    """Whether the second position is near enough behind the first."""
    return marks.weights[second] - marks.weights[first + 1] <= gap if gap else second == first + 1


def _next_few(position: int, places: Sequence[int]) -> Sequence[int]:
    """The nearest of the places behind a position."""
    index = bisect_right(places, position)
    return places[index : index + 1]


def _less_one_letter(word: str) -> set[str]:
    """The word itself, and without each of its letters; the first only of a very long word ("vomberos")."""
    shapes = {word[:index] + word[index + 1 :] for index in range(0 if len(word) >= 8 else 1, len(word))}
    shapes.add(word)
    return shapes


def _slip_index(vocabulary: Iterable[str], slip_size: int) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for word in vocabulary:
        if len(word) >= slip_size:
            for shape in _less_one_letter(word):
                if shape in index:
                    index[shape].append(word)
                else:
                    index[shape] = [word]
    return index


def _by_anchor(groups: Sequence[Mapping[str, Any]]) -> dict[int, list[Row]]:
    """A compiled phrase is ``[anchor, at_start, at_end, slot, gap, slot, gap, …]``."""
    index: dict[int, list[Row]] = {}
    for number, group in enumerate(groups):
        for row in group["phrases"]:
            index.setdefault(row[0], []).append((number, row))
    return index


def _phrase(row: Row) -> Phrase:
    group, (_, at_start, at_end, *flat) = row
    steps = tuple(zip(flat[::2], flat[1::2], strict=True))
    return Phrase(group, steps, bool(at_start), bool(at_end))
