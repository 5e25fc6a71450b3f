"""Telèfons d'interés: the town's phones by subject, emergencies always on top.

A number that the town has not given is listed as unknown, with what to do instead, so that the answer is
honest rather than silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canal.subjects.finding import Finder
from canal.subjects.origin import Both, Origin

EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class PhoneSubject:
    """A group of phones: a screen of its own."""

    id: str
    name: Both


@dataclass(frozen=True, slots=True)
class Phone:
    """``number`` reads well ("96 241 74 54"); ``dial`` is E.164 with "+", or a short number such as "112"."""

    id: str
    subject: str
    name: Both
    number: str
    dial: str
    note: Both
    whatsapp: str
    words: tuple[str, ...]
    origin: Origin

    @property
    def is_emergency(self) -> bool:
        return self.subject == EMERGENCY

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Phone:
        return cls(
            record["id"],
            record["subject"],
            record["name"],
            record["number"],
            record["dial"],
            record.get("note", {}),
            record.get("whatsapp", ""),
            tuple(record["words"]),
            Origin.from_content(record),
        )


@dataclass(frozen=True, slots=True)
class UnknownPhone:
    """A number that people ask for and the town has not given yet; ``instead`` says where to ask."""

    id: str
    subject: str
    name: Both
    instead: Both
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhoneSearch:
    """What typed words lead to. Both may be filled: "policia i hospital"."""

    known: tuple[Phone, ...] = ()
    unknown: tuple[UnknownPhone, ...] = ()


@dataclass(frozen=True, slots=True)
class Phones:
    """The phone book of one town."""

    subjects: tuple[PhoneSubject, ...]  # emergencies first
    phones: tuple[Phone, ...]
    unknown: tuple[UnknownPhone, ...]
    finder: Finder[Phone | UnknownPhone]

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Phones:
        """From the compiled ``phones`` section."""
        subjects = [PhoneSubject(each["id"], each["name"]) for each in data["subjects"]]
        phones = [Phone.from_content(each) for each in data["phones"]]
        unknown = [
            UnknownPhone(each["id"], each["subject"], each["name"], each["instead"], tuple(each["words"]))
            for each in data["unknown"]
        ]
        everything: list[Phone | UnknownPhone] = [*sorted(phones, key=_emergencies_first), *unknown]
        return cls(
            tuple(sorted(subjects, key=lambda subject: subject.id != EMERGENCY)),
            tuple(sorted(phones, key=_emergencies_first)),
            tuple(unknown),
            Finder.of(((each, each.words) for each in everything), data.get("ignored", ())),
        )

    @property
    def emergencies(self) -> tuple[Phone, ...]:
        """What every screen of phones shows first."""
        return self.of(EMERGENCY)

    def of(self, subject: str) -> tuple[Phone, ...]:
        """The phones of a subject, in the town's order."""
        return tuple(phone for phone in self.phones if phone.subject == subject)

    def unknown_of(self, subject: str) -> tuple[UnknownPhone, ...]:
        """The phones of a subject that are still to be learnt."""
        return tuple(phone for phone in self.unknown if phone.subject == subject)

    def subject(self, identifier: str) -> PhoneSubject | None:
        return next((each for each in self.subjects if each.id == identifier), None)

    def get(self, identifier: str) -> Phone | None:
        return next((phone for phone in self.phones if phone.id == identifier), None)

    def find(self, text: str, limit: int = 3) -> PhoneSearch:
        """The phones meant by typed words ("policia", "em pega"), the best first, emergencies on top."""
        found = [each.thing for each in self.finder.find(text, limit)]
        return PhoneSearch(
            tuple(sorted((each for each in found if isinstance(each, Phone)), key=_emergencies_first)),
            tuple(each for each in found if isinstance(each, UnknownPhone)),
        )


def _emergencies_first(phone: Phone) -> bool:
    return not phone.is_emergency  # sorting is stable: the rest keeps its order
