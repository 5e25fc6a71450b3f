"""Option 3, farmàcies de guàrdia: who is on duty now, who comes next, which is nearest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.messages import AskLocation, Pin, ShowPlace
from canal.dialogue.pins import parse_pin, pin_text
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen, away, row, says
from canal.dialogue.times import clock, day
from canal.dialogue.understanding.reading import Reading

if TYPE_CHECKING:
    from canal.subjects.pharmacies import Shift


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``pharmacy``, ``pharmacy:next``, ``pharmacy:tomorrow``, ``pharmacy:map:ID``, ``:here``, ``:near:LAT,LON``."""
    match path:
        case ():
            return now(scene)
        case ("tomorrow",):
            return tomorrow(scene)
        case ("map", identifier):
            return on_the_map(scene, identifier)
        case ("here",):
            return Screen(Place.PHARMACY, AskLocation(scene.text("pharmacy.ask_location")), keep_offered=True)
        case ("near", place):
            pin = parse_pin(place)
            return locate(scene, pin) if pin else None
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """The one thing that is asked of the rota besides "now"."""
    return tomorrow(scene) if says(scene, words, "pharmacy.said_tomorrow") else None


def now(scene: Scene) -> Screen:
    """On duty at this moment, then the shift that follows."""
    pharmacies = scene.town.pharmacies
    shifts = pharmacies.on_duty(scene.now)
    if not shifts:
        return not_loaded(scene)
    parts = [scene.text("pharmacy.now"), *(described(scene, shift) for shift in shifts)]
    if following := pharmacies.coming(scene.now):
        names = ", ".join(scene.pick(shift.pharmacy.name) for shift in following)
        parts.append(scene.text("pharmacy.next", when=when(scene, following[0].starts), names=names))
    return screen(scene, parts, shifts, "pharmacy")


def tomorrow(scene: Scene) -> Screen:
    date = scene.now.date() + timedelta(days=1)
    shifts = scene.town.pharmacies.starting_on(date)
    if not shifts:
        return not_loaded(scene)
    parts = [
        scene.text("pharmacy.tomorrow", day=day(scene, date)),
        *(described(scene, shift) for shift in shifts),
    ]
    return screen(scene, parts, shifts, "pharmacy:tomorrow")


def not_loaded(scene: Scene) -> Screen:
    """Honest: we do not know, and where they do."""
    places = [f"• {scene.pick(each.text)}" for each in scene.town.pharmacies.asking]
    items = scene.named("phones", "person", "menu")
    body = "\n".join([scene.text("pharmacy.not_loaded"), *places])
    return Screen(Place.PHARMACY, scene.say(body, items), address="pharmacy", items=items)


def described(scene: Scene, shift: Shift) -> str:
    """A pharmacy on duty in three lines."""
    pharmacy = shift.pharmacy
    lines = [f"💊 *{scene.pick(pharmacy.name)}*", scene.pick(pharmacy.address)]
    if pharmacy.phone:
        lines.append(scene.text("common.call", phone=pharmacy.phone))
    return "\n".join([*filter(None, lines), hours(scene, shift)])


def hours(scene: Scene, shift: Shift) -> str:
    starts, ends = scene.town.local(shift.starts), scene.town.local(shift.ends)
    if starts.date() != ends.date():
        return scene.text("pharmacy.hours", starts=when(scene, starts), ends=when(scene, ends))
    one = day(scene, starts.date())
    return scene.text("pharmacy.hours_one_day", day=one, starts=clock(scene, starts), ends=clock(scene, ends))


def when(scene: Scene, moment: datetime) -> str:
    local = scene.town.local(moment)
    return f"{day(scene, local.date())} {clock(scene, local)}"


def locate(scene: Scene, pin: Pin) -> Screen:
    """Those on duty, nearest first."""
    near = scene.town.pharmacies.nearest(scene.now, pin)
    if not near:
        return now(scene)
    parts = [scene.text("pharmacy.near")]
    for each in near:
        parts.append(f"{described(scene, each.item)}\n📍 {away(scene, each.metres)}")
    return screen(scene, parts, [each.item for each in near], f"pharmacy:near:{pin_text(pin)}")


def on_the_map(scene: Scene, identifier: str) -> Screen | None:
    pharmacy = scene.town.pharmacies.get(identifier)
    if pharmacy is None or pharmacy.latitude is None or pharmacy.longitude is None:
        return None
    reply = ShowPlace(pharmacy.latitude, pharmacy.longitude, scene.pick(pharmacy.name), scene.pick(pharmacy.address))
    return Screen(Place.PHARMACY, reply, keep_offered=True)


def screen(scene: Scene, parts: Sequence[str], shifts: Sequence[Shift], address: str) -> Screen:
    items: list[Item] = [
        row(
            f"pharmacy:map:{shift.pharmacy.id}",
            scene.text("pharmacy.map", name=scene.pick(shift.pharmacy.name)),
            label=scene.pick(shift.pharmacy.name),
        )
        for shift in shifts[:5]
        if shift.latitude is not None
    ]
    items.append(scene.item("pharmacy:here", "pharmacy.near_me"))
    other = "pharmacy" if address == "pharmacy:tomorrow" else "pharmacy:tomorrow"
    items.append(scene.item(other, "pharmacy.today_link" if other == "pharmacy" else "pharmacy.tomorrow_link"))
    if any(shift.pharmacy.origin.demo for shift in shifts):
        parts = [*parts, scene.text("common.demo")]
    return Screen(Place.PHARMACY, scene.say("\n\n".join(parts), items), address=address, items=tuple(items))


RULES = PlaceRules(show=show, hear=hear, locate=locate)
