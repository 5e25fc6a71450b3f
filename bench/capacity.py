"""What DynamoDB would charge: read and write units of the calls that leave this process, indexes included.

By AWS's rules for on-demand tables: a write unit is a write of up to 1 KB, a read unit a consistent read of up to 4 KB
(eventually consistent ones count half), both double in a transaction; a write is charged again for each index in which
what it projects has changed, twice where its key there changed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from typing import Any

from botocore.httpsession import URLLib3Session

Item = Mapping[str, Any]


class Meter:
    """Counts calls and units. ``tables`` are the table resources of the template, by their name at run time."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        self._tables = tables
        self._rows: dict[tuple[str, str], Item] = {}
        self.calls: Counter[str] = Counter()
        self.units: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything that goes out meanwhile is counted."""
        send = URLLib3Session.send

        def counted(session: URLLib3Session, request: Any) -> Any:
            answer = send(session, request)
            self.count(request, answer)
            return answer

        URLLib3Session.send = counted  # type: ignore[method-assign,assignment]  # put back below
        try:
            yield
        finally:
            URLLib3Session.send = send  # type: ignore[method-assign]

    def count(self, request: Any, answer: Any) -> None:
        target = request.headers.get("X-Amz-Target", b"")
        service, _, action = (target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")
        self.calls[action or f"S3 {request.method}"] += 1
        if service.startswith("DynamoDB") and answer.status_code == 200:
            self._dynamodb(action, json.loads(request.body), json.loads(answer.content))

    def _dynamodb(self, action: str, asked: Mapping[str, Any], told: Mapping[str, Any]) -> None:
        match action:
            case "GetItem":
                self.units["read"] += reads(told.get("Item", {}), asked.get("ConsistentRead", False))
            case "Query":
                size = sum(size_of(item) for item in told.get("Items", ()))
                self.units["read"] += max(1, ceil(size / 4096)) / 2
            case "BatchGetItem":
                found = (item for items in told.get("Responses", {}).values() for item in items)
                self.units["read"] += sum(reads(item, consistent=False) for item in found)
            case "PutItem":
                self._put(asked["TableName"], asked["Item"], 1)
            case "TransactWriteItems":
                for operation in asked["TransactItems"]:
                    if put := operation.get("Put"):
                        self._put(put["TableName"], put["Item"], 2)

    def _put(self, table: str, item: Item, times: int) -> None:
        resource = self._tables[table]
        key = json.dumps([item.get(each["AttributeName"]) for each in resource["KeySchema"]])
        before = self._rows.get((table, key), {})
        self._rows[table, key] = item
        own = times * max(1, ceil(size_of(item) / 1024))
        indexes = sum(index_writes(index, before, item) for index in resource.get("GlobalSecondaryIndexes", ()))
        self.units["write"] += own + indexes


def reads(item: Item, consistent: bool) -> float:
    return max(1, ceil(size_of(item) / 4096)) * (1 if consistent else 0.5)


def index_writes(index: Mapping[str, Any], before: Item, after: Item) -> int:
    """Units for bringing one index up to date."""
    keys = [each["AttributeName"] for each in index["KeySchema"]]
    old = projected(index, before) if all(key in before for key in keys) else None
    new = projected(index, after) if all(key in after for key in keys) else None
    if old == new:
        return 0
    moved = old is not None and new is not None and [old[key] for key in keys] != [new[key] for key in keys]
    return max(1, ceil(size_of(new or old or {}) / 1024)) * (2 if moved else 1)


def projected(index: Mapping[str, Any], item: Item) -> Item:
    """The part of ``item`` that the index holds."""
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return item
    names = (
        {each["AttributeName"] for each in index["KeySchema"]} | {"id"} | set(projection.get("NonKeyAttributes", ()))
    )
    return {name: value for name, value in item.items() if name in names}


def size_of(item: Item) -> int:
    """Bytes of an item: its names and its values."""
    return sum(len(name) + len(json.dumps(value)) - len('{"S": ""}') for name, value in item.items())


def per(counted: Mapping[str, float], rounds: int) -> dict[str, float]:
    """Each count for one round."""
    return {name: value / rounds for name, value in sorted(counted.items())}
