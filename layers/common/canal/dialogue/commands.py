"""What counts as a whole message from everywhere: menu, back, language, help, a person, stop, privacy."""

from __future__ import annotations

from collections.abc import Callable

from canal.dialogue.citizen import Place
from canal.dialogue.places import menu, rules_of, screen_at
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.understanding.commands import Command


def obey(scene: Scene, command: Command | None, words: str) -> Screen | None:
    """The screen a command asks for; None without one."""
    if command == Command.STOP:
        return stop(scene, words)
    action = ACTIONS.get(command) if command else None
    return action(scene) if action else None


def stop(scene: Scene, words: str) -> Screen:
    """No more notices: the only command that listens to the words, which may name one topic."""
    from canal.dialogue.subscribing import leaving  # most conversations never say it

    return leaving.by_word(scene, words)


def back(scene: Scene) -> Screen | None:
    """The screen before the present one, else the menu."""
    for address in reversed(scene.citizen.trail[:-1]):
        if screen := screen_at(scene, address):
            return screen
    return menu.main(scene)


def more(scene: Scene) -> Screen | None:
    """The next page, where there is one; in the main menu, what comes after the nine."""
    title = scene.text("common.more.title")
    following = next((answer.address for answer in scene.citizen.offered if answer.label == title), None)
    if following:
        return screen_at(scene, following)
    return menu.more(scene) if scene.citizen.place == Place.MENU else menu.no_more(scene)


def yes_or_no(word: str) -> Callable[[Scene], Screen | None]:
    """An action that answers the question just asked, whose notes say where each answer leads; else a word back."""

    def answer(scene: Scene) -> Screen | None:
        address = scene.citizen.notes.get(word)
        return screen_at(scene, address) if address else menu.fine(scene)

    return answer


def at(place: Place, *parts: str) -> Callable[[Scene], Screen | None]:
    """An action that opens one screen."""
    return lambda scene: rules_of(place).show(scene, parts)


ACTIONS: dict[Command, Callable[[Scene], Screen | None]] = {
    Command.MENU: menu.main,
    Command.GREETING: menu.greeting,
    Command.THANKS: menu.thanks,
    Command.GOODBYE: menu.goodbye,
    Command.BACK: back,
    Command.LANGUAGE: at(Place.LANGUAGE),
    Command.LANGUAGE_CA: at(Place.LANGUAGE, "ca"),
    Command.LANGUAGE_ES: at(Place.LANGUAGE, "es"),
    Command.HELP: at(Place.HELP),
    Command.PERSON: at(Place.PERSON),
    Command.PRIVACY: at(Place.PRIVACY),
    Command.MY_DATA: at(Place.PRIVACY, "data"),
    Command.ERASE_ME: at(Place.PRIVACY, "erase"),
    Command.MORE: more,
    Command.YES: yes_or_no("yes"),
    Command.NO: yes_or_no("no"),
}
