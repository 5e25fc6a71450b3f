"""Out: of one topic or of all, by word or button, also twice, also of what one never had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from canal.broadcasts.campaign import Kind
from canal.dialogue.citizen import Place
from canal.dialogue.scene import Item, Scene, Screen, says
from canal.dialogue.subscribing import screens, summary, wording
from canal.dialogue.subscribing.changes import BY_SCREEN, BY_WORD, without
from canal.dialogue.turn import OptedOut
from canal.dialogue.understanding.reading import Reading
from canal.subjects.notices import Topic


def stop(scene: Scene, how: str = BY_SCREEN) -> Screen:
    """No more of anything, with one offer: to keep the alerts, or else to choose again."""
    kept, effects = without(scene.citizen, scene.citizen.subscriptions, how)
    alerts = alerts_of(scene)
    body = scene.text("subscriptions.stopped")
    offer = scene.item(screens.HERE, "subscriptions.start")
    if alerts:
        zones = scene.citizen.subscriptions[alerts.id].zones
        offer = scene.item(wording.join(scene, alerts, zones), "subscriptions.keep_alerts")
        body = "\n\n".join([body, scene.text("subscriptions.keep_question"), wording.consent(scene, alerts)])
    items = (offer, *scene.named("menu"))
    return Screen(
        Place.SUBSCRIPTIONS,
        scene.say(body, items),
        items=items,
        effects=(OptedOut(), *effects),
        subscriptions=kept,
    )


def alerts_of(scene: Scene) -> Topic | None:
    """The citizen's own topic of alerts, if they have one."""
    if not scene.citizen.subscriptions:
        return None
    mine = scene.citizen.subscriptions
    return next((each for each in scene.town.notices.topics if each.kind == Kind.ALERT and each.id in mine), None)


def leave(scene: Scene, topics: Sequence[str], how: str = BY_SCREEN) -> Screen:
    """No more of ``topics``, the others stay. Who did not get them hears so."""
    kept, effects = without(scene.citizen, topics, how)
    left = [topic for topic in topics if topic in scene.citizen.subscriptions]
    after = replace(scene, citizen=replace(scene.citizen, subscriptions=kept))
    names = ", ".join(called(scene, topic) for topic in left or topics)
    key = "subscriptions.left" if left else "subscriptions.not_there"
    items = ways_on(after, [topic for topic in left if scene.town.notices.topic(topic)])
    return Screen(
        Place.SUBSCRIPTIONS,
        scene.say(f"{scene.text(key, topic=names)}\n{rest(after)}", items),
        items=tuple(items),
        effects=effects,
        subscriptions=kept if left else None,
    )


def called(scene: Scene, topic: str) -> str:
    """A topic's name, whether the town still has it or not."""
    return summary.name(scene, topic) if scene.town.notices.topic(topic) else scene.text("subscriptions.those")


def rest(scene: Scene) -> str:
    """What is still coming."""
    names = ", ".join(summary.name(scene, topic) for topic in summary.mine(scene))
    return scene.text("subscriptions.rest", topics=names) if names else scene.text("subscriptions.none_left")


def ways_on(scene: Scene, left: Sequence[str]) -> list[Item]:
    """In again where it was one topic, out of the others where there are any, the menu."""
    items = [scene.item(f"{screens.HERE}:topic:{left[0]}", "subscriptions.again")] if len(left) == 1 else []
    if scene.citizen.subscriptions:
        items.append(scene.item("subscriptions:stop", "subscriptions.stop"))
    return [*items, *screens.ways_on(scene)]


def by_word(scene: Scene, words: str) -> Screen:
    """Words that surely say "no more". Those that name a topic mean that one, unless they say "all"."""
    if not scene.citizen.subscriptions or says(scene, words, "subscriptions.said_all"):
        return stop(scene, BY_WORD)
    named = scene.town.notices.named(words)
    return leave(scene, named, BY_WORD) if named else stop(scene, BY_WORD)


def perhaps(scene: Scene, words: str, reading: Reading) -> Screen:
    """Words that may mean "no more" but are not only that: asked, not guessed. Where they name topics and are plain
    enough, those that the citizen gets are ended, which a tap takes back; who gets none of them hears so.
    """
    named = scene.town.notices.named(words) if reading.sure else ()
    mine = [topic for topic in named if topic in scene.citizen.subscriptions]
    if mine or (named and not says(scene, words, "subscriptions.said_all")):
        return leave(scene, mine or named, BY_WORD)
    body = scene.text("subscriptions.stop_question", town=scene.town.name)
    items = (scene.item("subscriptions:stop", "subscriptions.stop"), *scene.named("subscriptions", "menu"))
    notes = {"yes": "subscriptions:stop", "no": "menu"}
    return Screen(Place.SUBSCRIPTIONS, scene.say(body, items), items=items, notes=notes)
