"""Everything that ``route`` has around it, as fakes; and short ways to make the cases that it looks at."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from canal.adapters.photos import prepared
from canal.adapters.whatsapp_news import WhatsAppNews
from canal.dialogue.town import Town
from canal.incidents.case import Case, File, Kind, Position
from canal.incidents.changes import filed
from canal.incidents.states import State
from canal.services.errands import Errands
from canal.services.files import Files
from canal.services.held import HeldNews
from canal.services.routing import Routing
from canal.services.sweeping import Sweeping
from canal.services.telling import Teller
from canal.services.work import Workshop
from PIL import Image

from tests.builders import NOON, citizen
from tests.fakes import (
    FakeCaseQueue,
    FakeCases,
    FakeCitizens,
    FakeFileStore,
    FakeMail,
    FakeMedia,
    FakeOutbox,
    FakeTowns,
)
from tests.towns import alzira

Tap = Callable[[str, Any], Any]  # puts something between a worker and one of the fakes


def photo(size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of a phone, made now."""
    into = BytesIO()
    Image.new("RGB", size, "gray").save(into, "JPEG")
    return into.getvalue()


def picture(number: int = 1, **changes: Any) -> File:
    """A photo that is still at Meta, under the id "media.<number>"."""
    return replace(File(f"f{number}", "image", f"media.{number}", NOON, "image/jpeg"), **changes)


def report(number: str = "VXK4M2P9", *files: File, **changes: Any) -> Case:
    """A street light that Aina reported, as the conversation saves it."""
    light = next(each for each in alzira().incidents.categories if not each.private)
    case = Case(
        id=number,
        kind=Kind.INCIDENT,
        citizen="ES.1001",
        language="ca",
        created_at=NOON,
        words="El fanal de davant de casa no fa llum",
        category=light.id,
        position=Position(39.1512, -0.4341),
        address="c/ Secret, 12",
        files=files,
    )
    return replace(filed(replace(case, **changes)), version=1)


def joined_to(original: str, number: str, who: str) -> Case:
    """A case of another citizen who said "it is this one"."""
    return report(number, citizen=who, state=State.DUPLICATE, duplicate_of=original, closed_at=NOON)


@dataclass
class Office:
    """Alzira's ``route`` and ``sweep``. ``now`` moves by hand; ``tap`` stands between a worker and the outside."""

    cases: FakeCases = field(default_factory=FakeCases)
    now: datetime = NOON + timedelta(minutes=5)
    town: Town = field(default_factory=alzira)
    citizens: FakeCitizens = field(default_factory=FakeCitizens)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    media: FakeMedia = field(default_factory=FakeMedia)
    store: FakeFileStore = field(default_factory=FakeFileStore)
    mail: FakeMail = field(default_factory=FakeMail)
    queue: FakeCaseQueue = field(default_factory=FakeCaseQueue)
    seconds: float = 0.0
    keys: int = 0

    def __post_init__(self) -> None:
        self.citizens.add(citizen())

    def with_files(self, *numbers: int) -> Office:
        self.media.content |= {f"media.{number}": photo() for number in numbers}
        return self

    def new_key(self, case: str) -> str:
        self.keys += 1
        return f"files/{case}/{self.keys}"

    def errands(self, tap: Tap = lambda name, fake: fake) -> Errands:
        """One worker."""
        cases, citizens, towns = tap("cases", self.cases), tap("citizens", self.citizens), FakeTowns(self.town)
        channel = WhatsAppNews(tap("outbox", self.outbox))
        files = Files(
            tap("media", self.media), tap("store", self.store), prepared, lambda: self.now, lambda: self.seconds
        )
        workshop = Workshop(
            Teller(cases, citizens, channel), tap("mail", self.mail), "everybody@canal.test", "https://desk.canal.test"
        )
        routing = Routing(cases, towns, files, workshop, lambda: self.now, self.new_key)
        return Errands(routing, HeldNews(cases, citizens, towns, channel, lambda: self.now))

    def sweeping(self) -> Sweeping:
        return Sweeping(self.cases, self.queue, lambda: self.now)

    def look(self, number: str = "VXK4M2P9") -> Case:
        """Have a case looked at, nothing going wrong with the record; the case after it."""
        outcome = self.errands().run([record({"case": number})])
        assert (outcome.failed, outcome.dropped) == ([], [])
        return self.cases.rows[number]

    def later(self, **time: float) -> Office:
        self.now += timedelta(**time)
        return self


def record(message: Any, id: str = "sqs-1") -> dict[str, Any]:
    """A record of the incidents queue; a text is a body that nobody wrote."""
    return {"messageId": id, "body": message if isinstance(message, str) else json.dumps(message)}
