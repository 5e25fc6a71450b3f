"""A town as the dialogue sees it: its words and its facts, typed, read from the compiled content.

Sections are read, and their modules loaded, when they are first used: a conversation about the bus does not pay for
the procedures, and a cold start for neither.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.understanding.reading import Lexicon

if TYPE_CHECKING:
    from canal.subjects.agenda import Agenda
    from canal.subjects.appointments import Appointments
    from canal.subjects.bus import Bus
    from canal.subjects.categories import Categories
    from canal.subjects.gazetteer import Gazetteer
    from canal.subjects.municipality import Municipality
    from canal.subjects.notices import Notices
    from canal.subjects.offers import Offers
    from canal.subjects.pharmacies import Pharmacies
    from canal.subjects.phones import Phones
    from canal.subjects.procedures import Procedures
    from canal.subjects.taxes import Taxes
    from canal.subjects.waste import Waste


def sections(compiled: bytes) -> dict[str, bytes]:
    """The sections of a compiled content file, unread: it is one JSON object with one section a line.

    Raises ValueError for any other layout, a file cut short included.
    """
    first, *lines, last = compiled.strip().split(b"\n")
    if (first, last) != (b"{", b"}"):
        raise ValueError("no compiled content")
    pairs = (line.removesuffix(b",").split(b":", 1) for line in lines)
    return {json.loads(name): section for name, section in pairs}


class Town:
    """One town's content. ``data`` holds the compiled sections, as they are or as JSON texts still to be read;
    ``version`` names this edition of it.
    """

    def __init__(self, data: Mapping[str, Any], version: str = "") -> None:
        self._data = data
        self._words: Mapping[str, Mapping[str, str]] = self._section("words")
        self.version = version
        facts = self._section("town")
        self.name: str = facts["name"]
        self.language: Language = facts["languages"][0]
        self.zone = ZoneInfo(facts["timezone"])
        self.facts: Mapping[str, Any] = facts
        self.session = timedelta(hours=facts["session_hours"])

    def _section(self, name: str) -> Any:
        section = self._data[name]
        return json.loads(section) if isinstance(section, bytes) else section

    def text(self, key: str, language: Language, /, **values: object) -> str:
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
        return Lexicon.from_content({name: self._section(name) for name in ("danger", "commands", "understanding")})

    @cached_property
    def phones(self) -> Phones:
        from canal.subjects.phones import Phones

        return Phones.from_content(self._section("phones"))

    @cached_property
    def bus(self) -> Bus:
        from canal.subjects.bus import Bus

        return Bus.from_content(self._section("bus"))

    @cached_property
    def pharmacies(self) -> Pharmacies:
        from canal.subjects.pharmacies import Pharmacies

        return Pharmacies.from_content(self._section("pharmacies"))

    @cached_property
    def waste(self) -> Waste:
        from canal.subjects.waste import Waste

        return Waste.from_content(self._section("waste"))

    @cached_property
    def appointments(self) -> Appointments:
        from canal.subjects.appointments import Appointments

        return Appointments.from_content(self._section("appointments"))

    @cached_property
    def taxes(self) -> Taxes:
        from canal.subjects.taxes import Taxes

        return Taxes.from_content(self._section("taxes"))

    @cached_property
    def procedures(self) -> Procedures:
        from canal.subjects.procedures import Procedures

        return Procedures.from_content(self._section("procedures"))

    @cached_property
    def offers(self) -> Offers:
        from canal.subjects.offers import Offers

        return Offers.from_content(self._section("offers"))

    @cached_property
    def agenda(self) -> Agenda:
        from canal.subjects.agenda import Agenda

        return Agenda.from_content(self._section("agenda"))

    @cached_property
    def incidents(self) -> Categories:
        from canal.subjects.categories import Categories

        return Categories.from_content(self._section("incidents"))

    @cached_property
    def municipality(self) -> Municipality:
        from canal.subjects.municipality import Municipality

        return Municipality.from_content(self._section("incidents"))

    @cached_property
    def gazetteer(self) -> Gazetteer:
        from canal.subjects.gazetteer import Gazetteer

        return Gazetteer.from_content(self._section("gazetteer"))

    @cached_property
    def notices(self) -> Notices:
        from canal.subjects.notices import Notices

        return Notices.from_content(self._section("notices"))
