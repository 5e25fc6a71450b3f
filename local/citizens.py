"""A citizen's row as it stands, for whoever drives the local stack from outside."""

from __future__ import annotations

import json
import os
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer


def citizen(key: str) -> dict[str, Any] | None:
    """The row under a user id or a phone; None when nobody is known by it."""
    table = os.environ["CANAL_CITIZENS_TABLE"]
    dynamodb = boto3.client("dynamodb")
    digits = key.lstrip("+")
    for candidate in (key, digits):
        row = dynamodb.get_item(TableName=table, Key={"citizen": {"S": candidate}}, ConsistentRead=True).get("Item")
        if row and "moved_to" in row:
            return citizen(row["moved_to"]["S"])
        if row:
            return plain(row)
    found = dynamodb.query(
        TableName=table,
        IndexName="by_phone",
        KeyConditionExpression="phone = :phone",
        ExpressionAttributeValues={":phone": {"S": digits}},
    )["Items"]
    return citizen(found[0]["citizen"]["S"]) if found else None


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """DynamoDB's JSON as ordinary JSON."""
    values = {name: TypeDeserializer().deserialize(value) for name, value in row.items()}
    for name in {"dialogue", "subscriptions"} & values.keys():
        if isinstance(values[name], str):  # as pynamodb keeps what has a form of its own
            values[name] = json.loads(values[name])
    values.setdefault("language", None)
    values.setdefault("subscriptions", {})
    return {name: int(value) if hasattr(value, "as_tuple") else value for name, value in values.items()}
