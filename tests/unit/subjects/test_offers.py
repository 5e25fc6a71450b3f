"""Job offers: open today, newest first, in pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from canal.subjects.offers import Offers
from hypothesis import given
from hypothesis import strategies as st

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 23, 10, tzinfo=MADRID)


def offer(identifier: str, published: str, closes: str = "") -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": identifier,
        "title": {"ca": f"Feina {identifier}", "es": f"Trabajo {identifier}"},
        "published": published,
        "source": "a page",
    }
    return record | ({"closes": closes} if closes else {})


OFFERS = Offers.from_content(
    {
        "offers": [
            offer("ended", "2026-10-01", "2026-11-22"),
            offer("older", "2026-11-01", "2026-11-23"),
            offer("newest", "2026-11-23", "2027-01-31"),
            offer("tomorrow", "2026-11-24", "2027-01-31"),
            offer("forgotten", "2026-10-23"),
            offer("undated", "2026-10-24"),
        ],
        "links": [{"id": "portal", "name": {"ca": "a", "es": "b"}, "url": "https://x.example", "source": "x"}],
    }
)


def test_open_offers_are_those_of_today_newest_first() -> None:
    assert [each.id for each in OFFERS.open(NOW)] == ["newest", "older", "undated"]


def test_an_ended_offer_is_gone_even_by_its_id() -> None:
    assert OFFERS.get("ended", NOW) is None
    assert OFFERS.get("tomorrow", NOW) is None
    assert OFFERS.get("older", NOW) is not None


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, (["newest", "older"], 1)), (2, (["undated"], 2)), (9, (["undated"], 2)), (-1, (["newest", "older"], 1))],
)
def test_pages_hold_so_many_and_stay_within_their_ends(number: int, expected: tuple[list[str], int]) -> None:
    page = OFFERS.page(NOW, number, size=2)
    assert ([each.id for each in page.offers], page.number) == expected
    assert (page.pages, page.total) == (2, 3)


def test_no_offers_are_one_empty_page() -> None:
    page = Offers.from_content({"offers": [], "links": []}).page(NOW)
    assert (page.offers, page.number, page.pages, page.total) == ((), 1, 1, 0)


def test_open_offers_are_found_by_the_words_of_their_title() -> None:
    assert [each.id for each in OFFERS.find("newest", NOW)] == ["newest"]
    assert OFFERS.find("ended", NOW) == ()


@given(st.integers(-5, 50), st.integers(1, 20))
def test_every_page_lies_within_the_pages(number: int, size: int) -> None:
    page = OFFERS.page(NOW, number, size)
    assert 1 <= page.number <= page.pages
    assert 0 < len(page.offers) <= size
