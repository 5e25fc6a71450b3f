"""Moments as rows hold them."""

from __future__ import annotations

from datetime import UTC, datetime


def text(when: datetime | None) -> str | None:
    """ISO 8601 in UTC, so that an index sorts it."""
    return when.astimezone(UTC).isoformat() if when else None


def moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
