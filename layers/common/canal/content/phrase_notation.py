"""The notation in which staff write phrases to listen for, compiled into the numbers that run time reads.

``content/common/danger.yaml`` and ``commands.yaml`` hold *words* (named sets of words that may stand for one
another) and phrases. A phrase is words in a row; accents, capitals and apostrophes do not matter:

    =====================  ===================================================================
    ``hi ha foc``          these words, one after the other
    ``foc|fuego``          either of them; "morir-me" or "fa_mal" there is two words in a row
    ``ofeg*``              any word that begins so
    ``<fire>``             any word of the set ``fire``
    ``de?``                this word, or nothing
    ``hi ha .. foc``       up to three other words between; ``...``: up to seven
    ``<people> + caigut``  both, in either order, up to nine other words between
    ``^ … $``              the message begins, ends here
    =====================  ===================================================================

``Notation`` gives each distinct set of words a number (its slot) once, and notes every fault with its place.
``dialogue/understanding/phrases.py`` reads what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from typing import Any

from canal.dialogue.understanding.text import fold

NEAR, FAR, ASIDE = 3, 7, 9  # other words allowed by "..", "..." and " + "
MAX_VARIANTS = 64  # of one phrase, through "?" and "+"
_STRANGE = re.compile(r"[^\w\s'’·*<>|?+^$.-]")
SIDES = ("ca", "es", "both")  # where phrases and words stand

Step = tuple[int, int]  # slot, gap before


class Notation:
    """Compiles phrases over one file's word sets; ``problems`` gathers the faults."""

    def __init__(self, file: str, sets: object) -> None:
        self.file = file
        self.problems: list[str] = []
        self._slots: dict[frozenset[str], int] = {}
        self._sets = {name: self._words(f"words.{name}", value) for name, value in section(sets).items()}

    def phrases(self, where: str, sides: Mapping[str, Any]) -> list[list[int]]:
        """Every phrase of the concept in all languages, compiled and without repeats."""
        compiled: dict[tuple[int, ...], None] = {}
        for text in self.texts(where, sides):
            compiled.update(dict.fromkeys(tuple(flat) for flat in self.phrase(where, text)))
        return [list(flat) for flat in compiled]

    def texts(self, where: str, sides: Mapping[str, Any]) -> list[str]:
        """The phrases as they are written; a fault where a language has none or one is no text."""
        if "both" not in sides and not {"ca", "es"} <= set(sides):
            self.wrong(where, "needs phrases under «ca» and «es», or under «both» when one line serves the two")
        found: list[str] = []
        for side in SIDES:
            value = sides.get(side, [])
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                self.wrong(f"{where}.{side}", "must be a list of phrases; quote numbers, yes and no")
            else:
                found += value
        return found

    def phrase(self, where: str, text: str) -> Iterator[list[int]]:
        """``[anchor, at_start, at_end, slot, gap, …]`` for each way in which the phrase can be said."""
        if strange := _STRANGE.search(text):
            self.wrong(where, f"«{strange[0]}» in «{text}» has no meaning here; write one phrase a line")
        pieces = text.split()
        at_start, at_end = pieces[:1] == ["^"], pieces[-1:] == ["$"]
        pieces = pieces[at_start : len(pieces) - at_end]
        parts = [part.split() for part in " ".join(pieces).split(" + ")]
        variants = [list(self._rows(where, text, part)) for part in parts]
        count = 0
        for order in permutations(variants) if len(variants) > 1 else [tuple(variants)]:
            for steps in _joined(order):
                count += 1
                if not steps or count > MAX_VARIANTS:
                    self.wrong(where, f"«{text}» is empty or can be said in too many ways; split it")
                    return
                anchor = max((slot for slot, _ in steps), key=self._rarity)
                yield [anchor, int(at_start), int(at_end), *(n for step in steps for n in step)]

    def _rows(self, where: str, text: str, pieces: list[str]) -> Iterator[tuple[Step, ...]]:
        """The steps of one part, once with and once without each optional word."""
        rows: list[tuple[tuple[Step, ...], int]] = [((), 0)]
        for piece in pieces:
            if piece in ("..", "..."):
                wider = NEAR if piece == ".." else FAR
                rows = [(row, wider) for row, _ in rows]
                continue
            ways = self._piece(where, text, piece.removesuffix("?"))
            longer = [(_after(row, gap, slots), 0) for row, gap in rows for slots in ways]
            rows = longer + rows if piece.endswith("?") else longer
        yield from dict.fromkeys(row for row, _ in rows)

    def _piece(self, where: str, text: str, piece: str) -> list[list[int]]:
        """The ways to say one piece: one slot for all single words, a row of slots for each like "morir-me"."""
        choices: set[str] = set()
        ways: list[list[int]] = []
        for option in piece.split("|"):
            folded = _folded(option)
            if option.startswith("<") and option.endswith(">"):
                choices |= self._set(where, text, option[1:-1])
            elif not folded:
                self.wrong(where, f"«{option}» in «{text}» holds no word; take it out")
            elif len(folded) > 1:
                ways.append([self._slot(frozenset([word])) for word in folded])
            else:
                choices.add(folded[0])
        return [[self._slot(frozenset(choices))], *ways] if choices else ways

    def _set(self, where: str, text: str, name: str) -> frozenset[str]:
        if name not in self._sets:
            self.wrong(where, f"«<{name}>» in «{text}» is not a set under «words»; add it there or mend the name")
        return self._sets.get(name, frozenset())

    def _slot(self, choices: frozenset[str]) -> int:
        return self._slots.setdefault(choices, len(self._slots))

    def _rarity(self, slot: int) -> tuple[int, int]:
        """A slot of long words and few of them is found rarely: the search starts there."""
        choices = list(self._slots)[slot] if slot < len(self._slots) else frozenset[str]()
        return (min((len(word) for word in choices), default=0), -len(choices))

    def _words(self, where: str, value: object) -> frozenset[str]:
        """A set of single words, written as one line per language."""
        found: set[str] = set()
        for side, line in section(value).items():
            if side not in SIDES or not isinstance(line, str):
                self.wrong(where, "must hold lines of words under «ca», «es» or «both»")
                continue
            for word in line.split():
                folded = _folded(word)
                if len(folded) != 1:
                    self.wrong(where, f"«{word}» must be one word without apostrophe or hyphen")
                found.update(folded[:1])
        return frozenset(found)

    def lexicon(self) -> dict[str, dict[str, list[int]]]:
        """``exact`` words and ``starts`` of words, each with the slots that it fills."""
        tables: dict[str, dict[str, list[int]]] = {"exact": {}, "starts": {}}
        for choices, slot in self._slots.items():
            for word in sorted(choices):
                table = tables["starts" if word.endswith("*") else "exact"]
                table.setdefault(word.removesuffix("*"), []).append(slot)
        return tables

    def wrong(self, where: str, sentence: str) -> None:
        self.problems.append(f"{self.file}, {where}: {sentence}")


def section(value: object) -> dict[str, Any]:
    """A mapping without the line numbers that the build's YAML reader leaves in it; empty when it is none."""
    if not isinstance(value, Mapping):
        return {}
    return {str(key): inner for key, inner in value.items() if not str(key).startswith("\0")}


def folded_words(lines: Iterable[str]) -> list[str]:
    """The words of some lines, folded, each once."""
    return sorted({word for line in lines for word in fold(line).split()})


def _folded(word: str) -> list[str]:
    """The folded words of a written one; a trailing ``*`` stays with the last."""
    found = fold(word).split()
    if word.endswith("*") and found:
        found[-1] += "*"
    return found


def _after(row: tuple[Step, ...], gap: int, slots: list[int]) -> tuple[Step, ...]:
    return row + tuple((slot, gap if index == 0 else 0) for index, slot in enumerate(slots))


def _joined(parts: Iterable[list[tuple[Step, ...]]]) -> Iterator[tuple[Step, ...]]:
    """Every choice of one row from each part, set side by side with room between."""
    rows: list[tuple[Step, ...]] = [()]
    for variants in parts:
        rows = [
            row + (((part[0][0], ASIDE if row else 0), *part[1:]) if part else ()) for row in rows for part in variants
        ]
    yield from rows
