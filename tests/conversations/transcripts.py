"""A conversation as a text file that reads aloud: they say, we say, where we are now.

    A head of some lines: what this conversation is about.

    citizen: Aina, in Valencian            (or "in Spanish", or "who never wrote before")

    == Monday 2026-11-23 08:30 ==

    > 3                                     they say: words, half a minute after the last; "> & 3": a second after
    > [taps «Menú principal»]               a label shown before, the newest first; or an address: [taps bus:stop:x]
    > [pin 39.15,-0.435]  [photo]  [photo «words»]  [voice note]  [document]  [sticker]  [contact]  [poll]

        What we say, as WhatsApp shows it   we say
        [a button] [another]                or [≡ the button of a list: its rows]

                                            @ pharmacy
    ! resolved «Hem canviat la bombeta»   the town hall: a state of the newest case, or "routed", "answered"
    ! notice alerts «Riuada» «Puja ja.»   the town hall: a notice of a topic, headline and text

Only the lines that begin with ``>``, ``!``, ``==`` or ``citizen:``, and the head, are read; ``played`` writes the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from canal.adapters.whatsapp_rendering import content
from canal.broadcasts.campaign import Kind, Words
from canal.broadcasts.message import free_text
from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.messages import (
    Content,
    Language,
    Media,
    Option,
    Pin,
    Reply,
    Say,
    SharedContacts,
    Tap,
    Text,
    Unsupported,
)
from canal.dialogue.news import news
from canal.dialogue.town import Town
from canal.dialogue.turn import CaseChanged, CaseFiled, Effect, ErasureRequested, ScreenShown, Turn, Understood
from canal.incidents import changes
from canal.incidents.states import State

from tests.builders import AINA, Reported, inbound, settled
from tests.noticeboard import a_campaign

PAUSE = timedelta(seconds=30)  # between a citizen's messages
NEW = Citizen("ES.1001", "ES.1001", "34600000099")
LANGUAGES: dict[str, Language | None] = {"in Valencian": "ca", "in Spanish": "es", "who never wrote before": None}
WHERE = 76  # the column at which the place stands


@dataclass(slots=True)
class Player:
    """Plays a citizen's lines to the engine and notes what is said."""

    town: Town
    citizen: Citizen = NEW
    now: datetime = datetime.min
    number: int = 0
    reported: Reported = field(default_factory=Reported)  # what was filed before, by whomever
    shown: list[Option] = field(default_factory=list)

    def play(self, line: str) -> Iterator[str]:
        """The lines of the transcript that ``line`` leads to."""
        if line.startswith("citizen: "):
            self._introduce(line)
            yield line
        elif line.startswith("== "):
            self.now = datetime.fromisoformat(line.strip("= ").split(" ", 1)[1]).replace(tzinfo=self.town.zone)
            yield f"== {self.now:%A %Y-%m-%d %H:%M} =="
        elif line.startswith("! "):
            yield line
            yield ""
            told = self._notified if line.startswith("! notice ") else self._told
            yield from told(line.removeprefix("! "))
        else:
            yield line
            yield ""
            yield from self._answer(line.removeprefix("> "))
        yield ""

    def _introduce(self, line: str) -> None:
        language = next(code for words, code in LANGUAGES.items() if line.endswith(words))
        name = line.removeprefix("citizen: ").partition(",")[0]
        new = NEW if name == AINA.name else Citizen(f"ES.{name}", f"ES.{name}", "34600000098")
        self.citizen = replace(new, language=language, place=Place.MENU) if language else new

    def _answer(self, said: str) -> Iterator[str]:
        self.number += 1
        if said.startswith("& "):
            self.now -= PAUSE - timedelta(seconds=1)
            said = said.removeprefix("& ")
        message = inbound(self._content(said), AINA, self.now, f"wamid.transcript.{self.number}")
        turn = settled(self.citizen, message, self.town, self.now, self.reported)
        erased = any(isinstance(effect, ErasureRequested) for effect in turn.effects)
        self.citizen = NEW if erased else turn.citizen
        self.reported.keep(turn)
        self.now += PAUSE
        for reply in turn.replies:
            if isinstance(reply, Say):
                self.shown += reply.options
            yield from (f"    {line}".rstrip() for line in drawn(reply))
            yield ""
        yield where(turn)

    def _told(self, done: str) -> Iterator[str]:
        """The town hall does something with the newest case that is not a duplicate; the citizen is told."""
        what, _, words = done.partition(" ")
        case = next(case for case in reversed(self.reported.cases) if case.state != State.DUPLICATE)
        words = words.strip("«»")
        match what:
            case "routed":
                after = changes.routed(case, self.now, "serveis", "", self.now + timedelta(days=7), tell=True)
            case "answered":
                after = changes.answered(case, self.now, "staff@town.example", words)
            case state:
                after = changes.moved(case, self.now, "staff@town.example", State(state), words)
        self.reported.put(after)
        key = self.citizen.key
        mine = next(each for each in (after, *reversed(self.reported.cases)) if each.citizen == key)
        reply = news(self.town, self.citizen.language or "ca", after, after.history[-1], mine)
        self.shown += reply.options
        yield from (f"    {line}".rstrip() for line in drawn(reply))

    def _notified(self, done: str) -> Iterator[str]:
        """A notice reaches the citizen in the middle of their pause."""
        _, topic, said = done.split(" ", 2)
        headline, text = said.strip("«»").split("» «")
        language, subject = self.citizen.language or "ca", self.town.notices.topic(topic)
        assert subject, f"the town has no topic {topic}"
        words = {language: Words(headline, text)}
        campaign = a_campaign(kind=Kind(subject.kind), topic=topic, opens=subject.opens, words=words)
        reply = free_text(self.town, language, campaign)
        self.citizen = replace(self.citizen, told_at=self.now - PAUSE / 2)
        self.shown += reply.options
        yield from (f"    {line}".rstrip() for line in drawn(reply))

    def _content(self, said: str) -> Content:
        """What a line of a citizen's stands for."""
        if not (said.startswith("[") and said.endswith("]")):
            return Text(said)
        kind, _, more = said[1:-1].partition(" ")
        media = f"media.{self.number}"
        match kind:
            case "taps":
                return self._tap(more)
            case "pin":
                latitude, longitude = more.split(",")
                return Pin(float(latitude), float(longitude))
            case "photo":
                return Media("image", media, "image/jpeg", more.strip("«»"))
            case "video":
                return Media("video", media, "video/mp4")
            case "voice":
                return Media("audio", media, "audio/ogg", voice=True)
            case "document":
                return Media("document", media, "application/pdf")
            case "sticker":
                return Media("sticker", media, "image/webp")
            case "contact":
                return SharedContacts(("Vicent",))
            case "poll":
                return Unsupported("poll")
        raise ValueError(f"the transcript says {said}, which stands for nothing")

    def _tap(self, what: str) -> Tap:
        if not what.startswith("«"):
            return Tap(what)
        label = what.strip("«»")
        found = next((option for option in reversed(self.shown) if option.label == label), None)
        assert found, f"nothing was shown that is labelled «{label}»"
        return Tap(found.id, found.label)


def drawn(reply: Reply) -> Iterator[str]:
    """A reply as WhatsApp shows it, in lines."""
    body = content(reply)
    match body["type"]:
        case "text":
            yield from body["text"]["body"].split("\n")
        case "interactive":
            if "header" in body["interactive"]:
                yield "[a photo]"
            yield from body["interactive"]["body"]["text"].split("\n")
            yield from actions(body["interactive"]["action"])
        case "location":
            place = body["location"]
            named = ", ".join(filter(None, [place.get("name"), place.get("address")]))
            yield f"[map {place['latitude']},{place['longitude']}: {named}]"
        case "contacts":
            for card in body["contacts"]:
                yield f"[card: {card['name']['formatted_name']}, {card['phones'][0]['phone']}]"


def actions(action: dict[str, Any]) -> Iterator[str]:
    """Buttons, the rows of a list, the button that sends a location."""
    match action:
        case {"buttons": [*buttons]}:
            yield " ".join(f"[{button['reply']['title']}]" for button in buttons)
        case {"button": label, "sections": [{"rows": [*rows]}]}:
            yield f"[≡ {label}: {' · '.join(row['title'] for row in rows)}]"
        case {"name": "send_location"}:
            yield "[send location]"


def where(turn: Turn) -> str:
    """The place after the turn, and what else happened."""
    happened = [told(effect) for effect in turn.effects if not isinstance(effect, ScreenShown | Understood)]
    silent = [] if turn.replies else ["(we say nothing)"]
    return " " * WHERE + " · ".join([f"@ {turn.citizen.place}", *happened, *silent])


def told(effect: Effect) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(effect).__name__).lower()
    return f"{name} {effect.case.id}" if isinstance(effect, CaseFiled | CaseChanged) else name


def played(text: str, town: Town) -> str:
    """The transcript ``text`` as the engine of today would have it."""
    head, _, rest = text.partition("\ncitizen: ")
    player = Player(town)
    lines = [line.rstrip() for line in f"citizen: {rest}".split("\n")]
    told = [line for line in lines if line.startswith((">", "! ", "== ", "citizen: "))]
    return "\n".join([head.strip(), "", *(out for line in told for out in player.play(line))]).rstrip() + "\n"
