"""The tax calendar: a year that is over is never shown as current."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from canal.subjects.taxes import Taxes
from hypothesis import given
from hypothesis import strategies as st

MADRID = ZoneInfo("Europe/Madrid")
BOTH = {"ca": "a", "es": "b"}


def tax(identifier: str, *words: str) -> dict[str, Any]:
    return {"id": identifier, "name": BOTH, "about": BOTH, "words": list(words), "source": "a page"}


def period(identifier: str, taxes: list[str], opens: str, closes: str, **debits: int) -> dict[str, Any]:
    return {
        "id": identifier,
        "taxes": taxes,
        "year": int(opens[:4]),
        "opens": opens,
        "closes": closes,
        "debits": [{"on": on.strip("d").replace("_", "-"), "percent": share} for on, share in debits.items()],
        "source": "a page",
    }


TAXES = Taxes.from_content(
    {
        "taxes": [tax("ibi", "ibi", "contribució"), tax("ivtm", "cotxe", "vehicles")],
        "periods": [
            period("ivtm_2025", ["ivtm"], "2025-05-26", "2025-07-28", d2025_06_04=100),
            period("ibi_2025", ["ibi"], "2025-03-10", "2025-05-14", d2025_04_04=50, d2025_10_03=50),
        ],
        "ways": [{"id": "card", "name": BOTH, "about": BOTH, "source": "a page"}],
        "advice": [],
        "unknown": [BOTH],
        "ignored": ["pagar"],
    }
)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=MADRID)


@pytest.mark.parametrize(
    ("now", "opened", "coming"),
    [
        ("2025-01-15 12:00", [], ["ibi_2025", "ivtm_2025"]),
        ("2025-03-10 00:00", ["ibi_2025"], ["ivtm_2025"]),
        ("2025-05-14 23:59", ["ibi_2025"], ["ivtm_2025"]),
        ("2025-05-15 00:00", [], ["ivtm_2025"]),
        ("2025-07-28 20:00", ["ivtm_2025"], []),
    ],
)
def test_periods_are_open_from_their_first_to_their_last_day(now: str, opened: list[str], coming: list[str]) -> None:
    status = TAXES.status(at(now))
    assert [each.id for each in status.open] == opened
    assert [each.id for each in status.coming] == coming
    assert status.past == ()
    assert status.calendar_loaded


def test_last_years_calendar_is_only_orientation() -> None:
    status = TAXES.status(at("2026-11-23 10:00"))
    assert (status.year, status.last_known_year, status.calendar_loaded) == (2026, 2025, False)
    assert not any((status.open, status.coming, status.charges))
    assert [each.id for each in status.past] == ["ibi_2025", "ivtm_2025"]


def test_when_this_years_periods_are_over_the_year_is_still_known() -> None:
    status = TAXES.status(at("2025-11-30 10:00"))
    assert status.calendar_loaded
    assert len(status.past) == 2


def test_charges_to_come_are_told_with_their_share() -> None:
    status = TAXES.status(at("2025-06-04 10:00"))
    assert [(debit.on, debit.percent) for debit, _ in status.charges] == [
        (date(2025, 6, 4), 100),
        (date(2025, 10, 3), 50),
    ]


def test_one_tax_has_its_own_calendar() -> None:
    status = TAXES.status(at("2025-05-20 10:00"), "ibi")
    assert status.coming == ()
    assert [each.id for each in status.past] == ["ibi_2025"]
    assert TAXES.status(at("2025-05-20 10:00"), "nothing").last_known_year is None


def test_days_left_count_to_the_last_day() -> None:
    (only,) = TAXES.status(at("2025-05-14 10:00")).open
    assert only.days_left(date(2025, 5, 13)) == 1
    assert only.days_left(date(2025, 5, 14)) == 0


def test_a_tax_is_found_as_people_call_it() -> None:
    assert [each.id for each in TAXES.find("pagar la contribucio")] == ["ibi"]
    assert [each.id for each in TAXES.find("el meu cotxe")] == ["ivtm"]
    assert TAXES.find("pagar") == ()


@given(st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(MADRID)))
def test_nothing_past_is_ever_open_or_coming(now: datetime) -> None:
    status = TAXES.status(now)
    assert all(each.opens <= now.date() <= each.closes for each in status.open)
    assert all(each.opens > now.date() for each in status.coming)
    assert all(each.closes < now.date() for each in status.past)
