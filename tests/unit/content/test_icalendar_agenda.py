"""The agenda out of iCalendar files: repeats, exceptions, moves, cancellations, languages, and junk."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from canal.content.importers import icalendar_agenda
from canal.content.importers.icalendar_agenda import compile_agenda
from canal.errors import BadContent
from canal.subjects.agenda import Agenda, Event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MADRID = ZoneInfo("Europe/Madrid")
START = date(2026, 11, 23)
KINDS = """
kinds:
  - {id: music, name: {ca: Música, es: Música}, words: {ca: [concert], es: [concierto]}}
  - {id: other, name: {ca: Altres, es: Otros}, words: {ca: [altres], es: [otros]}}
"""
EVENT = """
BEGIN:VEVENT
UID:{uid}
DTSTART;TZID=Europe/Madrid:20261124T190000
DTEND;TZID=Europe/Madrid:20261124T203000
SUMMARY:Concert
{more}
END:VEVENT
"""


def calendar(*events: str, head: str = "") -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", head, *events, "END:VCALENDAR"]
    return "\r\n".join(line for text in lines for line in text.splitlines() if line) + "\r\n"


def event(more: str = "", uid: str = "one") -> str:
    return EVENT.format(uid=uid, more=more)


def compiled(folder: Path, text: str | bytes) -> dict[str, Any]:
    (folder / "kinds.yaml").write_text(KINDS, "utf-8")
    (folder / "agenda.ics").write_bytes(text if isinstance(text, bytes) else text.encode())
    return compile_agenda(folder, START, MADRID)


def agenda(folder: Path, *events: str, head: str = "") -> tuple[Event, ...]:
    return Agenda.from_content(compiled(folder, calendar(*events, head=head))).events


def problems(folder: Path, text: str | bytes) -> str:
    with pytest.raises(BadContent) as caught:
        compiled(folder, text)
    return "\n".join(caught.value.problems)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=MADRID)


def test_an_event_has_its_hours_on_the_towns_clock(tmp_path: Path) -> None:
    (concert,) = agenda(tmp_path, event())
    assert (concert.starts, concert.ends) == (at("2026-11-24 19:00"), at("2026-11-24 20:30"))
    assert concert.title == {"ca": "Concert", "es": "Concert"}
    assert concert.origin.source == "agenda.ics"


def test_a_weekly_event_repeats_but_for_its_exceptions(tmp_path: Path) -> None:
    more = "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Madrid:20261201T190000"
    assert [each.starts.day for each in agenda(tmp_path, event(more))] == [24, 8, 15]


def test_repeats_keep_the_hour_on_the_wall_when_the_clocks_change(tmp_path: Path) -> None:
    events = agenda(tmp_path, event("RRULE:FREQ=MONTHLY;COUNT=6"))
    assert {each.starts.hour for each in events} == {19}
    assert {str(each.starts.utcoffset()) for each in events} == {"1:00:00", "2:00:00"}


def test_repeats_share_their_texts(tmp_path: Path) -> None:
    data = compiled(tmp_path, calendar(event("RRULE:FREQ=DAILY")))
    assert len(data["items"]) == 1
    assert len(data["occurrences"]) == 399  # from the first one to the end of the window


def test_a_moved_occurrence_says_from_when(tmp_path: Path) -> None:
    moved = (
        EVENT.format(uid="one", more="RECURRENCE-ID;TZID=Europe/Madrid:20261201T190000")
        .replace("20261124T19", "20261202T18")
        .replace("20261124T20", "20261202T19")
    )
    first, second, third = agenda(tmp_path, event("RRULE:FREQ=WEEKLY;COUNT=3"), moved)
    assert (second.starts, second.moved_from) == (at("2026-12-02 18:00"), at("2026-12-01 19:00"))
    assert first.moved_from is third.moved_from is None


def test_a_cancelled_occurrence_stays_and_says_so(tmp_path: Path) -> None:
    cancelled = event("STATUS:CANCELLED\nRECURRENCE-ID;TZID=Europe/Madrid:20261124T190000")
    events = agenda(tmp_path, event("RRULE:FREQ=WEEKLY;COUNT=2"), cancelled)
    assert [each.cancelled for each in events] == [True, False]


def test_texts_in_two_languages_stand_side_by_side(tmp_path: Path) -> None:
    more = "\n".join(
        [
            "SUMMARY;LANGUAGE=es:Concierto",
            "DESCRIPTION;LANGUAGE=ca:Amb la banda",
            "LOCATION;LANGUAGE=ca:Plaça Major",
            "LOCATION;LANGUAGE=es-ES:Plaza Mayor",
            "X-CANAL-PRICE:3 €",
        ]
    )
    (concert,) = agenda(tmp_path, event(more))
    assert concert.title == {"ca": "Concert", "es": "Concierto"}
    assert concert.about == {"ca": "Amb la banda", "es": "Amb la banda"}
    assert concert.venue is not None
    assert concert.venue.name == {"ca": "Plaça Major", "es": "Plaza Mayor"}
    assert concert.price["es"] == "3 €"


def test_a_pin_may_be_exact_or_only_near(tmp_path: Path) -> None:
    near = "LOCATION:Ací\nGEO;X-CANAL-APPROXIMATE=TRUE:39.15;-0.435"
    exact, approximate, none = agenda(
        tmp_path, event("LOCATION:Ací\nGEO:39.15;-0.435", "a"), event(near, "b"), event("GEO:39.1;-0.4", "c")
    )
    assert exact.venue is not None
    assert (exact.venue.latitude, exact.venue.longitude, exact.venue.approximate) == (39.15, -0.435, False)
    assert approximate.venue is not None
    assert approximate.venue.approximate
    assert none.venue is None


def test_a_category_is_known_by_its_words_in_either_language(tmp_path: Path) -> None:
    events = agenda(
        tmp_path,
        event("CATEGORIES:Varis,CONCIERTO", "a"),
        event("CATEGORIES:Esgrima", "b"),
        event(uid="c"),
    )
    assert [each.kind for each in events] == ["music", "other", "other"]


def test_an_all_day_event_ends_at_midnight(tmp_path: Path) -> None:
    show = event().replace("DTSTART;TZID=Europe/Madrid:20261124T190000", "DTSTART;VALUE=DATE:20261120")
    show = show.replace("DTEND;TZID=Europe/Madrid:20261124T203000", "DTEND;VALUE=DATE:20261126")
    (only,) = agenda(tmp_path, show)
    assert only.all_day
    assert (only.starts, only.ends) == (at("2026-11-20 00:00"), at("2026-11-26 00:00"))
    assert only.last_day == date(2026, 11, 25)


def test_hours_without_zone_are_the_towns_and_utc_is_translated(tmp_path: Path) -> None:
    floating = event(uid="a").replace(";TZID=Europe/Madrid", "")
    utc = event(uid="b").replace(";TZID=Europe/Madrid", "").replace("0000\n", "0000Z\n").replace("3000\n", "3000Z\n")
    assert [each.starts.hour for each in agenda(tmp_path, floating, utc)] == [19, 20]


def test_an_event_without_end_has_none(tmp_path: Path) -> None:
    (only,) = agenda(tmp_path, event().replace("DTEND;TZID=Europe/Madrid:20261124T203000\n", ""))
    assert only.ends is None


def test_marks_of_demonstration_and_source_are_kept(tmp_path: Path) -> None:
    (whole,) = agenda(tmp_path, event(), head="X-CANAL-DEMO:TRUE")
    assert whole.origin.demo
    more = "X-CANAL-SOURCE:a page\nX-CANAL-SOURCE-DATE:2025-07-16"
    (own,) = agenda(tmp_path, event(more))
    assert (own.origin.source, own.origin.source_date, own.origin.demo) == ("a page", "2025-07-16", False)


def test_html_and_tricks_in_texts_become_plain_text(tmp_path: Path) -> None:
    more = "DESCRIPTION:<p>Hola</p><script>alert(1)</script>\\nadéu \u202e!"
    (only,) = agenda(tmp_path, event(more))
    assert only.about["ca"] == "Hola\nadéu !"


def test_only_the_days_of_the_window_are_compiled(tmp_path: Path) -> None:
    past = event(uid="past").replace("20261124", "20261101")
    data = compiled(tmp_path, calendar(past, event()))
    assert len(data["occurrences"]) == 1
    assert (data["since"], data["until"]) == ("2026-11-16", "2027-12-28")


def test_a_file_of_the_old_windows_encoding_is_read(tmp_path: Path) -> None:
    (only,) = Agenda.from_content(
        compiled(tmp_path, calendar(event()).replace("Concert", "Cançó").encode("cp1252"))
    ).events
    assert only.title["ca"] == "Cançó"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("RRULE:FREQ=SECONDLY", "daily is the most"),
        ("RRULE:FREQ=HOURLY", "daily is the most"),
        ("RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5,6", "more than 24 times a day"),
        ("RRULE:FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("RRULE:NONSENSE", "RRULE"),
        ("RRULE:FREQ=WEEKLY;BYDAY=XX", "RRULE"),
        ("RRULE:FREQ=DAILY;COUNT=-1", "repeats"),
        ("DTSTART:20261124", "DTSTART"),
        ("DURATION:P9999W", "DURATION"),
        ("URL:javascript:alert(1)", "web address"),
        ("GEO:here", "GEO"),
        ("EXDATE:tomorrow", "EXDATE"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(tmp_path: Path, more: str, sentence: str) -> None:
    found = problems(tmp_path, calendar(event(more)))
    assert "agenda.ics, line 5:" in found
    assert sentence in found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "BEGIN:VCALENDAR"),
        ("<html>not found</html>", "BEGIN:VCALENDAR"),
        (b"\xff\xfeBEGIN:VCALENDAR\r\nx\r\nEND:VCALENDAR", "not a valid"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n", "cut off"),
        (calendar(event().replace("SUMMARY:Concert\n", "")), "SUMMARY"),
        (calendar(event().replace("UID:one\n", "")), "UID"),
        (calendar(event().replace("20261124T190000", "yesterday")), "DTSTART"),
        (calendar(event().replace("DTSTART;TZID=Europe/Madrid:20261124T190000\n", "")), "DTSTART"),
        (calendar(event("RRULE:FREQ=DAILY").replace("20261124", "02261124")), "year"),
    ],
)
def test_junk_is_refused_in_words(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    assert sentence in problems(tmp_path, text)


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "more.ics").write_text("nothing")
    found = problems(tmp_path, calendar(event("URL:x", "a"), event("RRULE:FREQ=HOURLY", "b")))
    assert len(found.splitlines()) == 3


def test_a_file_that_is_too_big_is_refused_before_it_is_read(tmp_path: Path) -> None:
    huge = b"BEGIN:VCALENDAR\r\n" + b" " * icalendar_agenda.MAX_BYTES
    assert "export only the coming year" in problems(tmp_path, huge)


def test_too_many_events_or_repeats_are_refused(tmp_path: Path) -> None:
    assert "events" in problems(tmp_path, "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 5001)
    daily = [event("RRULE:FREQ=DAILY", str(number)) for number in range(30)]
    assert "too many repeats" in problems(tmp_path, calendar(*daily))


def test_kinds_must_have_one_for_the_rest(tmp_path: Path) -> None:
    compiled(tmp_path, calendar(event()))
    (tmp_path / "kinds.yaml").write_text(KINDS.replace("other", "rest"), "utf-8")
    with pytest.raises(BadContent, match="other"):
        compile_agenda(tmp_path, START, MADRID)


LINES = st.sampled_from(
    [
        *calendar(event("RRULE:FREQ=WEEKLY;COUNT=2")).splitlines(),
        "DTEND:20261101",
        "DTEND:junk",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=WEEKLY;BYDAY=XX",
        "STATUS:",
        "URL:x",
        "DURATION:-P1D",
        "RECURRENCE-ID:20261124T180000Z",
        "RDATE:20261130",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Madrid",
        "END:VTIMEZONE",
        "GEO:1;2",
        "SUMMARY;LANGUAGE=",
        "CATEGORIES:",
        "X;=:;",
        ":",
        " ",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, max_size=25))
def test_no_shuffled_calendar_crashes_the_import(tmp_path: Path, lines: list[str]) -> None:
    with suppress(BadContent):
        compiled(tmp_path, "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]))
