"""Danger in a message: asked before anything else, from any place in the dialogue.

A fire, an accident, a flood, an attack or despair must be answered with 112 first; "focs artificials" and "em mor
de calor" must not. The method, all of whose words are in ``content/common/danger.yaml``:

1. The message is folded (``text.py``) and looked up in a book of phrases (``phrases.py``): rows of words with gaps,
   in Valencian and Spanish at once, so that a mixed sentence is read as well as a pure one.
2. **Calm** phrases only sound like danger ("castell de focs", "morirme de risa"). The words they are made of
   count for nothing more; the rest of the message still does ("castell de focs i hi ha foc en una casa").
3. **Signs** are danger. Each has a level: *personal* (somebody says it of themselves or of somebody near: despair,
   blows), *happening* (a verb in progress: "ix fum", "no respira"), *named* (only the word: "incendi al polígon").
4. **Contexts** say that the message speaks about danger and is not in it: paperwork, theatre, yesterday, "could
   cause". Each names the levels it hushes: a form about an accident hushes the bare word, yesterday hushes also
   what was happening, nothing hushes the personal. A context can be lifted by another ("ahir … i ara").
5. What is left decides. Kinds are ordered in the content: the first gives the answer its tone, and the numbers of
   all kinds found are told together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from canal.dialogue.understanding.phrases import Book, Marks, Phrase, positions, stands
from canal.dialogue.understanding.text import words


class DangerKind(StrEnum):
    """What kind of help is needed."""

    EMERGENCY = "emergency"
    GENDER_VIOLENCE = "gender_violence"
    CHILD_ABUSE = "child_abuse"
    DESPAIR = "despair"


@dataclass(frozen=True, slots=True)
class Danger:
    """What was found. ``numbers``: whom to call, 112 first. ``sign``: the concept in the content that said so."""

    kind: DangerKind
    numbers: tuple[str, ...]
    sign: str


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that mean one thing. ``level`` and ``kind`` belong to signs, ``hushes`` and ``unless`` to contexts."""

    name: str
    role: str  # "calm", "context" or "sign"
    kind: DangerKind | None
    level: str
    hushes: frozenset[str]
    unless: frozenset[str]


@dataclass(frozen=True, slots=True)
class DangerLexicon:
    """The compiled words of danger."""

    book: Book
    groups: tuple[Group, ...]
    numbers: Mapping[DangerKind, tuple[str, ...]]  # in order of precedence

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> DangerLexicon:
        """From the section ``danger`` of the compiled content."""
        return cls(
            book=Book.from_content(data),
            groups=tuple(_group(group) for group in data["groups"]),
            numbers={DangerKind(kind): tuple(numbers) for kind, numbers in data["kinds"].items()},
        )


def spot(text: str, lexicon: DangerLexicon) -> Danger | None:
    """The danger that the message speaks of, if it is in one."""
    marks = lexicon.book.mark(words(text))
    found = list(lexicon.book.phrases_in(marks))
    if not any(lexicon.groups[phrase.group].role == "sign" for phrase in found):
        return None
    names = _groups_left(found, marks, lexicon)
    return _verdict([lexicon.groups[number] for number in sorted(names)], lexicon)


def _groups_left(found: list[Phrase], marks: Marks, lexicon: DangerLexicon) -> set[int]:
    """The contexts and signs that stand once the calm phrases have taken their words out."""
    calm: set[int] = set()
    rest: list[Phrase] = []
    for phrase in found:
        if lexicon.groups[phrase.group].role == "calm":
            calm |= positions(phrase, marks)
        else:
            rest.append(phrase)
    if not calm:
        return {phrase.group for phrase in rest}
    left = marks.without(calm)
    return {phrase.group for phrase in rest if stands(phrase, left)}


def _verdict(groups: list[Group], lexicon: DangerLexicon) -> Danger | None:
    """The first kind, in the content's order, among the signs that no context hushes."""
    names = {group.name for group in groups}
    hushed = {
        level for group in groups if group.role == "context" and not group.unless & names for level in group.hushes
    }
    signs = {
        group.kind: group.name
        for group in reversed(groups)
        if group.role == "sign" and group.kind and group.level not in hushed
    }
    kinds = [kind for kind in lexicon.numbers if kind in signs]
    if not kinds:
        return None
    numbers = dict.fromkeys(number for kind in kinds for number in lexicon.numbers[kind])
    return Danger(kinds[0], tuple(numbers), signs[kinds[0]])


def _group(data: Mapping[str, Any]) -> Group:
    return Group(
        name=data["name"],
        role=data["role"],
        kind=DangerKind(data["kind"]) if data.get("kind") else None,
        level=data.get("level", ""),
        hushes=frozenset(data.get("hushes", ())),
        unless=frozenset(data.get("unless", ())),
    )
