"""What the tests of reports share: places of Alzira, photos, and what came of a conversation."""

from __future__ import annotations

from canal.dialogue.draft import Draft
from canal.dialogue.messages import Media, Pin
from canal.dialogue.turn import CaseFiled
from canal.incidents.case import Case

from tests.builders import Talk
from tests.towns import alzira

LAMP = "hi ha un fanal que no fa llum"
PLACE = Pin(39.1512, -0.4341)  # in the town
FAR = Pin(40.4168, -3.7038)  # Madrid
STREET = "carrer Sant Roc 12"


def photo(number: int = 1, caption: str = "") -> Media:
    return Media("image", f"media.{number}", "image/jpeg", caption)


def draft(talk: Talk) -> Draft:
    """The report as it is kept with the citizen."""
    return Draft.from_notes(talk.citizen.draft)


def filed(talk: Talk) -> Case:
    """The case that the last message filed."""
    (case,) = [effect.case for effect in talk.turn.effects if isinstance(effect, CaseFiled)]
    return case


def files_nothing(talk: Talk) -> bool:
    return not any(isinstance(effect, CaseFiled) for effect in talk.turn.effects)


def lamp() -> str:
    """The category that the words of LAMP name."""
    return alzira().incidents.find(LAMP)[0].id
