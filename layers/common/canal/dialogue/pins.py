"""Places inside addresses: "39.15000,-0.43500"."""

from __future__ import annotations

from canal.dialogue.draft import LONGEST_ADDRESS
from canal.dialogue.messages import Pin


def parse_pin(text: str) -> Pin | None:
    """The pin that ``text`` names; None when it names none on this planet."""
    try:
        latitude, longitude = map(float, text.split(","))
    except ValueError:
        return None
    inside = -90 <= latitude <= 90 and -180 <= longitude <= 180  # false for NaN too
    return Pin(latitude, longitude) if inside else None


def pin_text(pin: Pin) -> str:
    return f"{pin.latitude:.5f},{pin.longitude:.5f}"


def name_of_pin(pin: Pin) -> str:
    """What WhatsApp calls the place, where a known one was chosen."""
    return ", ".join(dict.fromkeys(filter(None, [pin.name.strip(), pin.address.strip()])))[:LONGEST_ADDRESS]
