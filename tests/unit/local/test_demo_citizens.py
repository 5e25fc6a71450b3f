"""Demonstration subscribers: always the same, in both languages, and saved once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from canal.dialogue.citizen import Citizen

from local.demo.citizens import WAMID, demo_citizens
from local.seed import parsed
from local.subscribers import seed_subscribers, subscribers_summary
from local.whatsapp.citizens import USER_ID
from tests.fakes import FakeConversations
from tests.towns import alzira

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@cache
def made() -> tuple[Citizen, ...]:
    return tuple(demo_citizens(alzira(), NOW, 400))


def test_they_are_the_same_at_every_seeding_and_the_first_of_a_larger_one() -> None:
    assert tuple(demo_citizens(alzira(), NOW, 10)) == made()[:10]


def test_their_keys_say_what_they_are_and_they_have_no_telephone() -> None:
    for citizen in made():
        assert citizen.key.startswith("ES.Demo")
        assert USER_ID.fullmatch(citizen.key)
        assert citizen.user_id == citizen.key
        assert citizen.phone is None
    assert len({citizen.key for citizen in made()}) == 400


def test_both_languages_and_both_sides_of_the_window_are_there() -> None:
    languages = Counter(citizen.language for citizen in made())
    assert languages["ca"] > languages["es"] > 100
    inside = sum(written(citizen) > NOW - timedelta(hours=24) for citizen in made())
    assert 80 < inside < 200
    assert all(written(citizen) < NOW for citizen in made())


def written(citizen: Citizen) -> datetime:
    assert citizen.last_inbound_at is not None
    return citizen.last_inbound_at


def test_nobody_stands_at_the_very_edge_of_the_window() -> None:
    """Else whether they get a text or a template would depend on the minute."""
    assert not [c for c in made() if timedelta(hours=22) < NOW - written(c) < timedelta(hours=28)]


def test_everybody_gets_alerts_and_every_topic_and_quarter_has_somebody() -> None:
    alerts, *_ = alzira().notices.topics
    assert all(alerts.id in citizen.subscriptions for citizen in made())
    topics = Counter(topic for citizen in made() for topic in citizen.subscriptions)
    assert set(topics) == {topic.id for topic in alzira().notices.topics}
    zones = {zone for citizen in made() for zone in citizen.subscriptions[alerts.id].zones}
    assert zones == {zone.id for zone in alzira().municipality.zones}


def test_only_topics_with_quarters_have_them_and_every_consent_says_what_was_agreed_to() -> None:
    for citizen in made():
        for identifier, subscription in citizen.subscriptions.items():
            topic = alzira().notices.topic(identifier)
            assert topic is not None
            assert topic.zones or not subscription.zones
            assert not topic.frequencies or subscription.frequency in topic.frequencies
            assert subscription.wording in topic.about.values()
            assert subscription.wamid == WAMID
            assert subscription.since <= written(citizen)


def test_a_second_seeding_adds_only_who_is_missing() -> None:
    store = FakeConversations()
    assert len(seed_subscribers(made()[:5], store)) == 5
    told: list[int] = []
    new = seed_subscribers(made()[:8], store, told.append)
    assert [citizen.key for citizen in new] == [citizen.key for citizen in made()[5:8]]
    assert told == list(range(1, 9))
    assert "Nothing to add" in subscribers_summary(seed_subscribers(made()[:8], store), alzira())


def test_the_summary_counts_languages_and_topics() -> None:
    lines = subscribers_summary(list(made()), alzira()).splitlines()
    assert lines[0].startswith("  400 demonstration subscribers")
    assert len(lines) == 1 + len(alzira().notices.topics)


def test_how_many_is_asked_for_in_a_number() -> None:
    assert parsed([]).subscribers == 0
    assert parsed(["--subscribers", "2000"]).subscribers == 2000
    with pytest.raises(SystemExit):
        parsed(["--subscribers", "many"])
