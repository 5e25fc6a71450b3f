"""Incidents, complaints, suggestions and "my cases": told honestly as not open yet, with who takes them now."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.scene import PlaceRules, Scene, Screen


def announce(place: Place) -> PlaceRules:
    """A place that says what it will do and offers a person meanwhile."""

    def show(scene: Scene, path: tuple[str, ...]) -> Screen:
        items = tuple(scene.item(name, f"menu.{name}") for name in ("person", "phones", "menu"))
        body = scene.text(f"{place}.soon", town=scene.town.name)
        return Screen(place, scene.say(body, items), address=place.value, items=items)

    return PlaceRules(show=show)


INCIDENT = announce(Place.INCIDENT)
COMPLAINT = announce(Place.COMPLAINT)
SUGGESTION = announce(Place.SUGGESTION)
MY_CASES = announce(Place.MY_CASES)
