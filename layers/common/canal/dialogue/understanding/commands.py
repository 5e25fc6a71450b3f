"""Commands: menu, back, language, help, a person, stop … understood from everywhere, after danger, before subjects.

A command counts only when it is the whole message, politeness aside: "menú per favor" is one, "el menú del
menjador" is not. All words are in ``content/common/commands.yaml``; the phrases are found by ``phrases.py``.

- ``whole`` phrases must cover the message from end to end, together with *courtesy* ("hola", "per favor") and,
  for the commands that allow it, *wishes* ("vull", "quiero ver"). Two different commands side by side are none.
- ``meant`` phrases may stand anywhere in a message of moderate length that none of the ``unless`` phrases is in.
  Only what people say in long sentences has them: the opt-out ("me he mudado y ya no quiero recibir avisos") and
  erasure. There "baixa" alone proves nothing; what is refused must be messages ("baixa dels avisos", not "del padró").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from canal.dialogue.understanding.phrases import Book, Marks, Phrase
from canal.dialogue.understanding.text import words


class Command(StrEnum):
    """What a message asks of the channel itself."""

    MENU = "menu"
    BACK = "back"
    LANGUAGE = "language"
    LANGUAGE_CA = "language_ca"
    LANGUAGE_ES = "language_es"
    HELP = "help"
    PERSON = "person"
    STOP = "stop"  # no more notices
    PRIVACY = "privacy"
    MY_DATA = "my_data"
    ERASE_ME = "erase_me"  # the right to erasure
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    MORE = "more"
    YES = "yes"
    NO = "no"


# What is said out of politeness beside another command, the weightier first.
_SMALL_TALK = (Command.GOODBYE, Command.THANKS, Command.GREETING)


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases of one role: "whole", "meant" and "unless" of a command; "courtesy" and "wish" of none."""

    role: str
    command: Command | None
    wishes: bool


@dataclass(frozen=True, slots=True)
class CommandLexicon:
    """The compiled words of commands. ``longest``: words of the longest message for whole and meant phrases."""

    book: Book
    groups: tuple[Group, ...]
    longest_whole: int
    longest_meant: int

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> CommandLexicon:
        """From the section ``commands`` of the compiled content."""
        return cls(
            book=Book.from_content(data),
            groups=tuple(
                Group(
                    role=group["role"],
                    command=Command(group["command"]) if group["command"] else None,
                    wishes=bool(group["wishes"]),
                )
                for group in data["groups"]
            ),
            longest_whole=int(data["longest_whole"]),
            longest_meant=int(data["longest_meant"]),
        )


def spot(text: str, lexicon: CommandLexicon) -> Command | None:
    """The command that the message is, if it is one."""
    if text.strip() == "?":
        return Command.HELP
    tokens = words(text)
    if not tokens or len(tokens) > lexicon.longest_meant:
        return None
    marks = lexicon.book.mark(tokens)
    found = list(lexicon.book.phrases_in(marks))
    if len(tokens) <= lexicon.longest_whole and (command := _whole(found, marks, len(tokens), lexicon)):
        return command
    return _meant(found, lexicon)


def _meant(found: list[Phrase], lexicon: CommandLexicon) -> Command | None:
    """The command of a long sentence; erasing is more than stopping, so it goes first where both are meant."""
    groups = [lexicon.groups[phrase.group] for phrase in found]
    refused = {group.command for group in groups if group.role == "unless"}
    meant = {group.command for group in groups if group.role == "meant"} - refused
    return next((command for command in (Command.ERASE_ME, Command.STOP, *Command) if command in meant), None)


def _whole(found: list[Phrase], marks: Marks, size: int, lexicon: CommandLexicon) -> Command | None:
    """The one command whose phrases cover the message."""
    pieces = _pieces(found, marks, lexicon)
    covers: list[set[frozenset[int]]] = [set() for _ in range(size + 1)]
    covers[0].add(frozenset())
    for start in range(size):
        for end, group in pieces.get(start, ()):
            covers[end] |= {cover | {group} for cover in covers[start]}
    commands = {_single([lexicon.groups[number] for number in cover]) for cover in covers[size]} - {None}
    serious = commands - set(_SMALL_TALK)
    if serious:
        return next(iter(serious)) if len(serious) == 1 else None
    return next((command for command in _SMALL_TALK if command in commands), None)


def _pieces(found: list[Phrase], marks: Marks, lexicon: CommandLexicon) -> dict[int, set[tuple[int, int]]]:
    """Where each phrase of whole messages stands word by word: start -> (end, group)."""
    pieces: dict[int, set[tuple[int, int]]] = {}
    for phrase in found:
        if lexicon.groups[phrase.group].role in ("meant", "unless"):
            continue
        slots = [slot for slot, _ in phrase.steps]
        for start in marks.slots[slots[0]]:
            if all(start + index in marks.slots[slot] for index, slot in enumerate(slots)):
                pieces.setdefault(start, set()).add((start + len(slots), phrase.group))
    return pieces


def _single(cover: list[Group]) -> Command | None:
    """The command of one way to read the message whole: one alone, or the weightiest of small talk."""
    commands = {group.command for group in cover if group.command}
    serious = commands - set(_SMALL_TALK)
    if len(serious) > 1:
        return None
    if serious:
        wished = any(group.role == "wish" for group in cover)
        allowed = all(group.wishes for group in cover if group.command in serious)
        return next(iter(serious)) if allowed or not wished else None
    if any(group.role == "wish" for group in cover):
        return None
    return next((command for command in _SMALL_TALK if command in commands), None)
