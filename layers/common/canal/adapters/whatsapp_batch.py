"""A batch of Meta's, sorted: what citizens sent for the conversation queue, the rest for the events queue.

The inside of ``whatsapp_webhook.split``, which says what the queued bodies look like.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from canal.adapters.whatsapp_words import ENCODER, MAX_QUEUED, compact, digest, listed, seconds, sqs_id, word

MAX_UPDATES = 100  # in one event
ROOM = len('{"updates":[]}')

OF_CITIZENS = ("messages", "user_preferences")  # the fields whose values are taken apart
KNOWN = ("messages", "user_preferences", "statuses", "errors")  # what such a value may hold


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """One message for the conversation queue: ``group`` keeps a citizen's messages in order."""

    group: str
    deduplication_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One POST of Meta's, taken apart.

    ``messages`` are in the order they were sent; ``events`` are JSON texts; ``unknown_numbers`` are the phone
    number ids that are not ours, whose items were dropped.
    """

    messages: tuple[QueuedMessage, ...] = ()
    events: tuple[str, ...] = ()
    unknown_numbers: tuple[str, ...] = ()


class Where(NamedTuple):
    """Where in the batch an item stands."""

    field: str = ""
    entry_id: str = ""
    time: object = None


class Sorter:
    """Collects what ``split`` finds."""

    def __init__(self, phone_number_ids: Collection[str]) -> None:
        self._ours = phone_number_ids
        self._messages: dict[str, tuple[int, QueuedMessage]] = {}  # by deduplication id: the first one counts
        self._updates: list[str] = []
        self._unknown: dict[str, None] = {}

    def batch(self) -> Batch:
        """All that was found, the messages by the second they were sent in; ties stay as they came."""
        in_order = sorted(self._messages.values(), key=lambda timed: timed[0])
        return Batch(
            messages=tuple(message for _, message in in_order),
            events=tuple(_packed(self._updates)),
            unknown_numbers=tuple(self._unknown),
        )

    def sort_entry(self, entry: object) -> None:
        if not isinstance(entry, dict):
            self._keep(Where(), entry, "no object")
            return
        for change in listed(entry.get("changes")):
            where = Where("", word(entry.get("id")), _moment(entry.get("time")))
            if isinstance(change, dict):
                self._sort_change(where._replace(field=word(change.get("field"))), change.get("value"))
            else:
                self._keep(where, change, "no object")

    def _sort_change(self, where: Where, value: object) -> None:
        if not isinstance(value, dict):
            self._keep(where, value, "no object")
            return
        metadata = value.get("metadata")
        number = word(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""
        if number and number not in self._ours:
            self._unknown[number] = None
        elif where.field not in OF_CITIZENS:
            self._keep(where, value)
        elif not number:
            self._keep(where, value, "no phone number id")
        else:
            self._sort_value(where, number, value)

    def _sort_value(self, where: Where, number: str, value: dict[str, Any]) -> None:
        """Messages, opt-outs, statuses and errors of one of our numbers."""
        contacts = Contacts(listed(value.get("contacts")))
        for message in listed(value.get("messages")):
            self._queue_message(where, number, message, contacts)
        for preference in listed(value.get("user_preferences")):
            self._queue_preference(where, number, preference, contacts)
        for status in listed(value.get("statuses")):
            self._keep(where, {"phone_number_id": number, "status": status})
        for error in listed(value.get("errors")):
            self._keep(where, {"phone_number_id": number, "error": error})
        if not any(key in value for key in KNOWN):
            self._keep(where, value, "nothing that we know")

    def _queue_message(self, where: Where, number: str, message: object, contacts: Contacts) -> None:
        if not isinstance(message, dict):
            self._keep(where, {"phone_number_id": number, "message": message}, "no object")
            return
        contact = contacts.of(word(message.get("from_user_id")), word(message.get("from")))
        identifier, group = word(message.get("id")), _group(message, contact)
        if not identifier or not group:
            self._keep(where, {"phone_number_id": number, "message": message}, "no id or no sender")
            return
        body = compact({"phone_number_id": number, "message": message, "contact": contact})
        if body is None:
            stub = _stub(message, contact)
            body = ENCODER.encode({"phone_number_id": number, "message": stub, "contact": None})
        self._queue(group, identifier, body, message.get("timestamp"))

    def _queue_preference(self, where: Where, number: str, preference: object, contacts: Contacts) -> None:
        """An opt-out changes the citizen's row, so it goes the same ordered way as their messages."""
        found = preference if isinstance(preference, dict) else {}
        user, phone = word(found.get("user_id")), word(found.get("wa_id"))
        contact = contacts.of(user, phone)
        if not (user or phone):
            self._keep(where, {"phone_number_id": number, "preference": preference}, "no sender")
            return
        identifier = _preference_id(found)
        body = compact({"phone_number_id": number, "id": identifier, "preference": found, "contact": contact})
        if body is None:
            self._keep(where, found, "too large")
        else:
            self._queue(_key(user, phone, contact), identifier, body, found.get("timestamp"))

    def _queue(self, group: str, identifier: str, body: str, timestamp: object) -> None:
        message = QueuedMessage(sqs_id(group), sqs_id(identifier), body)
        self._messages.setdefault(message.deduplication_id, (seconds(timestamp), message))

    def _keep(self, where: Where, value: object, reason: str = "") -> None:
        """Put an update on the events list; one that is too large leaves its place and its size."""
        update = {"field": where.field, "entry_id": where.entry_id, "time": where.time, "value": value}
        if reason:
            update["reason"] = reason
        text = compact(update, MAX_QUEUED - ROOM)
        if text is None:
            text = ENCODER.encode(update | {"value": None, "reason": "too large, or too deeply nested"})
        self._updates.append(text)


class Contacts:
    """The contacts of one value, found by who they are: in a batch their order says nothing."""

    def __init__(self, contacts: list[Any]) -> None:
        self._by_user: dict[str, dict[str, Any]] = {}
        self._by_phone: dict[str, dict[str, Any]] = {}
        for contact in contacts:
            if isinstance(contact, dict):
                self._by_user.setdefault(word(contact.get("user_id")), contact)
                self._by_phone.setdefault(word(contact.get("wa_id")), contact)

    def of(self, user: str, phone: str) -> dict[str, Any] | None:
        """The contact of a sender. A number that changed hands belongs to another user id: not theirs."""
        if user and (contact := self._by_user.get(user)):
            return contact
        contact = self._by_phone.get(phone) if phone else None
        return contact if contact and (not user or not word(contact.get("user_id"))) else None


def _group(message: Mapping[str, Any], contact: Mapping[str, Any] | None) -> str:
    """Whose message it is; a system message belongs to who they were before."""
    system = message.get("system")
    previous = word(system.get("previous_user_id")) if isinstance(system, dict) else ""
    return previous or _key(word(message.get("from_user_id")), word(message.get("from")), contact)


def _key(user: str, phone: str, contact: Mapping[str, Any] | None) -> str:
    """The citizen's key: their user id, told by the message or by its contact, else the phone."""
    return user or (word(contact.get("user_id")) if contact else "") or phone


def _stub(message: Mapping[str, Any], contact: Mapping[str, Any] | None) -> dict[str, str]:
    """What stands for a message too large to queue: the citizen still gets an answer."""
    user = word(message.get("from_user_id")) or (word(contact.get("user_id")) if contact else "")
    kept = {key: word(message.get(key)) for key in ("id", "from", "timestamp")} | {"from_user_id": user}
    return {key: value for key, value in kept.items() if value} | {"type": "unsupported"}


def _preference_id(preference: Mapping[str, Any]) -> str:
    """Meta gives a preference no id: two alike are the same one delivered twice."""
    told = [word(preference.get(key)) for key in ("user_id", "wa_id", "category", "value")]
    return f"preference.{digest(repr([*told, seconds(preference.get('timestamp'))]))[:40]}"


def _packed(updates: Sequence[str]) -> Iterator[str]:
    """The updates in as few events as the limits allow."""
    pack: list[str] = []
    size = 0
    for update in updates:
        if pack and (len(pack) == MAX_UPDATES or size + len(update) > MAX_QUEUED - ROOM):
            yield f'{{"updates":[{",".join(pack)}]}}'
            pack, size = [], 0
        pack.append(update)
        size += len(update) + 1
    if pack:
        yield f'{{"updates":[{",".join(pack)}]}}'


def _moment(value: object) -> object:
    """Meta's ``time``: a number, or a short word; None for anything else."""
    return value if isinstance(value, int | float) else word(value) or None
