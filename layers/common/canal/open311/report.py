"""The form of a report, read and checked: from arguments to a case that is not filed yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from canal.incidents.case import Case, Kind, Position
from canal.open311.asked import Asked
from canal.open311.call import Arguments
from canal.open311.public import named
from canal.open311.refusal import Refusal, bad
from canal.open311.services import service
from canal.open311.text import without_markup

if TYPE_CHECKING:
    from canal.dialogue.town import Town

CHANNEL = "open311"
LONGEST = 4_000  # characters of a description, the standard's limit
LONGEST_ADDRESS = 300
LONGEST_LINK = 2_000
OF_THE_SENDER = ("email", "phone", "first_name", "last_name", "account_id")  # a device is nobody's business
DEGREES = re.compile(r"[+-]?\d{1,3}(\.\d{1,20})?", re.ASCII)
LINK = re.compile(r"https?://[^\s<>\"]+", re.ASCII | re.IGNORECASE)


def case(asked: Asked, client: str, number: str) -> Case:
    """What is to be filed. Raises Refusal."""
    category = service(asked.town, asked.arguments.one("service_code"))
    address = without_markup(asked.arguments.one("address_string", LONGEST_ADDRESS))
    position, zone = place(asked, address)
    return Case(
        id=number,
        kind=Kind.INCIDENT,
        citizen="",
        language=asked.town.language,
        created_at=asked.now,
        words=description(asked.arguments),
        category=category.id,
        position=position,
        address=address,
        zone=zone,
        channel=CHANNEL,
        contact=contact(asked.arguments, client),
    )


def description(arguments: Arguments) -> str:
    """Raises Refusal; HTML is taken out rather than refused, so that no report is lost for it."""
    return without_markup(arguments.one("description", LONGEST))


def contact(arguments: Arguments, client: str) -> dict[str, str]:
    """Who sent it, for staff only. A link is kept and never followed."""
    given = {name: without_markup(arguments.one(name)) for name in OF_THE_SENDER}
    return {name: value for name, value in {**given, "media_url": link(arguments), "client": client}.items() if value}


def link(arguments: Arguments) -> str:
    value = arguments.one("media_url", LONGEST_LINK)
    if value and not LINK.fullmatch(value):
        raise bad("media_url is an http(s) address.")
    return value


def place(asked: Asked, address: str) -> tuple[Position | None, str]:
    """Where it is, as well as that is known, and the zone. Raises Refusal where nothing usable is given."""
    latitude, longitude = (asked.arguments.one(name) for name in ("lat", "long"))
    if latitude or longitude:
        return by_position(asked, degrees("lat", latitude, 90), degrees("long", longitude, 180))
    if not address:
        also = " An address_id is not known here." if asked.arguments.one("address_id") else ""
        raise bad(f"A place is missing: lat and long, or address_string.{also}")
    return by_words(asked.town, address)


def by_position(asked: Asked, latitude: float, longitude: float) -> tuple[Position, str]:
    municipality = asked.town.municipality
    if not municipality.contains(latitude, longitude):
        raise Refusal(400, asked.town.text("public.outside", asked.language))
    return Position(latitude, longitude, CHANNEL), municipality.zone_of(latitude, longitude)


def by_words(town: Town, address: str) -> tuple[Position | None, str]:
    """What the gazetteer surely means by them; nothing is guessed, and a position that is made up is none."""
    spot = named(address, town)
    if spot is None:
        return None, ""
    if spot.demo or spot.latitude is None or spot.longitude is None:
        return None, spot.zone
    return Position(spot.latitude, spot.longitude, "gazetteer"), spot.zone


def degrees(name: str, value: str, most: float) -> float:
    """Raises Refusal."""
    if DEGREES.fullmatch(value) and abs(float(value)) <= most:
        return float(value)
    raise bad(f"{name} is a number of degrees from -{most:.0f} to {most:.0f}; lat and long go together.")
