"""What the events queue carries, in Canal's words: delivery statuses, errors, news of templates and account.

``update`` reads one update of an event that ``receive`` queued (its shape is told in ``whatsapp_webhook``).
Pure, and it never raises: what is not known comes out as News with all that Meta said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from canal.adapters.whatsapp_errors import from_code, safe
from canal.adapters.whatsapp_text import clean_line
from canal.adapters.whatsapp_words import seconds
from canal.broadcasts.reported import DeliveryStatus, News, NumberError, TemplateNews, Update

MAX_WORDS = 512
TEMPLATE_FIELDS = (
    "message_template_status_update",
    "message_template_quality_update",
    "template_category_update",
)

Json = Mapping[str, Any]


def update(queued: Json) -> Update:
    """One update of an event."""
    value = _object(queued, "value")
    if status := _object(value, "status"):
        return _status(status)
    if error := _object(value, "error"):
        return _number_error(value, error)
    field = _word(queued, "field")
    if field in (
        "message_template_status_update",
        "message_template_quality_update",
        "template_category_update",
    ):
        return _template(queued, value)
    return News(
        field=field,
        account_id=_word(queued, "entry_id"),
        at=_time(queued.get("time")),
        event=_word(value, "event"),
        value=queued.get("value"),
        reason=_word(queued, "reason"),
    )


def _status(status: Json) -> DeliveryStatus:
    pricing = _object(status, "pricing")
    state = _word(status, "status")
    code, details = _first_error(status.get("errors"))
    return DeliveryStatus(
        wamid=_word(status, "id"),
        state=state,
        at=_time(status.get("timestamp")),
        user_id=_word(status, "recipient_user_id") or None,
        phone=_word(status, "recipient_id") or None,
        reference=_word(status, "biz_opaque_callback_data"),
        category=_word(pricing, "category"),
        price_type=_word(pricing, "type"),
        code=code,
        failure=from_code(code, details) if state == "failed" else None,
    )


def _number_error(value: Json, error: Json) -> NumberError:
    code, details = _first_error([error])
    return NumberError(_word(value, "phone_number_id"), code, from_code(code, details))


def _first_error(errors: object) -> tuple[int | None, str]:
    """Code and details of the first error of a list."""
    error = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code = error.get("code")
    details = _word(_object(error, "error_data"), "details") or _word(error, "title")
    return (code if isinstance(code, int) else None), details


def _template(queued: Json, value: Json) -> TemplateNews:
    reason = _word(value, "reason")
    return TemplateNews(
        template_id=_number(value.get("message_template_id")),
        name=_word(value, "message_template_name"),
        language=_word(value, "message_template_language").replace("-", "_"),
        at=_time(queued.get("time")),
        event=_word(value, "event"),
        reason="" if reason == "NONE" else safe(reason),
        category=_word(value, "new_category") or _word(value, "message_template_category"),
        quality=_word(value, "new_quality_score"),
    )


def _number(value: object) -> str:
    """An id that Meta writes as a number here and as a string elsewhere."""
    return str(value) if isinstance(value, int) else clean_line(value, MAX_WORDS)


def _time(value: object) -> datetime | None:
    found = seconds(value)
    try:
        return datetime.fromtimestamp(found, UTC) if found > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _object(parent: Json, key: str) -> Json:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _word(parent: Json, key: str) -> str:
    return clean_line(parent.get(key), MAX_WORDS)
