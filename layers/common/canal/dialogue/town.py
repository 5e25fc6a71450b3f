"""A town as the dialogue sees it: its words and its facts, typed, read from the compiled content.

Sections are made when first used, so that a conversation about the bus does not pay for the procedures.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.understanding.reading import Lexicon
from canal.subjects.agenda import Agenda
from canal.subjects.appointments import Appointments
from canal.subjects.bus import Bus
from canal.subjects.offers import Offers
from canal.subjects.pharmacies import Pharmacies
from canal.subjects.phones import Phones
from canal.subjects.procedures import Procedures
from canal.subjects.taxes import Taxes
from canal.subjects.waste import Waste


class Town:
    """One town's content. ``data`` is the compiled JSON; ``version`` names this edition of it."""

    def __init__(self, data: Mapping[str, Any], version: str = "") -> None:
        self._data = data
        self._words: Mapping[str, Mapping[str, str]] = data["words"]
        self.version = version
        facts = data["town"]
        self.name: str = facts["name"]
        self.language: Language = facts["languages"][0]
        self.zone = ZoneInfo(facts["timezone"])
        self.facts: Mapping[str, Any] = facts
        self.session = timedelta(hours=facts["session_hours"])

    def text(self, key: str, language: Language, **values: object) -> str:
        """The words under ``key`` in ``language``, else in any other the town has; KeyError without the key."""
        both = self._words[key]
        words = both.get(language) or next(both[other] for other in LANGUAGES if other in both)
        return words.format(**values) if values else words

    def has_text(self, key: str) -> bool:
        return key in self._words

    def local(self, moment: datetime) -> datetime:
        """``moment`` on the town's clock."""
        return moment.astimezone(self.zone)

    @cached_property
    def holidays(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(str(day["date"])) for day in self.facts["holidays"])

    @cached_property
    def lexicon(self) -> Lexicon:
        return Lexicon.from_content(self._data)

    @cached_property
    def phones(self) -> Phones:
        return Phones.from_content(self._data["phones"])

    @cached_property
    def bus(self) -> Bus:
        return Bus.from_content(self._data["bus"])

    @cached_property
    def pharmacies(self) -> Pharmacies:
        return Pharmacies.from_content(self._data["pharmacies"])

    @cached_property
    def waste(self) -> Waste:
        return Waste.from_content(self._data["waste"])

    @cached_property
    def appointments(self) -> Appointments:
        return Appointments.from_content(self._data["appointments"])

    @cached_property
    def taxes(self) -> Taxes:
        return Taxes.from_content(self._data["taxes"])

    @cached_property
    def procedures(self) -> Procedures:
        return Procedures.from_content(self._data["procedures"])

    @cached_property
    def offers(self) -> Offers:
        return Offers.from_content(self._data["offers"])

    @cached_property
    def agenda(self) -> Agenda:
        return Agenda.from_content(self._data["agenda"])
