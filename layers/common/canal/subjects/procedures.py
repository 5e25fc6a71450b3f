"""La Clau: the procedures of the town hall, found by the words people use and shown with what is known of them.

A fee, a form, an address or office hours that the town has not given are empty here, and the screen says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canal.dialogue.messages import Language
from canal.subjects.origin import Both, Origin
from canal.subjects.procedure_search import Index


@dataclass(frozen=True, slots=True)
class Law:
    """A rule that fixes something of a procedure; ``url`` is empty where no stable address is known."""

    name: Both
    url: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Procedures of one kind: a screen of its own. ``label`` fits a list row (24 characters)."""

    id: str
    name: Both
    label: Both


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure. Texts that are not known are empty mappings or strings, never guesses.

    ``deadline`` holds what the law fixes (to ask, or to be answered) and ``effect`` what silence means then.
    ``who_decides`` is filled where it is not the council, and says where to go.
    """

    id: str
    family: str
    name: Both
    label: Both
    summary: Both
    needed: tuple[Both, ...]
    deadline: Both
    effect: Both
    law: tuple[Law, ...]
    who_decides: Both
    fee: Both
    form: str
    url: str
    office_hours: Both
    see: tuple[str, ...]
    origin: Origin

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the town still has to tell, in the order of the screen: of fee, form, url."""
        told = {"fee": self.fee, "form": self.form, "url": self.url}
        return tuple(each for each, value in told.items() if not value)

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Procedure:
        """From one compiled record."""
        return cls(
            id=record["id"],
            family=record["family"],
            name=record["name"],
            label=record["label"],
            summary=record["summary"],
            needed=tuple(record["needed"]),
            deadline=record.get("deadline", {}),
            effect=record.get("effect", {}),
            law=tuple(Law(each["name"], each.get("url", "")) for each in record.get("law", ())),
            who_decides=record.get("who_decides", {}),
            fee=record.get("fee", {}),
            form=record.get("form", ""),
            url=record.get("url", ""),
            office_hours=record.get("office_hours", {}),
            see=tuple(record.get("see", ())),
            origin=Origin.from_content(record),
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A procedure that may be the one meant. ``score`` goes from 0 to 1; not ``sure``: ask before going on."""

    procedure: Procedure
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Procedures:
    """All procedures of one town. Records are read when asked for: a query opens three, not a hundred."""

    families: tuple[Family, ...]
    _records: tuple[Mapping[str, Any], ...]
    _places: Mapping[str, int]  # id -> place in _records
    _index: Index

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Procedures:
        """From the compiled ``procedures`` section: families, records, index."""
        records = tuple(data["records"])
        return cls(
            tuple(Family(each["id"], each["name"], each["label"]) for each in data["families"]),
            records,
            {record["id"]: place for place, record in enumerate(records)},
            Index.from_content(data["index"]),
        )

    def __len__(self) -> int:
        return len(self._records)

    def find(self, text: str, language: Language, limit: int = 3) -> tuple[Match, ...]:
        """The procedures meant by typed words, the best first; none where nothing fits: then a person helps."""
        hits = self._index.rank(text, language)[:limit]
        return tuple(Match(self._read(hit.document), round(hit.score, 3), hit.sure) for hit in hits)

    def get(self, identifier: str) -> Procedure | None:
        place = self._places.get(identifier)
        return None if place is None else self._read(place)

    def by_family(self, identifier: str) -> tuple[Procedure, ...]:
        """The procedures of a family, in the town's order."""
        return tuple(Procedure.from_content(record) for record in self._records if record["family"] == identifier)

    def family(self, identifier: str) -> Family | None:
        return next((each for each in self.families if each.id == identifier), None)

    def related(self, procedure: Procedure) -> tuple[Procedure, ...]:
        """What often goes with it."""
        return tuple(found for each in procedure.see if (found := self.get(each)))

    def _read(self, place: int) -> Procedure:
        return Procedure.from_content(self._records[place])
