"""In: a topic, its zones, how often. Each change can come twice, from a button of long ago, or for a topic that is
gone; what is said then is what holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from canal.broadcasts.subscription import Subscription
from canal.dialogue.citizen import Place
from canal.dialogue.scene import Scene, Screen
from canal.dialogue.subscribing import screens, summary, wording
from canal.dialogue.subscribing.changes import with_one
from canal.dialogue.turn import Effect, OptedIn, Subscribed
from canal.subjects.notices import Topic


def join(scene: Scene, topic: Topic, choices: Sequence[str]) -> Screen:
    """A yes. Below words that have changed since it is asked again: nobody agrees to what they did not read."""
    if topic.id in scene.citizen.subscriptions:
        return told(scene, topic, scene.citizen.subscriptions[topic.id], "subscriptions.already")
    if wording.outdated(scene, topic, choices):
        return screens.topic(scene, topic, zones_among(scene, topic, choices))
    wanted = Subscription(
        topic.id,
        since=scene.at or scene.now,
        wamid=scene.message_id.partition("#")[0],  # a lost race runs the message again with a number behind its id
        wording=wording.consent(scene, topic),
        zones=zones_among(scene, topic, choices),
        frequency=next((each for each in choices if each in topic.frequencies), screens.by_default(topic)),
    )
    return changed(scene, topic, wanted, "subscriptions.joined")


def zones_among(scene: Scene, topic: Topic, choices: Sequence[str]) -> tuple[str, ...]:
    """The zones that there are, each once."""
    if not topic.zones:
        return ()
    return tuple(dict.fromkeys(each for each in choices if scene.town.municipality.zone(each)))


def changed(scene: Scene, topic: Topic, wanted: Subscription, key: str) -> Screen:
    """The answer to a change. Who asks for a topic that WhatsApp counts as marketing wants such messages again."""
    effects: tuple[Effect, ...] = (Subscribed(topic.id),)
    if topic.marketing and not scene.citizen.wants_marketing:
        effects = (OptedIn(), *effects)
    after = with_one(scene.citizen, wanted)
    return replace(told(scene, topic, wanted, key), subscriptions=after, effects=effects)


def told(scene: Scene, topic: Topic, mine: Subscription, key: str) -> Screen:
    body = scene.text(key, topic=summary.with_detail(scene, mine))
    items = [*screens.ways_to_change(scene, topic, mine), *screens.ways_on(scene)]
    return screens.screen(scene, body, items, None, topic)


def often(scene: Scene, topic: Topic, frequency: str) -> Screen:
    """How often; the topic's question for one who does not get it."""
    mine = scene.citizen.subscriptions.get(topic.id)
    if mine is None or frequency not in topic.frequencies:
        return screens.topic(scene, topic)
    return changed(scene, topic, replace(mine, frequency=frequency), "subscriptions.changed")


def zone(scene: Scene, topic: Topic, *wanted: str) -> Screen:
    """With ``wanted`` among the zones."""
    zones = zones_among(scene, topic, wanted)
    mine = scene.citizen.subscriptions.get(topic.id)
    if mine is None or not zones:
        return screens.topic(scene, topic, zones)
    return chosen(scene, topic, mine, tuple(dict.fromkeys((*mine.zones, *zones))), zones[-1])


def no_zone(scene: Scene, topic: Topic, unwanted: str) -> Screen:
    """Without one of the zones; without the last of them it is the whole town again."""
    mine = scene.citizen.subscriptions.get(topic.id)
    if mine is None:
        return screens.topic(scene, topic)
    return chosen(scene, topic, mine, tuple(each for each in mine.zones if each != unwanted), unwanted)


def whole_town(scene: Scene, topic: Topic) -> Screen:
    mine = scene.citizen.subscriptions.get(topic.id)
    if mine is None:
        return screens.topic(scene, topic)
    if not mine.zones:
        return told(scene, topic, mine, "subscriptions.already")
    return changed(scene, topic, replace(mine, zones=()), "subscriptions.changed")


def chosen(scene: Scene, topic: Topic, mine: Subscription, zones: tuple[str, ...], near: str) -> Screen:
    """The zones again after one of them changed: several are chosen one after the other."""
    wanted = replace(mine, zones=zones)
    after = with_one(scene.citizen, wanted)
    seen = replace(scene, citizen=replace(scene.citizen, subscriptions=after))
    done = scene.text("subscriptions.changed", topic=summary.with_detail(scene, wanted))
    again = screens.zones(seen, topic, screens.page_with(scene, near), done) or told(
        seen, topic, wanted, "subscriptions.changed"
    )
    if wanted == mine:
        return again
    return replace(again, place=Place.SUBSCRIPTIONS, subscriptions=after, effects=(Subscribed(topic.id),))
