"""Statuses, errors and news of the account: every such payload of ``events/``, and what is broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_updates import update
from canal.adapters.whatsapp_webhook import split
from canal.broadcasts.reported import DeliveryStatus, News, NumberError, TemplateNews, Update
from canal.errors import Throttled, Undeliverable
from hypothesis import given
from hypothesis import strategies as st

from tests import events

SENT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ACCOUNT = "100000000000001"
FREE = {"category": "service", "price_type": "free_customer_service"}


def received(name: str) -> list[Update]:
    batch = split(events.body(name), {events.PHONE_NUMBER_ID})
    return [update(one) for event in batch.events for one in json.loads(event)["updates"]]


def after(seconds: int) -> datetime:
    return SENT + timedelta(seconds=seconds)


def status(state: str, seconds: int, **more: Any) -> DeliveryStatus:
    told = {"user_id": events.USER_ID, "phone": events.PHONE, "reference": "turn#1"} | more
    return DeliveryStatus("wamid.TEST_OUT_1", state, after(seconds), **told)


def template(seconds: int, **more: Any) -> TemplateNews:
    told = {"language": "ca"} | more
    return TemplateNews("594425479261596", "status_update", at=after(seconds), **told)


STATUSES: dict[str, list[DeliveryStatus]] = {
    "webhook-status-sent": [status("sent", 30, **FREE)],
    "webhook-status-delivered": [status("delivered", 32, category="service", price_type="regular")],
    "webhook-status-read": [status("read", 100)],
    "webhook-status-played": [status("played", 110)],
    "webhook-status-read-before-delivered": [
        status("read", 100),
        status("delivered", 32),
        status("sent", 30),
    ],
    "webhook-status-no-phone": [status("delivered", 32, phone=None)],
    "webhook-status-unknown-message": [
        DeliveryStatus(
            "wamid.SENT_BY_SOMEBODY_ELSE",
            "delivered",
            after(32),
            events.USER_ID,
            events.PHONE,
            "turn#1",
        )
    ],
}
TEMPLATES: dict[str, TemplateNews] = {
    "webhook-template-approved": template(250, event="APPROVED", category="UTILITY"),
    "webhook-template-rejected": template(
        260, language="es_ES", event="REJECTED", reason="INCORRECT_CATEGORY", category="UTILITY"
    ),
    "webhook-template-paused": template(300, event="PAUSED", category="UTILITY"),
    "webhook-template-quality": template(400, quality="YELLOW"),
    "webhook-template-category": template(410, category="MARKETING"),
}
ACCOUNT_NEWS: dict[str, tuple[str, str]] = {
    "webhook-phone-quality": ("phone_number_quality_update", "FLAGGED"),
    "webhook-business-capability": ("business_capability_update", ""),
    "webhook-account-restricted": ("account_update", "ACCOUNT_RESTRICTION"),
    "webhook-account-disabled": ("account_update", "DISABLED_UPDATE"),
    "webhook-unknown-field": ("holograms", "APPEARED"),
}
FAILED = {"webhook-status-failed": 131047, "webhook-status-failed-undeliverable": 131026}


def test_every_payload_that_is_no_message_is_in_a_table() -> None:
    others = (
        "webhook-status-",
        "webhook-template-",
        "webhook-account-",
        "webhook-phone-",
        "webhook-business-",
    )
    found = {name for name in events.names() if name.startswith(others)} - {"webhook-template-button"}
    assert found <= {*STATUSES, *TEMPLATES, *ACCOUNT_NEWS, *FAILED}


@pytest.mark.parametrize(("name", "statuses"), STATUSES.items(), ids=STATUSES)
def test_statuses_tell_what_became_of_a_message(name: str, statuses: list[DeliveryStatus]) -> None:
    assert received(name) == statuses


@pytest.mark.parametrize(("name", "code"), FAILED.items())
def test_a_failure_is_the_error_that_it_would_have_been_at_once(name: str, code: int) -> None:
    (found,) = received(name)
    assert isinstance(found, DeliveryStatus)
    assert (found.wamid, found.user_id, found.code) == ("wamid.TEST_OUT_7", None, code)
    assert isinstance(found.failure, Undeliverable)


@pytest.mark.parametrize(("name", "news"), TEMPLATES.items(), ids=TEMPLATES)
def test_templates_make_news(name: str, news: TemplateNews) -> None:
    assert received(name) == [news]


@pytest.mark.parametrize(("name", "told"), ACCOUNT_NEWS.items(), ids=ACCOUNT_NEWS)
def test_the_account_makes_news_and_so_does_what_meta_has_yet_to_invent(name: str, told: tuple[str, str]) -> None:
    (found,) = received(name)
    assert isinstance(found, News)
    assert (found.field, found.event) == told
    assert found.account_id == ACCOUNT
    assert found.value


def test_an_error_of_the_number_is_told_with_its_kind() -> None:
    (found,) = received("webhook-value-error")
    assert isinstance(found, NumberError)
    assert (found.phone_number_id, found.code) == (events.PHONE_NUMBER_ID, 130429)
    assert isinstance(found.failure, Throttled)


def test_what_fitted_nowhere_keeps_its_reason() -> None:
    (found,) = received("webhook-message-without-id")
    assert isinstance(found, News)
    assert found.reason == "no id or no sender"


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
KEYS = [
    "status",
    "error",
    "errors",
    "pricing",
    "event",
    "id",
    "timestamp",
    "code",
    "message_template_id",
    "reason",
]
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["messages", "message_template_status_update", "other"]


@given(value=junk, time=junk, field=st.sampled_from(FIELDS) | junk)
def test_nothing_that_meta_tells_breaks_the_reading(value: object, time: object, field: object) -> None:
    update({"field": field, "time": time, "value": value})
    update({"value": {"status": value}})
    update({"value": {"error": value}})
