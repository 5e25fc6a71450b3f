"""What every call works with: the ports, and what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from canal.dialogue.messages import Language
from canal.dialogue.town import Town
from canal.open311.call import Arguments, Call
from canal.open311.formats import Document
from canal.open311.keys import Keys
from canal.ports import CaseQueue, Cases, PhotoLinks, Towns


@dataclass(frozen=True, slots=True)
class Outside:
    """The ports that the calls use."""

    cases: Cases
    queue: CaseQueue
    towns: Towns
    links: PhotoLinks
    keys: Keys
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """One call, understood. ``name`` is the code, number or token in its path."""

    call: Call
    arguments: Arguments
    town: Town
    language: Language
    now: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gives. ``keep``: seconds that anybody may keep it; ``trouble``: for the log."""

    document: Document
    keep: int = 0
    trouble: str = ""
