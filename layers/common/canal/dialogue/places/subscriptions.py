"""Notices: what the citizen gets and what else there is; in and out, by topic or all. See ``dialogue/subscribing``."""

from __future__ import annotations

from dataclasses import replace

from canal.dialogue.citizen import Place
from canal.dialogue.scene import PlaceRules, Scene, Screen
from canal.dialogue.subscribing import hearing, joining, leaving, screens
from canal.dialogue.turn import OptedIn
from canal.dialogue.understanding.reading import Reading
from canal.subjects.notices import Topic


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``subscriptions``; ``:stop`` and ``:start``; ``:leave:TOPIC``; and what ``of_topic`` shows."""
    match path:
        case ():
            return screens.overview(scene)
        case ("stop",):
            return leaving.stop(scene)
        case ("start",):
            return replace(screens.overview(scene), address=None, effects=(OptedIn(),))
        case ("leave", name):
            return leaving.leave(scene, [name])
        case (what, name, *choices):
            topic = scene.town.notices.topic(name)
            return of_topic(scene, what, topic, choices) if topic else None
        case _:
            return None


def of_topic(scene: Scene, what: str, topic: Topic, choices: list[str]) -> Screen | None:
    """``topic:T``, ``topic:T:ZONE…``, ``join:T``, ``join:T:CHOICE…:MARK``, ``zones:T``, ``zones:T:PAGE``,
    ``zone:T:ZONE``, ``nozone:T:ZONE``, ``town:T``, ``often:T:FREQUENCY``.
    """
    match what, choices:
        case "topic", zones:
            return screens.topic(scene, topic, joining.zones_among(scene, topic, zones))
        case "join", _:
            return joining.join(scene, topic, choices)
        case "zones", []:
            return screens.zones(scene, topic)
        case "zones", [number] if number.isdecimal():
            return screens.zones(scene, topic, int(number[:3]))
        case "zone", [zone]:
            return joining.zone(scene, topic, zone)
        case "nozone", [zone]:
            return joining.no_zone(scene, topic, zone)
        case "town", []:
            return joining.whole_town(scene, topic)
        case "often", [frequency]:
            return joining.often(scene, topic, frequency)
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """A name from the list just shown; a wish for notices, or for none."""
    label = reading.labels[0][0] if reading.labels else ""
    if label == "opt_out" and reading.sure:
        return leaving.perhaps(scene, words, reading)
    if found := hearing.name_only(scene, words):
        return found
    if label == "opt_out":
        return leaving.perhaps(scene, words, reading)
    return hearing.wish(scene, words) if label == Place.SUBSCRIPTIONS else None


RULES = PlaceRules(show=show, called=hearing.exact_name, hear=hear)
