"""The bus: the next departures at any hour of any day, the nearest stop, and names typed badly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from canal.content.importers.gtfs import read_gtfs
from canal.dialogue.messages import Pin
from canal.subjects.bus import Bus, Departure
from hypothesis import given
from hypothesis import strategies as st

MADRID = ZoneInfo("Europe/Madrid")
FEED = Path(__file__).parents[3] / "content" / "alzira" / "bus" / "gtfs"
DAILY = {"weekdays": "1111111", "start": "2026-01-01", "end": "2027-12-31", "added": [], "removed": []}


def seconds(clock: str) -> int:
    hours, minutes = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60


def at(moment: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=MADRID, fold=fold)


def section(timetable: Mapping[str, list[str]], **services: Mapping[str, Any]) -> dict[str, Any]:
    """A section with one line of two stops; ``timetable`` gives each service's times at the first stop."""
    stops = [("S1", "Hospital", 39.160, -0.415), ("S2", "Estació", 39.153, -0.444)]
    known = {name: services.get(name, DAILY) for name in timetable}
    return {
        "demo": False,
        "publisher": "Test",
        "version": "",
        "timezone": "Europe/Madrid",
        "valid_from": "2026-01-01",
        "valid_until": "2027-12-31",
        "stops": [
            {"id": i, "codes": [], "name": n, "latitude": lat, "longitude": lon, "wheelchair": None}
            for i, n, lat, lon in stops
        ],
        "lines": [
            {
                "id": "3",
                "name": "3",
                "long_name": "Hospital - Estació",
                "colour": "",
                "directions": [{"id": "0", "headsign": "Estació", "stops": [0, 1]}],
            }
        ],
        "headsigns": ["Estació"],
        "services": {
            name: {**service, "hours": [[seconds(c), seconds(c) + 1800] for c in timetable[name]]}
            for name, service in known.items()
        },
        "departures": {"S1": {name: [[seconds(clock), 0, 0] for clock in times] for name, times in timetable.items()}},
    }


def a_bus(*times: str) -> Bus:
    """A bus that leaves S1 every day at ``times``."""
    return Bus.from_content(section({"all": list(times)}))


def shown(departures: tuple[Departure, ...]) -> list[str]:
    return [departure.time.strftime("%d %H:%M%z") for departure in departures]


@pytest.fixture(scope="module")
def alzira() -> Bus:
    return Bus.from_content(read_gtfs(FEED))


# --- the next departures --------------------------------------------------------------------------


def test_the_next_buses_come_soonest_first_with_the_minutes_to_wait() -> None:
    found = a_bus("09:00", "10:30", "10:15").departures("S1", at("2026-11-23 10:00"))
    assert [(bus.time.hour, bus.time.minute, bus.minutes) for bus in found] == [(10, 15, 15), (10, 30, 30)]
    assert (found[0].line.name, found[0].headsign["es"]) == ("3", "Estació")


def test_a_bus_of_this_very_minute_still_counts() -> None:
    found = a_bus("10:15").departures("S1", at("2026-11-23 10:15:40"))
    assert [bus.minutes for bus in found] == [0]
    assert a_bus("10:15").departures("S1", at("2026-11-23 10:16")) == ()


def test_the_question_may_be_asked_in_any_zone_but_must_have_one() -> None:
    bus = a_bus("10:15")
    assert shown(bus.departures("S1", datetime(2026, 11, 23, 9, 0, tzinfo=UTC))) == ["23 10:15+0100"]
    with pytest.raises(ValueError):
        bus.departures("S1", datetime(2026, 11, 23, 9, 0))


def test_no_more_departures_than_asked_for_and_one_line_alone_on_request() -> None:
    bus = a_bus("10:10", "10:20", "10:30")
    assert len(bus.departures("S1", at("2026-11-23 10:00"), limit=2)) == 2
    assert len(bus.departures("S1", at("2026-11-23 10:00"), line_id="3")) == 3
    assert bus.departures("S1", at("2026-11-23 10:00"), line_id="9") == ()


def test_a_stop_that_is_gone_or_only_arrived_at_has_no_departures() -> None:
    bus = a_bus("10:15")
    assert bus.departures("gone", at("2026-11-23 10:00")) == ()
    assert bus.departures("S2", at("2026-11-23 10:00")) == ()
    assert bus.next_service("gone", at("2026-11-23 10:00")) is None
    assert bus.stop("gone") is None
    assert bus.line("gone") is None


# --- the night ------------------------------------------------------------------------------------


def test_after_midnight_yesterdays_service_day_still_runs() -> None:
    found = a_bus("06:15", "24:45", "25:45").departures("S1", at("2026-11-24 01:00"))
    assert shown(found) == ["24 01:45+0100", "24 06:15+0100", "25 00:45+0100"]


def test_before_midnight_the_night_bus_is_already_shown() -> None:
    assert shown(a_bus("24:45").departures("S1", at("2026-11-23 23:50")))[0] == "24 00:45+0100"


def test_a_night_bus_that_the_feed_counts_as_tomorrows_is_shown_the_evening_before() -> None:
    assert shown(a_bus("00:10", "06:15").departures("S1", at("2026-11-23 23:50"))) == ["24 00:10+0100"]


def test_tomorrows_first_morning_bus_is_no_departure_of_tonight() -> None:
    bus = a_bus("06:15", "21:00")
    assert bus.departures("S1", at("2026-11-23 22:00")) == ()
    coming = bus.next_service("S1", at("2026-11-23 22:00"))
    assert coming is not None
    assert shown((coming,)) == ["24 06:15+0100"]
    assert coming.minutes == 8 * 60 + 15


def test_a_saturday_night_bus_runs_early_on_sunday_and_not_early_on_saturday() -> None:
    saturdays = {**DAILY, "weekdays": "0000010"}
    bus = Bus.from_content(section({"night": ["25:00"]}, night=saturdays))
    assert shown(bus.departures("S1", at("2026-11-29 00:30"))) == ["29 01:00+0100"]
    assert shown(bus.departures("S1", at("2026-11-28 00:30"))) == ["29 01:00+0100"]
    assert bus.departures("S1", at("2026-11-27 00:30")) == ()


def test_a_service_day_may_last_longer_than_two_days() -> None:
    only_monday = {**DAILY, "weekdays": "1000000"}
    bus = Bus.from_content(section({"long": ["49:00"]}, long=only_monday))
    assert shown(bus.departures("S1", at("2026-11-25 00:30"))) == ["25 01:00+0100"]


# --- the two days on which the clocks change ------------------------------------------------------


def test_in_march_the_hours_after_the_change_are_on_summer_time() -> None:
    found = a_bus("06:15", "10:00").departures("S1", at("2026-03-29 00:30"))
    assert shown(found)[:2] == ["29 06:15+0200", "29 10:00+0200"]
    assert found[0].minutes == 4 * 60 + 45  # and not 5:45: the night is an hour shorter


def test_in_march_the_night_bus_of_the_day_before_keeps_its_distance_to_noon() -> None:
    found = a_bus("26:30").departures("S1", at("2026-03-29 00:30"))
    assert (shown(found)[0], found[0].minutes) == ("29 03:30+0200", 120)


def test_in_march_the_first_hour_of_the_service_day_falls_on_the_evening_before() -> None:
    found = a_bus("00:30").departures("S1", at("2026-03-28 23:10"))
    assert shown(found) == ["28 23:30+0100"]  # noon minus 12 hours is 23:00 on that one day


def test_in_october_the_hour_that_comes_twice_is_told_apart() -> None:
    bus = a_bus("26:15", "27:15")
    first = bus.departures("S1", at("2026-10-25 02:00", fold=0))
    second = bus.departures("S1", at("2026-10-25 02:00", fold=1))
    assert (shown(first)[0], first[0].minutes) == ("25 02:15+0200", 15)
    assert (shown(second)[0], second[0].minutes) == ("25 02:15+0100", 15)


def test_in_october_the_day_after_the_change_is_on_winter_time() -> None:
    found = a_bus("06:15").departures("S1", at("2026-10-25 00:00"))
    assert (shown(found)[0], found[0].minutes) == ("25 06:15+0100", 7 * 60 + 15)


@given(
    st.lists(st.integers(0, 30 * 60 - 1), min_size=1, max_size=8, unique=True),
    st.datetimes(datetime(2026, 1, 3), datetime(2027, 12, 1), timezones=st.just(UTC)),
)
def test_the_next_bus_is_what_a_look_through_all_the_days_finds(minutes: list[int], now: datetime) -> None:
    bus = a_bus(*(f"{each // 60}:{each % 60}" for each in sorted(minutes)))
    every = sorted(
        datetime.combine(now.date() + timedelta(day), datetime.min.time(), MADRID).replace(hour=12).astimezone(UTC)
        - timedelta(hours=12)
        + timedelta(minutes=each)
        for day in range(-3, 4)
        for each in minutes
    )
    coming = bus.next_service("S1", now)
    assert coming is not None
    # In UTC: Python never holds an hour that comes twice in Madrid equal to one in another zone.
    assert coming.time.astimezone(UTC) == next(time for time in every if time >= now.replace(second=0, microsecond=0))


# --- service days, and the end of a feed ----------------------------------------------------------


def test_added_and_removed_dates_break_the_rule_of_the_weekdays() -> None:
    weekdays = {**DAILY, "weekdays": "1111100", "removed": ["2026-12-08"]}
    holidays = {**DAILY, "weekdays": "0000001", "added": ["2026-12-08"]}
    bus = Bus.from_content(section({"week": ["07:00"], "feast": ["09:00"]}, week=weekdays, feast=holidays))
    assert shown(bus.departures("S1", at("2026-12-07 06:00"))) == ["07 07:00+0100"]
    assert shown(bus.departures("S1", at("2026-12-08 06:00"))) == ["08 09:00+0100"]


def test_a_service_may_live_on_dates_alone() -> None:
    dates = {"weekdays": "0000000", "start": None, "end": None, "added": ["2026-11-01"], "removed": []}
    bus = Bus.from_content(section({"special": ["09:00"]}, special=dates))
    assert shown(bus.departures("S1", at("2026-11-01 06:00"))) == ["01 09:00+0100"]
    assert bus.departures("S1", at("2026-11-02 06:00")) == ()


def test_the_next_service_is_looked_for_on_fourteen_days_and_no_more() -> None:
    dates = {"weekdays": "0000000", "start": None, "end": None, "added": ["2026-11-30"], "removed": []}
    bus = Bus.from_content(section({"special": ["09:00"]}, special=dates))
    assert bus.next_service("S1", at("2026-11-16 10:00")) is not None
    assert bus.next_service("S1", at("2026-11-15 10:00")) is None


def test_a_night_bus_of_the_day_before_comes_before_the_next_mornings() -> None:
    mondays = {**DAILY, "weekdays": "1000000"}
    tuesdays = {**DAILY, "weekdays": "0100000"}
    bus = Bus.from_content(section({"mon": ["24:40"], "tue": ["00:20"]}, mon=mondays, tue=tuesdays))
    coming = bus.next_service("S1", at("2026-11-23 12:00"))
    assert coming is not None
    assert shown((coming,)) == ["24 00:20+0100"]


def test_an_expired_feed_tells_no_departures() -> None:
    bus = Bus.from_content({**section({"all": ["09:00"]}), "valid_until": "2026-11-22"})
    assert bus.valid_on(date(2026, 11, 22))
    assert not bus.valid_on(date(2026, 11, 23))
    assert bus.departures("S1", at("2026-11-23 08:00")) == ()
    assert bus.next_service("S1", at("2026-11-23 08:00")) is None


def test_a_feed_without_dates_holds_always() -> None:
    bus = Bus.from_content({**section({"all": ["09:00"]}), "valid_from": None, "valid_until": None})
    assert bus.valid_on(date(2000, 1, 1))
    assert bus.valid_on(date(2100, 1, 1))


def test_buses_are_running_while_trips_are_under_way_and_past_midnight_too() -> None:
    bus = a_bus("06:00", "25:00")
    assert bus.is_running(at("2026-11-23 06:20"))
    assert bus.is_running(at("2026-11-24 01:20"))
    assert not bus.is_running(at("2026-11-23 12:00"))


# --- Alzira's demonstration feed ------------------------------------------------------------------


def test_the_feed_of_alzira_is_marked_as_demonstration(alzira: Bus) -> None:
    assert alzira.demo
    assert alzira.valid_on(date(2026, 1, 1))
    assert alzira.valid_on(date(2027, 12, 31))
    assert not alzira.valid_on(date(2028, 1, 1))


def test_line_3_of_alzira_has_the_stops_that_the_press_lists(alzira: Bus) -> None:
    line = alzira.line("3")
    assert line is not None
    there, back = line.directions
    assert [stop.name["ca"] for stop in there.stops] == [
        "Hospital",
        "Casal Fester",
        "Av. dels Esports / Av. Llibertat",
        "CIPFP Luis Suñer",
        "CC Carrefour",
        "Sueca",
        "Joanot Martorell",
        "Av. Sants Patrons / Pl. Generalitat",
        "Plaça del Regne",
        "Estació d'Autobusos",
        "Estació Renfe",
    ]
    assert (len(back.stops), back.headsign["ca"]) == (9, "Hospital")
    assert [line.name for line in alzira.lines()] == ["1", "2", "3"]


def test_alzira_runs_by_the_kind_of_day(alzira: Bus) -> None:
    def first(moment: str) -> str:
        coming = alzira.departures("hospital", at(moment), limit=1, line_id="3")
        return coming[0].time.strftime("%d %H:%M")

    assert first("2026-11-23 04:30") == "23 06:15"  # a Monday
    assert first("2026-11-28 04:30") == "28 07:15"  # a Saturday
    assert first("2026-11-29 04:30") == "29 08:15"  # a Sunday
    assert first("2026-12-08 04:30") == "08 08:15"  # a Tuesday, holiday
    assert first("2026-08-15 04:30") == "15 08:15"  # a Saturday in August, holiday
    assert first("2027-03-29 04:30") == "29 08:15"  # Easter Monday


def test_alzira_has_fewer_buses_in_august_and_all_again_in_september(alzira: Bus) -> None:
    def count(moment: str) -> int:
        return len(alzira.departures("hospital", at(moment), limit=99, line_id="3"))

    assert count("2026-08-03 04:30") < count("2026-09-01 04:30") == count("2026-07-31 04:30")


def test_alzira_has_a_bus_on_saturday_night_and_on_the_nights_of_falles(alzira: Bus) -> None:
    assert shown(alzira.departures("hospital", at("2026-11-29 00:30"), limit=1)) == ["29 00:45+0100"]
    assert shown(alzira.departures("hospital", at("2027-03-18 00:30"), limit=1)) == ["18 00:45+0100"]
    assert alzira.is_running(at("2026-11-29 00:50"))
    assert not alzira.is_running(at("2026-11-26 00:50"))


def test_a_stop_knows_the_lines_that_call_at_it_and_every_stop_is_on_a_line(alzira: Bus) -> None:
    stop = alzira.stop("placa-regne")
    assert stop is not None
    assert stop.lines == ("1", "3")
    assert all(stop.lines for stop in alzira.stops())


def test_the_nearest_stops_to_a_pin_are_those_where_one_can_get_on(alzira: Bus) -> None:
    near = alzira.nearest_stops(Pin(39.1601, -0.4151), limit=2)
    assert [stop.item.id for stop in near] == ["hospital", "casal-fester"]
    assert near[0].metres < 20
    one_way = a_bus("10:00").nearest_stops(Pin(39.153, -0.444))
    assert [stop.item.id for stop in one_way] == ["S1"]  # at S2 buses only arrive


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hospital", "hospital"),
        ("HOSPITAL!!", "hospital"),
        ("autobus hospital", "hospital"),
        ("ospital", "hospital"),
        ("hosp", "hospital"),
        ("quan passa per la plaça del regne?", "placa-regne"),
        ("plaza del reino", "placa-regne"),
        ("regne", "placa-regne"),
        ("estacion renfe", "estacio-renfe"),
        ("estasió d'autobusos", "estacio-autobusos"),
        ("carefour", "carrefour"),
        ("cementiri", "cementeri"),
        ("al cementerio", "cementeri"),
        ("parc alquenencia", "alquenencia"),
        ("avinguda pare pompili", "pare-pompili"),
        ("casal faller", "casal-fester"),
        ("estació autobus", "estacio-autobusos"),
        ("quin autobús va a l'hospital", "hospital"),
        ("d18", "placa-major"),
        ("parada D18", "placa-major"),
    ],
)
def test_a_stop_is_found_as_people_type_it(alzira: Bus, typed: str, expected: str) -> None:
    assert alzira.find_stops(typed)[0].id == expected


def test_a_name_that_several_stops_share_finds_them_all(alzira: Bus) -> None:
    assert {stop.id for stop in alzira.find_stops("estació")} == {"estacio-renfe", "estacio-autobusos"}


def test_a_word_said_of_any_stop_adds_none(alzira: Bus) -> None:
    assert [stop.id for stop in alzira.find_stops("autobuses hospital")] == ["hospital"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hola què tal",
        "de la",
        "😀",
        "zzzz",
        "x" * 4096,
        "autobús",
        "horari dels autobusos",
        "on para?",
        "a casa",
    ],
)
def test_words_that_name_no_stop_find_none(alzira: Bus, typed: str) -> None:
    assert alzira.find_stops(typed) == ()


def test_a_line_is_found_by_its_number_among_other_words(alzira: Bus) -> None:
    assert [line.id for line in alzira.find_lines("la línia 3")] == ["3"]
    assert alzira.find_lines("línia 30") == ()


@given(st.text(max_size=200))
def test_whatever_is_typed_the_search_answers_with_at_most_five(typed: str) -> None:
    assert len(a_bus("10:00").find_stops(typed)) <= 5
