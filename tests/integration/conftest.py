"""One local stack for all integration tests of a run; each test speaks as citizens of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Stack() as running:
        yield running
