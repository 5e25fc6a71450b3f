"""Typed words about notices: which topic they name, which zone."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.scene import Scene, Screen, says
from canal.dialogue.subscribing import joining, screens
from canal.dialogue.understanding.text import fold
from canal.subjects.notices import Topic

MOST_WORDS = 4  # "de tots els barris"; a longer message that says "all" is about something else


def wish(scene: Scene, words: str) -> Screen:
    """A wish to be told: of the one topic that it names, else of what there is."""
    notices, zones = scene.town.notices, scene.town.municipality.zones_named(words)
    quarter = says(scene, words, "subscriptions.said_quarter")
    named = [topic for topic in map(notices.topic, notices.named(words)) if topic]
    if not named and (zones or quarter):
        named = [topic for topic in notices.topics if topic.zones][:1]
    if len(named) != 1:
        return screens.overview(scene)
    return (screens.zones(scene, named[0]) if quarter and not zones else None) or of_one(scene, named[0], zones)


def of_one(scene: Scene, topic: Topic, zones: tuple[str, ...]) -> Screen:
    """One topic; a subscriber who names zones of it is shown them to choose."""
    if zones and topic.id in scene.citizen.subscriptions:
        page = screens.page_with(scene, zones[0])
        return screens.zones(scene, topic, page) or screens.topic(scene, topic)
    return screens.topic(scene, topic, joining.zones_among(scene, topic, zones))


def exact_name(scene: Scene, words: str) -> Screen | None:
    """The name of a topic in either language, which may be that of another place too: "ofertas de empleo"."""
    said = fold(words)
    named = (each for each in scene.town.notices.topics if said in map(fold, each.name.values()))
    return next((screens.topic(scene, topic) for topic in named), None)


def name_only(scene: Scene, words: str) -> Screen | None:
    """In a list of topics the name of one, in a list of zones the names of some, or "all"."""
    notes = scene.citizen.notes if scene.citizen.place == Place.SUBSCRIPTIONS else {}
    if topic := scene.town.notices.topic(notes.get(screens.ZONES, "")):
        if zones := scene.town.municipality.zones_named(words):
            return joining.zone(scene, topic, *zones)
        everywhere = len(words.split()) <= MOST_WORDS and says(scene, words, "subscriptions.said_town")
        return joining.whole_town(scene, topic) if everywhere else None
    if screens.TOPICS not in notes:
        return None
    named = scene.town.notices.named(words)
    topic = scene.town.notices.topic(named[0]) if len(named) == 1 else None
    return screens.topic(scene, topic) if topic else None
