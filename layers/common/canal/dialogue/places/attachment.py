"""A pin, a photo, a voice note or a file that came unasked: we ask what it is for."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.messages import Media, Pin, SharedContacts, Unsupported
from canal.dialogue.pins import pin_text
from canal.dialogue.scene import Item, PlaceRules, Scene, Screen


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """An attachment cannot be shown again; whoever comes back finds the menu."""
    return None


def offer(scene: Scene, content: Pin | Media) -> Screen:
    """What it can be for."""
    match content:
        case Pin() as pin:
            near = f"near:{pin_text(pin)}"
            items = (
                scene.item(f"bus:{near}", "attachment.bus"),
                scene.item(f"pharmacy:{near}", "attachment.pharmacy"),
                scene.item("incident", "menu.incident"),
            )
            return screen(scene, "attachment.pin", items, {"pin": pin_text(pin)})
        case Media(kind="image" | "video") as media:
            names = ("incident", "complaint", "person")
            return screen(scene, f"attachment.{media.kind}", named(scene, names), {"media": media.media_id})
        case Media(kind="audio", voice=voice):
            return screen(scene, "attachment.voice" if voice else "attachment.audio", named(scene, ("person", "menu")))
        case _:
            return screen(scene, "attachment.document", named(scene, ("procedures", "person", "menu")))


def cannot_use(scene: Scene, content: SharedContacts | Unsupported) -> Screen:
    """Contacts, polls, orders and what WhatsApp itself does not pass on: said so, with a way on."""
    if isinstance(content, SharedContacts):
        key = "attachment.contacts"
    else:
        key = "attachment.too_large" if content.kind == "too_large" else "attachment.unsupported"
    return screen(scene, key, named(scene, ("menu", "person")))


def named(scene: Scene, names: tuple[str, ...]) -> tuple[Item, ...]:
    return tuple(scene.item(name, f"menu.{name}") for name in names)


def screen(scene: Scene, key: str, items: tuple[Item, ...], notes: dict[str, str] | None = None) -> Screen:
    return Screen(Place.ATTACHMENT, scene.say(scene.text(key), items), items=items, notes=notes or {})


RULES = PlaceRules(show=show)
