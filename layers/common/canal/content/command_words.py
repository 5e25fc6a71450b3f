"""``content/common/commands.yaml`` made ready for run time: folded, its phrases turned into numbers, checked.

The shape of the file, all of it vocabulary in both languages (``phrase_notation.py`` explains the notation):

- ``words``: named sets of words; ``own_words``: words that are no command mistyped;
  ``light``: words that do not count as standing between the words of a phrase;
- ``courtesy``: what may stand beside any command; ``wishes``: what may stand beside those with ``wishes: true``;
- ``commands``: for each command its ``whole`` messages and, where people say it in sentences, what is ``meant``
  anywhere in a message, ``unless`` one of those phrases is there too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canal.content.phrase_notation import SIDES, Notation, folded_words, section
from canal.dialogue.understanding.commands import Command
from canal.errors import BadContent

FILE = "commands.yaml"
SLIP_SIZE = 5  # most commands are short words, and they must cover the message besides
LONGEST_WHOLE = 12  # words
LONGEST_MEANT = 40
KEYS = {"wishes", "whole", "meant", "unless"}


def compile_commands(data: Mapping[str, Any]) -> dict[str, Any]:
    """The section ``commands`` of the compiled content, from the mapping that the YAML holds.

    Raises BadContent with one sentence for every fault.
    """
    notation = Notation(FILE, data.get("words"))
    commands = section(data.get("commands"))
    groups = [
        _group(notation, role, None, key, section(data.get(key)))
        for role, key in (("courtesy", "courtesy"), ("wish", "wishes"))
        if key in data
    ]
    for name, value in commands.items():
        groups += _groups(notation, name, section(value))
    for command in set(Command) - commands.keys():
        notation.wrong(f"commands.{command}", "is missing; write its «whole» messages")
    if notation.problems:
        raise BadContent(notation.problems)
    return {
        "slip_size": SLIP_SIZE,
        "longest_whole": LONGEST_WHOLE,
        "longest_meant": LONGEST_MEANT,
        "light": folded_words(section(data.get("light")).values()),
        "own_words": folded_words(section(data.get("own_words")).values()),
        "groups": groups,
        **notation.lexicon(),
    }


def _groups(notation: Notation, name: str, value: dict[str, Any]) -> list[dict[str, Any]]:
    where = f"commands.{name}"
    if name not in list(Command):
        notation.wrong(where, f"is no command; use {', '.join(Command)}")
    for key in value.keys() - KEYS:
        notation.wrong(where, f"«{key}» is not known here; use {', '.join(sorted(KEYS))}")
    if "whole" not in value:
        notation.wrong(where, "«whole» is missing; write the messages that are this command")
    return [
        _group(notation, role, name, f"{where}.{role}", section(value[role])) | {"wishes": bool(value.get("wishes"))}
        for role in ("whole", "meant", "unless")
        if role in value
    ]


def _group(notation: Notation, role: str, command: str | None, where: str, sides: dict[str, Any]) -> dict[str, Any]:
    for side in sides.keys() - set(SIDES):
        notation.wrong(where, f"«{side}» is no language; use {', '.join(SIDES)}")
    phrases = notation.phrases(where, {side: sides[side] for side in SIDES if side in sides})
    if role not in ("meant", "unless") and any(any(flat[6::2]) for flat in phrases):
        notation.wrong(where, "holds a phrase with a gap or «+»; a whole message has none")
    return {"role": role, "command": command, "wishes": False, "phrases": phrases}
