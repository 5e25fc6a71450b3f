"""One place in the dialogue, one module: what it says, what it accepts, where each answer leads."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.places import (
    appointment,
    attachment,
    bus,
    culture,
    help,
    jobs,
    language,
    menu,
    person,
    pharmacy,
    phones,
    privacy,
    procedures,
    soon,
    subscriptions,
    taxes,
    waste,
    welcome,
)
from canal.dialogue.scene import PlaceRules, Scene, Screen

PLACES = {place.value: place for place in Place}
RULES: dict[Place, PlaceRules] = {
    Place.WELCOME: welcome.RULES,
    Place.MENU: menu.RULES,
    Place.PHONES: phones.RULES,
    Place.BUS: bus.RULES,
    Place.PHARMACY: pharmacy.RULES,
    Place.WASTE: waste.RULES,
    Place.APPOINTMENT: appointment.RULES,
    Place.TAXES: taxes.RULES,
    Place.PROCEDURES: procedures.RULES,
    Place.JOBS: jobs.RULES,
    Place.CULTURE: culture.RULES,
    Place.INCIDENT: soon.INCIDENT,
    Place.COMPLAINT: soon.COMPLAINT,
    Place.SUGGESTION: soon.SUGGESTION,
    Place.MY_CASES: soon.MY_CASES,
    Place.SUBSCRIPTIONS: subscriptions.RULES,
    Place.LANGUAGE: language.RULES,
    Place.PERSON: person.RULES,
    Place.PRIVACY: privacy.RULES,
    Place.HELP: help.RULES,
    Place.ATTACHMENT: attachment.RULES,
}


def rules_of(place: Place) -> PlaceRules:
    """What ``place`` shows and hears."""
    return RULES[place]


def screen_at(scene: Scene, address: str) -> Screen | None:
    """The screen at ``address`` ("bus:stop:12"), None when there is none (any more)."""
    head, *parts = address.split(":")
    place = PLACES.get(head)
    return rules_of(place).show(scene, tuple(parts)) if place else None
