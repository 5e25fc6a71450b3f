"""Option 9, programació cultural: today, this weekend, the next seven days, by kind; an event with place and hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.messages import ShowPlace
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen, page_of, row, says, shortened
from canal.dialogue.times import clock, day
from canal.dialogue.understanding.reading import Reading

if TYPE_CHECKING:
    from canal.subjects.agenda import Agenda, Event, Kind

    Span = Callable[[Agenda, datetime, str | None], tuple[Event, ...]]

PAGE = 6
MAX_ABOUT = 400


SPANS: dict[str, Span] = {
    "tomorrow": lambda agenda, now, kind: agenda.tomorrow(now, kind),
    "today": lambda agenda, now, kind: agenda.today(now, kind),
    "weekend": lambda agenda, now, kind: agenda.weekend(now, kind),
    "week": lambda agenda, now, kind: agenda.next_days(now, 7, kind),
    "month": lambda agenda, now, kind: agenda.next_days(now, 30, kind),
    "year": lambda agenda, now, kind: tuple(sorted(agenda.next_days(now, 365, kind), key=lambda each: each.starts)),
}


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``culture``, ``culture:SPAN[:KIND[:PAGE]]`` (KIND "all" for any), ``culture:event:ID``, ``culture:map:ID``."""
    match path:
        case ():
            return spans(scene)
        case ("event", identifier):
            return event(scene, identifier)
        case ("map", identifier):
            return on_the_map(scene, identifier)
        case (span,) if span in SPANS:
            return events(scene, span, "all", 1)
        case (span, kind) if span in SPANS:
            return events(scene, span, kind, 1)
        case (span, kind, page) if span in SPANS and page.isdecimal():
            return events(scene, span, kind, int(page))
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """When and what kind: "teatre este cap de setmana", "què hi ha hui", "cine"."""
    span = next((name for name in SPANS if says(scene, words, f"culture.said_{name}")), None)
    kind = scene.town.agenda.find_kind(words)
    if span is None and kind is None:
        return None
    return events(scene, span or far_enough(scene, kind), kind.id if kind else "all", 1)


def far_enough(scene: Scene, kind: Kind | None) -> str:
    """A month ahead; a year where the kind has nothing sooner, as with the feasts."""
    soon = scene.town.agenda.next_days(scene.now, 30, kind.id if kind else None)
    return "month" if soon else "year"


def spans(scene: Scene) -> Screen:
    agenda = scene.town.agenda
    items = [scene.item(f"culture:{span}", f"culture.{span}") for span in ("today", "weekend", "week")]
    kinds = agenda.kinds_of(agenda.next_days(scene.now, 30))[:6]
    items += [row(f"culture:month:{kind.id}", scene.pick(kind.name)) for kind in kinds]
    body = scene.text("culture.body")
    return Screen(Place.CULTURE, scene.say(body, items), address="culture", items=tuple(items))


def events(scene: Scene, span: str, kind: str, number: int) -> Screen:
    """A page of events; those that were cancelled say so."""
    agenda = scene.town.agenda
    chosen = agenda.kind(kind)
    every = SPANS[span](agenda, scene.now, chosen.id if chosen else None)
    page, more = page_of(every, number, PAGE)
    items = [item(scene, each) for each in page]
    if more:
        items.append(scene.item(f"culture:{span}:{kind}:{number + 1}", "common.more"))
    items.append(scene.item("culture", "culture.other"))
    title = scene.text(f"culture.{span}_title")
    if chosen:
        title = f"{title} · {scene.pick(chosen.name)}"
    parts = [f"🎭 *{title}*"] if every else [f"🎭 *{title}*", nothing(scene)]
    if any(each.origin.demo for each in page):
        parts.append(scene.text("common.demo"))
    body = "\n".join(parts)
    address = f"culture:{span}:{kind}:{number}"
    return Screen(Place.CULTURE, scene.say(body, items), address=address, items=tuple(items))


def nothing(scene: Scene) -> str:
    """Nothing on and agenda not loaded are different answers."""
    known = scene.town.agenda.knows(scene.now.date())
    return scene.text("culture.nothing" if known else "culture.not_loaded")


def item(scene: Scene, each: Event) -> Item:
    state = scene.text("culture.cancelled") if each.cancelled else ""
    venue = scene.pick(each.venue.name) if each.venue else ""
    title = f"{state} {moment(scene, each)} · {scene.pick(each.title)}".strip()
    description = f"{state} {moment(scene, each)} {venue}".strip()
    return row(f"culture:event:{each.id}", title, description, label=scene.pick(each.title))


def moment(scene: Scene, each: Event) -> str:
    """The day, and the hour where it has one; an exhibition that runs says until when."""
    if not each.lasts_hours and each.starts <= scene.now:
        return scene.text("culture.until", day=day(scene, each.last_day))
    when = day(scene, each.starts.date())
    return when if each.all_day else f"{when} {clock(scene, each.starts)}"


def event(scene: Scene, identifier: str) -> Screen | None:
    """One event: what, when, where, how much."""
    found = scene.town.agenda.get(identifier)
    if found is None:
        return None
    parts = [f"🎭 *{scene.pick(found.title)}*", state(scene, found), f"🗓️ {moment(scene, found)}"]
    if found.venue:
        parts.append(f"📍 {scene.pick(found.venue.name)}")
    parts += [f"🎟️ {price}" if (price := scene.pick(found.price)) else ""]
    parts += [shortened(scene.pick(found.about), MAX_ABOUT), found.url]
    parts.append(scene.text("common.demo") if found.origin.demo else "")
    items: Sequence[Item] = scene.named("culture", "menu")
    if found.venue and found.venue.latitude is not None:
        items = (scene.item(f"culture:map:{identifier}", "culture.map"), *items)
    body = "\n".join(filter(None, parts))
    address = f"culture:event:{identifier}"
    return Screen(Place.CULTURE, scene.say(body, items), address=address, items=tuple(items))


def state(scene: Scene, found: Event) -> str:
    """Cancelled or moved, where it is."""
    if found.cancelled:
        return scene.text("culture.cancelled_long")
    if found.moved_from:
        before = f"{day(scene, found.moved_from.date())} {clock(scene, found.moved_from)}"
        return scene.text("culture.moved", before=before)
    return ""


def on_the_map(scene: Scene, identifier: str) -> Screen | None:
    found = scene.town.agenda.get(identifier)
    if found is None or found.venue is None or found.venue.latitude is None or found.venue.longitude is None:
        return None
    note = scene.text("culture.approximate") if found.venue.approximate else ""
    reply = ShowPlace(found.venue.latitude, found.venue.longitude, scene.pick(found.venue.name), note)
    return Screen(Place.CULTURE, reply, keep_offered=True)


RULES = PlaceRules(show=show, hear=hear)
