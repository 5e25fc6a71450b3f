"""What citizens say and what the town answers, in WhatsApp's terms but free of its JSON.

``adapters/whatsapp_payload.py`` makes an Inbound from Meta's JSON and Meta's JSON from a Reply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Language = Literal["ca", "es"]
LANGUAGES: tuple[Language, ...] = ("ca", "es")

MediaKind = Literal["image", "video", "audio", "document", "sticker"]


# --- what comes in ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes. Since 2026 the phone may be absent and the business-scoped user id is the key."""

    user_id: str | None  # business-scoped user id, "ES.1234"
    phone: str | None  # wa_id: digits, no "+"
    name: str = ""  # profile name: free text, never trusted

    @property
    def key(self) -> str:
        """The citizen's key: ``user_id``, else the phone. Empty when Meta sent neither."""
        return self.user_id or self.phone or ""


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words, at most 4,096 characters."""

    body: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A tapped button, list row or template quick reply; ``id`` is an Option's id."""

    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A shared place, WGS 84 degrees; ``name`` and ``address`` when a known place was chosen."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A photo, video, audio, document or sticker. ``media_id`` lives seven days at Meta."""

    kind: MediaKind
    media_id: str
    mime_type: str = ""
    caption: str = ""
    filename: str = ""
    voice: bool = False  # recorded in the app


@dataclass(frozen=True, slots=True)
class SharedContacts:
    """One or more contact cards. ``own_phone``: the citizen answered our request for their number."""

    names: tuple[str, ...] = ()
    own_phone: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji on one of our messages; empty when it was taken back. Never answered."""

    emoji: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Anything else: polls, orders, flows, edits, broken messages. ``kind`` is Meta's word for it."""

    kind: str


@dataclass(frozen=True, slots=True)
class IdentityChanged:
    """Meta tells us that a citizen's id or number changed: the row moves, nobody is answered."""

    previous_keys: tuple[str, ...]  # the keys they may be known by: user id, phone
    user_id: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class MarketingPreference:
    """WhatsApp's own opt-out (``stop``) or opt-in (``resume``) of marketing messages."""

    value: Literal["stop", "resume"]


Content = Text | Tap | Pin | Media | SharedContacts | Reaction | Unsupported | IdentityChanged | MarketingPreference


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a citizen."""

    id: str  # wamid
    sender: Sender
    at: datetime  # when the citizen sent it (aware, UTC), however late it arrives
    content: Content
    reply_to: str | None = None  # wamid of ours that they quoted


# --- what goes out ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that one can tap, type by number or type by label.

    ``id`` is the address of the screen it opens ("bus:stop:12"), at most 200 characters, valid for ever:
    an old list in the chat still works. ``label`` at most 24 characters (20 on a button).
    """

    id: str
    label: str
    description: str = ""  # at most 72 characters, shown in lists
    tappable: bool = True  # False: only by number or word (a list holds ten rows)


@dataclass(frozen=True, slots=True)
class Say:
    """Text, with options as buttons (up to three) or a list (up to ten). The usual reply.

    ``body`` holds all that must be read, the numbers of the options included, so that it can be answered
    from any device by typing. At most 4,096 characters without options, 1,024 with them. ``image`` is the web address
    of a picture above it, which WhatsApp shows with buttons only: with a list or without options there is none.
    """

    body: str
    options: tuple[Option, ...] = ()
    list_button: str = ""  # label that opens the list, at most 20 characters
    footer: str = ""  # at most 60 characters
    image: str = ""


@dataclass(frozen=True, slots=True)
class SayLink:
    """Text with one button that opens a web page. ``body`` at most 1,024 characters, ``label`` 20."""

    body: str
    label: str
    url: str
    footer: str = ""


@dataclass(frozen=True, slots=True)
class AskLocation:
    """Text with WhatsApp's own "send location" button. ``body`` at most 1,024 characters."""

    body: str


@dataclass(frozen=True, slots=True)
class ShowPlace:
    """A pin on the map."""

    latitude: float
    longitude: float
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One card of a contact message. ``phone`` in E.164 with "+", or a short number such as "112"."""

    name: str
    phone: str
    organisation: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShowContacts:
    """Contact cards that one can save and call."""

    cards: tuple[ContactCard, ...]


Reply = Say | SayLink | AskLocation | ShowPlace | ShowContacts
