"""A short way for the updates that Canal makes: moto parses and validates each expression four times, which takes 5 ms.

What is taken here sets, removes and adds plain values of attributes by placeholder (``SET #0 = :0 REMOVE #1``), of an
item that is there. All else, and all that DynamoDB would refuse but for an unmet condition, goes moto's way.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.comparisons import create_condition_expression_parser
from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult

MOST_BYTES = 300_000  # of an item; one that comes near DynamoDB's limit is moto's
UNDERSTOOD = {
    "TableName",
    "Key",
    "UpdateExpression",
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValues",
    "ReturnConsumedCapacity",
    "ReturnItemCollectionMetrics",
    "ReturnValuesOnConditionCheckFailure",
}
CLAUSE = re.compile(r"\s*(SET|REMOVE|ADD)\s+((?:(?!\b(?:SET|REMOVE|ADD)\b).)*)", re.DOTALL)
ACTIONS = {
    "SET": re.compile(r"\s*(#\w+)\s*=\s*(:\w+)\s*"),
    "REMOVE": re.compile(r"\s*(#\w+)()\s*"),
    "ADD": re.compile(r"\s*(#\w+)\s+(:\w+)\s*"),
}
PLAIN: Mapping[str, type] = {"S": str, "N": str, "BOOL": bool}

Replaced = Callable[[Table, Item | None, Item | None], None]


@dataclass(frozen=True, slots=True)
class Action:
    """One change: "SET", "REMOVE" or "ADD", the placeholders of the attribute and of its value ("" to remove)."""

    kind: str
    name: str
    value: str


@functools.lru_cache(maxsize=1024)
def actions_of(expression: str) -> tuple[Action, ...]:
    """The changes an update expression asks for; none where it is not one of ours."""
    found: list[Action] = []
    end, kinds = 0, []
    while clause := CLAUSE.match(expression, end):
        kind, end = clause[1], clause.end()
        kinds.append(kind)
        for part in clause[2].split(","):
            action = ACTIONS[kind].fullmatch(part)
            if not action:
                return ()
            found.append(Action(kind, action[1], action[2]))
    return tuple(found) if end == len(expression) and len(set(kinds)) == len(kinds) else ()


def is_plain(value: Any) -> bool:
    """Whether a value of an attribute is one text, number or truth value, as it goes over the wire."""
    if type(value) is not dict or len(value) != 1:
        return False
    ((kind, content),) = value.items()
    return kind in PLAIN and type(content) is PLAIN[kind]


def changes_of(body: Mapping[str, Any], table: Table, item: Item) -> dict[str, DynamoType | None] | None:
    """The new values by attribute, None for one to remove; None instead of all where moto must decide."""
    names, values = body.get("ExpressionAttributeNames") or {}, body.get("ExpressionAttributeValues") or {}
    changes: dict[str, DynamoType | None] = {}
    size = item.size()
    for action in actions_of(body["UpdateExpression"]):
        name, value = names.get(action.name), values.get(action.value)
        if name is None or name in changes or name in table.table_key_attrs:
            return None
        if action.kind == "REMOVE":
            changes[name] = None
            continue
        if value is None or not is_plain(value) or not fits_index(table, name, value):
            return None
        new = DynamoType(value)
        if action.kind == "ADD":
            old = item.attrs.get(name) or DynamoType({"N": "0"})
            if not (old.is_number() and new.is_number()):
                return None
            new = old + new
        changes[name] = new
        size += len(name) + new.size()
    return changes if size < MOST_BYTES else None


def fits_index(table: Table, name: str, value: Mapping[str, Any]) -> bool:
    """Whether ``value`` may be what an index is sorted by."""
    wanted = next((each["AttributeType"] for each in table.attr if each["AttributeName"] == name), None)
    return wanted is None or value.get(wanted) not in (None, "")


def change(item: Item, changes: Mapping[str, DynamoType | None]) -> Item:
    """Change ``item`` where it lies; gives it as it was before."""
    before = Item(item.hash_key, item.range_key, {})
    dict.update(before.attrs, item.attrs)
    for name, value in changes.items():
        if value is None:
            item.attrs.pop(name, None)
        else:
            dict.__setitem__(item.attrs, name, value)  # its size has been looked at
    return before


def update_item(original: Callable[[DynamoHandler], ActionResult], lock: Any, replaced: Replaced) -> Callable[..., Any]:
    """moto's answer to UpdateItem, by the short way where there is one."""

    @functools.wraps(original)
    def update(self: DynamoHandler) -> ActionResult:
        body = self.body
        if not is_ours(body):
            return original(self)
        with lock:
            table = self.dynamodb_backend.get_table(body["TableName"])
            keys = {table.hash_key_attr, table.range_key_attr} - {None}
            if body["Key"].keys() != keys or table.stream_shard is not None:
                return original(self)
            item = self.dynamodb_backend.get_item(body["TableName"], body["Key"])
            condition = condition_of(body)
            changes = changes_of(body, table, item) if item is not None and condition is not None else None
            if item is None or condition is None or changes is None:
                return original(self)
            if not condition.expr(item):
                told = body.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
                raise ConditionalCheckFailed(item=item.to_json()["Attributes"] if told else None)
            replaced(table, change(item, changes), item)
            wanted = item.to_json() if body.get("ReturnValues") == "ALL_NEW" else {}
            return DynamoResult({**wanted, "ConsumedCapacity": {"TableName": table.name, "CapacityUnits": 0.5}})

    return update


def is_ours(body: Mapping[str, Any]) -> bool:
    """Whether a request has nothing that only moto knows of."""
    return (
        body.keys() <= UNDERSTOOD
        and body.get("ReturnValues", "NONE") in ("NONE", "ALL_NEW")
        and bool(actions_of(body.get("UpdateExpression") or ""))
    )


def condition_of(body: Mapping[str, Any]) -> Any:
    """moto's operation for the condition; None where it has something to say about it, or about what is not used."""
    names, values = body.get("ExpressionAttributeNames") or {}, body.get("ExpressionAttributeValues") or {}
    actions = actions_of(body["UpdateExpression"])
    parser = create_condition_expression_parser(body.get("ConditionExpression"), names, values)
    try:
        operation = parser.parse()
    except Exception:  # it will say so again
        return None
    used = {each.name for each in actions} | {each.value for each in actions if each.value}
    used |= {*parser.expr_attr_names_found, *parser.expr_attr_values_found}
    return operation if names.keys() | values.keys() <= used else None


def serialized(original: Callable[..., None]) -> Callable[..., None]:
    """Attributes of an item as they are: in moto's tables they lie as they go over the wire."""

    @functools.wraps(original)
    def serialize(self: BaseJSONSerializer, into: Any, value: Any, shape: Any, key: str) -> None:
        if shape.value.name == "AttributeValue" and all(map(is_plain, value.values())):
            self._default_serialize(into, dict(value), shape, key)
        else:
            original(self, into, value, shape, key)

    return serialize


def mend(lock: Any, replaced: Replaced) -> None:
    """Put both in place; once per process. ``replaced`` keeps the indexes of a table, under ``lock``."""
    DynamoHandler.update_item = update_item(DynamoHandler.update_item, lock, replaced)  # type: ignore[method-assign]
    BaseJSONSerializer._serialize_type_map = serialized(  # type: ignore[method-assign]
        BaseJSONSerializer._serialize_type_map
    )
