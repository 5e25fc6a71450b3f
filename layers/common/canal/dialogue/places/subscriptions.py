"""Notices: whether the citizen wants them; out with one word, from everywhere."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.citizen import Place
from canal.dialogue.scene import PlaceRules, Scene, Screen
from canal.dialogue.turn import OptedIn, OptedOut
from canal.dialogue.understanding.reading import Reading


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``subscriptions`` tells; ``subscriptions:stop`` and ``subscriptions:start`` change it."""
    match path:
        case ():
            return screen(scene, "subscriptions.body")
        case ("stop",):
            return stop(scene)
        case ("start",):
            return screen(scene, "subscriptions.started", OptedIn())
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """Words that may mean "no more" but are not only that: asked, not guessed."""
    if reading.labels and reading.labels[0][0] == "opt_out":
        asked = screen(scene, "subscriptions.stop_question")
        return replace(asked, address=None, notes={"yes": "subscriptions:stop", "no": "menu"})
    return None


def stop(scene: Scene) -> Screen:
    return screen(scene, "subscriptions.stopped", OptedOut())


def screen(scene: Scene, key: str, change: OptedIn | OptedOut | None = None) -> Screen:
    """The state after ``change``, and the way to the other one."""
    on = isinstance(change, OptedIn) or (change is None and scene.citizen.wants_marketing)
    other = "stop" if on else "start"
    state = scene.text("privacy.notices_on" if on else "privacy.notices_off")
    items = (scene.item(f"subscriptions:{other}", f"subscriptions.{other}"), scene.item("menu", "menu.menu"))
    return Screen(
        Place.SUBSCRIPTIONS,
        scene.say(scene.text(key, town=scene.town.name, state=state), items),
        address="subscriptions" if change is None else None,
        items=items,
        effects=(change,) if change else (),
    )


RULES = PlaceRules(show=show, hear=hear)
