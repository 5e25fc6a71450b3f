"""The phrases of ``content/common/intents/``: read, spelled out, and roughened into what people really type.

``{family}`` in a phrase stands for any word of that family, ``(a|b|)`` for one of the alternatives, the empty one
included. Everything is drawn from a generator with a fixed seed, so that one content always gives one model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from canal.content.yamlfile import checked, load
from canal.dialogue.messages import LANGUAGES
from canal.dialogue.understanding.intents import LABELS
from canal.dialogue.understanding.text import fold
from canal.errors import BadContent

NOT_LABELS = ("concepts", "manners")
OTHER_LANGUAGE = 0.15  # share of the family words taken from the other language, since people mix
KEYS = "qwertyuiop asdfghjkl zxcvbnm"


@dataclass(frozen=True, slots=True)
class Manners:
    """How people write around what they mean."""

    shorthand: Mapping[str, str]
    openings: Mapping[str, Sequence[str]]  # by language
    closings: Mapping[str, Sequence[str]]
    dropped: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a label's file. ``group`` tells phrases apart that were spelled out of one line."""

    label: str
    language: str
    text: str
    group: str


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All that the folder holds; phrases still with their ``{families}`` and ``(alternatives)``."""

    phrases: tuple[Phrase, ...]
    families: Mapping[str, Mapping[str, Sequence[str]]]  # name -> language -> words
    manners: Manners


def read_book(folder: Path) -> PhraseBook:
    """The folder's files; BadContent with one sentence per fault."""
    families = _read_families(folder / "concepts.yaml")
    phrases: list[Phrase] = []
    problems: list[str] = []
    for label in LABELS:
        for phrase in _read_label(folder / f"{label}.yaml", label):
            phrases.append(phrase)
            for name in re.findall(r"{(\w*)}", phrase.text):
                if name not in families:
                    problems.append(f"{label}.yaml: «{phrase.text}» names no family {{{name}}} of concepts.yaml")
    strange = {path.stem for path in folder.glob("*.yaml")} - {*LABELS, *NOT_LABELS}
    problems.extend(f"{name}.yaml: no such label; rename it or take it away" for name in sorted(strange))
    if problems:
        raise BadContent(problems)
    return PhraseBook(tuple(phrases), families, _read_manners(folder / "manners.yaml"))


def _read_families(path: Path) -> dict[str, dict[str, list[str]]]:
    with checked(path) as top:
        both = {name: top.both(name) for name in keys_of(load(path))}
    return {
        name: {language: [word.strip() for word in line.split(",")] for language, line in lines.items()}
        for name, lines in both.items()
    }


def keys_of(mapping: Mapping[str, object]) -> list[str]:
    """The keys that people wrote, without the remembered line."""
    return [key for key in mapping if key.isprintable()]


def _read_label(path: Path, label: str) -> list[Phrase]:
    phrases = []
    with checked(path) as top:
        if top.text("label") != label:
            top.wrong(f"label must be «{label}», as the file is named")
        for language in LANGUAGES:
            for text in top.texts(language, required=True):
                phrases.append(Phrase(label, language, text, f"{label}:{language}:{text}"))
    return phrases


def _read_manners(path: Path) -> Manners:
    with checked(path) as top:
        section = top.section("shorthand")
        shorthand = {key: section.text(key, required=False) for key in keys_of(load(path)["shorthand"])}
        openings, closings = top.section("openings"), top.section("closings")
        manners = Manners(
            shorthand=shorthand,
            openings={language: openings.texts(language, required=True) for language in LANGUAGES},
            closings={language: closings.texts(language, required=True) for language in LANGUAGES},
            dropped=frozenset(top.texts("dropped", required=True)),
        )
    return manners


# --- spelling out -------------------------------------------------------------------------------


def spell_out(phrase: Phrase, families: Mapping[str, Mapping[str, Sequence[str]]], most: int) -> list[Phrase]:
    """Up to ``most`` different sentences of one line, always the same ones."""
    draw = Random(phrase.group)  # noqa: S311 - nothing secret: the same draw every time
    found: dict[str, Phrase] = {}
    for _ in range(most * 3):
        text = _one_of(phrase.text, phrase.language, families, draw)
        if text:
            found.setdefault(fold(text), Phrase(phrase.label, phrase.language, text, phrase.group))
        if len(found) == most:
            break
    return list(found.values())


def ways(phrase: Phrase, families: Mapping[str, Mapping[str, Sequence[str]]]) -> int:
    """How many sentences one line can become."""
    count = 1
    for inside in re.findall(r"\(([^()]*\|[^()]*)\)", phrase.text):
        count *= inside.count("|") + 1
    for name in re.findall(r"{(\w+)}", phrase.text):
        count *= len(families[name][phrase.language])
    return count


def _one_of(text: str, language: str, families: Mapping[str, Mapping[str, Sequence[str]]], draw: Random) -> str:
    chosen = re.sub(r"\(([^()]*\|[^()]*)\)", lambda found: draw.choice(found[1].split("|")), text)

    def word(found: re.Match[str]) -> str:
        other = draw.random() < OTHER_LANGUAGE
        spoken = next(code for code in LANGUAGES if (code != language) == other)
        return draw.choice(families[found[1]][spoken])

    return " ".join(re.sub(r"{(\w+)}", word, chosen).split())


# --- roughening ---------------------------------------------------------------------------------


def roughen(phrase: Phrase, manners: Manners, draw: Random) -> str:
    """The phrase as somebody in a hurry types it: greetings around it, little words lost, keys missed."""
    tokens = fold(phrase.text).split()
    if draw.random() < 0.5 and len(tokens) > 3:
        tokens = [token for token in tokens if token not in manners.dropped or draw.random() < 0.5]
    tokens = [_mistype(token, draw) if draw.random() < 0.12 else token for token in tokens]
    if draw.random() < 0.08 and len(tokens) > 2:
        at = draw.randrange(len(tokens) - 1)
        tokens[at : at + 2] = [tokens[at] + tokens[at + 1]]
    line = " ".join(tokens)
    if draw.random() < 0.4:
        line = f"{draw.choice(manners.openings[phrase.language])} {line}"
    if draw.random() < 0.2:
        line = f"{line} {draw.choice(manners.closings[phrase.language])}"
    return line


def _mistype(word: str, draw: Random) -> str:
    """One slip of the finger in a longer word, or one of the usual misspellings."""
    if len(word) < 4 or not word.isalpha():
        return word
    at = draw.randrange(len(word) - 1)
    kind = draw.randrange(6)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 2:
        return word[:at] + draw.choice("aeiourstnl") + word[at + 1 :]
    if kind == 3:
        return word[: at + 1] + word[at] + word[at + 1 :]
    if kind == 4:
        return word[: max(4, len(word) - 2)]
    return word.replace(*draw.choice(_MISSPELLINGS))


_MISSPELLINGS = (
    ("v", "b"),
    ("b", "v"),
    ("h", ""),
    ("qu", "k"),
    ("ll", "y"),
    ("c", "s"),
    ("ix", "x"),
    ("g", "j"),
)


def gibberish(draw: Random) -> str:
    """What a cat on the keyboard writes."""
    kind = draw.randrange(4)
    if kind == 0:
        row = draw.choice(KEYS.split())
        at = draw.randrange(len(row) - 3)
        return row[at : at + draw.randrange(4, 8)] * draw.randrange(1, 3)
    if kind == 1:
        return "".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(draw.randrange(3, 12)))
    if kind == 2:
        piece = "".join(draw.choice("bcdfghjklmnprstvxyz") for _ in range(2)) + draw.choice("aeiou ")
        return piece * draw.randrange(2, 5)
    sizes = [draw.randrange(2, 7) for _ in range(draw.randrange(2, 4))]
    return " ".join("".join(draw.choice("asdfghjklqwertyuiop") for _ in range(size)) for size in sizes)
