"""The shapes of the notices' answers, as OpenAPI describes them. ``present.py`` fills them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from canal.desk.views import Both, Named, RefusalView


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


class TopicView(Named):
    about: Both
    kind: str
    template: str
    opens: str
    zones: bool
    frequencies: list[str]
    marketing: bool
    second_person_from: int | None


class TopicsView(BaseModel):
    """What a page needs to write a notice. ``may_write``: whether whoever asks may."""

    topics: list[TopicView]
    zones: list[Named]
    states: list[Named]
    may_write: bool


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


class TemplateView(BaseModel):
    """One language of a template as WhatsApp last told it. ``usable``: it may be sent."""

    name: str
    language: str
    status: str
    status_name: Both
    usable: bool
    category: str
    quality: str
    reason: Both | None
    at: datetime | None


class TemplatesView(BaseModel):
    templates: list[TemplateView]


class AccountView(BaseModel):
    """``tier`` is null where unlimited; ``known`` is false until WhatsApp has said it. ``messages_per_second`` is what
    notices may take of the number's rate.
    """

    tier: int | None
    quality: str
    known: bool
    at: datetime | None
    messages_per_second: float


class ConsentView(BaseModel):
    """``wording`` is what they agreed to, word by word, by the message ``wamid``."""

    topic: str
    topic_name: Both | None
    given_at: datetime
    wamid: str
    wording: str
    withdrawn_at: datetime | None
    withdrawn_wamid: str
    withdrawn_how: str


class ConsentsView(BaseModel):
    consents: list[ConsentView]
