"""The rows of ``citizens``, ``turns`` and ``incidents``. Table names and region are set by ``bind``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    TTLAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

# A turn of ours never waits longer than this for the network: the queue's patience is the retry.
CONNECT_SECONDS = 2
READ_SECONDS = 3
RETRIES = 1


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the rows live. ``host`` is None on AWS, an address on one machine."""

    citizens: str
    turns: str
    incidents: str
    region: str
    host: str | None = None


class CitizenRow(Model):
    """A citizen, or where they moved to when their id changed."""

    class Meta:
        table_name = "citizens"

    citizen = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    place = UnicodeAttribute(null=True)
    dialogue = JSONAttribute(null=True)  # {"offered": [[address, label]], "trail": [], "notes": {}, "missed": 0}
    wants_marketing = BooleanAttribute(default=True)
    since = UnicodeAttribute(null=True)  # ISO 8601
    last_inbound_at = UnicodeAttribute(null=True)  # ISO 8601
    moved_to = UnicodeAttribute(null=True)
    expires_at = TTLAttribute(null=True)
    version = VersionAttribute()


class TurnRow(Model):
    """One message's turn."""

    class Meta:
        table_name = "turns"

    citizen = UnicodeAttribute(hash_key=True)
    wamid = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    replies = JSONAttribute(null=True)
    events = JSONAttribute(null=True)
    state = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    expires_at = TTLAttribute()


class CasesOfCitizen(GlobalSecondaryIndex["IncidentRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """The cases of one citizen, oldest first."""

    class Meta:
        index_name = "by_citizen"
        projection = KeysOnlyProjection()

    citizen = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class IncidentRow(Model):
    """A case for staff."""

    class Meta:
        table_name = "incidents"

    id = UnicodeAttribute(hash_key=True)
    kind = UnicodeAttribute()
    citizen = UnicodeAttribute()
    language = UnicodeAttribute()
    words = UnicodeAttribute(null=True)
    state = UnicodeAttribute(default="received")
    created_at = UnicodeAttribute()
    version = NumberAttribute(default=1)
    by_citizen = CasesOfCitizen()


def bind(tables: Tables) -> None:
    """Point the models at their tables; once per process, before the first call."""
    names = ((CitizenRow, tables.citizens), (TurnRow, tables.turns), (IncidentRow, tables.incidents))
    for model, name in names:
        for setting, value in {"table_name": name, **connection(tables)}.items():
            setattr(model.Meta, setting, value)


def connection(tables: Tables) -> dict[str, Any]:
    """How PynamoDB reaches the tables, in its own words."""
    return {
        "region": tables.region,
        "host": tables.host,
        "connect_timeout_seconds": CONNECT_SECONDS,
        "read_timeout_seconds": READ_SECONDS,
        "max_retry_attempts": RETRIES,
    }
