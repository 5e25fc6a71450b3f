"""Spans of time, and the language of an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from canal.dialogue.messages import Language
from canal.open311.call import Arguments, Call
from canal.open311.dates import LONGEST, shown, span
from canal.open311.language import chosen
from canal.open311.refusal import Refusal
from hypothesis import given
from hypothesis import strategies as st

from tests.open311 import NOON, event

ALZIRA = ZoneInfo("Europe/Madrid")


def asked(**given: str) -> tuple[datetime, datetime]:
    return span(Arguments({name: [value] for name, value in given.items()}), NOON, ALZIRA)


def test_without_dates_it_is_the_last_90_days() -> None:
    assert asked() == (NOON - LONGEST, NOON)


def test_with_one_date_the_other_is_90_days_away() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert asked(start_date="2026-01-01T00:00:00Z") == (start, start + LONGEST)
    assert asked(end_date="2026-01-01T00:00:00Z") == (start - LONGEST, start)


def test_a_day_alone_begins_on_the_towns_clock() -> None:
    assert asked(start_date="2026-01-02")[0] == datetime(2026, 1, 1, 23, tzinfo=UTC)


def test_a_plus_that_was_not_encoded_is_understood() -> None:
    assert asked(start_date="2026-01-01T01:00:00 01:00")[0] == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "dates",
    [
        {"start_date": "2026-01-01T00:00:00"},
        {"start_date": "yesterday"},
        {"start_date": "2026-02-31"},
        {"start_date": "20260101"},
        {"start_date": "2026-W01-1"},
        {"start_date": "0001-01-01T00:00:00+14:00"},
        {"end_date": "9999-12-31T23:59:59Z"},
        {"start_date": "2026-01-01T00:00:00+99:99"},
        {"start_date": "2026-05-01", "end_date": "2026-04-01"},
        {"start_date": "2026-01-01", "end_date": "2026-06-01"},
    ],
)
def test_what_is_no_span_is_refused(dates: dict[str, str]) -> None:
    with pytest.raises(Refusal):
        asked(**dates)


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", fullmatch=True))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        start, end = asked(start_date=text)
    except Refusal:
        return
    assert end - start == LONGEST


def test_moments_are_shown_with_the_towns_zone() -> None:
    assert shown(NOON, ALZIRA) == "2026-11-23T12:00:00+01:00"
    assert shown(datetime(2026, 7, 1, 10, 0, 0, 999, tzinfo=UTC), ALZIRA) == "2026-07-01T12:00:00+02:00"
    assert shown(None, ALZIRA) is None


@pytest.mark.parametrize(
    ("header", "locale", "language"),
    [
        ("", "", "ca"),
        ("es-ES,es;q=0.9,ca;q=0.8", "", "es"),
        ("en, es;q=0.3, ca-ES-valencia;q=0.5", "", "ca"),
        ("ca;q=0, es;q=0.1", "", "es"),
        ("es", "ca_ES", "ca"),
        ("", "es", "es"),
        ("", "fr", "ca"),
        ("es;q=nonsense, ;;;, ca;q=nan", "", "ca"),
    ],
)
def test_the_language_is_the_dearest_that_the_town_speaks(header: str, locale: str, language: Language) -> None:
    call = Call.of(event("GET", "services.json", headers={"Accept-Language": header}))
    assert chosen(call, Arguments({"locale": [locale]}), "ca") == language
