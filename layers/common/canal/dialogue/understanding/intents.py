"""Which of the labels a typed message means: a small linear model over words, families of words and letters.

Stands after ``danger`` and ``commands`` on the way of a message. The model is trained at build time
(``canal/content/intents.py``) and arrives as compiled content; here it is only read: a score per label is the
sum of the weights of the features that the message shows, and a softmax makes shares of one out of them.

Features of "on puc tirar un matalàs": stems and neighbouring stems, the families the words belong to (a thing
of the house, a verb of throwing) with their neighbours and pairs, the consonants of each word (which many typing
slips leave alone, and which Valencian and Spanish often share), and four-letter pieces of the longer words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, pairwise
from math import exp, sqrt
from typing import Any

from canal.dialogue.understanding.text import stem, words

LABELS: tuple[str, ...] = (
    "menu",
    "language",
    "phones",
    "bus",
    "pharmacy",
    "waste",
    "appointment",
    "taxes",
    "procedures",
    "jobs",
    "culture",
    "incident",
    "complaint",
    "suggestion",
    "my_cases",
    "subscriptions",
    "opt_out",
    "person",
    "privacy",
    "emergency",
    "smalltalk",
    "unknown",
)
MOST_WORDS = 120  # a longer message is read from its beginning
FAMILY_WORDS = 3  # the longest entry of a family of words
PIECE = 4  # letters
ZERO = 79  # the character that stands for weight nought; see ``unpack``
BEGINNING = 2  # letters of a feature that choose its shard
SEPARATOR = "~"  # stands in no feature and in no packed weight

Families = Mapping[str, tuple[str, ...]]  # stems joined by spaces -> names of the families they belong to


@dataclass(frozen=True, slots=True)
class Ranking:
    """All labels, the likeliest first, with their shares of one; ``sure`` when the first may be acted on."""

    labels: tuple[tuple[str, float], ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class IntentModel:
    """The trained model. ``shards`` holds features and their packed weights by the features' beginning; a shard is
    taken apart, and a weight unpacked, when it is first met.
    """

    families: Families
    shorthand: Mapping[str, str]  # "q" -> "que"
    shards: Mapping[str, str]
    bias: tuple[float, ...]  # one per label, in the order of LABELS
    scale: float  # one step of a packed weight
    sharpness: float  # what scores are multiplied by before the softmax
    threshold: float  # least share of the first label that may be acted on
    _packed: dict[str, dict[str, str]] = field(default_factory=dict, compare=False, repr=False)
    _unpacked: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> IntentModel:
        """From the compiled section ``understanding``."""
        return cls(
            families={key: tuple(names) for key, names in data["families"].items()},
            shorthand=data["shorthand"],
            shards=data["weights"],
            bias=tuple(data["bias"]),
            scale=data["scale"],
            sharpness=data["sharpness"],
            threshold=data["threshold"],
        )

    def weights(self, feature: str) -> tuple[tuple[int, int], ...]:
        """(label's number, weight in steps) of a feature; empty when the model does not know it."""
        found = self._unpacked.get(feature)
        if found is None:
            packed = self._shard(feature[:BEGINNING]).get(feature)
            if packed is None:
                return ()
            found = self._unpacked[feature] = unpack(packed)
        return found

    def _shard(self, beginning: str) -> dict[str, str]:
        shard = self._packed.get(beginning)
        if shard is None:
            parts = self.shards.get(beginning, "").split(SEPARATOR)
            shard = self._packed[beginning] = dict(zip(parts[::2], parts[1::2], strict=False))
        return shard


def rank(text: str, model: IntentModel) -> Ranking:
    """The labels in order of likelihood."""
    found = features(words(text), model.families, model.shorthand)
    shares = softmax([model.sharpness * score for score in scores(found, model)])
    labels = tuple(sorted(zip(LABELS, shares, strict=True), key=lambda pair: -pair[1]))
    return Ranking(labels, sure=labels[0][1] >= model.threshold)


def scores(found: Sequence[str], model: IntentModel) -> list[float]:
    """One score per label. Features count less the more there are, so that long messages are not shouting."""
    sums = [0] * len(LABELS)
    for feature in found:
        for label, weight in model.weights(feature):
            sums[label] += weight
    step = model.scale * evenly(len(found))
    return [bias + step * total for bias, total in zip(model.bias, sums, strict=True)]


def evenly(count: int) -> float:
    """The weight of one feature among ``count``."""
    return 1 / sqrt(count or 1)


def softmax(values: Sequence[float]) -> list[float]:
    """Shares of one."""
    top = max(values)
    powers = [exp(value - top) for value in values]
    whole = sum(powers)
    return [power / whole for power in powers]


def unpack(packed: str) -> tuple[tuple[int, int], ...]:
    """Two characters per label: its number as a letter from "A", its weight as a character around ``ZERO``."""
    codes = [ord(character) for character in packed]
    return tuple((label - 65, weight - ZERO) for label, weight in zip(codes[::2], codes[1::2], strict=True))


# --- features -----------------------------------------------------------------------------------


def features(tokens: Sequence[str], families: Families, shorthand: Mapping[str, str]) -> list[str]:
    """What the model looks at, each once, in no order that matters."""
    plain = [shorthand.get(token, token) for token in tokens[:MOST_WORDS]]
    stems = [stem(token) for token in plain if token]
    found: set[str] = set(stems)
    found.update(f"{a} {b}" for a, b in pairwise(["^", *stems, "$"]))
    _add_families(found, stems, families)
    for token in plain:
        found.update(_pieces(token))
    found.add(f"#{min(len(stems), 6)}")
    return list(found)


def _add_families(found: set[str], stems: Sequence[str], families: Families) -> None:
    """The families met, the words next to them, and their pairs."""
    abstract: list[str] = []  # the message with families in the place of their words
    met: set[str] = set()
    position = 0
    while position < len(stems):
        names, length = _family_at(stems, position, families)
        met.update(names)
        abstract.append("@" + names[0] if names else stems[position])
        position += length
    found.update("@" + name for name in met)
    found.update(f"{a} {b}" for a, b in pairwise(["^", *abstract, "$"]))
    found.update(f"{a} {b} {c}" for a, b, c in zip(abstract, abstract[1:], abstract[2:], strict=False))
    found.update(f"@{a}&{b}" for a, b in combinations(sorted(met), 2))


def _family_at(stems: Sequence[str], position: int, families: Families) -> tuple[tuple[str, ...], int]:
    """The families of the longest entry that begins here and how many words it takes; none takes one."""
    for length in range(min(FAMILY_WORDS, len(stems) - position), 0, -1):
        names = families.get(" ".join(stems[position : position + length]))
        if names:
            return names, length
    return (), 1


@lru_cache(maxsize=2048)
def _pieces(word: str) -> Iterable[str]:
    """The consonants of a word and its four-letter pieces, with its beginning and end marked."""
    if len(word) < PIECE or not word.isalpha():
        return ()
    whole = f"<{word}>"
    pieces = {whole[i : i + PIECE] for i in range(len(whole) - PIECE + 1)}
    bones = consonants(word)
    if len(bones) >= 3:
        pieces.add("=" + bones)
    return tuple(pieces)


_SOUNDS = str.maketrans({"v": "b", "k": "c", "q": "c", "z": "s", "x": "s", "y": "l", "j": "g", "h": None})
_VOWELS = str.maketrans("", "", "aeiou")


def consonants(word: str) -> str:
    """The consonants as they sound, roughly: contenidor and contenedor are both ``cntndr``."""
    single = word[:-1] if word[-1] == "s" else word
    return single.replace("ll", "l").replace("rr", "r").translate(_SOUNDS).translate(_VOWELS)
