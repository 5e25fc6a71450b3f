"""The shapes of what is told of notices, as OpenAPI describes them. ``present.py`` and its neighbours fill them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from canal.desk.views import Both, RefusalView


class WordsView(BaseModel):
    headline: str
    text: str
    summary: str


class Remark(BaseModel):
    """A problem or a warning in plain words; ``code`` is stable."""

    code: str
    message: Both


class EstimateView(BaseModel):
    """What a check found. Approval needs one that is not older than ``good_until`` and has no problems."""

    at: datetime
    good_until: datetime
    recipients: int
    inside: int = Field(description="Who wrote within 24 hours: they get the text as it is")
    outside: int = Field(description="All others: they get the template")
    by_language: dict[str, int]
    by_zone: dict[str, int] = Field(description='By zone that people chose; "" for the whole town')
    left: int = Field(description="Subscribed, but gone or unwilling")
    tier: int | None = Field(description="People outside the window in 24 hours; null where unlimited")
    days: int
    seconds: int
    cost: float | None = Field(description="Euros; null where the town has entered no prices")
    problems: list[Remark]
    warnings: list[Remark]


class HappenedView(BaseModel):
    """One line of the history. ``who`` is "canal" where nobody of the staff did it."""

    at: datetime
    who: str
    what: str
    name: Both
    details: dict[str, str]
    reason: Both | None = Field(description="Why Canal stopped it or gave it up, in plain words")


class PlanningView(BaseModel):
    """How many of the shards are written down, and how many recipients in them."""

    shards: int
    done: int
    planned: int
    left: int


class RateView(BaseModel):
    """``per_second`` between the last two counts, null where unknown; ``seconds_left`` at that rate, else at the
    number's own. Neither knows of recipients that wait for tomorrow.
    """

    per_second: float | None
    seconds_left: int


class CampaignRow(BaseModel):
    """A notice in the list. ``recipients`` as estimated, null before the first check."""

    id: str
    kind: str
    topic: str
    state: str
    state_name: Both
    headline: dict[str, str]
    zones: list[str]
    created_at: datetime
    created_by: str
    approved_by: str
    approved_at: datetime | None
    not_before: datetime | None
    until: datetime | None
    source: str
    recipients: int | None
    demo: bool


class CampaignRows(BaseModel):
    """A page of the list; with a cursor there is more, even where this page holds few or none."""

    campaigns: list[CampaignRow]
    cursor: str


class CapView(BaseModel):
    """An alert in CAP's words, empty where nobody has said them: our feed says Unknown then. ``updates``: the notice
    that it follows. ``untranslated``: the languages that still hold another one's words.
    """

    status: str
    severity: str
    urgency: str
    certainty: str
    updates: str
    untranslated: list[str]


class BroughtView(BaseModel):
    """The notices of a CAP file: new drafts, or what became of it when it was brought before. ``unread``: how many
    alerts in it could not be read; an archive of which too much was left counts as one.
    """

    campaigns: list[CampaignRow]
    unread: int


class CampaignView(CampaignRow):
    """A notice with all that is known of it. ``version`` is its ETag and the If-Match of the next change."""

    version: str
    words: dict[str, WordsView]
    template: str
    frequency: str
    opens: str
    image: str
    written_by: str
    items: list[str]
    cap: CapView | None = Field(description="Of an alert")
    estimate: EstimateView | None
    second_person: bool = Field(description="Whether somebody other than its authors must approve it")
    history: list[HappenedView]
    counts: dict[str, int] = Field(description="Recipients by state, counted from their rows")
    counted_at: datetime | None
    planning: PlanningView | None
    rate: RateView | None
    may: list[str] = Field(description="What whoever asks may do to it now")


class ErrorView(RefusalView):
    """A refusal. ``campaign`` and ``changed`` (who was last, and when) come with changed_meanwhile."""

    campaign: CampaignView | None = None
    changed: HappenedView | None = None


class TestView(BaseModel):
    """How the trial went: ``mode`` is text or template."""

    __test__ = False  # no test of pytest's

    mode: str
    language: str


class RecipientView(BaseModel):
    """``phone`` shows its last three digits; ``citizen`` is WhatsApp's id where there is one."""

    phone: str
    citizen: str
    language: str
    mode: str
    state: str
    state_name: Both
    at: datetime
    release_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    code: int | None
    reason: Both | None


class RecipientRows(BaseModel):
    recipients: list[RecipientView]
    cursor: str
