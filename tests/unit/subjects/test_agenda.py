"""The agenda: today, this weekend, the next days, by kind; cancelled events stay, marked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from canal.subjects.agenda import Agenda

MADRID = ZoneInfo("Europe/Madrid")


def both(text: str) -> dict[str, str]:
    return {"ca": text, "es": text}


def item(identifier: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": identifier, "title": both(identifier), "about": {}, "kind": kind, "source": "x", **more}


ITEMS = [
    item("concert", "music", venue={"name": both("Teatre"), "latitude": 39.1, "longitude": -0.4}),
    item("show", "exhibition"),
    item("talk", "talk", venue={"name": both("Casa")}, demo=True),
    item("feast", "feast"),
]


def when(number: int, start: str, end: str = "", **more: Any) -> dict[str, Any]:
    moment: dict[str, Any] = {"item": number, "start": f"{start}+01:00", **more}
    return moment | ({"end": f"{end}+01:00"} if end else {})


AGENDA = Agenda.from_content(
    {
        "since": "2026-11-16",
        "until": "2027-12-28",
        "kinds": [
            {"id": kind, "name": both(kind), "words": [word]}
            for kind, word in (("music", "concert"), ("talk", "xarrada"), ("exhibition", "exposició"))
        ],
        "items": ITEMS,
        "occurrences": [
            when(0, "2026-11-27T20:30", "2026-11-27T22:00", cancelled=True),
            when(1, "2026-11-03T00:00", "2026-11-30T00:00", all_day=True),
            when(2, "2026-11-23T19:00"),
            when(0, "2026-11-28T23:00", "2026-11-29T01:00"),
            when(3, "2026-12-01T00:00", "2026-12-02T00:00", all_day=True),
            when(2, "2026-11-29T11:00", "2026-11-29T12:00", moved_from="2026-11-28T11:00+01:00"),
        ],
    }
)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=MADRID)


def titles(events: tuple[Any, ...]) -> list[str]:
    return [event.title["ca"] for event in events]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 10:00", ["talk", "show"]),
        ("2026-11-23 20:30", ["talk", "show"]),  # without an end it counts as going on for two hours
        ("2026-11-23 21:00", ["show"]),
        ("2026-11-29 00:30", ["concert", "talk", "show"]),  # began yesterday
        ("2026-11-30 00:00", []),
        ("2026-12-01 23:59", ["feast"]),
    ],
)
def test_today_is_what_is_on_or_still_to_come(now: str, expected: list[str]) -> None:
    assert titles(AGENDA.today(at(now))) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 10:00", ["concert", "concert", "talk", "show"]),
        ("2026-11-27 21:00", ["concert", "concert", "talk", "show"]),
        ("2026-11-28 10:00", ["concert", "talk", "show"]),
        ("2026-11-29 11:30", ["talk", "show"]),
        ("2026-11-29 12:00", ["show"]),
        ("2026-11-30 10:00", []),  # the next weekend
    ],
)
def test_the_weekend_runs_from_friday_evening_to_sunday_night(now: str, expected: list[str]) -> None:
    assert titles(AGENDA.weekend(at(now))) == expected


def test_tomorrow_is_the_whole_of_the_next_day_and_nothing_of_today() -> None:
    for now in ("2026-11-22 00:30", "2026-11-22 23:30"):
        assert AGENDA.tomorrow(at(now)) == AGENDA.today(at("2026-11-23 00:00"))


def test_the_next_seven_days_begin_with_today() -> None:
    assert titles(AGENDA.next_days(at("2026-11-24 10:00"))) == ["concert", "concert", "talk", "show"]
    assert titles(AGENDA.next_days(at("2026-11-25 10:00")))[-2:] == ["feast", "show"]


def test_events_of_one_kind_can_be_asked_for() -> None:
    assert titles(AGENDA.next_days(at("2026-11-23 10:00"), kind="talk")) == ["talk", "talk"]


def test_cancelled_and_moved_events_say_so() -> None:
    events = AGENDA.next_days(at("2026-11-24 10:00"))
    assert [event.cancelled for event in events] == [True, False, False, False]
    assert events[2].moved_from == at("2026-11-28 11:00")


def test_an_event_is_found_again_by_its_id_wherever_it_was_moved() -> None:
    for event in AGENDA.events:
        assert ":" not in event.id
        assert AGENDA.get(event.id) == event
    assert AGENDA.get("talk.202611281100") is not None
    assert AGENDA.get("x") is None


def test_the_last_day_is_the_one_people_would_say() -> None:
    days = {event.title["ca"]: event.last_day for event in AGENDA.events}
    assert days["show"] == date(2026, 11, 29)
    assert days["feast"] == date(2026, 12, 1)
    assert days["concert"] == date(2026, 11, 28)  # though it ends after midnight


def test_a_place_may_have_no_pin() -> None:
    talk = AGENDA.get("talk.202611231900")
    assert talk is not None
    assert talk.venue is not None
    assert talk.venue.latitude is None
    assert talk.origin.demo


def test_a_day_that_was_not_compiled_is_not_a_day_without_events() -> None:
    assert AGENDA.knows(date(2026, 11, 16))
    assert not AGENDA.knows(date(2027, 12, 28))


def test_a_kind_is_found_by_words() -> None:
    kind = AGENDA.find_kind("quins concerts hi ha?")
    assert kind is not None
    assert kind.id == "music"
    assert AGENDA.find_kind("res") is None
    assert AGENDA.kind("music") == kind
    assert [kind.id for kind in AGENDA.kinds_of(AGENDA.today(at("2026-11-23 10:00")))] == ["talk", "exhibition"]
