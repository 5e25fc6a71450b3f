"""What staff send about notices, checked field by field. Unknown fields are refused.

A draft may be unfinished: what WhatsApp would not take is told by the check, not here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from canal.broadcasts.campaign import Kind
from canal.broadcasts.states import State
from canal.desk.requests import Identifier, Strict

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)
MOST_ROWS, FEW_ROWS = 200, 50
MOST_XML, MOST_BASE64 = 1_000_000, 1_400_000  # characters
PRINTED = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"  # no control characters but tab and line ends, which the check tells

Moment = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]
Headline = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=PRINTED)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_096, pattern=PRINTED)]
Cursor = Annotated[str, StringConstraints(pattern=r"^[!-~]{0,500}$")]  # what else it must be, the store says
Image = Annotated[str, StringConstraints(max_length=500, pattern=r"^(https://[\w.-]+(:\d+)?/[!-~]*)?$")]
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
Screen = Annotated[str, StringConstraints(max_length=200, pattern=r"^([a-z_]+(:[\w.:-]+)?)?$")]


class WordsIn(Strict):
    """``text`` is read inside WhatsApp's window and may have several lines; ``summary`` is one line for the template,
    empty where ``text`` is that line already.
    """

    headline: Headline = ""
    text: Text = ""
    summary: Text = ""


class BothWords(Strict):
    """In both languages, before it can be checked."""

    ca: WordsIn | None = None
    es: WordsIn | None = None


class CapIn(Strict):
    """How bad an alert is, in CAP's words: what the town's own CAP feed says of it. What is not given stays."""

    severity: Severity | None = None
    urgency: Urgency | None = None
    certainty: Certainty | None = None


class Draft(Strict):
    """What both a new notice and a change may say. ``opens`` null: the topic's own screen."""

    kind: Annotated[Kind | None, Field(description="That of the topic, if given at all")] = None
    words: Annotated[BothWords, Field(default_factory=BothWords)]
    zones: Annotated[list[Identifier], Field(default_factory=list, max_length=100, description="Empty: the whole town")]
    frequency: Literal["", "each", "weekly"] = ""
    not_before: Moment | None = None
    until: Moment | None = None
    image: Annotated[Image, Field(description="A picture's address, shown inside the window only")] = ""
    opens: Screen | None = None
    cap: Annotated[CapIn | None, Field(description="Of an alert only")] = None


class NewCampaign(Draft):
    """A notice to be written."""

    topic: Identifier


class CampaignEdit(Draft):
    """What is not given stays as it is. It must be checked anew."""

    topic: Identifier | None = None

    @model_validator(mode="after")
    def something(self) -> CampaignEdit:
        if not self.model_fields_set:
            raise ValueError("nothing_to_change")
        return self


class CapFile(Strict):
    """CAP 1.2 as somebody published it: either its XML as text, or the file itself in Base64, which may also be a
    tar.gz of several. An alert has at most 1,000,000 bytes.
    """

    cap: Annotated[str, StringConstraints(max_length=MOST_XML)] = ""
    file: Annotated[str, StringConstraints(max_length=MOST_BASE64), Field(description="Base64")] = ""

    @model_validator(mode="after")
    def one(self) -> CapFile:
        if bool(self.cap) == bool(self.file):
            raise ValueError("cap_or_file")
        return self


class Trial(Strict):
    """Send it to one person who has written to the town: their phone (34 where no prefix is), or WhatsApp's id."""

    to: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[\w.+ ()-]{3,64}$")]
    language: Annotated[Literal["ca", "es"] | None, Field(description="Other than their own")] = None


class Approval(Strict):
    """``emergency``: why its own author sends a mass alert alone."""

    emergency: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=PRINTED)] = ""


class CampaignsWanted(BaseModel):
    """What the list is narrowed to; ``cursor`` goes on where a page ended."""

    state: list[State] = []
    kind: list[Kind] = []
    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = FEW_ROWS


class RecipientsWanted(BaseModel):
    """Recipients in these states, all without any."""

    state: list[Literal["queued", "sending", "sent", "delivered", "read", "failed", "skipped"]] = []
    cursor: Cursor = ""


class RecipientPageWanted(RecipientsWanted):
    """A page of recipients."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = FEW_ROWS


class RecipientCsvWanted(RecipientsWanted):
    """An export for a spreadsheet."""

    language: Literal["ca", "es"] = "ca"
    separator: Literal["comma", "semicolon"] = "comma"
