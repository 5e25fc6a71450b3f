"""Option 1, telèfons d'interés: by subject, emergencies always on top, a card to save on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from canal.dialogue.citizen import Place
from canal.dialogue.messages import ContactCard, ShowContacts
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen, row
from canal.dialogue.understanding.reading import Reading

if TYPE_CHECKING:
    from canal.subjects.phones import Phone, UnknownPhone


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``phones``, ``phones:subject:ID`` and ``phones:card:ID``."""
    match path:
        case ():
            return subjects(scene)
        case ("subject", identifier):
            return subject(scene, identifier)
        case ("card", identifier):
            return card(scene, identifier)
        case _:
            return None


def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
    found = scene.town.phones.find(words)
    if not found.known and not found.unknown:
        return None
    return numbers(scene, "", found.known, found.unknown, None)


def subjects(scene: Scene) -> Screen:
    phones = scene.town.phones
    items = tuple(row(f"phones:subject:{each.id}", scene.pick(each.name)) for each in phones.subjects)
    body = scene.text("phones.body", emergencies=emergencies(scene))
    return Screen(Place.PHONES, scene.say(body, items), address="phones", items=items)


def emergencies(scene: Scene) -> str:
    """The line above everything else."""
    return " · ".join(f"{scene.pick(each.name)} *{each.number}*" for each in scene.town.phones.emergencies[:1])


def subject(scene: Scene, identifier: str) -> Screen | None:
    phones = scene.town.phones
    found = phones.subject(identifier)
    if found is None:
        return None
    known, unknown = phones.of(identifier), phones.unknown_of(identifier)
    return numbers(scene, scene.pick(found.name), known, unknown, f"phones:subject:{identifier}")


def numbers(
    scene: Scene, title: str, known: Sequence[Phone], unknown: Sequence[UnknownPhone], address: str | None
) -> Screen:
    """Numbers that one can tap, emergencies above them, and a card for each."""
    lines = [f"*{title}*"] if title and title not in [scene.pick(phone.name) for phone in known] else []
    if not any(phone.is_emergency for phone in known):
        lines.insert(0, f"🚨 {emergencies(scene)}")
    lines += [line(scene, phone) for phone in known]
    lines += [scene.text("phones.unknown", name=scene.pick(u.name), instead=scene.pick(u.instead)) for u in unknown]
    items = (*(card_of(scene, phone) for phone in known[:7]), scene.item("phones", "phones.others"))
    return Screen(Place.PHONES, scene.say("\n\n".join(lines), items), address=address, items=items)


def card_of(scene: Scene, phone: Phone) -> Item:
    name = scene.pick(phone.name)
    return row(
        f"phones:card:{phone.id}",
        scene.text("phones.card.title", name=name),
        label=scene.text("phones.card.label", name=name),
    )


def line(scene: Scene, phone: Phone) -> str:
    """A phone in two or three lines."""
    parts = [f"*{scene.pick(phone.name)}*", f"📞 {phone.number}"]
    if phone.whatsapp:
        parts.append(f"💬 WhatsApp {phone.whatsapp}")
    if note := scene.pick(phone.note):
        parts.append(note)
    return "\n".join(parts)


def card(scene: Scene, identifier: str) -> Screen | None:
    """A card to save; the numbers of the screen before it still count."""
    phone = scene.town.phones.get(identifier)
    if phone is None:
        return None
    reply = ShowContacts((ContactCard(scene.pick(phone.name), phone.dial, scene.town.name),))
    return Screen(Place.PHONES, reply, keep_offered=True)


RULES = PlaceRules(show=show, hear=hear)
