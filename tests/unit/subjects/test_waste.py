"""Waste: the ecoparc's hours and where things go."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from canal.subjects.waste import Days, Waste

MADRID = ZoneInfo("Europe/Madrid")
BOTH = {"ca": "a", "es": "b"}
WASTE = Waste.from_content(
    {
        "pickup": {
            "name": BOTH,
            "about": BOTH,
            "number": "96 241 74 54",
            "dial": "+34962417454",
            "steps": [BOTH],
            "warning": BOTH,
            "unknown": {},
            "source": "a page",
        },
        "ecoparc": {
            "name": BOTH,
            "where": BOTH,
            "who": BOTH,
            "hours": {"mon-fri": ["9:00-14:00", "16:00-19:00"], "sat-sun": ["9:00-14:00"]},
            "takes": [BOTH],
            "note": BOTH,
            "source": "a page",
        },
        "others": [{"id": "mobile", "name": BOTH, "about": BOTH, "source": "a page"}],
        "destinations": [
            {"id": "pickup", "name": BOTH, "about": BOTH},
            {"id": "ecoparc", "name": BOTH, "about": BOTH},
        ],
        "items": [
            {
                "id": "sofa",
                "name": {"ca": "sofà", "es": "sofá"},
                "words": ["sofà", "tresillo"],
                "to": ["pickup", "ecoparc"],
            },
            {
                "id": "paint",
                "name": {"ca": "pintura", "es": "pintura"},
                "words": ["vernís"],
                "to": ["ecoparc"],
                "note": BOTH,
            },
        ],
        "items_origin": {"source": "a law"},
        "ignored": ["tirar"],
    }
)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=MADRID)


def test_the_ecoparc_says_until_when_it_is_open() -> None:
    state = WASTE.ecoparc.state(at("2026-11-23 16:30"))
    assert state.open
    assert state.until == at("2026-11-23 19:00")


def test_the_ecoparc_says_when_it_opens_again() -> None:
    state = WASTE.ecoparc.state(at("2026-11-28 15:00"))
    assert not state.open
    assert state.next == at("2026-11-29 09:00")


def test_hours_of_a_holiday_are_not_taken_for_certain() -> None:
    holidays = {date(2026, 12, 8)}
    assert WASTE.ecoparc.may_differ(at("2026-12-08 10:00"), holidays)
    assert not WASTE.ecoparc.may_differ(at("2026-12-09 10:00"), holidays)


def test_the_week_reads_as_a_table() -> None:
    assert WASTE.ecoparc.week() == (
        Days(0, 4, ("09:00-14:00", "16:00-19:00")),
        Days(5, 6, ("09:00-14:00",)),
    )


def test_a_thing_is_found_by_its_words_and_by_its_name() -> None:
    (sofa,) = WASTE.find_item("on puc tirar un tresillo?")
    assert [place.id for place in sofa.destinations] == ["pickup", "ecoparc"]
    assert [item.id for item in WASTE.find_item("pintures")] == ["paint"]
    assert WASTE.find_item("unicorn") == ()


def test_ids_lead_to_their_item_or_to_nothing() -> None:
    assert WASTE.item("paint") is not None
    assert WASTE.item("x") is None


def test_the_ecoparc_has_no_pin_where_none_is_known() -> None:
    assert WASTE.ecoparc.latitude is None
