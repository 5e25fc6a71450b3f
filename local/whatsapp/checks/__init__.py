"""Is this body of ``POST /{phone-number-id}/messages`` what Meta would take? Pure, one refusal at a time.

Lengths, counts and codes are those of Meta's documentation; what is documented nowhere is left to Meta.
"""

from __future__ import annotations

import re

from local.whatsapp.checks.contacts import check_contacts
from local.whatsapp.checks.fields import Json, an_object, number, one_of, only, optional_text, text
from local.whatsapp.checks.interactive import check_interactive
from local.whatsapp.checks.media import KEYS as MEDIA_KINDS
from local.whatsapp.checks.media import check_media
from local.whatsapp.checks.template import check_template
from local.whatsapp.checks.world import World
from local.whatsapp.citizens import USER_ID
from local.whatsapp.errors import GraphError

__all__ = ["World", "address_of", "check_message", "check_read_receipt"]

TEXT_BODY = 4096
CALLBACK_DATA = 512
E164 = re.compile(r"\+[1-9]\d{6,14}")
COMMON = (
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
    "messaging_account_id",
)
TYPES = (*MEDIA_KINDS, "text", "location", "contacts", "reaction", "interactive", "template")


def check_message(body: Json, world: World) -> None:
    """Raise GraphError unless ``body`` is a message that Meta would take."""
    _check_product(body)
    address_of(body)
    kind = body.get("type", "text")
    if kind not in TYPES:
        raise GraphError(131051, f"Message type {kind!r} is not supported.")
    only(body, (*COMMON, kind), "messages")
    one_of(body.get("recipient_type", "individual"), ("individual",), "recipient_type", 100)
    optional_text(body, "biz_opaque_callback_data", "biz_opaque_callback_data", CALLBACK_DATA, 100)
    _check_context(body, kind)
    _check_content(body, kind, world)


def check_read_receipt(body: Json) -> str:
    """The id of the message that is marked as read."""
    _check_product(body)
    only(body, ("messaging_product", "status", "message_id", "typing_indicator"), "messages")
    one_of(body.get("status"), ("read",), "status", 100)
    if "typing_indicator" in body:
        typing = an_object(body, "typing_indicator", "typing_indicator")
        one_of(typing.get("type"), ("text",), "typing_indicator.type", 100)
    return text(body, "message_id", "message_id", 1000)


def address_of(body: Json) -> str:
    """Who it is for: ``to`` in E.164 with its "+", or ``recipient``, a user id. ``to`` wins if both are given."""
    to, recipient = body.get("to"), body.get("recipient")
    if to is not None:
        if not isinstance(to, str) or not E164.fullmatch(to):
            hint = "E.164 with +: without it the country code of the business number may be put in front"
            raise GraphError(131009, f"Parameter to must be a number in {hint}.")
        return to
    if recipient is None:
        raise GraphError(100, "The parameter to is required.")
    if not isinstance(recipient, str) or not USER_ID.fullmatch(recipient):
        raise GraphError(131009, "Parameter recipient must be a whole business-scoped user id.")
    return recipient


def _check_product(body: Json) -> None:
    if "messaging_product" not in body:
        raise GraphError(100, "The parameter messaging_product is required.")
    one_of(body["messaging_product"], ("whatsapp",), "messaging_product", 100)


def _check_context(body: Json, kind: str) -> None:
    if "context" not in body:
        return
    if kind == "reaction":
        raise GraphError(131009, "A reaction cannot quote a message.")
    context = an_object(body, "context", "context")
    only(context, ("message_id",), "context")
    text(context, "message_id", "context.message_id", 1000)


def _check_content(body: Json, kind: str, world: World) -> None:
    match kind:
        case "text":
            _check_text(body)
        case "location":
            _check_location(body)
        case "contacts":
            check_contacts(body)
        case "reaction":
            _check_reaction(body)
        case "interactive":
            check_interactive(body, world)
        case "template":
            check_template(body, world)
        case _:
            check_media(body, kind, kind, world)


def _check_text(body: Json) -> None:
    content = an_object(body, "text", "text")
    only(content, ("body", "preview_url"), "text")
    text(content, "body", "text.body", TEXT_BODY, 100)
    if not isinstance(content.get("preview_url", False), bool):
        raise GraphError(131009, "Parameter text.preview_url must be true or false.")


def _check_location(body: Json) -> None:
    place = an_object(body, "location", "location")
    only(place, ("latitude", "longitude", "name", "address"), "location")
    number(place, "latitude", "location.latitude", -90, 90)
    number(place, "longitude", "location.longitude", -180, 180)
    optional_text(place, "name", "location.name", 1024)
    optional_text(place, "address", "location.address", 1024)


def _check_reaction(body: Json) -> None:
    reaction = an_object(body, "reaction", "reaction")
    only(reaction, ("message_id", "emoji"), "reaction")
    text(reaction, "message_id", "reaction.message_id", 1000)
    emoji = reaction.get("emoji")
    if (
        not isinstance(emoji, str)
        or len(emoji) > 12
        or any(mark.isalnum() for mark in emoji if mark not in "0123456789")
    ):
        raise GraphError(131009, "Parameter reaction.emoji must be one emoji, or empty to take it back.")
