"""Short ways to make what the tests talk about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.engine import step
from canal.dialogue.messages import Content, Inbound, Reply, Say, Sender, Tap, Text
from canal.dialogue.town import Town
from canal.dialogue.turn import Turn

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


class Talk:
    """A conversation with the engine: say, tap, look at the reply."""

    def __init__(self, who: Citizen | None = None, now: datetime = NOON, town: Town | None = None) -> None:
        self.citizen = who or citizen()
        self.town = town or alzira()
        self.now = now
        self.turn = Turn(self.citizen)

    def say(self, *said: Content | str) -> Reply | None:
        """One message after another; the reply to the last."""
        for content in said:
            self.now += timedelta(seconds=20)
            self.turn = step(self.citizen, inbound(content, at=self.now), self.town, self.now)
            self.citizen = self.turn.citizen
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
