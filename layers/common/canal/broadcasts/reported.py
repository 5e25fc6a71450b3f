"""What WhatsApp reports that no citizen said: what became of our messages, of templates, of the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from canal.errors import CanalError


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What became of one of our messages.

    ``state`` is sent, delivered, read, played or failed; they come in any order, twice, and for messages that
    we do not know (yet). ``reference`` is what we sent along. ``failure`` is set when it failed.
    """

    wamid: str
    state: str
    at: datetime | None
    user_id: str | None = None
    phone: str | None = None
    reference: str = ""
    category: str = ""  # of the price: service, utility, marketing, authentication ...
    price_type: str = ""  # regular is charged; free_customer_service, free_entry_point
    code: int | None = None
    failure: CanalError | None = None


@dataclass(frozen=True, slots=True)
class NumberError:
    """Meta reports a problem with one of our numbers, no message in particular."""

    phone_number_id: str
    code: int | None
    failure: CanalError


@dataclass(frozen=True, slots=True)
class TemplateNews:
    """A template was approved, rejected, paused; its quality or its category changed.

    ``language`` is spelt with an underscore. ``event`` is Meta's status (APPROVED, PAUSED ...) or empty.
    """

    template_id: str
    name: str
    language: str
    at: datetime | None
    event: str = ""
    reason: str = ""
    category: str = ""
    quality: str = ""  # GREEN, YELLOW, RED


@dataclass(frozen=True, slots=True)
class News:
    """Anything else: the account, the number's quality and limits, fields that Meta has yet to invent."""

    field: str
    account_id: str
    at: datetime | None
    event: str
    value: object
    reason: str = ""  # why ``receive`` could not place it


Update = DeliveryStatus | NumberError | TemplateNews | News
