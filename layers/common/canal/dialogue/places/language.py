"""The language can be changed at any time."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.citizen import Place
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.places import menu
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen
from canal.dialogue.turn import LanguageChosen


def show(scene: Scene, path: tuple[str, ...]) -> Screen:
    """``language`` asks; ``language:ca`` and ``language:es`` choose."""
    for code in LANGUAGES:
        if path == (code,):
            return chosen(scene, code)
    items = tuple(Item(f"language:{code}", scene.text(f"language.{code}.label")) for code in LANGUAGES)
    return Screen(Place.LANGUAGE, scene.say(scene.text("language.ask"), items), items=items)


def chosen(scene: Scene, language: Language) -> Screen:
    """The main menu in the language just chosen."""
    first_time = scene.citizen.place == Place.WELCOME
    speaking = replace(scene, citizen=replace(scene.citizen, language=language))
    opening = "menu.welcome" if first_time else "menu.language_changed"
    return replace(menu.main(speaking, opening), language=language, effects=(LanguageChosen(language),))


RULES = PlaceRules(show=show)
