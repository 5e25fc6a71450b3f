"""``make chat``: the dialogue in a terminal. The same engine, no services, nothing saved.

Type words or numbers. ``/pin 39.15,-0.435`` shares a place, ``/photo`` and ``/voice`` send what they say,
``/tap ID`` taps an option, ``/quit`` leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from canal.content.compile import compile_town
from canal.dialogue.citizen import Citizen
from canal.dialogue.engine import step
from canal.dialogue.messages import (
    AskLocation,
    Content,
    Inbound,
    Media,
    Pin,
    Reply,
    Say,
    SayLink,
    Sender,
    ShowContacts,
    ShowPlace,
    Tap,
    Text,
)
from canal.dialogue.town import Town
from canal.errors import BadContent

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    try:
        town = Town(compile_town(ROOT / "content" / "alzira"))
    except BadContent as error:
        raise SystemExit(str(error)) from error
    citizen = Citizen(key="ES.1", user_id="ES.1")
    print('Write "Hola". /pin LAT,LON  /photo  /voice  /tap ID  /quit')
    for number, line in enumerate(lines(), start=1):
        if line == "/quit":
            return
        now = datetime.now(UTC)
        inbound = Inbound(f"chat-{number}", Sender("ES.1", None), now, content(line))
        turn = step(citizen, inbound, town, now)
        citizen = turn.citizen
        for reply in turn.replies:
            print(f"\n{drawn(reply)}\n\033[2m[{citizen.place.value}]\033[0m")


def lines() -> Iterator[str]:
    """What is typed, line by line, until the end of input."""
    try:
        while True:
            yield input("\n> ").strip()
    except (EOFError, KeyboardInterrupt):
        return


def content(line: str) -> Content:
    """The message a line stands for."""
    match line.split(maxsplit=1):
        case ["/pin", place]:
            latitude, longitude = place.split(",")
            return Pin(float(latitude), float(longitude))
        case ["/photo"]:
            return Media("image", "1")
        case ["/voice"]:
            return Media("audio", "1", voice=True)
        case ["/tap", address]:
            return Tap(address)
        case _:
            return Text(line)


def drawn(reply: Reply) -> str:
    """A reply as text."""
    match reply:
        case Say(body=body, options=options):
            return "\n".join([body, *(f"   ▸ {option.label}" for option in options)])
        case SayLink(body=body, label=label, url=url):
            return f"{body}\n   ▸ {label}: {url}"
        case AskLocation(body=body):
            return f"{body}\n   ▸ 📍"
        case ShowPlace(latitude=latitude, longitude=longitude, name=name, address=address):
            return f"📍 {name} {address} ({latitude}, {longitude})"
        case ShowContacts(cards=cards):
            return "\n".join(f"👤 {card.name} {card.phone}" for card in cards)


if __name__ == "__main__":
    main()
