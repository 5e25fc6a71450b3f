"""What one is subscribed to, in a line."""

from __future__ import annotations

from collections.abc import Iterable

from canal.broadcasts.subscription import Subscription
from canal.dialogue.scene import Scene
from canal.subjects.notices import Topic


def line(scene: Scene) -> str:
    """For the menu: the topics by name."""
    return scene.text("subscriptions.line", topics=", ".join(name(scene, each) for each in mine(scene)))


def mine(scene: Scene) -> list[str]:
    """The citizen's topics in the town's order; those that the town has given up stand last."""
    order = [topic.id for topic in scene.town.notices.topics]
    known = [topic for topic in order if topic in scene.citizen.subscriptions]
    return [*known, *(topic for topic in scene.citizen.subscriptions if topic not in order)]


def name(scene: Scene, topic: str) -> str:
    """A topic's name; of one that the town has given up, the id is all there is."""
    found = scene.town.notices.topic(topic)
    return scene.pick(found.name) if found else topic


def with_detail(scene: Scene, subscription: Subscription) -> str:
    """ "Alertes (La Vila, Venècia)", "Agenda setmanal"."""
    found = scene.town.notices.topic(subscription.topic)
    said = detail(scene, found, subscription) if found else ""
    called = name(scene, subscription.topic)
    return f"{called} ({said})" if said else called


def detail(scene: Scene, topic: Topic, subscription: Subscription) -> str:
    """What was chosen of what there is to choose."""
    parts = [ground(scene, subscription.zones)] if topic.zones or subscription.zones else []
    if len(topic.frequencies) > 1:
        parts.append(scene.text(f"subscriptions.often_{subscription.frequency}.label").lower())
    return " · ".join(parts)


def ground(scene: Scene, zones: Iterable[str]) -> str:
    """The names of zones; without any, the whole town."""
    known = [zone for zone in map(scene.town.municipality.zone, zones) if zone]
    return ", ".join(scene.pick(zone.name) for zone in known) or scene.text("subscriptions.whole_town")
