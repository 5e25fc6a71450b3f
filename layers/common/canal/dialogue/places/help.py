"""Help: what one can write here, in a few lines."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.scene import PlaceRules, Scene, Screen


def show(scene: Scene, path: tuple[str, ...]) -> Screen:
    items = tuple(scene.item(name, f"menu.{name}") for name in ("menu", "person"))
    body = scene.text("help.body", town=scene.town.name)
    return Screen(Place.HELP, scene.say(body, items), address="help", items=items)


RULES = PlaceRules(show=show)
