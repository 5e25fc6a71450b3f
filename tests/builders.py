"""Short ways to make what the tests talk about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.engine import step
from canal.dialogue.messages import Content, Inbound, Reply, Say, Sender, Tap, Text
from canal.dialogue.questions import CaseOf, CasesNear, CasesOf, PhotoLink, Question
from canal.dialogue.town import Town
from canal.dialogue.turn import CaseChanged, CaseFiled, Turn
from canal.incidents import changes
from canal.incidents.case import Case, Kind, Position
from canal.subjects.geo import metres

from tests.towns import alzira

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # Monday, 12:00 in Alzira
AINA = Sender("ES.1001", "34600000099", "Aina")

_numbers = count(1)


def inbound(content: Content | str, sender: Sender = AINA, at: datetime = NOON, id: str = "") -> Inbound:
    """A message; words stand for a Text."""
    said = Text(content) if isinstance(content, str) else content
    return Inbound(id or f"wamid.{next(_numbers)}", sender, at, said)


def citizen(language: str | None = "ca", **changes: object) -> Citizen:
    """Somebody who has chosen a language and stands at the menu."""
    known = Citizen(key="ES.1001", user_id="ES.1001", phone="34600000099", place=Place.MENU, since=NOON)
    return replace(known, language=language, last_inbound_at=NOON, **changes)  # type: ignore[arg-type]


def stranger() -> Citizen:
    """Somebody who never wrote before."""
    return Citizen(key="ES.1001", user_id="ES.1001", phone="34600000099")


def a_case(**given: Any) -> Case:
    """A street light that a citizen reported, just filed and not saved yet; ``given`` replaces its fields.

    A ``history`` that is not given holds the line that says so.
    """
    usual: dict[str, Any] = {
        "id": "K7Q2M4XA",
        "kind": Kind.INCIDENT,
        "citizen": "ES.1001",
        "language": "ca",
        "created_at": NOON,
        "updated_at": NOON,
        "words": "El fanal no fa llum",
        "category": "streetlight",
        "position": Position(39.1512, -0.4341),
        "address": "c/ Sant Roc, 12",
    }
    case = Case(**usual | given)
    return case if "history" in given else changes.filed(case)


Answers = Callable[[Question[Any]], Any]


def no_cases(question: Question[Any]) -> Any:
    """What the dialogue is answered in a town where nobody has reported anything yet."""
    match question:
        case CaseOf():
            return None
        case PhotoLink(key=key):
            return f"https://photos.example/{key}"
        case _:
            return ()


class Reported:
    """The cases of a small town, as the dialogue asks for them."""

    def __init__(self, *cases: Case) -> None:
        self.cases = list(cases)

    def keep(self, turn: Turn) -> None:
        """What a turn filed or changed is there from now on."""
        for effect in turn.effects:
            if isinstance(effect, CaseFiled | CaseChanged):
                self.put(effect.case)

    def put(self, case: Case) -> None:
        numbers = [each.id for each in self.cases]
        if case.id in numbers:
            self.cases[numbers.index(case.id)] = case
        else:
            self.cases.append(case)

    def __call__(self, question: Question[Any]) -> Any:
        match question:
            case CasesNear(category=category):
                near = question
                found = [
                    (metres(near.latitude, near.longitude, case.position.latitude, case.position.longitude), case)
                    for case in self.cases
                    if case.open and case.category == category and case.position
                ]
                found.sort(key=lambda pair: pair[0])
                return tuple(case for far, case in found if far <= near.metres)
            case CasesOf(citizen=key):
                return tuple(case for case in reversed(self.cases) if case.citizen == key)
            case CaseOf(case=number):
                return next((case for case in self.cases if case.id == number), None)
            case other:
                return no_cases(other)


def settled(who: Citizen, message: Inbound, town: Town, now: datetime, answers: Answers = no_cases) -> Turn:
    """The turn of ``message``, with everything that the dialogue asks for on the way."""
    known: Mapping[Question[Any], Any] = {}
    while (turn := step(who, message, town, now, known)).asks:
        assert turn.asks not in known, f"{turn.asks} was answered and is asked again"
        known = {**known, turn.asks: answers(turn.asks)}
    return turn


class Talk:
    """A conversation with the engine: say, tap, look at the reply."""

    def __init__(
        self,
        who: Citizen | None = None,
        now: datetime = NOON,
        town: Town | None = None,
        answers: Answers | None = None,
    ) -> None:
        self.answers = answers or Reported()
        self.citizen = who or citizen()
        self.town = town or alzira()
        self.now = now
        self.turn = Turn(self.citizen)

    def say(self, *said: Content | str, pause: float = 20) -> Reply | None:
        """One message after another, ``pause`` seconds apart; the reply to the last."""
        for content in said:
            self.now += timedelta(seconds=pause)
            self.turn = settled(self.citizen, inbound(content, at=self.now), self.town, self.now, self.answers)
            self.citizen = self.turn.citizen
            if isinstance(self.answers, Reported):
                self.answers.keep(self.turn)
        return self.reply

    def tap(self, address: str) -> Reply | None:
        return self.say(Tap(address))

    @property
    def reply(self) -> Reply | None:
        return self.turn.replies[0] if self.turn.replies else None

    @property
    def body(self) -> str:
        """The words of the last reply."""
        reply = self.reply
        assert reply is not None, "there was no reply"
        return getattr(reply, "body", "")

    def says(self, key: str) -> bool:
        """Whether the last reply holds the town's words under ``key``, whatever they were filled in with."""
        words = self.town.text(key, self.citizen.language or self.town.language)
        pieces = (re.escape(piece) for piece in re.split(r"\{.*?\}", words))
        return re.search(".*?".join(pieces), self.body, re.DOTALL) is not None

    @property
    def options(self) -> list[str]:
        """The addresses offered last, in the order of their numbers."""
        return [answer.address for answer in self.citizen.offered]

    @property
    def labels(self) -> list[str]:
        return [option.label for option in self.reply.options] if isinstance(self.reply, Say) else []
