"""What staff send, checked field by field. Unknown fields are refused: a mistyped one would be lost in silence."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from canal.incidents.case import Kind, Position
from canal.incidents.changes import LONGEST
from canal.incidents.states import State
from canal.ports import Search

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST_ROWS, FEW_ROWS = 200, 50
MOST_BOXES = 50
NEEDS_WORDS = frozenset({State.WAITING, State.REJECTED})  # with the bare state the citizen could do nothing

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


class Strict(BaseModel):
    """A body with these fields and no others."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Move(Strict):
    """To another state. WAITING and REJECTED say why."""

    state: State
    words: Annotated[str, Field(max_length=LONGEST, description="What to tell the citizen about it")] = ""

    @model_validator(mode="after")
    def said(self) -> Move:
        if self.state in NEEDS_WORDS and not self.words:
            raise ValueError("words_needed")
        return self


class Reroute(Strict):
    """To another department. The citizen is not told."""

    department: Identifier
    reason: Words


class Answer(Strict):
    """To the citizen and whoever follows the case."""

    words: Words


class Note(Strict):
    """For staff only."""

    words: Words


class Merge(Strict):
    """Into an open case about the same."""

    original: Identifier
    words: Annotated[str, Field(max_length=LONGEST)] = ""


class Placed(Strict):
    """A place by its coordinates (WGS 84), in words, or both."""

    address: Annotated[str, Field(max_length=200)] = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    outside: Annotated[bool, Field(description="The place really lies outside the municipality")] = False

    @model_validator(mode="after")
    def a_whole_position(self) -> Placed:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude_and_longitude")
        if self.latitude == 0 and self.longitude == 0:
            raise ValueError("position_of_nowhere")
        return self

    @property
    def position(self) -> Position | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude, "staff")


class Correction(Placed):
    """What is not given stays as it is."""

    category: Identifier | None = None

    @model_validator(mode="after")
    def something(self) -> Correction:
        if not (self.category or self.address or self.position):
            raise ValueError("nothing_to_change")
        return self


class Box(Strict):
    """A rectangle of a photo, in fractions of its width and height from the upper left corner."""

    x: Fraction
    y: Fraction
    width: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    height: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class Redaction(Strict):
    """One of three, for good: the words of the report, those of an event, or a file's caption and parts of a photo."""

    words: Literal[True] | None = None
    event: Identifier | None = None
    file: Identifier | None = None
    caption: Annotated[Literal[True] | None, Field(description="What stood below the file")] = None
    boxes: Annotated[list[Box], Field(max_length=MOST_BOXES)] = []

    @model_validator(mode="after")
    def one_thing(self) -> Redaction:
        if sum(each is not None for each in (self.words, self.event, self.file)) != 1:
            raise ValueError("one_of_words_event_file")
        if (self.file is not None) != bool(self.boxes or self.caption):
            raise ValueError("boxes_of_a_file")
        return self


class Publicity(Strict):
    """Whether others than staff and the sender may see a photo."""

    public: bool


class Block(Strict):
    """No more reports of this citizen; information is still given."""

    reason: Words


class Contact(Strict):
    """How to reach somebody who does not write by WhatsApp; seen by staff only."""

    name: Annotated[str, Field(max_length=120)] = ""
    phone: Annotated[str, Field(max_length=30, pattern=r"^[+0-9 ()./-]*$")] = ""
    email: Annotated[str, Field(max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""


class NewCase(Placed):
    """A case that staff file for somebody who phoned or came by."""

    kind: Kind
    words: Words
    category: Identifier | None = None
    language: Literal["ca", "es"] = "ca"
    contact: Contact | None = None


class Wanted(BaseModel):
    """What the list and the exports are narrowed to; ``cursor`` goes on where a page ended."""

    department: list[Identifier] = []
    state: list[State] = []
    kind: list[Kind] = []
    category: Identifier | None = None
    zone: Identifier | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    since: Annotated[Day | None, Field(description="First day of filing")] = None
    until: Annotated[Day | None, Field(description="Last day of filing")] = None
    overdue: bool = False
    cursor: Annotated[str, StringConstraints(max_length=2_000)] = ""

    def search(self, departments: tuple[str, ...], zone: ZoneInfo, limit: int) -> Search:
        """For the store: days are the town's own, and ``until`` is the last one that counts."""
        after = self.until + timedelta(days=1) if self.until else None
        return Search(
            departments=departments,
            kinds=tuple(self.kind),
            states=tuple(self.state),
            category=self.category or "",
            zone=self.zone or "",
            text=self.text,
            since=datetime.combine(self.since, time(), zone) if self.since else None,
            until=datetime.combine(after, time(), zone) if after else None,
            overdue=self.overdue,
            limit=limit,
            cursor=self.cursor,
        )


class PageWanted(Wanted):
    """A page of the list."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = FEW_ROWS


class CsvWanted(Wanted):
    """An export for a spreadsheet. Excel in Spanish opens the one with semicolons by a double click."""

    language: Literal["ca", "es"] = "ca"
    separator: Literal["comma", "semicolon"] = "comma"
