"""The rows of ``citizens``, ``turns`` and ``incidents``. Table names and region are set by ``bind``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
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
from pynamodb.connection import Connection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

# A turn of ours never waits longer than this for the network: the queue's patience is the retry.
CONNECT_SECONDS = 2
READ_SECONDS = 3
RETRIES = 1
POOL = "max_pool_connections"


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the rows live. ``host`` is None on AWS, an address on one machine.

    A table that the process does not touch has an empty name.
    """

    citizens: str
    turns: str
    incidents: str
    region: str
    host: str | None = None
    campaigns: str = ""
    subscriptions: str = ""
    deliveries: str = ""
    connections: int = 10  # kept open, for those who call from several threads


class CitizenRow(Model):
    """A citizen, or where they moved to when their id changed."""

    class Meta:
        table_name = "citizens"

    citizen = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    place = UnicodeAttribute(null=True)
    # {"offered": [[address, label, short]], "trail": [], "notes": {}, "draft": {}, "missed": 0}
    dialogue = JSONAttribute(null=True)
    held = BooleanAttribute(null=True)
    blocked = BooleanAttribute(null=True)
    wants_marketing = BooleanAttribute(default=True)
    rest_until = UnicodeAttribute(null=True)  # ISO 8601
    told_at = UnicodeAttribute(null=True)  # ISO 8601
    subscriptions = JSONAttribute(null=True)  # {topic: {"since", "wamid", "wording", "zones", "frequency"}}
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


# --- cases ----------------------------------------------------------------------------------------

# What a list shows of a case: all but its history, its files and who sent it through Open311. An index holds these
# beside its keys and the table's. DynamoDB allows a hundred such attributes, counted over all indexes of a table.
SUMMARY = (
    "kind",
    "citizen",
    "language",
    "words",
    "words_hidden",
    "state",
    "category",
    "department",
    "zone",
    "position",
    "address",
    "due_at",
    "closed_at",
    "updated_at",
    "duplicate_of",
    "rating",
    "escalated",
    "channel",
    "demo",
    "search",
    "version",
)


class ByDepartment(GlobalSecondaryIndex["IncidentRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """The cases of one department that are open, or closed, by the hour of filing."""

    class Meta:
        index_name = "by_department"
        projection = IncludeProjection(list(SUMMARY))

    department_phase = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class ByPhase(GlobalSecondaryIndex["IncidentRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """All cases that are open, or closed, by the hour of filing."""

    class Meta:
        index_name = "by_phase"
        projection = IncludeProjection(list(SUMMARY))

    phase = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class ByCell(GlobalSecondaryIndex["IncidentRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """The open incidents of a category in a cell of the map. Sparse, and whole: the dialogue shows their photos."""

    class Meta:
        index_name = "by_cell"
        projection = AllProjection()

    cell = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class ByCitizen(GlobalSecondaryIndex["IncidentRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """The cases of one citizen by the hour of filing, whole: they see their history."""

    class Meta:
        index_name = "by_citizen"
        projection = AllProjection()

    citizen = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class ByOriginal(GlobalSecondaryIndex["IncidentRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """The duplicates of a case. Sparse."""

    class Meta:
        index_name = "by_original"
        projection = IncludeProjection([name for name in SUMMARY if name != "duplicate_of"])

    duplicate_of = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class ByDue(GlobalSecondaryIndex["IncidentRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """Open cases that have a due date, by it. Sparse."""

    class Meta:
        index_name = "by_due"
        projection = IncludeProjection([*(name for name in SUMMARY if name != "due_at"), "created_at"])

    due = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class ByWatch(GlobalSecondaryIndex["IncidentRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """What must be looked at without anybody asking, by the hour when. Sparse; see ``incidents/watch.py``."""

    class Meta:
        index_name = "by_watch"
        projection = KeysOnlyProjection()

    watch = UnicodeAttribute(hash_key=True)
    watch_at = UnicodeAttribute(range_key=True)


class Json(JSONAttribute):
    """JSON as small as it gets: letters with accents as they are."""

    def serialize(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class IncidentRow(Model):
    """A case. Moments are ISO 8601 in UTC, so that they sort; ``case_rows`` makes a row of a case and back."""

    class Meta:
        table_name = "incidents"

    id = UnicodeAttribute(hash_key=True)
    kind = UnicodeAttribute()
    citizen = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    created_at = UnicodeAttribute()
    words = UnicodeAttribute(null=True)
    words_hidden = BooleanAttribute(null=True)
    state = UnicodeAttribute()
    category = UnicodeAttribute(null=True)
    department = UnicodeAttribute(null=True)
    zone = UnicodeAttribute(null=True)
    position = Json(null=True)  # [latitude, longitude, source]
    address = UnicodeAttribute(null=True)
    files = Json(null=True)
    history = Json(null=True)
    due_at = UnicodeAttribute(null=True)
    closed_at = UnicodeAttribute(null=True)
    updated_at = UnicodeAttribute(null=True)
    duplicate_of = UnicodeAttribute(null=True)
    rating = NumberAttribute(null=True)
    escalated = NumberAttribute(null=True)
    mailed_to = UnicodeAttribute(null=True)
    channel = UnicodeAttribute(null=True)
    contact = Json(null=True)
    erased = BooleanAttribute(null=True)
    demo = BooleanAttribute(null=True)
    lease_until = UnicodeAttribute(null=True)
    version = NumberAttribute()

    # For the indexes; they follow from the case.
    phase = UnicodeAttribute(null=True)
    department_phase = UnicodeAttribute(null=True)
    cell = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    watch = UnicodeAttribute(null=True)
    watch_at = UnicodeAttribute(null=True)
    search = UnicodeAttribute(null=True)

    by_department = ByDepartment()
    by_phase = ByPhase()
    by_cell = ByCell()
    by_citizen = ByCitizen()
    by_original = ByOriginal()
    by_due = ByDue()
    by_watch = ByWatch()


def bind(tables: Tables, more: Sequence[tuple[type[Model], str]] = ()) -> Connection:
    """Point the models at their tables, before the first call; again, for a process with several adapters, is free.

    ``more``: those of ``notice_models`` and their tables, which most turns do without.

    Gives the one connection, and so the one client, of all of them: a second one costs a cold start 50 ms.
    """
    settings = connection_settings(tables)
    ours = [(CitizenRow, tables.citizens), (TurnRow, tables.turns), (IncidentRow, tables.incidents)]
    names: list[tuple[type[Model], str]] = [*ours, *more]
    shared: Connection | None = None
    for model, name in names:
        if not name:
            continue
        if any(differs(setting, getattr(model.Meta, setting, None), value) for setting, value in settings.items()):
            for setting, value in settings.items():
                setattr(model.Meta, setting, value)
            model._connection = None
        model.Meta.table_name = name
        shared = joined(model, shared)
    if shared is None:
        raise ValueError("no table is named")
    return shared


def differs(setting: str, known: Any, wanted: Any) -> bool:
    """Whether a connection must be made anew. One that keeps more open than is wanted now serves as well: where entries
    share a process, none takes a connection from under another's threads.
    """
    if setting == POOL and known is not None:
        return bool(known < wanted)
    return bool(known != wanted)


def joined(model: type[Model], shared: Connection | None) -> Connection:
    """The connection of ``model``, which is ``shared`` if there is one."""
    table = model._get_connection()
    if shared is not None and table.connection is not shared:
        with suppress(ValueError):  # it knows the table already
            shared.add_meta_table(table.get_meta_table())
        table.connection = shared
    return table.connection


def connection_settings(tables: Tables) -> dict[str, Any]:
    """How PynamoDB reaches the tables, in its own words."""
    return {
        "region": tables.region,
        "host": tables.host,
        "connect_timeout_seconds": CONNECT_SECONDS,
        "read_timeout_seconds": READ_SECONDS,
        "max_retry_attempts": RETRIES,
        POOL: tables.connections,
    }
