"""The mended tables give what DynamoDB gives: checked against a list that is filtered and sorted the plain way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from local import tables

tables.mend()

HASHES, RANGES = ["a", "b"], ["1", "2", "3"]


@contextmanager
def a_table() -> Iterator[Any]:
    """A table of ``id`` with an index of ``hash`` and ``range``, both of which an item may lack."""
    with mock_aws():
        client = boto3.client("dynamodb", "eu-south-2")
        client.create_table(
            TableName="rows",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("id", "hash", "range")],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_hash",
                    "KeySchema": [
                        {"AttributeName": "hash", "KeyType": "HASH"},
                        {"AttributeName": "range", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield client


def item(number: int, hash: str | None, range: str | None) -> dict[str, dict[str, str]]:
    given = {"id": f"{number:03}", "hash": hash, "range": range}
    return {name: {"S": value} for name, value in given.items() if value}


def asked(client: Any, hash: str, forward: bool, limit: int | None, since: str | None) -> list[str]:
    """The ids under ``hash``, page by page."""
    values = {":h": {"S": hash}} | ({":r": {"S": since}} if since else {})
    condition = "#h = :h AND #r >= :r" if since else "#h = :h"
    names = {"#h": "hash"} | ({"#r": "range"} if since else {})
    found: list[str] = []
    more: dict[str, Any] = {"Limit": limit} if limit else {}
    while True:
        page = client.query(
            TableName="rows",
            IndexName="by_hash",
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ScanIndexForward=forward,
            **more,
        )
        assert not limit or len(page["Items"]) <= limit
        found += [each["id"]["S"] for each in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return found
        more["ExclusiveStartKey"] = page["LastEvaluatedKey"]


numbers = st.integers(0, 12)
changes = st.one_of(
    st.tuples(st.just("put"), numbers, st.sampled_from([*HASHES, None]), st.sampled_from([*RANGES, None])),
    st.tuples(st.just("update"), numbers, st.sampled_from(HASHES), st.sampled_from(RANGES)),
    st.tuples(st.just("delete"), numbers, st.none(), st.none()),
)


@settings(max_examples=40)
@given(st.lists(changes, max_size=25), st.sampled_from(HASHES), st.booleans(), st.sampled_from([None, 1, 2, 5]))
@pytest.mark.parametrize("since", [None, "2"])
def test_a_query_gives_what_a_plain_search_gives(
    since: str | None, done: list[Any], hash: str, forward: bool, limit: int | None
) -> None:
    plain: dict[str, dict[str, dict[str, str]]] = {}
    with a_table() as client:
        for what, number, hash_value, range_value in done:
            key = f"{number:03}"
            match what:
                case "put":
                    plain[key] = item(number, hash_value, range_value)
                    client.put_item(TableName="rows", Item=plain[key])
                case "update":
                    plain[key] = {**plain.get(key, {}), **item(number, hash_value, range_value)}
                    client.update_item(
                        TableName="rows",
                        Key={"id": {"S": key}},
                        UpdateExpression="SET #h = :h, #r = :r",
                        ExpressionAttributeNames={"#h": "hash", "#r": "range"},
                        ExpressionAttributeValues={":h": {"S": hash_value}, ":r": {"S": range_value}},
                    )
                case "delete":
                    plain.pop(key, None)
                    client.delete_item(TableName="rows", Key={"id": {"S": key}})
        wanted = [
            (each["range"]["S"], key)
            for key, each in plain.items()
            if each.get("hash") == {"S": hash} and "range" in each and (not since or each["range"]["S"] >= since)
        ]
        assert asked(client, hash, forward, limit, since) == [key for _, key in sorted(wanted, reverse=not forward)]


def test_a_transaction_that_fails_writes_nothing_and_says_which_condition_it_was() -> None:
    with a_table() as client:
        client.put_item(TableName="rows", Item=item(1, "a", "1"))
        put = [
            {"Put": {"TableName": "rows", "Item": item(2, "a", "1")}},
            {
                "Put": {
                    "TableName": "rows",
                    "Item": item(1, "b", "1"),
                    "ConditionExpression": "attribute_not_exists(id)",
                }
            },
        ]
        with pytest.raises(ClientError) as refused:
            client.transact_write_items(TransactItems=put)
        reasons = refused.value.response["CancellationReasons"]
        assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
        assert asked(client, "a", True, None, None) == ["001"]


def test_a_transaction_writes_all_of_it() -> None:
    with a_table() as client:
        client.put_item(TableName="rows", Item=item(1, "a", "1"))
        client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "rows", "Item": item(2, "a", "2")}},
                {"Delete": {"TableName": "rows", "Key": {"id": {"S": "001"}}}},
            ]
        )
        assert asked(client, "a", True, None, None) == ["002"]


def test_two_operations_on_one_item_are_refused() -> None:
    with a_table() as client:
        twice = [{"Put": {"TableName": "rows", "Item": item(1, "a", "1")}}] * 2
        with pytest.raises(ClientError, match="multiple operations on one item"):
            client.transact_write_items(TransactItems=twice)
