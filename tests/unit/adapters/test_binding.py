"""Several entries in one process share their connections, as on one machine: none takes another's away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from canal.adapters.dynamo_models import CitizenRow, Tables, TurnRow, bind
from pynamodb.connection import TableConnection
from pynamodb.models import Model

ROWS: tuple[type[Model], ...] = (CitizenRow, TurnRow)


def tables(connections: int, host: str = "http://127.0.0.1:9") -> Tables:
    return Tables("citizens-of-a-test", "turns-of-a-test", "", "eu-south-2", host, connections=connections)


def connection(row: type[Model] = CitizenRow) -> TableConnection:
    return row._get_connection()


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Other tests bind to other tables."""
    for row in ROWS:
        row._connection = None
    yield
    for row in ROWS:
        row._connection = None


def test_who_wants_fewer_connections_takes_those_that_are_there() -> None:
    bind(tables(32))
    before = connection()
    bind(tables(10))
    bind(tables(32))
    assert connection() is before


def test_who_wants_more_gets_more_for_all() -> None:
    bind(tables(10))
    before = connection()
    assert bind(tables(64)) is not before.connection
    assert connection().connection._max_pool_connections == 64
    assert connection().connection is connection(TurnRow).connection


def test_another_address_is_another_connection() -> None:
    bind(tables(10))
    before = connection()
    bind(tables(10, "http://127.0.0.1:10"))
    assert connection() is not before
