"""The JSON of Meta's webhooks. Pure: values in, objects out; ``signature.encode`` makes the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from local.whatsapp.config import Config

Json = dict[str, Any]


def envelope(config: Config, changes: Sequence[Json]) -> Json:
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": config.waba_id, "changes": list(changes)}],
    }


def account_event(config: Config, field: str, value: Json, at: float) -> Json:
    """Template and account events: no metadata, and a time on the entry."""
    entry = {"id": config.waba_id, "time": int(at), "changes": [{"field": field, "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def change(config: Config, *, field: str = "messages", **parts: Any) -> Json:
    """One change about the number: ``contacts``, ``messages``, ``statuses``, ``errors``, ``user_preferences``."""
    metadata = {"display_phone_number": config.display_number, "phone_number_id": config.phone_number_id}
    value = {"messaging_product": "whatsapp", "metadata": metadata}
    return {"field": field, "value": value | {key: part for key, part in parts.items() if part}}


def messages_changes(config: Config, items: Sequence[tuple[Json | None, Json]]) -> list[Json]:
    """Changes for (contact, message) pairs; neighbours of one person share a change, as in Meta's batches."""
    changes: list[Json] = []
    last: Json | None = None
    for contact, message in items:
        if contact is not None and contact == last:
            changes[-1]["value"]["messages"].append(message)
            continue
        contacts = [contact] if contact else []
        changes.append(change(config, contacts=contacts, messages=[message]))
        last = contact
    return changes


def template_event(template_id: str, name: str, language: str, category: str, event: str, reason: str) -> Json:
    """The value of ``message_template_status_update``: the id is a number, the language has a hyphen."""
    return {
        "event": event,
        "message_template_id": int(template_id),
        "message_template_name": name,
        "message_template_language": language.replace("_", "-"),
        "reason": reason,
        "message_template_category": category,
    }


def category_event(template_id: str, name: str, language: str, before: str, after: str) -> Json:
    """The value of ``template_category_update``."""
    return {**_about(template_id, name, language), "previous_category": before, "new_category": after}


def quality_event(template_id: str, name: str, language: str, before: str, after: str) -> Json:
    """The value of ``message_template_quality_update``."""
    return {**_about(template_id, name, language), "previous_quality_score": before, "new_quality_score": after}


def _about(template_id: str, name: str, language: str) -> Json:
    return {
        "message_template_id": int(template_id),
        "message_template_name": name,
        "message_template_language": language.replace("_", "-"),
    }
