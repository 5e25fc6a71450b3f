"""One place in the dialogue, one module of the same name: what it says, what it accepts, where each answer leads.

A place is loaded when somebody first comes to it: a cold start that answers "Hola" does not pay for the bus.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from canal.dialogue.citizen import Place
from canal.dialogue.scene import PlaceRules, Scene, Screen

PLACES = {place.value: place for place in Place}


@cache
def rules_of(place: Place) -> PlaceRules:
    """What ``place`` shows and hears."""
    rules: PlaceRules = import_module(f"{__name__}.{place.value}").RULES
    return rules


def screen_at(scene: Scene, address: str) -> Screen | None:
    """The screen at ``address`` ("bus:stop:12"), None when there is none (any more)."""
    head, *parts = address.split(":")
    place = PLACES.get(head)
    return rules_of(place).show(scene, tuple(parts)) if place else None
