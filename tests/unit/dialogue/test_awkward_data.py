"""What the places say when the town's data is missing, old or over: never another day's truth as today's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from canal.dialogue.citizen import Place

from tests.builders import NOON, Talk, citizen
from tests.towns import alzira_with, section


def asked(address: str, language: str = "ca", now: datetime = NOON, **sections: Any) -> Talk:
    """A talk in a town with other sections, after a tap on ``address``."""
    who = citizen(language)
    talk = Talk(who, now, alzira_with(**sections))
    talk.tap(address)
    return talk


# --- pharmacies -------------------------------------------------------------------------------------

NO_ROTA: dict[str, Any] = {"pharmacies": {**section("pharmacies"), "rota": []}}


@pytest.mark.parametrize("address", ["pharmacy", "pharmacy:tomorrow", "pharmacy:near:39.15,-0.435"])
def test_no_rota_is_said_honestly_with_where_to_ask(address: str) -> None:
    talk = asked(address, **NO_ROTA)
    assert talk.says("pharmacy.not_loaded")
    assert "person" in talk.options


def test_a_rota_that_ended_yesterday_shows_nobody_as_on_duty() -> None:
    data = section("pharmacies")
    data["rota"] = [["d1", "2026-11-21T09:00:00+01:00", "2026-11-22T09:00:00+01:00", "full"]]
    talk = asked("pharmacy", pharmacies=data)
    assert "Demostració 1" not in talk.body


def test_the_last_shift_of_the_rota_is_shown_without_a_next_one() -> None:
    data = section("pharmacies")
    data["rota"] = [["d1", "2026-11-22T22:00:00+01:00", "2026-11-24T09:00:00+01:00", "full"]]
    talk = asked("pharmacy", pharmacies=data)
    assert "Demostració 1" in talk.body
    assert not talk.says("pharmacy.next")


def test_a_pharmacy_without_a_place_has_no_map() -> None:
    data = section("pharmacies")
    for pharmacy in data["pharmacies"]:
        pharmacy.pop("latitude", None)
        pharmacy.pop("longitude", None)
    talk = asked("pharmacy", pharmacies=data)
    assert talk.options == ["pharmacy:here", "pharmacy:tomorrow"]
    assert asked("pharmacy:map:d1", pharmacies=data).citizen.place == Place.MENU
    near = asked("pharmacy:near:39.15,-0.435", pharmacies=data)
    assert near.body == talk.body


# --- the bus ----------------------------------------------------------------------------------------


def test_a_timetable_that_has_ended_says_when_it_did() -> None:
    talk = asked("bus:stop:hospital", now=datetime(2031, 6, 2, 9, 0, tzinfo=UTC))
    assert talk.says("bus.expired")
    assert not talk.says("bus.departure")


def test_a_real_timetable_carries_no_mark_of_demonstration() -> None:
    data = section("bus")
    data["demo"] = False
    assert not asked("bus:stop:hospital", bus=data).says("bus.demo")
    assert asked("bus:map:hospital", bus=data).reply.address == ""  # type: ignore[union-attr]


def test_a_bus_without_lines_still_has_a_way_on() -> None:
    data = section("bus")
    data |= {"lines": [], "stops": [], "services": {}, "departures": {}}
    talk = asked("bus", bus=data)
    assert talk.options == ["bus:here"]
    assert asked("bus:near:39.15,-0.435", bus=data).reply is not None


# --- culture ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["culture:today", "culture:weekend", "culture:week", "culture:month:cinema"])
def test_nothing_on_and_agenda_not_loaded_are_different_answers(address: str) -> None:
    empty = {**section("agenda"), "occurrences": []}
    assert asked(address, agenda=empty).says("culture.nothing")
    old = {**empty, "since": "2025-01-01", "until": "2025-02-01"}
    assert asked(address, agenda=old).says("culture.not_loaded")


def test_an_event_that_was_cancelled_says_so_in_the_list_and_on_its_screen() -> None:
    talk = asked("culture:weekend")
    cancelled = talk.town.text("culture.cancelled", "ca")
    assert any("Concert" in line for line in talk.body.split("\n") if cancelled in line)
    row = next(option for option in talk.reply.options if option.label.startswith("Concert"))  # type: ignore[union-attr]
    assert row.description.startswith(cancelled)
    talk.tap(row.id)
    assert talk.says("culture.cancelled_long")


def test_a_page_beyond_the_last_one_is_no_dead_end() -> None:
    for address in ("culture:week:all:99", "jobs:page:99", "procedures:family:padro:99", "jobs:page:0"):
        talk = asked(address)
        assert talk.options


# --- offers -----------------------------------------------------------------------------------------


def test_no_offers_leads_to_the_portal() -> None:
    talk = asked("jobs", offers={**section("offers"), "offers": []})
    assert talk.says("jobs.none")
    assert "https://" in talk.body
    assert talk.options == ["menu"]


def test_ended_offers_are_gone_from_the_list_and_an_old_tap_says_so() -> None:
    later = datetime(2035, 1, 1, tzinfo=UTC)
    assert asked("jobs", now=later).says("jobs.none")
    assert asked("jobs:offer:demo-12", now=later).says("jobs.closed")


# --- taxes ------------------------------------------------------------------------------------------


def calendar(year: int) -> dict[str, Any]:
    """The calendar of 2025, of another year."""
    data: dict[str, Any] = section("taxes")
    for period in data["periods"]:
        period["year"] = year
        for end in ("opens", "closes"):
            period[end] = f"{year}{period[end][4:]}"
        for debit in period["debits"]:
            debit["on"] = f"{year}{debit['on'][4:]}"
    return data


@pytest.mark.parametrize(
    ("month", "told", "untold"),
    [
        (1, "coming", "open"),
        (4, "open", "not_loaded"),
        (11, "open", "over"),
        (12, "over", "coming"),
    ],
)
def test_a_loaded_calendar_says_what_is_open_what_comes_and_what_is_over(month: int, told: str, untold: str) -> None:
    talk = asked("taxes", now=datetime(2026, month, 5, 10, 0, tzinfo=UTC), taxes=calendar(2026))
    assert talk.says(f"taxes.{told}")
    assert not talk.says(f"taxes.{untold}")
    assert "2026" in talk.body


def test_a_past_calendar_never_shows_as_the_present_one() -> None:
    talk = asked("taxes")
    assert talk.says("taxes.not_loaded")
    assert talk.says("taxes.past")
    assert not talk.says("taxes.open")


def test_without_any_calendar_the_answer_is_honest() -> None:
    talk = asked("taxes", taxes={**section("taxes"), "periods": []})
    assert talk.says("taxes.not_loaded")
    assert not talk.says("taxes.past")


def test_the_last_day_of_a_period_is_still_open() -> None:
    last = datetime(2026, 5, 14, 21, 30, tzinfo=UTC)  # 23:30 in Alzira
    assert asked("taxes:tax:ibi_urbana", now=last, taxes=calendar(2026)).says("taxes.open")


# --- waste ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "told", "when"),
    [(8, "open_until", "14:00"), (13, "closed_until", "hui 16:00"), (20, "closed_until", "demà 09:00")],
)
def test_the_ecoparc_is_open_or_says_when_it_opens(hour: int, told: str, when: str) -> None:
    talk = asked("waste:ecoparc", now=datetime(2026, 11, 23, hour, 30, tzinfo=UTC))
    assert talk.says(f"waste.{told}")
    assert when in talk.body


def test_on_a_holiday_the_hours_may_differ() -> None:
    assert asked("waste:ecoparc", now=datetime(2026, 12, 8, 9, 0, tzinfo=UTC)).says("waste.holiday")


# --- words ------------------------------------------------------------------------------------------


def test_a_half_translated_fact_is_shown_in_the_language_there_is() -> None:
    data = section("waste")
    data["ecoparc"]["where"] = {"ca": "Al costat de l'estació"}
    assert "Al costat de l'estació" in asked("waste:ecoparc", "es", waste=data).body


def test_braces_in_a_towns_facts_are_shown_as_they_are() -> None:
    data = section("waste")
    data["ecoparc"]["where"] = {"ca": "{town} i {0}", "es": "{town} y {0}"}
    assert "{town} i {0}" in asked("waste:ecoparc", waste=data).body
