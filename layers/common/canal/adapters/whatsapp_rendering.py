"""Replies in Meta's JSON: what goes out, cut to WhatsApp's limits. Pure.

Each function gives a complete body for ``WhatsAppClient.send``. A reply that breaks a limit is never refused
here: options that fit no button become a list, those that fit no list stay as the numbers in the text, and
what is still too long ends in an ellipsis. ``tests/repo`` sees to it that the town's own words always fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from canal.adapters.whatsapp_text import ELLIPSIS, fit, one_line, units
from canal.dialogue.messages import (
    AskLocation,
    ContactCard,
    Language,
    Option,
    Reply,
    Say,
    SayLink,
    ShowContacts,
    ShowPlace,
)
from canal.errors import Undeliverable

Body = dict[str, Any]

MAX_TEXT = 4096
MAX_BODY = 1024  # of a message with buttons, a list, a link or a location request
MAX_FOOTER = 60
MAX_BUTTONS = 3
MAX_BUTTON_LABEL = 20
MAX_ROWS = 10
MAX_ROW_LABEL = 24
MAX_ID = 200  # of a row; a button takes 256
MAX_ROW_DESCRIPTION = 72
MAX_CAPTION = 1024
MAX_URL = 2000
MAX_REFERENCE = 512


class Address(Protocol):
    """Where a message goes: a Citizen, a Sender."""

    @property
    def user_id(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...


def outbound(reply: Reply, to: Address, reference: str = "", quote: str = "") -> Body:
    """The body that sends ``reply``.

    ``reference`` comes back in every status (our own id, no personal data); ``quote`` is the wamid of the
    message that is answered. Raises Undeliverable when the citizen has neither phone nor user id.
    """
    return addressed(content(reply), to, reference, quote)


def addressed(content: Body, to: Address, reference: str = "", quote: str = "") -> Body:
    """``content`` with its envelope: ``to`` where the phone is known, else ``recipient``, never both."""
    body: Body = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if to.phone:
        body["to"] = f"+{to.phone}"  # without the plus Meta may take it for a number of our own country
    elif to.user_id:
        body["recipient"] = to.user_id
    else:
        raise Undeliverable("neither a phone number nor a user id")
    if quote:
        body["context"] = {"message_id": quote}
    if reference:
        body["biz_opaque_callback_data"] = reference[:MAX_REFERENCE]
    return body | content


def content(reply: Reply) -> Body:
    """``reply`` without its envelope: ``type`` and the object of that type."""
    match reply:
        case Say():
            return _say(reply)
        case SayLink():
            return _link(reply)
        case AskLocation():
            return _interactive("location_request_message", reply.body, "", {"name": "send_location"})
        case ShowPlace():
            return _place(reply)
        case ShowContacts():
            return {"type": "contacts", "contacts": [_card(card) for card in reply.cards]}


# --- text and options -----------------------------------------------------------------------------


def _say(reply: Say) -> Body:
    options = _tappable(reply.options)
    if not options or units(reply.body) > MAX_BODY:
        return _text(_with_footer(reply.body, reply.footer))
    if _fit_buttons(options):
        action: Body = {"buttons": [_button(option) for option in options]}
        return _pictured(_interactive("button", reply.body, reply.footer, action), reply.image)
    if not reply.list_button.strip():
        return _text(_with_footer(reply.body, reply.footer))
    rows = [_row(option) for option in options[:MAX_ROWS]]
    action = {"button": fit(one_line(reply.list_button), MAX_BUTTON_LABEL), "sections": [{"rows": rows}]}
    return _interactive("list", reply.body, reply.footer, action)


def _pictured(body: Body, image: str) -> Body:
    """``body`` under a picture; only messages with buttons can have one."""
    if image.startswith(("https://", "http://")) and len(image) <= MAX_URL:
        body["interactive"]["header"] = {"type": "image", "image": {"link": image}}
    return body


def _tappable(options: Sequence[Option]) -> list[Option]:
    """The options that WhatsApp can show, each id once; the others are answered by number or word."""
    found: dict[str, Option] = {}
    for option in options:
        if option.tappable and option.label.strip() and _is_sendable(option.id):
            found.setdefault(option.id, option)
    return list(found.values())


def _is_sendable(address: str) -> bool:
    return 0 < units(address) <= MAX_ID and address == address.strip()


def _fit_buttons(options: Sequence[Option]) -> bool:
    """Up to three, whose labels fit whole and differ; one that was cut before wants a row, with its description."""
    labels = {one_line(option.label) for option in options}
    fits = all(units(label) <= MAX_BUTTON_LABEL and not label.endswith(ELLIPSIS) for label in labels)
    return len(options) <= MAX_BUTTONS and fits and len(labels) == len(options)


def _button(option: Option) -> Body:
    return {"type": "reply", "reply": {"id": option.id, "title": one_line(option.label)}}


def _row(option: Option) -> Body:
    row = {"id": option.id, "title": fit(one_line(option.label), MAX_ROW_LABEL)}
    if description := one_line(option.description):
        row["description"] = fit(description, MAX_ROW_DESCRIPTION)
    return row


def _text(body: str) -> Body:
    return {"type": "text", "text": {"preview_url": False, "body": _filled(body, MAX_TEXT)}}


def _with_footer(body: str, footer: str) -> str:
    """Plain text has no footer: it becomes the last line, if there is room for it."""
    whole = f"{body}\n\n{footer}" if footer else body
    return whole if units(whole) <= MAX_TEXT else body


def _filled(body: str, limit: int) -> str:
    """A body that fits and is not empty, since WhatsApp refuses both."""
    return fit(body, limit) if body.strip() else ELLIPSIS


def _interactive(kind: str, body: str, footer: str, action: Body) -> Body:
    interactive: Body = {"type": kind, "body": {"text": _filled(body, MAX_BODY)}, "action": action}
    if footer := one_line(footer):
        interactive["footer"] = {"text": fit(footer, MAX_FOOTER)}
    return {"type": "interactive", "interactive": interactive}


# --- links, places, contacts ------------------------------------------------------------------------


def _link(reply: SayLink) -> Body:
    """A button that opens a page; where it cannot be one, the address stands in the text."""
    label = one_line(reply.label)
    opens = reply.url.startswith(("https://", "http://")) and len(reply.url) <= MAX_URL
    if not (label and opens) or units(reply.body) > MAX_BODY:
        room = MAX_TEXT - units(reply.url) - 2
        return _text(f"{fit(reply.body, max(room, 1))}\n\n{reply.url}".strip())
    parameters = {"display_text": fit(label, MAX_BUTTON_LABEL), "url": reply.url}
    return _interactive("cta_url", reply.body, reply.footer, {"name": "cta_url", "parameters": parameters})


def _place(reply: ShowPlace) -> Body:
    location: Body = {"latitude": reply.latitude, "longitude": reply.longitude}
    if name := one_line(reply.name):
        location["name"] = name
    if address := one_line(reply.address):
        location["address"] = address
    return {"type": "location", "location": location}


def _card(card: ContactCard) -> Body:
    # WhatsApp wants the formatted name and one part of it; a service has no family name.
    name = card.name.strip() or card.phone
    found: Body = {
        "name": {"formatted_name": name, "first_name": name},
        "phones": [{"phone": card.phone, "type": "WORK"}],
    }
    if card.organisation:
        found["org"] = {"company": card.organisation}
    if card.url:
        found["urls"] = [{"url": card.url, "type": "WORK"}]
    return found


# --- what is no reply -------------------------------------------------------------------------------


def image(media: str, to: Address, caption: str = "", reference: str = "") -> Body:
    """A picture: ``media`` is the id of an uploaded one, or an https link that Meta fetches."""
    found = {"link" if media.startswith("https://") else "id": media}
    if caption.strip():
        found["caption"] = fit(caption, MAX_CAPTION)
    return addressed({"type": "image", "image": found}, to, reference)


def template(
    name: str,
    language: Language,
    to: Address,
    values: Mapping[str, str] | Sequence[str] = (),
    payloads: Sequence[str] = (),
    reference: str = "",
) -> Body:
    """An approved template, filled in: the only thing that may be sent outside the 24-hour window.

    ``values`` by name or by position, as the template was made; ``payloads`` are the ids of its quick replies
    in their order. Valencian templates are filed under ``ca``.
    """
    components: list[Body] = []
    if values:
        components.append({"type": "body", "parameters": _parameters(values)})
    for index, payload in enumerate(payloads):
        parameters = [{"type": "payload", "payload": payload}]
        button = {"type": "button", "sub_type": "quick_reply", "index": str(index), "parameters": parameters}
        components.append(button)
    found: Body = {"name": name, "language": {"code": language}}
    if components:
        found["components"] = components
    return addressed({"type": "template", "template": found}, to, reference)


def _parameters(values: Mapping[str, str] | Sequence[str]) -> list[Body]:
    """Meta refuses line ends, tabs, runs of spaces and empty values."""
    if isinstance(values, Mapping):
        return [
            {"type": "text", "parameter_name": name, "text": one_line(value) or ELLIPSIS}
            for name, value in values.items()
        ]
    return [{"type": "text", "text": one_line(value) or ELLIPSIS} for value in values]


def read_and_typing(wamid: str) -> Body:
    """Blue ticks on a message and those before it, and "typing" until the reply comes, 25 seconds at most."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": wamid,
        "typing_indicator": {"type": "text"},
    }
