"""A citizen in the dialogue: who they are to the town and where they stand. Saved between messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from canal.broadcasts.subscription import Subscription
from canal.dialogue.messages import Language


class Place(StrEnum):
    """The places of the dialogue. Each has one module in ``places/`` and heads the addresses of its screens."""

    WELCOME = "welcome"
    MENU = "menu"
    PHONES = "phones"
    BUS = "bus"
    PHARMACY = "pharmacy"
    WASTE = "waste"
    APPOINTMENT = "appointment"
    TAXES = "taxes"
    PROCEDURES = "procedures"
    JOBS = "jobs"
    CULTURE = "culture"
    INCIDENT = "incident"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    QUESTION = "question"
    PICKUP = "pickup"
    MY_CASES = "my_cases"
    SUBSCRIPTIONS = "subscriptions"
    LANGUAGE = "language"
    PERSON = "person"
    PRIVACY = "privacy"
    HELP = "help"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Offered:
    """An answer that was offered last: the address it leads to and the words it was shown with.

    ``label`` as it stands in the text, ``short`` as on the button or in the list.
    """

    address: str
    label: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Citizen:
    """One row of ``citizens``.

    ``key`` is the business-scoped user id, else the phone. ``language`` is None until chosen.
    ``offered`` holds the last numbered answers, in order; ``trail`` the screens that led here, the newest
    last; ``notes`` what the present place remembers; ``draft`` the report that is being written, which outlives the
    place (see ``dialogue/draft.py``). ``version`` is the row's, 0 when it is not saved yet.
    """

    key: str
    user_id: str | None = None
    phone: str | None = None
    language: Language | None = None
    place: Place = Place.WELCOME
    offered: tuple[Offered, ...] = ()
    trail: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    draft: Mapping[str, Any] = field(default_factory=dict)
    missed: int = 0  # messages in a row that were not understood
    blocked: bool = False  # staff take no more reports of theirs; information is still given
    held: bool = False  # news of their cases waits until they write again
    wants_marketing: bool = True  # False once they said stop, here or in WhatsApp's own settings
    rest_until: datetime | None = None  # WhatsApp holds that they had enough marketing until then
    told_at: datetime | None = None  # when a notice went out to them after their last message
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)  # by topic
    since: datetime | None = None
    last_inbound_at: datetime | None = None  # opens WhatsApp's 24-hour window
    version: int = 0
