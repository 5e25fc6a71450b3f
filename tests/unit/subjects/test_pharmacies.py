"""Who is on duty now, next and nearest."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from canal.dialogue.messages import Pin
from canal.subjects.pharmacies import Pharmacies

MADRID = ZoneInfo("Europe/Madrid")


def pharmacy(identifier: str, **more: object) -> dict[str, object]:
    both = {"ca": identifier, "es": identifier}
    return {"id": identifier, "name": both, "address": both, "source": "a page", **more}


PHARMACIES = Pharmacies.from_content(
    {
        "pharmacies": [
            pharmacy("near", latitude=39.1501, longitude=-0.4351),
            pharmacy("far", latitude=39.1601, longitude=-0.4451),
            pharmacy("somewhere", demo=True),
        ],
        "rota": [
            ["far", "2026-11-24T09:00+01:00", "2026-11-25T09:00+01:00", "full"],
            ["far", "2026-11-23T09:00+01:00", "2026-11-23T22:00+01:00", "day"],
            ["near", "2026-11-23T09:00+01:00", "2026-11-24T09:00+01:00", "full"],
            ["somewhere", "2026-11-23T09:00+01:00", "2026-11-23T22:00+01:00", "day"],
        ],
        "ask": [{"id": "door", "text": {"ca": "a", "es": "b"}, "source": "a rule"}],
    }
)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=MADRID)


@pytest.mark.parametrize(
    ("now", "on_duty"),
    [
        ("2026-11-23 08:59", []),
        ("2026-11-23 09:00", ["far", "near", "somewhere"]),
        ("2026-11-23 22:00", ["near"]),
        ("2026-11-24 03:00", ["near"]),  # began yesterday
        ("2026-11-24 08:59", ["near"]),
        ("2026-11-24 09:00", ["far"]),
        ("2026-11-25 09:00", []),
    ],
)
def test_on_duty_are_those_whose_shift_runs_now(now: str, on_duty: list[str]) -> None:
    assert sorted(shift.pharmacy.id for shift in PHARMACIES.on_duty(at(now))) == on_duty


def test_the_next_shift_is_the_first_to_start() -> None:
    assert [shift.pharmacy.id for shift in PHARMACIES.coming(at("2026-11-24 03:00"))] == ["far"]
    assert len(PHARMACIES.coming(at("2026-11-22 03:00"))) == 3
    assert PHARMACIES.coming(at("2026-11-24 09:00")) == ()


def test_a_day_has_the_shifts_that_start_on_it() -> None:
    assert [shift.pharmacy.id for shift in PHARMACIES.starting_on(date(2026, 11, 24))] == ["far"]


def test_the_nearest_on_duty_comes_first_and_a_place_unknown_is_left_out() -> None:
    near = PHARMACIES.nearest(at("2026-11-23 12:00"), Pin(39.15, -0.435))
    assert [each.item.pharmacy.id for each in near] == ["near", "far"]
    assert near[0].metres < 20


def test_without_rota_there_is_where_to_ask() -> None:
    empty = Pharmacies.from_content({"pharmacies": [], "rota": [], "ask": []})
    assert empty.on_duty(at("2026-11-23 12:00")) == ()
    assert empty.loaded_until is None
    assert PHARMACIES.asking[0].text["ca"] == "a"
    assert PHARMACIES.loaded_until == at("2026-11-25 09:00")


def test_a_shift_ends_by_the_clock_on_the_wall_when_the_clocks_change() -> None:
    rota = Pharmacies.from_content(
        {
            "pharmacies": [pharmacy("one")],
            "rota": [["one", "2027-03-27T22:00+01:00", "2027-03-28T09:00+02:00", "night"]],
            "ask": [],
        }
    )
    assert rota.on_duty(at("2027-03-28 08:59"))
    assert not rota.on_duty(at("2027-03-28 09:00"))


def test_ids_lead_to_their_pharmacy_or_to_nothing() -> None:
    found = PHARMACIES.get("somewhere")
    assert found is not None
    assert found.origin.demo
    assert PHARMACIES.get("x") is None
