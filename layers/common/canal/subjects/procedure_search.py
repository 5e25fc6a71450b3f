"""Finding a procedure in people's own words: "m'he mudat", "quiero hacer obras en el baño", "papers del gos".

Each procedure has phrases: its official names and the ways people ask for it. ``build`` weighs their words at
build time (a word that few procedures share says much, one that many share says little); ``Index`` compares what
was typed with them. Both languages are always searched, since people mix them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from canal.dialogue.understanding.text import allowance, stem, within, words

EXACT = 0.35  # what a word counts besides its stem: "casa" and "casar" share one
BY_SLIP = 0.8  # what a word with a slip of the finger is worth
SLIP_IN_STEM = 5  # letters a stem must have to be met with a slip
OTHER_LANGUAGE = 0.97  # settles a draw for the language the citizen writes in
UNKNOWN = 0.6  # what a word that no procedure knows weighs, of the weightiest one
# How alike a phrase and a message are (Tversky): what the phrase lacks in the message counts much more than what
# the message holds besides, since people tell their story around it.
PHRASE_LACKS, MESSAGE_HOLDS = 0.9, 0.35
FIT_COUNTS, SHARE_COUNTS = 0.35, 0.65  # of the score
MENTIONED = 0.8  # a word that only the summary has, against one that people ask with
ENOUGH_SCORE = 0.65  # found when the score reaches this …
ENOUGH_WEIGHT, ENOUGH_SAID = 0.6, 0.4  # … or, in a long message, when enough of it and of a phrase was met
SURE_FIT, SURE_SHARE, SURE_WEIGHT = 0.65, 0.6, 0.45

NOTHING = -1  # the document of what people type that is none: small talk, "parlar amb algú"

# Words whose stem is another word's: to marry is no house, and a chemist's on duty no nursery.
_APART = {
    **dict.fromkeys(("casar", "casarme", "casarnos", "casarse", "casamos", "casem", "caseu", "casarem"), "bod"),
    **dict.fromkeys(("guardia", "guardies", "guardias"), "guardia"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A document by its number. ``fit``: how well its best phrase fits, and ``said``: how much of that phrase was
    said; ``share``: how much of what was typed the document knows. All from 0 to 1, as ``score``, their sum.
    """

    document: int
    fit: float
    said: float
    share: float
    weight: float  # of the words that were met, against the weightiest word of all

    @property
    def score(self) -> float:
        return FIT_COUNTS * self.fit + SHARE_COUNTS * self.share

    @property
    def enough(self) -> bool:
        """Whether it is worth showing."""
        if self.score >= ENOUGH_SCORE:
            return True
        return self.weight >= ENOUGH_WEIGHT and self.said >= ENOUGH_SAID

    @property
    def sure(self) -> bool:
        """Most of one of its phrases was said, little else, and not just a word that many share ("ajuda")."""
        return self.fit >= SURE_FIT and self.share >= SURE_SHARE and self.weight >= SURE_WEIGHT


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of asking for a document."""

    document: int
    language: str
    text: str


def terms(text: str, ignored: Container[str]) -> tuple[str, ...]:
    """The folded words that say something, each once; none of the ignored ones ("vull", "per favor")."""
    return tuple(dict.fromkeys(word for word in words(text) if word not in ignored))


def build(phrases: Iterable[Phrase], mentions: Iterable[Phrase] = (), ignored: Iterable[str] = ()) -> dict[str, Any]:
    """The compiled index, JSON-able.

    ``mentions`` are texts about a document (its summary): they only confirm what a phrase has found.
    ``phrases``: [document, language, weight of its words and stems]; ``stems``: {stem: [weight, phrase numbers,
    documents that mention it]}; ``words``: {word: [weight, phrase numbers]}; ``ignored``: folded words.
    """
    small = frozenset(word for text in ignored for word in words(text))
    read = [(phrase, said) for phrase in phrases if (said := terms(phrase.text, small))]
    told = [(mention.document, _stems(terms(mention.text, small))) for mention in mentions]
    by_stem = [(phrase.document, _stems(said)) for phrase, said in read]
    of_stem = _weights([*by_stem, *told])
    of_word = _weights([(phrase.document, said) for phrase, said in read], EXACT)
    sizes = [
        sum(of_stem[each] for each in stems) + sum(of_word[each] for each in said)
        for (_, stems), (_, said) in zip(by_stem, read, strict=True)
    ]
    with_stem, with_word = _postings(stems for _, stems in by_stem), _postings(said for _, said in read)
    mentioned: dict[str, set[int]] = defaultdict(set)
    for document, stems in told:
        for each in stems:
            mentioned[each].add(document)
    return {
        "phrases": [
            [phrase.document, phrase.language, round(size, 2)] for (phrase, _), size in zip(read, sizes, strict=True)
        ],
        "stems": {
            each: [round(of_stem[each], 2), with_stem.get(each, []), sorted(mentioned.get(each, ()))]
            for each in sorted(of_stem)
        },
        "words": {each: [round(of_word[each], 2), with_word[each]] for each in sorted(of_word)},
        "ignored": sorted(small),
    }


def _stems(said: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_stem, said)))


def _postings(phrases: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """For each term, the numbers of the phrases that hold it."""
    postings: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(phrases):
        for term in each:
            postings[term].append(number)
    return postings


def _weights(documents: Iterable[tuple[int, Sequence[str]]], factor: float = 1.0) -> dict[str, float]:
    """How much each term says: the fewer documents hold it, the more."""
    holders: dict[str, set[int]] = defaultdict(set)
    everything: set[int] = set()
    for document, held in documents:
        everything.add(document)
        for term in held:
            holders[term].add(document)
    return {term: factor * math.log(1 + len(everything) / len(found)) for term, found in holders.items()}


@dataclass(frozen=True, slots=True)
class Clue:
    """A typed word or its stem: what it weighs, where it stands, and what it is worth (less after a slip)."""

    weight: float
    phrases: Sequence[int] = ()
    mentioned: Sequence[int] = ()
    worth: float = 1.0


@dataclass(frozen=True)
class Index:
    """The compiled index, ready to be asked. Not slotted: the words are sorted for slips at the first need."""

    phrases: Sequence[Sequence[Any]]
    stems: Mapping[str, Sequence[Any]]
    words: Mapping[str, Sequence[Any]]
    ignored: frozenset[str]
    heaviest: float

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Index:
        stems = data["stems"]
        heaviest = max((each[0] for each in stems.values()), default=1.0)
        return cls(data["phrases"], stems, data["words"], frozenset(data["ignored"]), heaviest)

    def rank(self, text: str, language: str) -> list[Hit]:
        """The documents that ``text`` may mean, best first; those that fit badly are left out."""
        clues = self._clues(text)
        total = sum(clue.weight for clue in clues)
        fits, known = self._best_phrases(clues, total, language), self._known(clues)
        hits = [
            Hit(document, fit, said, known[document] / total, known[document] / self.heaviest)
            for document, (fit, said) in fits.items()
        ]
        ranked = sorted((hit for hit in hits if hit.enough), key=lambda hit: (-hit.score, hit.document))
        return [] if ranked and ranked[0].document == NOTHING else [hit for hit in ranked if hit.document >= 0]

    def _best_phrases(self, clues: Iterable[Clue], total: float, language: str) -> dict[int, tuple[float, float]]:
        """For each document, how well the best of its phrases fits, and how much of that phrase was said."""
        shared: dict[int, float] = defaultdict(float)
        for clue in clues:
            for number in clue.phrases:
                shared[number] += clue.weight * clue.worth
        best: dict[int, tuple[float, float]] = {}
        for number, common in shared.items():
            document, spoken, size = self.phrases[number]
            fit = _fit(common, size, total) * (1.0 if spoken == language else OTHER_LANGUAGE)
            best[document] = max((fit, common / size), best.get(document, (0.0, 0.0)))
        return best

    def _known(self, clues: Iterable[Clue]) -> dict[int, float]:
        """The weight each document knows of what was typed, in whichever phrase; less if only mentioned."""
        known: dict[int, float] = defaultdict(float)
        for clue in clues:
            said = {self.phrases[number][0] for number in clue.phrases}
            for document in said:
                known[document] += clue.weight * clue.worth
            for document in clue.mentioned:
                if document not in said:
                    known[document] += MENTIONED * clue.weight * clue.worth
        return known

    def _clues(self, text: str) -> list[Clue]:
        """What the typed words say, each by its stem and as it is; an unknown word is read as its neighbour."""
        clues: dict[str, Clue] = {}
        for typed in terms(text, self.ignored):
            known, worth = (_stem(typed), 1.0) if _stem(typed) in self.stems else (self._meant(typed), BY_SLIP)
            if known is None:
                clues.setdefault(typed, Clue(UNKNOWN * self.heaviest))
                continue
            weight, phrases, mentioned = self.stems[known]
            clues.setdefault(f"{known}-", Clue(weight, phrases, mentioned, worth))
            if typed in self.words:
                clues[typed] = Clue(*self.words[typed])
        return list(clues.values())

    def _meant(self, typed: str) -> str | None:
        """The known stem that was meant: a word that sounds the same, else a slip in the word (two in a long one)
        or in its stem.
        """
        if alike := self._by_sound.get(_sound(typed)):
            return _stem(alike)
        for slips in range(1, allowance(typed) + 1):
            for other in self._words_by_letter.get(_first(typed), ()):
                if slips <= allowance(other) and within(typed, other, slips):
                    return _stem(other)
        bare = stem(typed)
        if len(bare) >= SLIP_IN_STEM:
            for other in self._stems_by_letter.get(_first(typed), ()):
                if len(other) >= SLIP_IN_STEM and within(bare, other, 1):
                    return other
        return None

    @cached_property
    def _by_sound(self) -> Mapping[str, str]:
        return {_sound(word): word for word in self.words}

    @cached_property
    def _words_by_letter(self) -> Mapping[str, Sequence[str]]:
        return _by_letter(self.words)

    @cached_property
    def _stems_by_letter(self) -> Mapping[str, Sequence[str]]:
        return _by_letter(self.stems)


def _stem(word: str) -> str:
    return _APART.get(word) or stem(word)


def _by_letter(known: Iterable[str]) -> Mapping[str, Sequence[str]]:
    sorted_words: dict[str, list[str]] = defaultdict(list)
    for word in known:
        sorted_words[_first(word)].append(word)
    return sorted_words


def _sound(word: str) -> str:
    """The word as many write what they hear: "abitabilidad", "bado"."""
    return word.replace("h", "").replace("v", "b")


def _first(word: str) -> str:
    """The first letter as it sounds: it is seldom missed."""
    return _sound(word)[:1]


def _fit(common: float, size: float, total: float) -> float:
    """How alike a phrase and a message are: their shared weight, against what each has besides."""
    return common / (common + PHRASE_LACKS * (size - common) + MESSAGE_HOLDS * (total - common))
