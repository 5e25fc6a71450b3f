"""A typed message, read once: is anybody in danger, is it a command, and else what is it about.

The engine asks ``read`` for every typed message; the order of the answers is the order of importance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canal.dialogue.understanding import commands, danger, intents
from canal.dialogue.understanding.commands import Command, CommandLexicon
from canal.dialogue.understanding.danger import Danger, DangerKind, DangerLexicon
from canal.dialogue.understanding.intents import IntentModel

# What a command is called among the labels; those that are no subject (yes, no, back, more) have none.
LABEL_OF_COMMAND = {
    Command.MENU: "menu",
    Command.HELP: "menu",
    Command.GREETING: "menu",
    Command.BACK: "menu",
    Command.LANGUAGE: "language",
    Command.LANGUAGE_CA: "language",
    Command.LANGUAGE_ES: "language",
    Command.PERSON: "person",
    Command.STOP: "opt_out",
    Command.PRIVACY: "privacy",
    Command.MY_DATA: "privacy",
    Command.ERASE_ME: "privacy",
    Command.THANKS: "smalltalk",
    Command.GOODBYE: "smalltalk",
}
# Words of danger that the lexicon does not hold may still be recognised by the model, when it is this sure.
# A needless 112 costs a line, a missing one more than that.
ALARM = 0.75


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that reading needs from the compiled content."""

    danger: DangerLexicon
    commands: CommandLexicon
    intents: IntentModel

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Lexicon:
        """From the compiled content's sections ``danger``, ``commands`` and ``understanding``."""
        return cls(
            danger=DangerLexicon.from_content(data["danger"]),
            commands=CommandLexicon.from_content(data["commands"]),
            intents=IntentModel.from_content(data["understanding"]),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. ``labels``: all labels, the likeliest first, with shares; ``sure``: the first may be acted on.

    A command's label stands first. Danger does not touch the labels: they tell what the rest of the message is for.
    """

    danger: Danger | None
    command: Command | None
    labels: tuple[tuple[str, float], ...]
    sure: bool

    @classmethod
    def nothing(cls) -> Reading:
        """The reading of no words at all."""
        return cls(danger=None, command=None, labels=(), sure=False)


def read(text: str, lexicon: Lexicon) -> Reading:
    """Danger, command and ranked labels of a typed message."""
    ranking = intents.rank(text, lexicon.intents)
    found = danger.spot(text, lexicon.danger) or feared(ranking, lexicon)
    command = commands.spot(text, lexicon.commands)
    if decided := label_of(command, ranking):
        return Reading(found, command, with_first(decided, ranking.labels), sure=True)
    false_alarm = ranking.labels[0][0] == "emergency" and not found
    return Reading(found, command, ranking.labels, sure=ranking.sure and not false_alarm)


def label_of(command: Command | None, ranking: intents.Ranking) -> str | None:
    """The label that a command decides. "Com estàs?" greets as "hola" does, and is more than the wish for a menu."""
    if command is Command.GREETING and ranking.labels[0][0] == "smalltalk":
        return "smalltalk"
    return LABEL_OF_COMMAND.get(command) if command else None


def feared(ranking: intents.Ranking, lexicon: Lexicon) -> Danger | None:
    """A danger that only the model sees."""
    label, share = ranking.labels[0]
    if label != "emergency" or share < ALARM:
        return None
    return Danger(DangerKind.EMERGENCY, lexicon.danger.numbers[DangerKind.EMERGENCY], "intents")


def with_first(label: str, labels: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The labels with ``label`` decided, whatever the model thought of it."""
    return ((label, 1.0), *(pair for pair in labels if pair[0] != label))
