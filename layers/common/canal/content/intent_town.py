"""A town's own words for understanding: what its procedures are asked as, and the things its waste goes by.

They are written once, in ``procedures/`` and ``waste.yaml``; ``understanding.yaml`` (it may be absent) says which of
them are rather about another subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from canal.content.intent_phrases import Phrase, keys_of
from canal.content.yamlfile import checked, load
from canal.dialogue.messages import LANGUAGES
from canal.dialogue.understanding.intents import LABELS
from canal.dialogue.understanding.text import fold

TOWN = "town:"  # how the groups of a town's phrases begin
LEFT_OUT = "none"
FEWEST_WORDS = 2  # one word alone ("paelles") may be about many things


@dataclass(frozen=True, slots=True)
class TownWords:
    """Phrases with their labels, and words that join the families of ``concepts.yaml``."""

    phrases: tuple[Phrase, ...] = ()
    families: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


def words_of_town(folder: Path) -> list[Path]:
    """The files of a town that ``read_town`` reads; some may be absent."""
    return [*(folder / "procedures").glob("*.yaml"), folder / "waste.yaml", folder / "understanding.yaml"]


def read_town(folder: Path) -> TownWords:
    """The words of the town in ``folder``; BadContent for a wrong ``understanding.yaml``.

    Faults in ``procedures/`` and ``waste.yaml`` are told by those who compile them: here they are passed over.
    """
    labels = _other_labels(folder / "understanding.yaml")
    phrases = (phrase for path in sorted((folder / "procedures").glob("*.yaml")) for phrase in _asked(path, labels))
    return TownWords(tuple(phrases), {"thing": _things(folder / "waste.yaml")})


def _other_labels(path: Path) -> Mapping[str, str]:
    if not path.exists():
        return {}
    with checked(path) as top:
        section = top.section("other_labels")
        labels = {name: section.text(name) for name in keys_of(load(path)["other_labels"])}
        for name, label in labels.items():
            if label not in (*LABELS, LEFT_OUT):
                section.wrong(f"«{name}: {label}»: no such label; write one of {LEFT_OUT}, {', '.join(LABELS)}")
    return labels


def _asked(path: Path, labels: Mapping[str, str]) -> Iterator[Phrase]:
    """What the procedures of one file are asked as."""
    data = load(path)
    family = str(data.get("family", ""))
    for record in _mappings(data.get("procedures")):
        name = str(record.get("id", ""))
        label = labels.get(name) or labels.get(family) or "procedures"
        if label == LEFT_OUT:
            continue
        for language, text in _both(record.get("asked_as")):
            if len(fold(text).split()) >= FEWEST_WORDS:
                yield Phrase(label, language, text, f"{TOWN}{name}")


def _things(path: Path) -> dict[str, list[str]]:
    """What one may want to get rid of."""
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for item in _mappings(load(path).get("items") if path.exists() else None):
        for language, word in _both(item.get("words")):
            found[language].append(word)
    return found


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in value or () if isinstance(item, dict))


def _both(value: Any) -> Iterator[tuple[str, str]]:
    """(language, text) of ``{ca: [...], es: [...]}``."""
    if isinstance(value, dict):
        for language in LANGUAGES:
            yield from ((language, text) for text in value.get(language) or () if isinstance(text, str))
