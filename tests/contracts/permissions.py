"""The calls that adapters make to DynamoDB, and those that ``template.yaml`` allows a role: in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pynamodb.connection import Connection

from local.template import load

Calls = set[tuple[str, str]]  # table or index, and action


@contextmanager
def noted() -> Iterator[Calls]:
    """Fills with every call that is made meanwhile."""
    made: Calls = set()
    dispatch = Connection.dispatch

    def noting(self: Connection, operation: str, request: dict[str, Any]) -> Any:
        for action, item in asked(operation, request):
            index = f"/index/{item['IndexName']}" if "IndexName" in item else ""
            made.add((f"{item['TableName']}{index}", f"dynamodb:{action}"))
        return dispatch(self, operation, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "dispatch", noting)
        yield made


def asked(operation: str, request: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The permissions that a call needs: a transaction those of its items, a batch that of each of its tables."""
    if operation == "BatchGetItem":
        return [(operation, {"TableName": table}) for table in request["RequestItems"]]
    if operation != "TransactWriteItems":
        return [(operation, request)]
    return [(f"{action}Item", item) for one in request["TransactItems"] for action, item in one.items()]


def allowed(role: str) -> Calls:
    """Every permission of a role on DynamoDB."""
    (policy,) = load()["Resources"][role]["Properties"]["Policies"]
    found = set()
    for statement in policy["PolicyDocument"]["Statement"]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        found |= {(place(each), action) for each in resources for action in actions if action.startswith("dynamodb:")}
    return found


def place(resource: dict[str, Any]) -> str:
    """A table or an index as ``asked`` names it."""
    named = next(iter(resource.values()))
    named = named[0] if isinstance(named, list) else named
    return str(named).replace("${", "").replace("Table.Arn}", "").replace("Table", "").lower()
