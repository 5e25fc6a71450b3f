"""The tables of ``template.yaml`` on a simulated DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from canal.adapters.dynamo_models import Tables
from moto import mock_aws

from local.template import load

REGION = "eu-south-2"
CHAT = ("citizens", "turns", "incidents", "subscriptions")
NOTICES = ("citizens", "turns", "subscriptions", "campaigns", "deliveries")
TABLES = Tables(
    "citizens",
    "turns",
    "incidents",
    REGION,
    campaigns="campaigns",
    subscriptions="subscriptions",
    deliveries="deliveries",
)


@contextmanager
def dynamodb(*names: str) -> Iterator[None]:
    """The tables of those names, empty; of the chat, if none is named."""
    with mock_aws():
        client = boto3.client("dynamodb", REGION)
        for name in names or CHAT:
            client.create_table(TableName=name, **described(name))
        yield


@cache
def described(name: str) -> dict[str, Any]:
    """The table in the words of CreateTable."""
    properties = load()["Resources"][f"{name.capitalize()}Table"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {key: properties[key] for key in wanted if key in properties}
