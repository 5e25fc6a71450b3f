"""moto's DynamoDB made fit for a town's worth of rows and for several callers at once.

Three faults of it show on one machine only, never on AWS:

- A query looks at every row of the table, and a transaction copies every table that it touches: both take seconds at
  100,000 rows. Here each index keeps its keys in order, and a query is handed just the rows of its page.
- A transaction that fails puts back the tables as they were when it began, and with that undoes what others wrote
  meanwhile. Here its conditions are checked before anything is written.
- Nothing is locked. Here one call runs after another.
"""

from __future__ import annotations

import copy
import functools
import threading
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from moto.dynamodb.exceptions import (
    ConditionalCheckFailed,
    MultipleTransactionsException,
    TooManyTransactionsException,
    TransactionCanceledException,
)
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from local import updates

PAGE_BYTES = 1_000_000  # DynamoDB reads at most so much for one answer
MOST_IN_TRANSACTION = 100
LOCK = threading.RLock()

Key = tuple[Any, ...]  # where an item stands in an index: its range key there, then its key in the table


class Index:
    """The keys of one index, in order, for each value of its hash key. ``name`` is None for the table itself."""

    def __init__(self, table: Table, name: str | None, hash_key: str, range_key: str | None) -> None:
        self._table = table
        self._hash, self._range = hash_key, range_key
        self._own = name is None
        self._keys: defaultdict[Any, list[Key]] = defaultdict(list)
        self._items: dict[tuple[Any, Key], Item] = {}

    def put(self, item: Item) -> None:
        """Take in an item, if it has the attributes that the index is about."""
        if place := self._place(item):
            value, key = place
            if place not in self._items:
                insort(self._keys[value], key)
            self._items[place] = item

    def drop(self, item: Item) -> None:
        if (place := self._place(item)) and self._items.pop(place, None):
            keys = self._keys[place[0]]
            del keys[bisect_left(keys, place[1])]

    def keeps(self, old: Item, new: Item) -> bool:
        """Whether both stand at the same place, or neither anywhere."""
        return self._place(old) == self._place(new)

    def page(self, value: Any, start: Key | None, forward: bool, fits: Callable[[Item], bool]) -> Iterator[Item]:
        """The items under a hash key that fit, in order, from behind ``start``."""
        keys = self._keys.get(value, [])
        if forward:
            begin = bisect_right(keys, start) if start else 0
            found = (keys[n] for n in range(begin, len(keys)))
        else:
            end = bisect_left(keys, start) if start else len(keys)
            found = (keys[n] for n in range(end - 1, -1, -1))
        for key in found:
            item = self._items[value, key]
            if fits(item):
                yield item

    def key_of(self, attributes: dict[str, Any]) -> Key:
        """The place in the index of a start key as it comes in a request."""
        return self._key({name: DynamoType(value) for name, value in attributes.items()})

    def _place(self, item: Item) -> tuple[Any, Key] | None:
        needed = [self._hash, *([self._range] if self._range else [])]
        if any(name not in item.attrs for name in needed):
            return None
        return item.attrs[self._hash].cast_value, self._key(item.attrs)

    def _key(self, attributes: dict[str, DynamoType]) -> Key:
        names = [self._range] if self._own else [self._range, self._table.hash_key_attr, self._table.range_key_attr]
        return tuple(attributes[name].cast_value for name in names if name)


def indexes_of(table: Table) -> dict[str | None, Index]:
    """The table's indexes, its own key included; made at the first look, from what is there by then."""
    found: dict[str | None, Index] | None = table.__dict__.get("_canal_indexes")
    if found is None:
        found = {None: Index(table, None, table.hash_key_attr, table.range_key_attr)}
        for each in table.all_indexes():
            keys = {key["KeyType"]: key["AttributeName"] for key in each.schema}
            found[each.name] = Index(table, each.name, keys["HASH"], keys.get("RANGE"))
        for item in list(all_items(table)):
            for index in found.values():
                index.put(item)
        table.__dict__["_canal_indexes"] = found
    return found


def all_items(table: Table) -> Iterable[Item]:
    for value in table.items.values():
        if table.range_key_attr:
            yield from value.values()
        elif isinstance(value, Item):
            yield value


def replaced(table: Table, old: Item | None, new: Item | None) -> None:
    """Bring every index up to date. ``old`` as it was before the change."""
    for index in indexes_of(table).values():
        if old is not None and not (new is not None and index.keeps(old, new)):
            index.drop(old)
        if new is not None:
            index.put(new)


def at(table: Table, item: Item) -> Item | None:
    return table.get_item(item.hash_key, item.range_key)


# --- what is put in place of moto's own -----------------------------------------------------------


def put_item(original: Callable[..., Item]) -> Callable[..., Item]:
    @functools.wraps(original)
    def put(self: Table, item_attrs: dict[str, Any], *args: Any, **more: Any) -> Item:
        with LOCK:
            indexes_of(self)
            hash_key = DynamoType(item_attrs[self.hash_key_attr]) if self.hash_key_attr in item_attrs else None
            range_key = DynamoType(item_attrs[self.range_key_attr]) if self.range_key_attr in item_attrs else None
            known = hash_key is not None and (range_key is not None or not self.has_range_key)
            old = self.get_item(hash_key, range_key) if known and hash_key else None
            new = original(self, item_attrs, *args, **more)
            replaced(self, old, new)
            return new

    return put


def delete_item(original: Callable[..., Item | None]) -> Callable[..., Item | None]:
    @functools.wraps(original)
    def delete(self: Table, *args: Any, **more: Any) -> Item | None:
        with LOCK:
            indexes_of(self)
            old = original(self, *args, **more)
            replaced(self, old, None)
            return old

    return delete


def update_item(original: Callable[..., Item]) -> Callable[..., Item]:
    """moto changes the item where it lies; its place in the indexes is taken from a copy made before."""

    @functools.wraps(original)
    def update(self: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **more: Any) -> Item:
        with LOCK:
            table = self.get_table(table_name)
            old = copy.deepcopy(self.get_item(table_name, key))
            new = original(self, table_name, key, *args, **more)
            replaced(table, old, new)
            return new

    return update


def query(original: Callable[..., Any]) -> Callable[..., Any]:
    """moto's own query over the rows of one page instead of over all rows."""

    @functools.wraps(original)
    def ask(
        self: Table,
        hash_key: DynamoType | None,
        range_comparison: str | None,
        range_objs: list[DynamoType],
        limit: int | None,
        exclusive_start_key: dict[str, Any] | None,
        scan_index_forward: bool,
        *args: Any,
        **more: Any,
    ) -> Any:
        name = more.get("index_name") or (args[1] if len(args) > 1 else None)
        with LOCK:
            index = indexes_of(self).get(name)
            conditions = dict(more.get("hash_key_conditions") or ())
            if index is not None and len(conditions) < 2:
                value = next(iter(conditions.values()), hash_key)
                range_name = index._range

                def fits(item: Item) -> bool:
                    compared = item.attrs.get(range_name) if range_name else None
                    if not range_comparison or compared is None:
                        return True
                    return bool(compared.compare(range_comparison, range_objs))

                start = index.key_of(exclusive_start_key) if exclusive_start_key else None
                forward = scan_index_forward is not False
                found = index.page(value.cast_value if value else None, start, forward, fits)
                self.__dict__["_canal_page"] = a_page(found, limit)
            try:
                first = (hash_key, range_comparison, range_objs, limit, exclusive_start_key, scan_index_forward)
                return original(self, *first, *args, **more)
            finally:
                self.__dict__.pop("_canal_page", None)

    return ask


def a_page(found: Iterator[Item], limit: int | None) -> list[Item]:
    """As many as an answer can hold, and one more, by which moto sees that there is another page."""
    page, size = [], 0
    for item in islice(found, None if limit is None else limit + 1):
        page.append(item)
        size += item.size()
        if size > PAGE_BYTES:
            page += list(islice(found, 1))
            break
    return page


def items_of_page(original: Callable[[Table], list[Item]]) -> Callable[[Table], list[Item]]:
    @functools.wraps(original)
    def items(self: Table) -> list[Item]:
        page: list[Item] | None = self.__dict__.get("_canal_page")
        return original(self) if page is None else list(page)

    return items


def transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """All or nothing: every condition is checked first, then everything is written."""
    if len(transact_items) > MOST_IN_TRANSACTION:
        raise TooManyTransactionsException()
    with LOCK:
        operations = [next(iter(item.items())) for item in transact_items]
        keys = [(op["TableName"], str(sorted(key_in(self, kind, op).items()))) for kind, op in operations]
        if len(set(keys)) < len(keys):
            raise MultipleTransactionsException()
        reasons = [refusal(self, kind, op) for kind, op in operations]
        if any(code for code, _, _ in reasons):
            raise TransactionCanceledException(reasons)
        for kind, op in operations:
            write(self, kind, op)


def key_in(backend: DynamoDBBackend, kind: str, op: dict[str, Any]) -> dict[str, Any]:
    if kind != "Put":
        key: dict[str, Any] = op["Key"]
        return key
    table = backend.get_table(op["TableName"])
    names = [table.hash_key_attr, *([table.range_key_attr] if table.range_key_attr else [])]
    return {name: op["Item"][name] for name in names}


def refusal(backend: DynamoDBBackend, kind: str, op: dict[str, Any]) -> tuple[str | None, str | None, Any]:
    """Why an operation cannot be part of the transaction, in moto's form; three times None when it can."""
    from moto.dynamodb.comparisons import get_filter_expression

    condition = get_filter_expression(
        op.get("ConditionExpression"), op.get("ExpressionAttributeNames"), op.get("ExpressionAttributeValues")
    )
    current = backend.get_item(op["TableName"], key_in(backend, kind, op))
    if not condition.expr(current):
        told = current.to_json()["Attributes"] if current and wants_old(op) else None
        return "ConditionalCheckFailed", str(ConditionalCheckFailed().message), told
    return None, None, None


def wants_old(op: dict[str, Any]) -> bool:
    return op.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"


def write(backend: DynamoDBBackend, kind: str, op: dict[str, Any]) -> None:
    match kind:
        case "Put":
            backend.put_item(op["TableName"], op["Item"])
        case "Delete":
            backend.delete_item(op["TableName"], op["Key"])
        case "Update":
            names, values = op.get("ExpressionAttributeNames"), op.get("ExpressionAttributeValues")
            backend.update_item(op["TableName"], op["Key"], op["UpdateExpression"], names, values)  # type: ignore[arg-type]  # None is taken too


def mend() -> None:
    """Put all of it in place; once per process."""
    if getattr(Table.query, "__wrapped__", None):
        return
    Table.put_item = put_item(Table.put_item)  # type: ignore[method-assign]  # that is the point
    Table.delete_item = delete_item(Table.delete_item)  # type: ignore[method-assign]
    Table.query = query(Table.query)  # type: ignore[method-assign]
    Table.all_items = items_of_page(Table.all_items)  # type: ignore[method-assign,assignment]
    DynamoDBBackend.update_item = update_item(DynamoDBBackend.update_item)  # type: ignore[method-assign]
    DynamoDBBackend.transact_write_items = transact_write_items  # type: ignore[method-assign]
    updates.mend(LOCK, replaced)
