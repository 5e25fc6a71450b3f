"""Contact cards that the town sends."""

from __future__ import annotations

import re

from local.whatsapp.checks.fields import Json, a_list, an_object, only, optional_text, text
from local.whatsapp.errors import GraphError

CARDS = 257
OTHER_NAMES = ("first_name", "last_name", "middle_name", "suffix", "prefix")
CARD = ("addresses", "birthday", "emails", "name", "org", "phones", "urls")
PARTS = {
    "phones": ("phone", "type", "wa_id"),
    "emails": ("email", "type"),
    "urls": ("url", "type"),
    "addresses": ("street", "city", "state", "zip", "country", "country_code", "type"),
}
REQUIRED = {"phones": "phone", "emails": "email", "urls": "url"}


def check_contacts(message: Json) -> None:
    cards = a_list(message, "contacts", "contacts")
    if len(cards) > CARDS:
        raise GraphError(131009, f"Too many contacts: {len(cards)}. Max allowed count: {CARDS}.")
    for number, card in enumerate(cards):
        _check_card(card, f"contacts[{number}]")


def _check_card(card: Json, where: str) -> None:
    only(card, CARD, where)
    name = an_object(card, "name", f"{where}.name")
    only(name, ("formatted_name", *OTHER_NAMES), f"{where}.name")
    text(name, "formatted_name", f"{where}.name.formatted_name", 1024)
    if not any(name.get(part) for part in OTHER_NAMES):
        raise GraphError(131009, f"{where}.name needs one of {', '.join(OTHER_NAMES)} besides formatted_name.")
    for part, keys in PARTS.items():
        if part in card:
            for item in a_list(card, part, f"{where}.{part}"):
                only(item, keys, f"{where}.{part}")
                if part in REQUIRED:
                    text(item, REQUIRED[part], f"{where}.{part}.{REQUIRED[part]}", 2000)
    if "org" in card:
        only(an_object(card, "org", f"{where}.org"), ("company", "department", "title"), f"{where}.org")
    birthday = optional_text(card, "birthday", f"{where}.birthday", 10)
    if birthday and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", birthday):
        raise GraphError(131009, f"{where}.birthday must be YYYY-MM-DD.")
