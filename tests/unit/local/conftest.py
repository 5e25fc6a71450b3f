"""Fixtures of the simulated WhatsApp."""

from __future__ import annotations

import pytest

from tests.unit.local.meta import Meta


@pytest.fixture
def meta() -> Meta:
    return Meta()
