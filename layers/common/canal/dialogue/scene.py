"""What a place sees of a message, and what it gives back: the common ground of all ``places/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from canal.broadcasts.subscription import Subscription
from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.draft import Draft
from canal.dialogue.messages import LANGUAGES, Language, Media, Option, Pin, Reply, Say
from canal.dialogue.questions import Question, Wanted
from canal.dialogue.town import Town
from canal.dialogue.turn import Effect
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import fold

FAR = 5_000  # metres from which kilometres are said
MAX_ROWS = 10  # a WhatsApp list holds ten rows
MAX_LABEL = 24  # of a row, in UTF-16 code units
MAX_DESCRIPTION = 72

T = TypeVar("T")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered answer: ``label`` fits a list row (24 characters), ``title`` is the full line of the text."""

    address: str
    label: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """One answer of a place.

    ``address`` is where "back" returns to; None for an answer that one does not come back to.
    ``keep_offered`` leaves the earlier numbers standing, for replies that carry none of their own. ``draft`` is the
    report as it is now, ``subscriptions`` all of them; None leaves them as they were.
    """

    place: Place
    reply: Reply | None
    address: str | None = None
    items: tuple[Item, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    keep_offered: bool = False
    language: Language | None = None  # set where the citizen just chose it
    draft: Draft | None = None
    subscriptions: Mapping[str, Subscription] | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """The citizen, their town and the hour, with the town's words in the citizen's language."""

    citizen: Citizen
    town: Town
    now: datetime  # aware, in the town's zone
    message_id: str = ""  # wamid of the message that is answered
    at: datetime | None = None  # when the citizen sent it, which may be long before ``now``
    answers: Mapping[Question[Any], Any] = field(default_factory=dict)
    interrupted: bool = False  # a notice came after the screen that a number would answer

    def know(self, question: Question[Answer]) -> Answer:
        """The answer to ``question``; raises Wanted where it must be looked up first."""
        if question not in self.answers:
            raise Wanted(question)
        answer: Answer = self.answers[question]
        return answer

    @property
    def draft(self) -> Draft:
        """The report that is being written; an empty one where there is none, or it has grown too old."""
        draft = Draft.from_notes(self.citizen.draft)
        return draft if draft.fresh(self.now) else Draft()

    @property
    def language(self) -> Language:
        """The citizen's language, else the town's first."""
        return self.citizen.language or self.town.language

    def text(self, key: str, /, **values: object) -> str:
        """The town's words under ``key``, filled in."""
        return self.town.text(key, self.language, **values)

    def pick(self, both: Mapping[str, str]) -> str:
        """The half of a bilingual text that the citizen reads; the other where one is missing."""
        return both.get(self.language) or next(iter(both.values()), "")

    def item(self, address: str, key: str, /, **values: object) -> Item:
        """An answer whose words stand under ``key``.label, .title and .description (the last two optional)."""
        return Item(
            address,
            self.text(f"{key}.label", **values),
            self.text_or_nothing(f"{key}.title", **values),
            self.text_or_nothing(f"{key}.description", **values),
        )

    def named(self, *places: str) -> tuple[Item, ...]:
        """The menu's own answers, for screens that lead there."""
        return tuple(self.item(place, f"menu.{place}") for place in places)

    def text_or_nothing(self, key: str, /, **values: object) -> str:
        """As ``text``, empty where the town has no such words."""
        return self.text(key, **values) if self.town.has_text(key) else ""

    def say(self, body: str, items: Sequence[Item] = (), *, footer: bool = True) -> Say:
        """Text with its numbered answers written out below, so that it can be answered from any device."""
        lines = [f"*{number}* {item.title or item.label}" for number, item in enumerate(items, start=1)]
        return Say(
            body="\n".join([body, "", *lines]) if lines else body,
            options=tuple(as_option(item, tappable=n < MAX_ROWS) for n, item in enumerate(items)),
            list_button=self.text("common.list_button") if items else "",
            footer=self.text("common.footer") if footer else "",
        )


def row(address: str, title: str, description: str = "", label: str = "") -> Item:
    """An answer whose title may be long: its label is cut at a word to fit a list row."""
    return Item(address, shortened(label or title, MAX_LABEL), title, shortened(description, MAX_DESCRIPTION))


def shortened(words: str, most: int) -> str:
    """``words`` within ``most`` UTF-16 units, cut at a space where there is one."""
    if len(words.encode("utf-16-le")) // 2 <= most:
        return words
    cut = words[: most - 1]
    while len(cut.encode("utf-16-le")) // 2 > most - 1:
        cut = cut[:-1]
    head = cut.rpartition(" ")[0] if len(words) > len(cut) and " " in cut[most // 2 :] else cut
    return head.rstrip(" ,;:.-") + "…"


def says(scene: Scene, words: str, key: str) -> bool:
    """Whether one of the phrases under ``key``, listed with commas in either language, is in the words."""
    said = f" {fold(words)} "
    listed = ",".join(scene.town.text(key, code) for code in LANGUAGES)
    return any(f" {fold(phrase)} " in said for phrase in listed.split(","))


def elsewhere(scene: Scene, reading: Reading, share: float = 0.0) -> bool:
    """Whether the words mean something else than the present place, by at least ``share``.

    What nobody knows is no place.
    """
    if not reading.sure:
        return False
    label, found = reading.labels[0]
    return label not in ("unknown", scene.citizen.place) and found >= share


def page_of(things: Sequence[T], number: int, size: int) -> tuple[Sequence[T], bool]:
    """One page of ``things``, the first being 1, and whether more follow."""
    start = (max(number, 1) - 1) * size
    return things[start : start + size], len(things) > start + size


def as_option(item: Item, *, tappable: bool) -> Option:
    """The tappable form of an answer."""
    description = item.description or (item.title if item.title != item.label else "")
    return Option(item.address, item.label, shortened(description, MAX_DESCRIPTION), tappable)


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """What a place can do. ``show`` draws the screen of an address (its parts after the place's name) or None
    when there is no such screen any more; ``called`` answers the name of a thing of this place, before anybody else
    is asked; ``hear`` answers typed words, ``locate`` a pin, ``take`` a photo, voice note or file, each with None
    when they mean nothing here.
    """

    show: Callable[[Scene, tuple[str, ...]], Screen | None]
    called: Callable[[Scene, str], Screen | None] | None = None
    hear: Callable[[Scene, str, Reading], Screen | None] | None = None
    locate: Callable[[Scene, Pin], Screen | None] | None = None
    take: Callable[[Scene, Media], Screen | None] | None = None
    listens: bool = False  # whatever is typed here is meant for this place


def away(scene: Scene, metres: float) -> str:
    """How far in a straight line, as people say it: tens of metres near by, kilometres beyond."""
    if metres < FAR:
        return scene.text("common.metres", metres=round(metres, -1))
    return scene.text("common.kilometres", kilometres=metres / 1000)
