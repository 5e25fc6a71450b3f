"""The town as a staff page needs it: departments, categories, zones, kinds and states with their names."""

from __future__ import annotations

from canal.desk.bilingual import both, words
from canal.desk.changing import NO_MOVES
from canal.desk.exports import COLUMNS, Name
from canal.desk.outside import Desk
from canal.desk.requests import NEEDS_WORDS
from canal.desk.roles import Action, Person
from canal.desk.views import CategoryView, DepartmentView, DeskView, Me, Named, StateView
from canal.dialogue.messages import Language
from canal.dialogue.town import Town
from canal.incidents.case import Kind
from canal.incidents.states import MOVES, OPEN, State


def described(desk: Desk, person: Person) -> DeskView:
    """All that a page needs to draw itself for this person."""
    town = desk.town
    return DeskView(
        town=town.name,
        me=Me(
            name=person.name,
            role=person.role,
            departments=list(person.departments),
            may=[action for action in Action if person.could(action)],
        ),
        departments=[
            DepartmentView(id=each.id, name=both(each.name), mine=person.sees_all or each.id in person.departments)
            for each in town.incidents.departments
        ],
        groups=[Named(id=each.id, name=both(each.name)) for each in town.incidents.groups],
        categories=[
            CategoryView(
                id=each.id,
                name=both(each.name),
                group=each.group,
                department=each.department,
                days=each.days,
                private=each.private,
            )
            for each in town.incidents.categories
        ],
        zones=[Named(id=each.id, name=both(each.name)) for each in town.municipality.zones],
        kinds=[Named(id=kind, name=words(town, f"desk.kind.{kind}")) for kind in Kind],
        states=[state_view(town, state) for state in State],
    )


def state_view(town: Town, state: State) -> StateView:
    return StateView(
        id=state,
        name=words(town, f"desk.state.{state}"),
        open=state in OPEN,
        moves=[each for each in State if each in MOVES[state] - NO_MOVES],
        needs_words=state in NEEDS_WORDS,
    )


def header(town: Town, language: Language) -> dict[str, str]:
    """The names of an export's columns."""
    return {column: town.text(f"desk.column.{column}", language) for column in COLUMNS}


def names(town: Town, language: Language) -> Name:
    """How an export calls departments, categories and the like; what the content no longer has, by its id."""
    known = {
        "department": {each.id: each.name for each in town.incidents.departments},
        "category": {each.id: each.name for each in town.incidents.categories},
        "zone": {each.id: each.name for each in town.municipality.zones},
    }

    def name(column: str, identifier: str) -> str:
        if column in ("kind", "state"):
            return town.text(f"desk.{column}.{identifier}", language)
        found = known[column].get(identifier)
        return getattr(both(found), language) if found else identifier

    return name
