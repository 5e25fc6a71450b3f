"""What can be reported and who sees to it: categories in groups, departments, and the way from one to the other.

The dialogue finds a category in the citizen's words, the routing asks for the department and the days; both take
all of it from the compiled ``incidents`` section. A category that was taken out of the content is nobody's: the case
then goes where its kind goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from canal.subjects.category_search import CategorySearch
from canal.subjects.origin import Both, Origin

INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class Department:
    """Who solves. ``email`` is empty while it is not known."""

    id: str
    name: Both
    about: Both
    email: str
    origin: Origin

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Department:
        return cls(
            record["id"], record["name"], record.get("about", {}), record.get("email", ""), Origin.from_content(record)
        )


@dataclass(frozen=True, slots=True)
class OtherBody:
    """Who looks after it, where it is not the town."""

    name: Both
    about: Both


@dataclass(frozen=True, slots=True)
class Group:
    """Categories that stand together in a list."""

    id: str
    name: Both


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of incident.

    ``hint``: what to tell us. ``words``: what people type for it; ``vague`` ones count only where nothing plainer is
    said. ``by_zone``: zone -> department, where it differs. ``days``: working days. ``radius``: metres within which
    an open one may be the same. ``private``: its position is rounded and no photo shown in public. ``public``: listed
    in Open311 at all. ``danger``: a caution said first, or empty.
    """

    id: str
    name: Both
    group: str
    hint: Both
    words: tuple[str, ...]
    vague: tuple[str, ...]
    department: str
    by_zone: Mapping[str, str]
    days: int
    radius: float
    private: bool
    public: bool
    danger: Both
    other_body: OtherBody | None

    @classmethod
    def from_content(cls, record: Mapping[str, Any]) -> Category:
        other = record.get("other_body")
        return cls(
            record["id"],
            record["name"],
            record["group"],
            record["hint"],
            tuple(record["words"]),
            tuple(record.get("vague", ())),
            record["department"],
            record.get("by_zone", {}),
            record["days"],
            record["radius"],
            bool(record.get("private", False)),
            bool(record.get("public", True)),
            record.get("danger", {}),
            OtherBody(other["name"], other["about"]) if other else None,
        )


@dataclass(frozen=True, slots=True)
class KindRules:
    """Where a kind of case goes by itself, and its working days."""

    department: str
    days: int


@dataclass(frozen=True)  # no slots: its search is made when somebody first asks
class Categories:
    """All of it for one town. ``tell``: the states that a citizen is told of."""

    departments: tuple[Department, ...]
    groups: tuple[Group, ...]
    categories: tuple[Category, ...]
    kinds: Mapping[str, KindRules]
    reopen_days: int
    escalate_after_days: int
    tell: frozenset[str]
    ignored: tuple[str, ...] = field(default=())

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Categories:
        """From the compiled ``incidents`` section."""
        return cls(
            tuple(Department.from_content(each) for each in data["departments"]),
            tuple(Group(each["id"], each["name"]) for each in data["groups"]),
            tuple(Category.from_content(each) for each in data["categories"]),
            {kind: KindRules(rules["department"], rules["days"]) for kind, rules in data["kinds"].items()},
            data["reopen_days"],
            data["escalate_after_days"],
            frozenset(data["tell"]),
            tuple(data.get("ignored", ())),
        )

    def category(self, identifier: str) -> Category | None:
        return self._by_id.get(identifier)

    def department(self, identifier: str) -> Department | None:
        return next((each for each in self.departments if each.id == identifier), None)

    def of_group(self, identifier: str) -> tuple[Category, ...]:
        return tuple(each for each in self.categories if each.group == identifier)

    def find(self, text: str, limit: int = 3) -> tuple[Category, ...]:
        """The categories meant by typed words, best first; slips forgiven, none where nothing is meant."""
        return self._search.find(text, limit)

    def route(self, kind: str, category: str, zone: str) -> str:
        """The id of the department. An unknown or removed category goes where the kind goes, and so does a kind
        that the content does not name, as an incident without category.
        """
        known = self.category(category)
        return known.by_zone.get(zone, known.department) if known else self._rules(kind).department

    def days(self, kind: str, category: str) -> int:
        """Working days until it is due."""
        known = self.category(category)
        return known.days if known else self._rules(kind).days

    def _rules(self, kind: str) -> KindRules:
        return self.kinds.get(kind) or self.kinds[INCIDENT]

    @cached_property
    def _by_id(self) -> Mapping[str, Category]:
        return {each.id: each for each in self.categories}

    @cached_property
    def _search(self) -> CategorySearch[Category]:
        return CategorySearch.of(((each, each.words, each.vague) for each in self.categories), self.ignored)
