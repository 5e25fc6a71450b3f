"""``content/common/danger.yaml`` made ready for run time: folded, its phrases turned into numbers, checked.

The shape of the file, all of it vocabulary in both languages:

- ``kinds``: whom to call for each kind of danger, in order of precedence;
- ``words``: named sets of words (see ``phrase_notation.py`` for the notation of phrases);
- ``own_words``: words that stand near a danger word and are not it mistyped;
- ``light``: words that do not count as standing between the words of a phrase;
- ``calm``: phrases that only sound like danger;
- ``contexts``: phrases that hush signs of some ``levels``, ``unless`` another context is there;
- ``signs``: phrases of danger, each concept with its ``kind`` and ``level``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canal.content.phrase_notation import SIDES, Notation, folded_words, section
from canal.dialogue.understanding.danger import DangerKind
from canal.errors import BadContent

FILE = "danger.yaml"
LEVELS = ("personal", "happening", "named")
SLIP_SIZE = 7  # a shorter word with a slip is too often another word: fuego and juego
KEYS = {"calm": set(SIDES), "contexts": {*SIDES, "hushes", "unless"}, "signs": {*SIDES, "kind", "level"}}
ROLES = {"calm": "calm", "contexts": "context", "signs": "sign"}


def compile_danger(data: Mapping[str, Any]) -> dict[str, Any]:
    """The section ``danger`` of the compiled content, from the mapping that the YAML holds.

    Raises BadContent with one sentence for every fault.
    """
    notation = Notation(FILE, data.get("words"))
    groups = [
        _group(notation, part, name, section(value))
        for part in ROLES
        for name, value in section(data.get(part)).items()
    ]
    kinds = _kinds(notation, section(data.get("kinds")))
    _check_names(notation, groups)
    if not any(group["role"] == "sign" for group in groups):
        notation.wrong("signs", "is empty; without it no danger is ever seen")
    if notation.problems:
        raise BadContent(notation.problems)
    return {
        "kinds": kinds,
        "slip_size": SLIP_SIZE,
        "light": folded_words(section(data.get("light")).values()),
        "own_words": folded_words(section(data.get("own_words")).values()),
        "groups": groups,
        **notation.lexicon(),
    }


def _group(notation: Notation, part: str, name: str, value: dict[str, Any]) -> dict[str, Any]:
    where = f"{part}.{name}"
    for key in value.keys() - KEYS[part]:
        notation.wrong(where, f"«{key}» is not known here; use {', '.join(sorted(KEYS[part]))}")
    group: dict[str, Any] = {
        "name": name,
        "role": ROLES[part],
        "phrases": notation.phrases(where, {side: value[side] for side in SIDES if side in value}),
    }
    if part == "contexts":
        group |= {"hushes": _levels(notation, where, value), "unless": list(value.get("unless") or [])}
    if part == "signs":
        group |= {"kind": _kind(notation, where, value.get("kind")), "level": _level(notation, where, value)}
    return group


def _levels(notation: Notation, where: str, value: dict[str, Any]) -> list[str]:
    levels = value.get("hushes") or []
    if not isinstance(levels, list) or not set(levels) <= set(LEVELS):
        notation.wrong(where, f"«hushes» must be a list of {', '.join(LEVELS)}")
        return []
    return levels


def _level(notation: Notation, where: str, value: dict[str, Any]) -> str:
    level = value.get("level")
    if level not in LEVELS:
        notation.wrong(where, f"«level» must be one of {', '.join(LEVELS)}")
    return str(level)


def _kind(notation: Notation, where: str, kind: object) -> str:
    if kind not in list(DangerKind):
        notation.wrong(where, f"«kind» must be one of {', '.join(DangerKind)}")
    return str(kind)


def _kinds(notation: Notation, kinds: dict[str, Any]) -> dict[str, list[str]]:
    """Numbers per kind; every kind is there and 112 leads, since it is the one that always answers."""
    for kind in DangerKind:
        numbers = kinds.get(kind)
        if not isinstance(numbers, list) or "112" not in numbers or not all(isinstance(n, str) for n in numbers):
            notation.wrong(f"kinds.{kind}", 'must list quoted numbers with "112" among them')
    for name in kinds.keys() - set(DangerKind):
        notation.wrong(f"kinds.{name}", f"is not a kind; use {', '.join(DangerKind)}")
    return {kind: list(numbers) for kind, numbers in kinds.items() if isinstance(numbers, list)}


def _check_names(notation: Notation, groups: list[dict[str, Any]]) -> None:
    contexts = {group["name"] for group in groups if group["role"] == "context"}
    for group in groups:
        for name in set(group.get("unless", ())) - contexts:
            notation.wrong(f"contexts.{group['name']}", f"«unless: {name}» is no context; mend the name")
