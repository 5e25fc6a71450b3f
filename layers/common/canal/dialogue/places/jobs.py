"""Option 8, ofertes de treball IDEA: what is open today, newest first, in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen, elsewhere, row, shortened
from canal.dialogue.times import full_day
from canal.dialogue.understanding.reading import Reading

if TYPE_CHECKING:
    from canal.subjects.offers import Offer

PAGE = 5
MAX_ABOUT = 500


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``jobs``, ``jobs:page:N`` and ``jobs:offer:ID``."""
    match path:
        case ():
            return page(scene, 1)
        case ("page", number) if number.isdecimal():
            return page(scene, int(number))
        case ("offer", identifier):
            return offer(scene, identifier)
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    """Open offers for a trade: "cambrer", "electricista"."""
    found = scene.town.offers.find(words, scene.now, PAGE)
    if not found:
        here = scene.citizen.place == Place.JOBS and not elsewhere(scene, reading)
        return page(scene, 1, "jobs.no_match") if here else None
    return offers(scene, scene.text("jobs.found"), [item(scene, each) for each in found], found, None)


def page(scene: Scene, number: int, opening: str = "jobs.body") -> Screen:
    shown = scene.town.offers.page(scene.now, number, PAGE)
    if not shown.total:
        return offers(scene, scene.text("jobs.none"), [], (), "jobs")
    items = [item(scene, each) for each in shown.offers]
    if shown.number < shown.pages:
        items.append(scene.item(f"jobs:page:{shown.number + 1}", "common.more"))
    body = scene.text(opening, total=shown.total, page=shown.number, pages=shown.pages)
    return offers(scene, body, items, shown.offers, f"jobs:page:{shown.number}")


def offers(scene: Scene, body: str, items: list[Item], shown: tuple[Offer, ...], address: str | None) -> Screen:
    parts = [body]
    if any(each.origin.demo for each in shown):
        parts.append(scene.text("common.demo"))
    items = [*items, *scene.named("menu")]
    links = "\n".join(f"🔗 {scene.pick(link.name)}: {link.url}" for link in scene.town.offers.links)
    reply = scene.say("\n".join([*parts, links]), items)
    return Screen(Place.JOBS, reply, address=address, items=tuple(items))


def item(scene: Scene, each: Offer) -> Item:
    title = scene.pick(each.title)
    where = " · ".join(filter(None, [scene.pick(each.company), scene.pick(each.place)]))
    return row(f"jobs:offer:{each.id}", title, where)


def offer(scene: Scene, identifier: str) -> Screen | None:
    """One offer, if it is still open."""
    found = scene.town.offers.get(identifier, scene.now)
    if found is None:
        return closed(scene)
    where = " · ".join(filter(None, [scene.pick(found.company), scene.pick(found.place)]))
    parts = [f"💼 *{scene.pick(found.title)}*", where, shortened(scene.pick(found.about), MAX_ABOUT)]
    parts.append(scene.text("jobs.published", day=full_day(scene, found.published)))
    if found.closes:
        parts.append(scene.text("jobs.closes", day=full_day(scene, found.closes)))
    parts.append(f"🔗 {found.url}" if found.url else "")
    parts.append(scene.text("common.demo") if found.origin.demo else "")
    items = (scene.item("jobs", "jobs.others"), *scene.named("menu"))
    body = "\n".join(filter(None, parts))
    return Screen(Place.JOBS, scene.say(body, items), address=f"jobs:offer:{identifier}", items=items)


def closed(scene: Scene) -> Screen:
    items = (scene.item("jobs", "jobs.others"), *scene.named("menu"))
    return Screen(Place.JOBS, scene.say(scene.text("jobs.closed"), items), items=items)


RULES = PlaceRules(show=show, hear=hear)
