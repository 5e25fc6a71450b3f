"""The shapes of what somebody who writes notices must know, as OpenAPI describes them. ``knowing.py`` fills them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from canal.desk.views import Both, Named


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
    used: int = Field(description="Of the tier, by notices in the last 24 hours; 0 where it is unlimited")
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
