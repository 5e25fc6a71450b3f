"""The short way for updates gives what moto gives, and leaves to it what it does not understand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler

from local import tables
from local.updates import Action, actions_of
from tests.contracts.tables import described

tables.mend()

KEY = {"part": {"S": "c1#0"}, "citizen": {"S": "ES.1"}}
ROW = {**KEY, "state": {"S": "queued"}, "look": {"S": "c1#0"}, "look_at": {"S": "10:00"}, "old": {"BOOL": True}}


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        yield filled("deliveries")


def filled(name: str, client: Any = None) -> Any:
    """A client, and a table with one row."""
    client = client or boto3.client("dynamodb", "eu-south-2")
    client.create_table(TableName=name, **described("deliveries"))
    client.put_item(TableName=name, Item=ROW)
    return client


def update(client: Any, expression: str, condition: str = "", table: str = "deliveries", **more: Any) -> Any:
    """The answer, or the error's code and words."""
    names = {"#0": "state", "#1": "tries", "#2": "look", "#3": "old"}
    values = {":0": {"S": "sending"}, ":1": {"N": "1"}, ":2": {"S": "queued"}, ":3": {"S": ""}}
    used = f"{expression} {condition}"
    asked = {
        "ExpressionAttributeNames": {name: value for name, value in names.items() if name in used},
        "ExpressionAttributeValues": {name: value for name, value in values.items() if name in used},
        **({"ConditionExpression": condition} if condition else {}),
        "ReturnValues": "ALL_NEW",
        **more,
    }
    try:
        request = {name: value for name, value in asked.items() if value}
        answer = client.update_item(TableName=table, Key=KEY, UpdateExpression=expression, **request)
    except ClientError as error:
        return error.response["Error"], error.response.get("Item")
    return answer["Attributes"]


def moto(client: Any, expression: str, condition: str, **more: Any) -> Any:
    """What moto's own way gives for the same row in another table."""
    short = DynamoHandler.update_item
    DynamoHandler.update_item = short.__wrapped__  # type: ignore[method-assign,attr-defined]
    try:
        return update(client, expression, condition, "other", **more)
    finally:
        DynamoHandler.update_item = short  # type: ignore[method-assign]


clauses = st.fixed_dictionaries(
    {},
    optional={
        "SET": st.sampled_from(["#0 = :0", "#0 = :0, #2 = :0", "#2=:3", "#3 = :1 , #0 = :3", "#0 = #2"]),
        "REMOVE": st.sampled_from(["#2", "#2, #3", "#0", "#1, #2"]),
        "ADD": st.sampled_from(["#1 :1", "#0 :1", "#3 :1", "#1 :0"]),
    },
)
conditions = st.sampled_from(
    ["", "#0 = :2", "#0 = :0", "attribute_exists(#1)", "#0 IN (:0, :2) AND #2 = :3", "(#0 = :2) OR #3 = :1"]
)


@settings(max_examples=50, deadline=None)
@given(clauses, conditions, st.sampled_from([{}, {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}]))
def test_it_gives_what_moto_gives(clauses: dict[str, str], condition: str, more: dict[str, str]) -> None:
    expression = " ".join(f"{kind} {what}" for kind, what in clauses.items()) or "SET #0 = :0"
    with mock_aws():
        client = filled("other", filled("deliveries"))
        assert update(client, expression, condition, **more) == moto(client, expression, condition, **more)
        assert client.scan(TableName="deliveries")["Items"] == client.scan(TableName="other")["Items"]


def test_a_placeholder_that_nobody_uses_is_refused(client: Any) -> None:
    error, _ = update(client, "SET #0 = :0", ExpressionAttributeNames={"#0": "state", "#9": "look"})
    assert error["Code"] == "ValidationException"
    assert client.get_item(TableName="deliveries", Key=KEY)["Item"] == ROW


def test_a_key_is_not_changed(client: Any) -> None:
    error, _ = update(client, "SET #0 = :0", ExpressionAttributeNames={"#0": "citizen"})
    assert error["Code"] == "ValidationException"


def test_a_row_that_is_not_there_is_made(client: Any) -> None:
    client.delete_item(TableName="deliveries", Key=KEY)
    assert update(client, "SET #0 = :0 ADD #1 :1") == {**KEY, "state": {"S": "sending"}, "tries": {"N": "1"}}


def test_an_answer_without_attributes_has_none(client: Any) -> None:
    with pytest.raises(KeyError):
        update(client, "SET #0 = :0", ReturnValues="NONE")


def test_what_is_read_later_is_not_what_was_answered_before(client: Any) -> None:
    first = update(client, "SET #0 = :0")
    update(client, "REMOVE #0")
    assert first["state"] == {"S": "sending"}
    assert "state" not in client.get_item(TableName="deliveries", Key=KEY)["Item"]


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "SET state = :0",
        "SET #0 = :0 SET #1 = :1",
        "SET #0.#1 = :0",
        "SET #0 = if_not_exists(#0, :0)",
        "DELETE #0 :0",
    ],
)
def test_what_is_more_than_plain_is_motos(expression: str) -> None:
    assert actions_of(expression) == ()


def test_an_expression_is_read_in_its_order() -> None:
    wanted = (
        Action("SET", "#0", ":0"),
        Action("SET", "#1", ":1"),
        Action("REMOVE", "#2", ""),
        Action("ADD", "#3", ":2"),
    )
    assert actions_of("SET #0 = :0, #1=:1 REMOVE #2 ADD #3 :2") == wanted
