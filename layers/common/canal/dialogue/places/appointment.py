"""Option 5, cita prèvia: the booking page, what is known to need one, what to bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.scene import PlaceRules, Scene, Screen, row
from canal.dialogue.understanding.reading import Reading

if TYPE_CHECKING:
    from canal.subjects.origin import Both


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``appointment`` and ``appointment:for:ID``."""
    match path:
        case ():
            return booking(scene)
        case ("for", identifier):
            return bookable(scene, identifier)
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    found = scene.town.appointments.find(words, limit=1)
    return bookable(scene, found[0].id) if found else None


def booking(scene: Scene) -> Screen:
    """Everything on one screen: people come here to book, not to read."""
    data = scene.town.appointments
    items = tuple(row(f"appointment:for:{each.id}", scene.pick(each.name)) for each in data.bookable)
    items = (*items, *scene.named("procedures", "person"))
    body = "\n\n".join(
        [
            scene.text("appointment.body", url=data.url),
            scene.pick(data.about),
            scene.text("appointment.bring") + "\n" + bullets(scene, data.bring),
            *(f"ℹ️ {scene.pick(each)}" for each in data.unknown),
        ]
    )
    return Screen(Place.APPOINTMENT, scene.say(body, items), address="appointment", items=items)


def bookable(scene: Scene, identifier: str) -> Screen | None:
    data = scene.town.appointments
    found = data.get(identifier)
    if found is None:
        return None
    parts = [f"📅 *{scene.pick(found.name)}*", scene.pick(found.about)]
    if where := scene.pick(found.where):
        parts.append(f"📍 {where}")
    if found.bring:
        parts.append(scene.text("appointment.bring") + "\n" + bullets(scene, found.bring))
    parts.append(scene.text("appointment.book_at", url=data.url))
    items = scene.named("appointment", "procedures", "menu")
    body = "\n\n".join(filter(None, parts))
    return Screen(Place.APPOINTMENT, scene.say(body, items), address=f"appointment:for:{identifier}", items=items)


def bullets(scene: Scene, texts: Sequence[Both]) -> str:
    return "\n".join(f"• {scene.pick(each)}" for each in texts)


RULES = PlaceRules(show=show, hear=hear)
