"""Option 2, the bus: lines, stops, the next departures at a stop, and the nearest stops to a pin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.messages import AskLocation, Pin, ShowPlace
from canal.dialogue.pins import parse_pin, pin_text
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen, away, row
from canal.dialogue.times import clock, day, full_day
from canal.dialogue.understanding.reading import Reading

if TYPE_CHECKING:
    from canal.subjects.bus import Departure, Stop

SOON_MINUTES = 60  # up to here people think in minutes, later in hours of the clock


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``bus``, ``bus:line:ID``, ``bus:stop:ID``, ``bus:map:ID``, ``bus:here`` and ``bus:near:LAT,LON``."""
    match path:
        case ():
            return lines(scene)
        case ("line", identifier):
            return line(scene, identifier)
        case ("stop", identifier):
            return stop(scene, identifier)
        case ("map", identifier):
            return on_the_map(scene, identifier)
        case ("here",):
            return Screen(Place.BUS, AskLocation(scene.text("bus.ask_location")), keep_offered=True)
        case ("near", place):
            pin = parse_pin(place)
            return locate(scene, pin) if pin else None
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """A stop by its name or the code on its pole, else a line."""
    stops = scene.town.bus.find_stops(words)
    if len(stops) == 1:
        return stop(scene, stops[0].id)
    if stops:
        return choice(scene, scene.text("bus.which_stop"), stops)
    found = scene.town.bus.find_lines(words)
    return line(scene, found[0].id) if found else None


def lines(scene: Scene) -> Screen:
    items = tuple(
        row(f"bus:line:{each.id}", scene.text("bus.line", line=each.name), scene.pick(each.long_name))
        for each in scene.town.bus.lines()
    )
    items = (*items, scene.item("bus:here", "bus.near_me"))
    return screen(scene, scene.text("bus.body"), items, "bus")


def line(scene: Scene, identifier: str) -> Screen | None:
    """A line's stops in order, each of them a number."""
    found = scene.town.bus.line(identifier)
    if found is None:
        return None
    stops = {each.id: each for way in found.directions for each in way.stops}
    body = scene.text("bus.line_body", line=found.name, name=scene.pick(found.long_name))
    return choice(scene, body, tuple(stops.values()), f"bus:line:{identifier}")


def choice(scene: Scene, body: str, stops: Sequence[Stop], address: str | None = None) -> Screen:
    items = tuple(row(f"bus:stop:{each.id}", scene.pick(each.name)) for each in stops)
    return screen(scene, body, items, address)


def stop(scene: Scene, identifier: str) -> Screen | None:
    """The next departures at a stop, or when the next bus comes at all."""
    found = scene.town.bus.stop(identifier)
    if found is None:
        return None
    body = f"🚏 *{scene.pick(found.name)}*\n{timetable(scene, found)}"
    items = (
        scene.item(f"bus:map:{identifier}", "bus.map"),
        scene.item("bus:here", "bus.near_me"),
        scene.item("bus", "bus.lines"),
    )
    return screen(scene, body, items, f"bus:stop:{identifier}")


def timetable(scene: Scene, stop: Stop) -> str:
    """What leaves next, in lines."""
    bus = scene.town.bus
    departures = bus.departures(stop.id, scene.now, limit=4)
    if departures:
        return "\n".join(departure(scene, each) for each in departures)
    following = bus.next_service(stop.id, scene.now)
    if following is None:
        expired = not bus.valid_on(scene.now.date())
        return (
            scene.text("bus.expired", day=full_day(scene, bus.valid_until))
            if expired
            else scene.text("bus.no_timetable")
        )
    when = f"{day(scene, following.time.date())} {clock(scene, following.time)}"
    return scene.text("bus.no_more", when=when, line=following.line.name)


def departure(scene: Scene, each: Departure) -> str:
    if each.minutes == 0:
        wait = scene.text("bus.now")
    elif each.minutes <= SOON_MINUTES:
        wait = scene.text("bus.in_minutes", minutes=each.minutes)
    else:
        wait = ""
    headsign = scene.pick(each.headsign)
    return scene.text(
        "bus.departure", hour=clock(scene, each.time), line=each.line.name, to=headsign, wait=wait
    ).rstrip()


def on_the_map(scene: Scene, identifier: str) -> Screen | None:
    found = scene.town.bus.stop(identifier)
    if found is None:
        return None
    note = scene.text("bus.demo_place") if scene.town.bus.demo else ""
    reply = ShowPlace(found.latitude, found.longitude, scene.pick(found.name), note)
    return Screen(Place.BUS, reply, keep_offered=True)


def locate(scene: Scene, pin: Pin) -> Screen:
    """The three nearest stops with what leaves from them."""
    near = scene.town.bus.nearest_stops(pin)
    parts = [
        f"🚏 *{scene.pick(each.item.name)}* · {away(scene, each.metres)}\n{timetable(scene, each.item)}"
        for each in near
    ]
    items = tuple(row(f"bus:stop:{each.item.id}", scene.pick(each.item.name)) for each in near)
    body = "\n\n".join([scene.text("bus.near_body"), *parts])
    return screen(scene, body, items, f"bus:near:{pin_text(pin)}")


def screen(scene: Scene, body: str, items: tuple[Item, ...], address: str | None) -> Screen:
    """Every answer of the bus says when its timetable is made up."""
    if scene.town.bus.demo:
        body = f"{body}\n\n{scene.text('bus.demo')}"
    return Screen(Place.BUS, scene.say(body, items), address=address, items=items)


RULES = PlaceRules(show=show, hear=hear, locate=locate)
