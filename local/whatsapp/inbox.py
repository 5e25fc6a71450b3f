"""What citizens send: Meta's messages out of short requests, one or many, late, doubled or shuffled."""

from __future__ import annotations

import base64
import binascii
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.whatsapp import envelope, samples
from local.whatsapp.citizens import USER_ID, Citizen
from local.whatsapp.deliveries import Delivery
from local.whatsapp.media import webhook_fields
from local.whatsapp.simulator import Simulator, new_wamid

Json = dict[str, Any]
OPTIONS = ("copies", "delay", "timestamp", "batch", "shuffle", "signature", "wait", "messages", "message")
FILES = ("image", "video", "audio", "document", "sticker")
OPENS_NO_WINDOW = ("reaction", "system", "unsupported")
NUMBER_CHANGES = ("user_changed_number", "user_changed_user_id")
MIME = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg; codecs=opus"}
MIME |= {"document": "application/pdf", "sticker": "image/webp"}


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a request: the messages' ids and their way to the town."""

    wamids: list[str]
    deliveries: list[Delivery]


def receive(simulator: Simulator, request: Mapping[str, Any]) -> Received:
    """``POST /_sim/inbound``; raises ValueError naming what is wrong with the request."""
    items = [_message(simulator, spec) for spec in _specs(request)]
    wamids = [message["id"] for _, message, _ in items]
    shuffle = request.get("shuffle")
    if shuffle:
        random.Random(None if shuffle is True else shuffle).shuffle(items)
    posts = _posts(simulator, items, _size(request.get("batch"), len(items)))
    sent = []
    for payload, ids, lane in posts:
        for copy in range(max(1, int(request.get("copies", 1)))):
            delivery = simulator.deliver(
                payload,
                signature=str(request.get("signature", "good")),
                delay=float(request.get("delay", 0)),
                lane=lane if copy == 0 and not shuffle else None,
                wamids=ids,
            )
            sent += [delivery] if delivery else []
    return Received(wamids, sent)


def _specs(request: Mapping[str, Any]) -> list[Json]:
    """Each message as an object of its own, with what it shares with the others."""
    shared = {key: request[key] for key in ("from", "timestamp") if key in request}
    if "messages" in request:
        return [{**shared, **spec} for spec in request["messages"]]
    if "message" in request:
        return [{**shared, **request["message"]}]
    return [{**{key: value for key, value in request.items() if key not in OPTIONS}, **shared}]


def _size(batch: Any, count: int) -> int:
    """How many messages travel in one POST."""
    if batch is True:
        return max(count, 1)
    return max(int(batch or 1), 1)


def _posts(
    simulator: Simulator, items: Sequence[tuple[Json | None, Json, Citizen]], size: int
) -> list[tuple[Json, tuple[str, ...], str]]:
    posts = []
    for start in range(0, len(items), size):
        part = items[start : start + size]
        changes = envelope.messages_changes(simulator.config, [(contact, message) for contact, message, _ in part])
        ids = tuple(message["id"] for _, message, _ in part)
        posts.append((envelope.envelope(simulator.config, changes), ids, part[0][2].user_id))
    return posts


# --- one message ----------------------------------------------------------------------------------


def sender(simulator: Simulator, key: object) -> Citizen:
    """Who is meant by a user id or a number; somebody new if nobody is known by it."""
    if not isinstance(key, str) or not key.strip():
        raise ValueError("from: a user id or a phone number is needed")
    found = simulator.citizens.find(key)
    if found:
        return found
    digits = key.removeprefix("+").replace(" ", "")
    if USER_ID.fullmatch(key):
        added = simulator.citizens.add(user_id=key, phone_shown=False)
    elif digits.isdecimal():
        added = simulator.citizens.add(phone=digits)
    else:
        raise ValueError(f"from: {key!r} is neither a user id nor a phone number")
    simulator.people_changed()
    return added


def _message(simulator: Simulator, spec: Json) -> tuple[Json | None, Json, Citizen]:
    """The contact, the message, and who sent it. The message is also shown on the sender's own phone."""
    citizen = sender(simulator, spec.get("from"))
    if isinstance(spec.get("text"), str):
        spec = {**spec, "type": "text", "text": {"body": spec["text"]}}
    kind = spec.get("type")
    if not isinstance(kind, str):
        raise ValueError("type: one of Meta's message types is needed")
    at = float(spec.get("timestamp") or simulator.clock())
    head = {
        **({"from": citizen.wa_id} if citizen.wa_id else {}),
        "from_user_id": citizen.user_id,
        "id": str(spec.get("id") or new_wamid()),
        "timestamp": str(int(at)),
        "type": kind,
    }
    contact: Json | None = citizen.contact()
    if kind == "system" and (spec.get("system") or {}).get("type") in NUMBER_CHANGES:
        citizen, system = _change_number(simulator, citizen, spec["system"])
        hidden = ("from_user_id",) if system["type"] == "user_changed_number" else ("from_user_id", "from")
        head, contact = {key: head[key] for key in head if key not in hidden}, None
        spec = {**spec, "system": system}
    elif kind not in OPENS_NO_WINDOW:
        last = max(at, citizen.last_inbound or 0)
        citizen = simulator.citizens.change(citizen.user_id, last_inbound=last)
    message = {**head, **_content(simulator, kind, spec), **_context(simulator, spec)}
    if kind == "contacts" and any(card.get("origin") == "contact_request" for card in message.get("contacts", [])):
        simulator.citizens.change(citizen.user_id, phone_shown=True)
        simulator.people_changed()
    simulator.journal.know(message["id"], citizen.user_id, kind, inbound=True)
    simulator.journal.event(citizen.user_id, {"kind": "in", "wamid": message["id"], "message": message})
    return contact, message, citizen


def _context(simulator: Simulator, spec: Json) -> Json:
    """A quoted message: Meta names its author; given as {"id": …} it is taken for one of the town's."""
    context = spec.get("context")
    if not isinstance(context, dict):
        return {}
    author = {"from": simulator.config.display_number} if "id" in context and "from" not in context else {}
    return {"context": {**author, **context}}


def _content(simulator: Simulator, kind: str, spec: Json) -> Json:
    extras: Json = {key: spec[key] for key in ("referral", "errors", "group_id") if key in spec}
    if kind in FILES:
        return {kind: _file(simulator, kind, dict(spec.get(kind) or {}), spec), **extras}
    if kind == "unsupported" and "errors" not in spec:
        details = {"details": "Message type is currently not supported."}
        error = {"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}
        extras["errors"] = [error | {"error_data": details}]
    if kind == "contacts":
        return {kind: [_card(simulator, spec, card) for card in spec.get("contacts") or []], **extras}
    return {**({kind: spec[kind]} if kind in spec else {}), **extras}


def _card(simulator: Simulator, spec: Json, card: Json) -> Json:
    """A shared card; the answer to our request for the number needs no more than its origin."""
    if card.get("origin") != "contact_request" or card.get("phones"):
        return {"origin": "other", **card}
    phone = sender(simulator, spec.get("from")).phone
    return {**card, "phones": [{"phone": f"+{phone}", "wa_id": phone, "type": "CELL"}]}


def _file(simulator: Simulator, kind: str, fields: Json, spec: Json) -> Json:
    """The file behind a media message: a sample by name, bytes in base64, or one that was uploaded before."""
    data, sample = fields.pop("data", spec.get("data")), fields.pop("sample", spec.get("sample"))
    mime_type = str(fields.pop("mime_type", None) or MIME[kind])
    own = {"voice": True} if kind == "audio" and sample else {}
    if "id" in fields:
        media = simulator.media.find(str(fields["id"]), simulator.clock())
        known = webhook_fields(media, simulator.media_url(media, "webhook")) if media else {"mime_type": mime_type}
        return {**own, **known, **fields}
    if data is None:
        found = samples.sample(str(sample or ("voice" if kind == "audio" else "streetlight")))
        if found is None:
            raise ValueError(f"sample: one of {', '.join(item['name'] for item in samples.names())}")
        data, mime_type = found
    else:
        try:
            data = base64.b64decode(data, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise ValueError(f"{kind}.data: base64 is needed") from None
    return {**own, **simulator.citizens_file(data, mime_type), **fields}


def _change_number(simulator: Simulator, citizen: Citizen, system: Json) -> tuple[Citizen, Json]:
    """A new SIM card. Without a visible number Meta tells only the user ids."""
    changed = simulator.renumber(citizen, str(system.get("wa_id") or ""))
    ids = {"user_id": changed.user_id, "previous_user_id": citizen.user_id}
    if system["type"] == "user_changed_number" and citizen.wa_id:
        words = f"User {citizen.name} changed from {citizen.phone} to {changed.phone}"
        return changed, {"type": system["type"], "body": words, "wa_id": changed.phone, **ids}
    words = f"User {citizen.name} changed from {citizen.user_id} to {changed.user_id}"
    return changed, {"type": "user_changed_user_id", "body": words, **ids}
