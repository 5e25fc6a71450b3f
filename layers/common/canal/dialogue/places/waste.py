"""Option 4, trastos i Ecoparc: what goes where, by its word; the pick-up; the ecoparc and whether it is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.messages import ContactCard, ShowContacts
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen, elsewhere, says
from canal.dialogue.times import clock, day
from canal.dialogue.turn import NotUnderstood
from canal.dialogue.understanding.reading import Reading
from canal.dialogue.understanding.text import words as words_of

if TYPE_CHECKING:
    from canal.subjects.waste import Days, WasteItem

FEW_WORDS = 3  # a short text here that names no place is most likely a thing that we do not know


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``waste``, ``waste:pickup``, ``waste:card``, ``waste:ecoparc`` and ``waste:item:ID``."""
    match path:
        case ():
            items = (*choices(scene, "pickup", "ecoparc"), *scene.named("menu"))
            return Screen(Place.WASTE, scene.say(scene.text("waste.body"), items), address="waste", items=items)
        case ("pickup",):
            return pickup(scene)
        case ("card",):
            return card(scene)
        case ("ecoparc",):
            return ecoparc(scene)
        case ("item", identifier):
            found = scene.town.waste.item(identifier)
            return things(scene, [found]) if found else None
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """Where a thing goes; else the ecoparc or the pick-up by name."""
    found = scene.town.waste.find_item(words)
    if found:
        return things(scene, found)
    for name, screen in (("ecoparc", ecoparc), ("pickup", pickup)):
        if says(scene, words, f"waste.said_{name}"):
            return screen(scene)
    here = scene.citizen.place == Place.WASTE and not words.isdecimal() and not elsewhere(scene, reading)
    if here and len(words_of(words)) <= FEW_WORDS and not scene.citizen.missed % 2:
        return not_found(scene, words)
    return None


def things(scene: Scene, found: Sequence[WasteItem]) -> Screen:
    """Each thing with its first destination and the others as second best."""
    parts = [thing(scene, each) for each in found]
    body = "\n\n".join([*parts, scene.text("waste.rules")])
    places = {place.id for each in found for place in each.destinations}
    ways = [name for name in ("pickup", "ecoparc") if name in places]  # never a way that is not for these things
    items = (*choices(scene, *ways, "another"), *scene.named("menu"))
    address = f"waste:item:{found[0].id}"
    return Screen(Place.WASTE, scene.say(body, items), address=address, items=items)


def thing(scene: Scene, each: WasteItem) -> str:
    lines = [f"♻️ *{scene.pick(each.name)}*"]
    for number, place in enumerate(each.destinations):
        key = "waste.or" if number else "waste.goes_to"
        lines.append(scene.text(key, place=scene.pick(place.name), about=scene.pick(place.about)))
    return "\n".join(filter(None, [*lines, scene.pick(each.note)]))


def not_found(scene: Scene, words: str) -> Screen:
    """The second time in a row it is left to what all places say, so that no sentence comes twice."""
    items = (*choices(scene, "ecoparc"), *scene.named("person", "menu"))
    reply = scene.say(scene.text("waste.not_found"), items)
    return Screen(Place.WASTE, reply, items=items, effects=(NotUnderstood(words),))


def pickup(scene: Scene) -> Screen:
    """What to do, step by step, and the number to call."""
    found = scene.town.waste.pickup
    steps = "\n".join(f"{number}. {scene.pick(step)}" for number, step in enumerate(found.steps, start=1))
    head = f"🛋️ *{scene.pick(found.name)}*\n{scene.pick(found.about)}"
    parts = [head, scene.text("common.call", phone=found.number), steps, scene.pick(found.warning)]
    body = "\n\n".join([*parts, f"❔ {scene.pick(found.unknown)}"])
    ask = scene.item("pickup", "waste.ask_pickup")
    items = (ask, scene.item("waste:card", "waste.card"), *choices(scene, "ecoparc"), *scene.named("menu"))
    return Screen(Place.WASTE, scene.say(body, items), address="waste:pickup", items=items)


def card(scene: Scene) -> Screen:
    found = scene.town.waste.pickup
    reply = ShowContacts((ContactCard(scene.pick(found.name), found.dial, scene.town.name),))
    return Screen(Place.WASTE, reply, keep_offered=True)


def ecoparc(scene: Scene) -> Screen:
    """Open now or not, the week, where, what it takes."""
    found = scene.town.waste.ecoparc
    head = f"♻️ *{scene.pick(found.name)}*\n{opening(scene)}"
    week = "\n".join([scene.text("waste.hours"), *(days(scene, each) for each in found.week())])
    takes = scene.text("waste.takes", things=", ".join(scene.pick(each) for each in found.takes))
    parts = [
        head,
        week,
        f"📍 {scene.pick(found.where)}",
        takes,
        scene.pick(found.who),
        f"❔ {scene.pick(found.note)}",
    ]
    items = (*choices(scene, "pickup", "another"), *scene.named("menu"))
    return Screen(Place.WASTE, scene.say("\n\n".join(parts), items), address="waste:ecoparc", items=items)


def opening(scene: Scene) -> str:
    """ "Open now until 19:00", with a caution on holidays."""
    found = scene.town.waste.ecoparc
    state = found.state(scene.now)
    if state.open and state.until:
        told = scene.text("waste.open_until", until=clock(scene, state.until))
    elif state.next:
        when = f"{day(scene, state.next.date())} {clock(scene, state.next)}"
        told = scene.text("waste.closed_until", when=when)
    else:
        told = scene.text("waste.closed")
    doubt = found.may_differ(scene.now, scene.town.holidays)
    return f"{told}\n{scene.text('waste.holiday')}" if doubt else told


def days(scene: Scene, run: Days) -> str:
    """A line of the week's hours."""
    names = scene.text("time.weekdays").split(",")
    first, last = names[run.first], names[run.last]
    several = "waste.both" if run.last - run.first == 1 else "waste.from_to"
    who = first if run.first == run.last else scene.text(several, first=first, last=last)
    return f"• {who}: {', '.join(run.hours) or scene.text('waste.closed_that_day')}"


def choices(scene: Scene, *names: str) -> tuple[Item, ...]:
    addresses = {"pickup": "waste:pickup", "ecoparc": "waste:ecoparc", "another": "waste"}
    return tuple(scene.item(addresses[name], f"waste.{name}") for name in names)


RULES = PlaceRules(show=show, hear=hear)
