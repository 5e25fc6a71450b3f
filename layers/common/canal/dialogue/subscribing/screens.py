"""What there is to subscribe to: all topics, one topic, the zones of one."""

from __future__ import annotations

from collections.abc import Sequence

from canal.broadcasts.subscription import EACH, Subscription
from canal.dialogue.citizen import Place
from canal.dialogue.scene import Item, Scene, Screen, page_of, row, shortened
from canal.dialogue.subscribing import summary, wording
from canal.dialogue.times import date_and_time
from canal.subjects.municipality import Zone
from canal.subjects.notices import Topic

PAGE = 8  # zones; beside them a list holds "more" and "the whole town"
LONGEST_WORDING = 500  # characters of what was agreed to that are shown again
HERE = "subscriptions"
# Notes: what the names that are typed next are names of.
TOPICS, ZONES = "topics", "zones"


def overview(scene: Scene) -> Screen:
    """Every topic under its number, those that the citizen gets with a tick."""
    some = bool(scene.citizen.subscriptions)
    state = scene.text("subscriptions.some" if some else "subscriptions.none", town=scene.town.name)
    items = [topic_item(scene, topic) for topic in scene.town.notices.topics]
    if some:
        items.append(scene.item("subscriptions:stop", "subscriptions.stop"))
    items = [*items, *scene.named("menu")]
    body = scene.text("subscriptions.body", state=state)
    return Screen(Place.SUBSCRIPTIONS, scene.say(body, items), address=HERE, items=tuple(items), notes={TOPICS: "1"})


def topic_item(scene: Scene, topic: Topic) -> Item:
    mine = scene.citizen.subscriptions.get(topic.id)
    name = f"✅ {summary.with_detail(scene, mine)}" if mine else scene.pick(topic.name)
    label = f"✅ {scene.pick(topic.name)}" if mine else name
    return row(f"{HERE}:topic:{topic.id}", name, scene.pick(topic.about), label)


def topic(scene: Scene, found: Topic, choices: Sequence[str] = ()) -> Screen:
    """One topic: what it is about, and the question or how things stand. ``choices``: zones named with the wish."""
    mine = scene.citizen.subscriptions.get(found.id)
    body = f"{'✅' if mine else '🔔'} *{scene.pick(found.name)}*\n{scene.pick(found.about)}"
    address = ":".join([f"{HERE}:topic:{found.id}", *choices])
    look = scene.named(found.opens.partition(":")[0]) if found.opens else ()  # perhaps they meant the thing itself
    if mine:
        items = [*ways_to_change(scene, found, mine), *look, *ways_on(scene)]
        return screen(scene, f"{body}\n\n{since(scene, found, mine)}", items, address, found)
    items = [*yeses(scene, found, choices), *look, scene.item(HERE, "subscriptions.no")]
    asked = screen(scene, f"{body}\n\n{wording.consent(scene, found)}", items, address, found)
    return yes_or_no(asked)


def yes_or_no(asked: Screen) -> Screen:
    """A typed yes is the first answer, a no the last."""
    answers = {"yes": asked.items[0].address, "no": asked.items[-1].address}
    return Screen(asked.place, asked.reply, asked.address, asked.items, {**asked.notes, **answers})


def screen(scene: Scene, body: str, items: Sequence[Item], address: str | None, found: Topic) -> Screen:
    notes = {ZONES: found.id} if found.zones else {}
    return Screen(Place.SUBSCRIPTIONS, scene.say(body, items), address, tuple(items), notes)


def since(scene: Scene, found: Topic, mine: Subscription) -> str:
    """How it stands: what was chosen, when, and to which words the citizen said yes."""
    said = summary.detail(scene, found, mine)
    chosen = [scene.text("subscriptions.chosen", detail=said)] if said else []
    words = shortened(mine.wording, LONGEST_WORDING)
    return "\n".join([*chosen, scene.text("subscriptions.since", day=date_and_time(scene, mine.since), wording=words)])


def yeses(scene: Scene, found: Topic, choices: Sequence[str]) -> list[Item]:
    """The ways to say yes: the zones that were named, else the whole town or some zones; how often."""
    if zones := [each for each in choices if found.zones and scene.town.municipality.zone(each)]:
        title = scene.text("subscriptions.yes_in", zones=summary.ground(scene, zones))
        return [
            row(wording.join(scene, found, zones), title),
            scene.item(f"{HERE}:zones:{found.id}", "subscriptions.other_zones"),
        ]
    if len(found.frequencies) > 1:
        often = found.frequencies
        return [scene.item(wording.join(scene, found, (each,)), f"subscriptions.yes_{each}") for each in often]
    if found.zones and scene.town.municipality.zones:
        some = scene.item(f"{HERE}:zones:{found.id}", "subscriptions.yes_zones")
        return [scene.item(wording.join(scene, found), "subscriptions.yes_town"), some]
    return [scene.item(wording.join(scene, found), "subscriptions.yes")]


def ways_to_change(scene: Scene, found: Topic, mine: Subscription) -> list[Item]:
    """Zones and how often, where there is a choice; out."""
    items = []
    if found.zones and scene.town.municipality.zones:
        items.append(scene.item(f"{HERE}:zones:{found.id}", "subscriptions.zones"))
    for each in found.frequencies if len(found.frequencies) > 1 else ():
        if each != mine.frequency:
            items.append(scene.item(f"{HERE}:often:{found.id}:{each}", f"subscriptions.often_{each}"))
    return [*items, scene.item(f"{HERE}:leave:{found.id}", "subscriptions.leave")]


def ways_on(scene: Scene) -> list[Item]:
    return [scene.item(HERE, "subscriptions.others"), *scene.named("menu")]


def zones(scene: Scene, found: Topic, number: int = 1, opening: str = "") -> Screen | None:
    """The town's zones in pages, those that were chosen with a tick. Who does not get the topic yet sees what a
    tap agrees to. None where there are no zones to choose from.
    """
    every = scene.town.municipality.zones if found.zones else ()
    shown, more = page_of(every, number, PAGE)
    if not shown:
        return None
    mine = scene.citizen.subscriptions.get(found.id)
    items = [zone_item(scene, found, mine, zone) for zone in shown]
    if more:
        items.append(scene.item(f"{HERE}:zones:{found.id}:{number + 1}", "common.more"))
    town = f"{HERE}:town:{found.id}" if mine else wording.join(scene, found)
    items.append(scene.item(town, "subscriptions.town"))
    body = "\n\n".join([opening, which(scene, found)]) if opening else question(scene, found, mine)
    address = None if opening else f"{HERE}:zones:{found.id}:{number}"
    return screen(scene, body, items, address, found)


def which(scene: Scene, found: Topic) -> str:
    return scene.text("subscriptions.which_zones", topic=scene.pick(found.name))


def question(scene: Scene, found: Topic, mine: Subscription | None) -> str:
    asked = which(scene, found)
    if mine is None:
        return f"{asked}\n\n{wording.consent(scene, found)}"
    return "\n".join([asked, scene.text("subscriptions.chosen", detail=summary.ground(scene, mine.zones))])


def zone_item(scene: Scene, found: Topic, mine: Subscription | None, zone: Zone) -> Item:
    """A tap adds the zone, or takes it away where it has a tick."""
    name = scene.pick(zone.name)
    if mine is None:
        return row(wording.join(scene, found, (zone.id,)), name)
    if zone.id in mine.zones:
        return row(
            f"{HERE}:nozone:{found.id}:{zone.id}", scene.text("subscriptions.take_off", zone=name), "", f"✅ {name}"
        )
    return row(f"{HERE}:zone:{found.id}:{zone.id}", name)


def page_with(scene: Scene, zone: str) -> int:
    """The page that a zone stands on; the first for one that is not there."""
    order = [each.id for each in scene.town.municipality.zones]
    return order.index(zone) // PAGE + 1 if zone in order else 1


def by_default(found: Topic) -> str:
    """How often, where nothing was chosen."""
    return found.frequencies[0] if found.frequencies else EACH
