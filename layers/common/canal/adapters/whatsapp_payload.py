"""Meta's JSON and Canal's words: the only two modules that know both are this one and ``whatsapp_rendering``.

``inbound`` reads what ``receive`` queued. Pure, and it never raises: whatever a phone sends comes out as
something that the dialogue can answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from canal.adapters.whatsapp_rendering import outbound
from canal.adapters.whatsapp_text import clean, clean_line
from canal.dialogue.messages import (
    Content,
    IdentityChanged,
    Inbound,
    MarketingPreference,
    Media,
    MediaKind,
    Pin,
    Reaction,
    Sender,
    SharedContacts,
    Tap,
    Text,
    Unsupported,
)

__all__ = ["inbound", "outbound"]

MAX_TEXT = 4096
MAX_ID = 256
MAX_NAME = 200
MAX_CARDS = 20
TOO_LARGE = 131052  # Meta's code for a citizen's file over 100 MB
EPOCH = datetime.fromtimestamp(0, UTC)

Json = Mapping[str, Any]


def inbound(queued: Json, received_at: datetime = EPOCH) -> Inbound:
    """The message that ``receive`` queued; ``received_at`` stands in where Meta gave no readable time."""
    message, contact = _object(queued, "message"), _object(queued, "contact")
    if preference := _object(queued, "preference"):
        return Inbound(
            id=_id(queued, "id"),
            sender=_sender(preference.get("user_id"), preference.get("wa_id"), contact),
            at=_time(preference.get("timestamp"), received_at),
            content=_preference(preference),
        )
    return Inbound(
        id=_id(message, "id"),
        sender=_message_sender(message, contact),
        at=_time(message.get("timestamp"), received_at),
        content=_content(message),
        reply_to=_id(_object(message, "context"), "id") or None,
    )


# --- who and when ---------------------------------------------------------------------------------


def _message_sender(message: Json, contact: Json) -> Sender:
    """The sender; of a system message, who they were before it."""
    previous = _object(message, "system").get("previous_user_id")
    return _sender(previous or message.get("from_user_id"), message.get("from"), contact)


def _sender(user_id: object, phone: object, contact: Json) -> Sender:
    user = clean_line(user_id, MAX_ID) or _id(contact, "user_id")
    number = (clean_line(phone, MAX_ID) or _id(contact, "wa_id")).removeprefix("+")
    if number and not (number.isascii() and number.isdecimal()):
        # Nothing that one can dial: it can only be an id.
        user, number = user or number, ""
    return Sender(user or None, number or None, clean_line(_object(contact, "profile").get("name"), MAX_NAME))


def _time(value: object, fallback: datetime) -> datetime:
    """Unix seconds, a string in messages and a number in preferences."""
    try:
        seconds = int(value) if isinstance(value, str | int | float) else 0
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else fallback
    except (ValueError, OverflowError, OSError):
        return fallback


# --- what -----------------------------------------------------------------------------------------


def _content(message: Json) -> Content:
    kind = _id(message, "type")
    if _is_too_large(message):
        return Unsupported("too_large")
    read = READERS.get(kind)
    return read(message) if read else Unsupported(_id(_object(message, "unsupported"), "type") or kind)


def _is_too_large(message: Json) -> bool:
    errors = message.get("errors")
    return isinstance(errors, list) and any(
        isinstance(error, dict) and error.get("code") == TOO_LARGE for error in errors
    )


def _text(message: Json) -> Content:
    body = _object(message, "text").get("body")
    return Text(clean(body, MAX_TEXT)) if isinstance(body, str) else Unsupported("text")


def _media(kind: MediaKind) -> Callable[[Json], Content]:
    def read(message: Json) -> Content:
        media = _object(message, kind)
        media_id = _id(media, "id")
        if not media_id:
            return Unsupported(kind)
        return Media(
            kind,
            media_id,
            mime_type=clean_line(media.get("mime_type"), MAX_NAME),
            caption=clean(media.get("caption"), MAX_TEXT),
            filename=clean_line(media.get("filename"), MAX_NAME),
            voice=media.get("voice") is True,
        )

    return read


def _location(message: Json) -> Content:
    place = _object(message, "location")
    latitude, longitude = _degrees(place.get("latitude"), 90), _degrees(place.get("longitude"), 180)
    if latitude is None or longitude is None:
        return Unsupported("location")
    name, address = clean_line(place.get("name"), MAX_NAME), clean_line(place.get("address"), MAX_NAME)
    return Pin(latitude, longitude, name, address)


def _degrees(value: object, limit: int) -> float | None:
    """A finite number of degrees within the globe."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= limit else None


def _contacts(message: Json) -> Content:
    listed = message.get("contacts")
    cards = [card for card in listed if isinstance(card, dict)] if isinstance(listed, list) else []
    if not cards:
        return Unsupported("contacts")
    own = next((_phone(card) for card in cards if card.get("origin") == "contact_request"), "")
    names = [name for card in cards[:MAX_CARDS] if (name := _card_name(card))]
    return SharedContacts(tuple(names), own)


def _card_name(card: Json) -> str:
    name = _object(card, "name")
    return clean_line(name.get("formatted_name"), MAX_NAME) or clean_line(name.get("first_name"), MAX_NAME)


def _phone(card: Json) -> str:
    """The digits of a card's first phone."""
    phones = card.get("phones")
    first = phones[0] if isinstance(phones, list) and phones and isinstance(phones[0], dict) else {}
    number = _id(first, "wa_id") or _id(first, "phone")
    return "".join(digit for digit in number if digit.isdecimal())


def _reaction(message: Json) -> Content:
    reaction = _object(message, "reaction")
    return Reaction(clean_line(reaction.get("emoji"), MAX_NAME), _id(reaction, "message_id"))


def _interactive(message: Json) -> Content:
    interactive = _object(message, "interactive")
    kind = _id(interactive, "type")
    if kind in ("button_reply", "list_reply"):
        reply = _object(interactive, kind)
        return _tap(_id(reply, "id"), reply.get("title"), kind)
    return Unsupported(kind or "interactive")


def _button(message: Json) -> Content:
    """A quick reply of a template."""
    button = _object(message, "button")
    return _tap(_id(button, "payload"), button.get("text"), "button")


def _tap(address: str, title: object, kind: str) -> Content:
    """What was tapped; without its id, the label says as much as if it had been typed."""
    label = clean_line(title, MAX_NAME)
    if address:
        return Tap(address, label)
    return Text(label) if label else Unsupported(kind)


def _system(message: Json) -> Content:
    """A changed number or user id, in Meta's spelling of today and of before."""
    system = _object(message, "system")
    user = _id(system, "user_id") or None
    phone = (_id(system, "wa_id") or _id(system, "new_wa_id")).removeprefix("+") or None
    known_as = [
        _id(system, "previous_user_id"),
        _id(message, "from_user_id"),
        _id(message, "from").removeprefix("+"),
        _id(system, "customer").removeprefix("+"),
    ]
    previous = tuple(dict.fromkeys(key for key in known_as if key and key not in (user, phone)))
    return IdentityChanged(previous, user, phone) if previous and (user or phone) else Unsupported("system")


def _preference(preference: Json) -> Content:
    match preference.get("value"):
        case "stop":
            return MarketingPreference("stop")
        case "resume" | "signup":
            return MarketingPreference("resume")
        case _:
            return Unsupported("user_preferences")


READERS: Mapping[str, Callable[[Json], Content]] = {
    "text": _text,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "document": _media("document"),
    "sticker": _media("sticker"),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "button": _button,
    "system": _system,
}


# --- JSON of any shape ----------------------------------------------------------------------------


def _object(parent: Json, key: str) -> Json:
    """The object under ``key``; an empty one for anything else."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _id(parent: Json, key: str) -> str:
    """The id, number or short word under ``key``; empty for anything else."""
    return clean_line(parent.get(key), MAX_ID)
