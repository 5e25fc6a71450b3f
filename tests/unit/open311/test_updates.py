"""FixMyStreet's extension, reading: one row for each change of state, and nothing of what was written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from canal.incidents import changes
from canal.incidents.case import Case
from canal.incidents.states import State
from canal.open311.updates import MOST_CHANGED

from tests.fakes import FakeCases
from tests.open311 import NOON, Window, incident, town


def lived(number: str = "AAAA2222", begun: datetime = NOON - timedelta(days=3)) -> Case:
    """A case to which a good deal happened, an hour apart."""
    hours = (begun + timedelta(hours=hour) for hour in range(1, 9))
    case = changes.routed(incident(number, begun), next(hours), "works", "z", None, tell=True)
    case = changes.noted(case, next(hours), "staff@town.test", "Empar, 600123456")
    case = changes.answered(case, next(hours), "staff@town.test", "Hola Empar")
    case = changes.moved(case, next(hours), "staff@town.test", State.WAITING, "Quina casa, Empar?")
    case = changes.remarked(case, next(hours), "La meua, Empar")
    case = changes.moved(case, next(hours), "staff@town.test", State.RESOLVED, "Fet, Empar", tell=False)
    case = changes.rated(case, next(hours), 5, "gràcies, Empar")
    return changes.reopened(case, next(hours), changes.CITIZEN, "torna a estar, Empar", None)


def test_each_change_of_state_is_an_update_in_the_words_of_the_town() -> None:
    rows = Window(FakeCases(lived())).get("servicerequestupdates.json").content
    assert [row["status"] for row in rows] == ["open", "investigating", "in_progress", "fixed", "open"]
    states = ["routed", "waiting", "in_progress", "resolved", "reopened"]
    assert [row["description"] for row in rows] == [town().text(f"public.state.{state}", "ca") for state in states]
    assert len({row["update_id"] for row in rows}) == len(rows)
    assert rows[0]["updated_datetime"] == "2026-11-20T13:00:00+01:00"


def test_nothing_that_anybody_wrote_is_in_it() -> None:
    body = Window(FakeCases(lived())).get("servicerequestupdates.xml").body
    assert "Empar" not in body
    assert "staff" not in body


def test_a_merge_names_the_original() -> None:
    case = changes.merged(incident(), NOON, "staff@town.test", "CCCC4444", "com Empar")
    (row,) = Window(FakeCases(case)).get("servicerequestupdates.json").content
    assert row["status"] == "duplicate"
    assert "CCCC4444" in row["description"]
    assert "Empar" not in row["description"]


def test_updates_are_those_of_the_time_asked_for_the_oldest_first() -> None:
    window = Window(FakeCases(lived("BBBB3333"), lived("AAAA2222", NOON - timedelta(days=40))))
    recent = window.get("servicerequestupdates.json", start_date="2026-11-20T15:00:00Z").content
    assert [row["status"] for row in recent] == ["investigating", "in_progress", "fixed", "open"]
    older: dict[str, Any] = {"start_date": "2026-10-01T00:00:00Z", "end_date": "2026-10-31T00:00:00Z"}
    found = window.get("servicerequestupdates.json", **older).content
    assert {row["service_request_id"] for row in found} == {"AAAA2222"}
    both = window.get("servicerequestupdates.json", start_date="2026-10-01", end_date="2026-12-01").content
    assert [row["updated_datetime"] for row in both] == sorted(row["updated_datetime"] for row in both)


def test_more_than_can_be_read_at_once_is_refused_rather_than_cut() -> None:
    many = FakeCases(*(incident(f"N{number:04}") for number in range(MOST_CHANGED + 1)))
    assert Window(many).get("servicerequestupdates.json").status == 400


@pytest.mark.parametrize("language", ["ca", "es"])
def test_updates_speak_the_language_asked_for(language: str) -> None:
    rows = Window(FakeCases(lived())).get("servicerequestupdates.json", locale=language).content
    assert rows[0]["description"] == town().text("public.state.routed", "ca" if language == "ca" else "es")
