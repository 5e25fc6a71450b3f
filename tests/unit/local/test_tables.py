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
from tests.contracts.tables import described

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


# --- rows like those of deliveries ------------------------------------------------------------------


@contextmanager
def deliveries() -> Iterator[Any]:
    """A table of ``part`` and ``citizen`` with an index that an item leaves when it loses ``look``."""
    with mock_aws():
        client = boto3.client("dynamodb", "eu-south-2")
        client.create_table(TableName="deliveries", **described("deliveries"))
        yield client


def delivery(number: int) -> dict[str, Any]:
    return {"part": {"S": "c1#0"}, "citizen": {"S": f"{number:03}"}, "look": {"S": "c1#0"}, "look_at": {"S": "10:00"}}


def put(number: int) -> dict[str, Any]:
    condition = "attribute_not_exists(part)"
    return {"Put": {"TableName": "deliveries", "Item": delivery(number), "ConditionExpression": condition}}


def looked(client: Any) -> list[str]:
    found = client.query(
        TableName="deliveries",
        IndexName="by_look",
        KeyConditionExpression="look = :p AND look_at <= :t",
        ExpressionAttributeValues={":p": {"S": "c1#0"}, ":t": {"S": "11:00"}},
    )
    return [each["citizen"]["S"] for each in found["Items"]]


def test_a_row_that_loses_its_key_leaves_the_index_and_comes_back_with_it() -> None:
    with deliveries() as client:
        client.put_item(TableName="deliveries", Item=delivery(1))
        key = {name: delivery(1)[name] for name in ("part", "citizen")}
        client.update_item(TableName="deliveries", Key=key, UpdateExpression="REMOVE look")
        assert looked(client) == []
        client.update_item(
            TableName="deliveries",
            Key=key,
            UpdateExpression="SET look = :p",
            ExpressionAttributeValues={":p": {"S": "c1#0"}},
        )
        assert looked(client) == ["001"]


def test_a_hundred_new_rows_are_written_together_or_not_at_all() -> None:
    with deliveries() as client:
        client.transact_write_items(TransactItems=[put(number) for number in range(100)])
        assert len(looked(client)) == 100
        with pytest.raises(ClientError) as refused:
            client.transact_write_items(TransactItems=[put(number) for number in range(99, 199)])
        reasons = [reason["Code"] for reason in refused.value.response["CancellationReasons"]]
        assert reasons == ["ConditionalCheckFailed", *["None"] * 99]
        assert len(looked(client)) == 100


def test_more_than_a_hundred_rows_are_refused() -> None:
    with deliveries() as client, pytest.raises(ClientError):
        client.transact_write_items(TransactItems=[put(number) for number in range(101)])


def test_many_rows_are_read_at_once_and_unknown_ones_are_left_out() -> None:
    with deliveries() as client:
        client.transact_write_items(TransactItems=[put(number) for number in range(40)])
        keys = [{name: delivery(number)[name] for name in ("part", "citizen")} for number in range(0, 80, 2)]
        answer = client.batch_get_item(RequestItems={"deliveries": {"Keys": keys, "ConsistentRead": True}})
        assert {each["citizen"]["S"] for each in answer["Responses"]["deliveries"]} == {
            f"{number:03}" for number in range(0, 40, 2)
        }
