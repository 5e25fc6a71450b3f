"""Topics by their words, and when the quiet hours end."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from canal.subjects.notices import Quiet

from tests.towns import alzira

MADRID = ZoneInfo("Europe/Madrid")
NIGHT = Quiet(time(22), time(8))


@pytest.mark.parametrize(
    ("words", "topics"),
    [
        ("vull rebre avisos", ()),
        ("apunta'm a l'agenda", ("agenda",)),
        ("no quiero más ofertas", ("jobs",)),
        ("ofertas de empleo", ("jobs",)),
        ("alertes de riuades", ("alerts",)),
        ("obres i ofertes", ("jobs", "roads")),
        ("avisos de impuestos", ("taxes",)),
        ("allertes", ()),
        ("", ()),
        ("👍", ()),
    ],
)
def test_topics_are_found_by_their_words(words: str, topics: tuple[str, ...]) -> None:
    assert sorted(alzira().notices.named(words)) == sorted(topics)


def test_a_topic_is_found_by_its_id_or_not_at_all() -> None:
    topic = alzira().notices.topic("alerts")
    assert topic is not None
    assert topic.kind == "alert"
    assert alzira().notices.topic("gossip") is None


@pytest.mark.parametrize(
    ("hour", "ends"),
    [
        ("2026-11-23T21:59", None),
        ("2026-11-23T22:00", "2026-11-24T08:00"),
        ("2026-11-24T07:59", "2026-11-24T08:00"),
        ("2026-11-24T08:00", None),
        ("2026-12-31T23:30", "2027-01-01T08:00"),
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning(hour: str, ends: str | None) -> None:
    local = datetime.fromisoformat(hour).replace(tzinfo=MADRID)
    assert NIGHT.ends_after(local) == (datetime.fromisoformat(ends).replace(tzinfo=MADRID) if ends else None)


def test_quiet_hours_within_one_day_and_none_at_all() -> None:
    noon = datetime(2026, 11, 23, 14, 30, tzinfo=MADRID)
    assert Quiet(time(14), time(16)).ends_after(noon) == noon.replace(hour=16, minute=0)
    assert Quiet(time(14), time(14)).ends_after(noon) is None


def test_several_zones_are_named_in_the_towns_order() -> None:
    town = alzira().municipality
    assert town.zones_named("Venècia i la Vila") == ("vila", "venecia")
    assert town.zones_named("al Tulell o al racó de les Vinyes") == ("tulell", "vinyes")
    assert town.zones_named("ací al costat") == ()
