"""Builds the compiled section ``understanding`` out of the phrases people use, at build time only.

``read_book`` reads them, ``spell_out`` and ``roughen`` multiply them, ``train`` learns from them. Every draw has
a fixed seed, so that the same content makes the same model byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from canal.content.intent_phrases import (
    Manners,
    Phrase,
    PhraseBook,
    gibberish,
    read_book,
    roughen,
    spell_out,
    ways,
)
from canal.content.intent_town import TOWN, TownWords, read_town
from canal.content.intent_training import Example, Trained, pack, train
from canal.dialogue.understanding.intents import BEGINNING, FAMILY_WORDS, LABELS, SEPARATOR, Families, features
from canal.dialogue.understanding.text import fold, stem

MOST_PER_LINE = 14  # sentences that one line of the phrases may become
ROUGH_COPIES = 2  # rougher versions of each sentence
TOWN_WEIGHT = 0.25  # a town's own words, against those of common/intents
GIBBERISH = 150
SHARPNESS = 1.0
THRESHOLD = 0.30  # measured: see docs/decisions.md


def compile_intents(folder: Path, town: Path | None = None) -> dict[str, Any]:
    """The section ``understanding`` from ``content/common/intents`` and the words of a town's own folder.

    Raises BadContent.
    """
    book = read_book(folder)
    own = read_town(town) if town else TownWords()
    families = compile_families(joined(book.families, own.families))
    trained = train(examples([*sentences_of(book), *own.phrases], book.manners, families))
    return section(trained, families, book.manners)


def section(trained: Trained, families: Families, manners: Manners) -> dict[str, Any]:
    """What ``IntentModel.from_content`` reads."""
    weights, scale = pack(trained)
    return {
        "families": {key: list(names) for key, names in families.items()},
        "shorthand": dict(manners.shorthand),
        "weights": sharded(weights),
        "bias": [round(value, 4) for value in trained.bias],
        "scale": round(scale, 6),
        "sharpness": SHARPNESS,
        "threshold": THRESHOLD,
    }


def sharded(weights: Mapping[str, str]) -> dict[str, str]:
    """Features and their weights joined to one text for each beginning: hundreds of texts to load, not 50,000."""
    shards: dict[str, list[str]] = {}
    for feature, packed in weights.items():
        shards.setdefault(feature[:BEGINNING], []).extend((feature, packed))
    return {beginning: SEPARATOR.join(parts) for beginning, parts in shards.items()}


def compile_families(families: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, tuple[str, ...]]:
    """Stems of each entry -> the families it belongs to."""
    found: dict[str, list[str]] = {}
    for name, languages in families.items():
        for entry in (entry for entries in languages.values() for entry in entries):
            stems = [stem(token) for token in fold(entry).split()]
            key = " ".join(stems)
            if key and len(stems) <= FAMILY_WORDS and name not in found.setdefault(key, []):
                found[key].append(name)
    return {key: tuple(names) for key, names in found.items() if names}


def sentences_of(book: PhraseBook) -> list[Phrase]:
    """Every line spelled out. A family standing alone gives all its words, so that each is met at least once."""
    found: list[Phrase] = []
    for phrase in book.phrases:
        count = ways(phrase, book.families)
        alone = re.fullmatch(r"{\w+}", phrase.text) is not None
        found.extend(spell_out(phrase, book.families, count if alone else min(MOST_PER_LINE, count)))
    return found


def joined(
    families: Mapping[str, Mapping[str, Sequence[str]]], more: Mapping[str, Mapping[str, Sequence[str]]]
) -> dict[str, Mapping[str, Sequence[str]]]:
    """The families with a town's words added."""
    extended = {
        name: {language: [*words, *more.get(name, {}).get(language, ())] for language, words in languages.items()}
        for name, languages in families.items()
    }
    return {**more, **extended}


def examples(sentences: Sequence[Phrase], manners: Manners, families: Families) -> list[Example]:
    """The sentences and their rough copies, every label counting alike on the whole, a town's own words less."""
    draw = Random(11)  # noqa: S311 - nothing secret: the same draw every time
    rows: list[tuple[str, int, float]] = []
    for sentence in sentences:
        label = LABELS.index(sentence.label)
        own = sentence.group.startswith(TOWN)
        weight = TOWN_WEIGHT if own else 1.0
        rows.append((sentence.text, label, weight))
        # A lone emoji is no words: with a greeting around it, "hola" itself would be learnt as its label.
        copies = 0 if not fold(sentence.text) else 1 if own else ROUGH_COPIES
        rows.extend((roughen(sentence, manners, draw), label, weight) for _ in range(copies))
    rows.extend((gibberish(draw), LABELS.index("unknown"), 1.0) for _ in range(GIBBERISH))
    sizes = [0.0] * len(LABELS)
    for _, label, weight in rows:
        sizes[label] += weight
    even = sum(sizes) / len(LABELS)
    return [
        Example(
            features(fold(text).split(), families, manners.shorthand),
            label,
            weight * min(2.5, max(0.4, (even / sizes[label]) ** 0.75)),
        )
        for text, label, weight in rows
    ]
