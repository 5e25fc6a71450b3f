"""What a turn subscribes to is what planning and the proof of consent see: on the fakes and on DynamoDB (moto)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_subscribers import DynamoSubscribers
from canal.adapters.notice_models import SubscriptionRow
from canal.broadcasts.outside import Subscribers
from canal.broadcasts.subscription import WEEKLY, Consent, Subscriber, Subscription, shard_of
from canal.dialogue.citizen import Citizen
from canal.errors import AlreadyRun, LostRace
from canal.ports import Conversations, TurnRecord

from tests.builders import citizen
from tests.contracts.permissions import noted
from tests.contracts.tables import TABLES, dynamodb
from tests.contracts.test_failing_rows import Crash, Wire, wire
from tests.fakes import FakeConversations
from tests.noticeboard import MONDAY, Board, FakeSubscribers, a_subscription

__all__ = ["wire"]

Stores = tuple[Conversations, Subscribers]
LATER = MONDAY + timedelta(days=3)
ALERTS, NEWS = a_subscription("alerts", zones=("centre",)), a_subscription("news", frequency=WEEKLY)


@pytest.fixture(params=["fake", "dynamo"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        rows, board = FakeConversations(), Board()
        board.citizens = rows.citizens
        yield rows, FakeSubscribers(board)
        return
    with dynamodb():
        yield DynamoConversations(TABLES), DynamoSubscribers(TABLES)


@pytest.fixture
def rows() -> Iterator[DynamoConversations]:
    with dynamodb():
        yield DynamoConversations(TABLES)


def subscribed(
    rows: Conversations, *subscriptions: Subscription, wamid: str, key: str = "ES.1001", **how: str
) -> Citizen:
    """The citizen after a turn that leaves them with these subscriptions, and left others as ``how`` says."""
    before = rows.load(key)
    after = replace(before or citizen(key=key), subscriptions={each.topic: each for each in subscriptions})
    events = tuple({"type": "Unsubscribed", "topic": topic, "how": word} for topic, word in how.items())
    rows.save(before, after, TurnRecord(key, wamid, LATER, (), events), [])
    found = rows.load(key)
    assert found
    return found


def page(subscribers: Subscribers, topic: str = "alerts", key: str = "ES.1001") -> tuple[Subscriber, ...]:
    return subscribers.page(topic, shard_of(key))


# --- subscribing ------------------------------------------------------------------------------------


def test_a_subscription_is_on_the_citizens_row_and_in_its_shard(stores: Stores) -> None:
    rows, subscribers = stores
    found = subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    assert found.subscriptions == {"alerts": ALERTS, "news": NEWS}
    assert page(subscribers) == (Subscriber("ES.1001", ("centre",)),)
    assert page(subscribers, "news") == (Subscriber("ES.1001", frequency=WEEKLY),)
    assert page(subscribers, "jobs") == ()
    assert subscribers.page("alerts", (shard_of("ES.1001") + 1) % 16) == ()


def test_a_change_of_zones_replaces_the_subscription(stores: Stores) -> None:
    rows, subscribers = stores
    subscribed(rows, ALERTS, wamid="wamid.1")
    subscribed(rows, replace(ALERTS, zones=("alborgi", "centre")), wamid="wamid.2")
    assert page(subscribers) == (Subscriber("ES.1001", ("alborgi", "centre")),)


def test_who_leaves_a_topic_is_out_of_it_and_stays_in_the_others(stores: Stores) -> None:
    rows, subscribers = stores
    subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    subscribed(rows, ALERTS, wamid="wamid.2")
    assert page(subscribers, "news") == ()
    assert len(page(subscribers)) == 1


def test_the_subscribers_of_a_shard_come_by_key_in_pages(stores: Stores) -> None:
    rows, subscribers = stores
    keys = sorted([f"ES.{n}" for n in range(300) if shard_of(f"ES.{n}") == 5][:7])
    for key in keys:
        subscribed(rows, NEWS, wamid="wamid.1", key=key)
    first = subscribers.page("news", 5, limit=4)
    rest = subscribers.page("news", 5, first[-1].citizen, 4)
    assert [each.citizen for each in (*first, *rest)] == keys
    assert len(rest) < 4


def test_who_is_forgotten_is_out_of_every_topic(stores: Stores) -> None:
    rows, subscribers = stores
    found = subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    rows.erase(found, TurnRecord("ES.1001", "wamid.2", LATER, ()))
    assert page(subscribers) == page(subscribers, "news") == ()


def test_who_moves_keeps_their_subscriptions_under_the_new_key(stores: Stores) -> None:
    rows, subscribers = stores
    found = subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    rows.move(found, None, replace(found, key="ES.2002"))
    assert page(subscribers) == ()
    assert page(subscribers, key="ES.2002") == (Subscriber("ES.2002", ("centre",)),)
    moved = rows.load("ES.1001")
    assert moved
    assert moved.subscriptions == {"alerts": ALERTS, "news": NEWS}


def test_a_turn_that_lost_its_race_subscribes_nobody(stores: Stores) -> None:
    rows, subscribers = stores
    read = subscribed(rows, wamid="wamid.1")
    subscribed(rows, NEWS, wamid="wamid.2")
    with pytest.raises(LostRace):
        rows.save(read, replace(read, subscriptions={"alerts": ALERTS}), TurnRecord("ES.1001", "w3", LATER, ()), [])
    assert page(subscribers) == ()
    assert len(page(subscribers, "news")) == 1


@pytest.mark.parametrize("left", [(), (ALERTS,)])
def test_a_message_that_had_its_turn_is_known_again_whatever_it_leaves(
    stores: Stores, left: tuple[Subscription, ...]
) -> None:
    """Also when rows are to be deleted, which come before all others in the transaction."""
    rows, _ = stores
    subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    with pytest.raises(AlreadyRun):
        subscribed(rows, *left, wamid="wamid.1")


# --- consent, on DynamoDB alone ---------------------------------------------------------------------


def consents(key: str = "ES.1001") -> dict[tuple[str, datetime], Consent]:
    found = DynamoSubscribers(TABLES).consents(key)
    assert list(found) == sorted(found, key=lambda consent: consent.given_at, reverse=True)
    return {(consent.topic, consent.given_at): consent for consent in found}


def given_to(subscription: Subscription, key: str = "ES.1001") -> Consent:
    return Consent(key, subscription.topic, subscription.since, subscription.wamid, subscription.wording)


def test_a_consent_is_kept_with_its_wording_hour_and_message(rows: DynamoConversations) -> None:
    subscribed(rows, ALERTS, wamid="wamid.1")
    assert list(consents().values()) == [given_to(ALERTS)]
    assert consents("ES.nobody") == {}


def test_a_withdrawn_consent_says_when_how_and_by_which_message_and_goes_a_year_later(
    rows: DynamoConversations,
) -> None:
    subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    subscribed(rows, wamid="wamid.2", news="word")
    expected = {
        replace(given_to(ALERTS), withdrawn_at=LATER, withdrawn_wamid="wamid.2", withdrawn_how="screen"),
        replace(given_to(NEWS), withdrawn_at=LATER, withdrawn_wamid="wamid.2", withdrawn_how="word"),
    }
    assert set(consents().values()) == expected
    assert {row.expires_at for row in SubscriptionRow.query("citizen#ES.1001")} == {LATER + timedelta(days=365)}


def test_a_consent_that_is_given_again_leaves_the_earlier_one_to_be_shown(rows: DynamoConversations) -> None:
    subscribed(rows, ALERTS, wamid="wamid.1")
    subscribed(rows, wamid="wamid.2", alerts="word")
    again = replace(ALERTS, since=LATER, wamid="wamid.3")
    subscribed(rows, again, wamid="wamid.3")
    found = consents()
    assert found["alerts", LATER] == given_to(again)
    assert found["alerts", MONDAY].withdrawn_how == "word"


def test_a_consent_in_other_words_takes_the_place_of_the_one_before(rows: DynamoConversations) -> None:
    subscribed(rows, ALERTS, wamid="wamid.1")
    subscribed(rows, replace(ALERTS, since=LATER, wording="Una altra cosa."), wamid="wamid.2")
    found = consents()
    assert found["alerts", MONDAY].withdrawn_how == "changed"
    assert found["alerts", LATER].withdrawn_at is None


def test_a_change_of_zones_is_no_new_consent(rows: DynamoConversations) -> None:
    subscribed(rows, ALERTS, wamid="wamid.1")
    subscribed(rows, replace(ALERTS, zones=()), wamid="wamid.2")
    assert list(consents().values()) == [given_to(ALERTS)]


def test_consents_withdrawn_ones_too_move_with_their_citizen_and_are_forgotten_with_them(
    rows: DynamoConversations,
) -> None:
    subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    found = subscribed(rows, ALERTS, wamid="wamid.2")
    rows.move(found, None, replace(found, key="ES.2002"))
    assert consents() == {}
    assert {topic for topic, _ in consents("ES.2002")} == {"alerts", "news"}
    there = rows.load("ES.2002")
    assert there
    rows.erase(there, TurnRecord("ES.2002", "wamid.3", LATER, ()))
    assert list(SubscriptionRow.scan()) == []


def test_an_erasure_finds_the_topics_by_the_consents_where_the_dialogue_emptied_the_citizen(
    rows: DynamoConversations,
) -> None:
    found = subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    rows.erase(replace(found, subscriptions={}), TurnRecord("ES.1001", "wamid.2", LATER, ()))
    assert list(SubscriptionRow.scan()) == []


def test_two_rows_that_become_one_citizen_keep_one_consent_for_a_topic(rows: DynamoConversations) -> None:
    old = subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    newer = replace(ALERTS, since=LATER, wamid="wamid.9", zones=())
    new = subscribed(rows, newer, wamid="wamid.2", key="ES.2002")
    rows.move(old, new, replace(new, subscriptions={**old.subscriptions, **new.subscriptions}))
    found = consents("ES.2002")
    assert found["alerts", LATER].withdrawn_at is None
    assert found["alerts", MONDAY].withdrawn_how == "changed"
    assert found["news", MONDAY].withdrawn_at is None
    assert consents() == {}
    subscribers = DynamoSubscribers(TABLES)
    assert page(subscribers, key="ES.2002") == (Subscriber("ES.2002"),)
    assert page(subscribers, "news", "ES.2002") == (Subscriber("ES.2002", frequency=WEEKLY),)
    assert page(subscribers) == page(subscribers, "news") == ()


def test_a_turn_that_changes_no_subscription_touches_no_row_of_any(rows: DynamoConversations) -> None:
    found = subscribed(rows, ALERTS, wamid="wamid.1")
    with noted() as made:
        rows.save(found, replace(found, language="es"), TurnRecord("ES.1001", "wamid.2", LATER, ()), [])
    assert {table for table, _ in made} == {"citizens", "turns"}


# --- crashes ----------------------------------------------------------------------------------------


def with_history(rows: DynamoConversations) -> Citizen:
    """Somebody with two subscriptions and two consents that were withdrawn."""
    jobs, works = a_subscription("jobs"), a_subscription("works")
    subscribed(rows, ALERTS, NEWS, jobs, works, wamid="wamid.1")
    return subscribed(rows, ALERTS, NEWS, wamid="wamid.2")


def rows_by_part() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for row in SubscriptionRow.scan():
        found[row.part] = found.get(row.part, 0) + 1
    return found


@pytest.mark.parametrize("after", [False, True])
def test_a_subscription_that_crashes_is_there_with_the_turn_or_not_at_all(wire: Wire, after: bool) -> None:
    rows = DynamoConversations(TABLES)
    wire.expect(0, after=after)
    with pytest.raises(Crash):
        subscribed(rows, ALERTS, NEWS, wamid="wamid.1")
    assert wire.writes == ["TransactWriteItems"]
    wire.expect(None)
    assert len(list(SubscriptionRow.scan())) == (4 if after else 0)
    assert (rows.load("ES.1001") is not None) is after


ERASING, MOVING = (
    5,
    5,
)  # writes: two turns or none, two withdrawn consents (of a move: put and deleted), the transaction


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(ERASING))
def test_an_erasure_that_crashes_anywhere_is_finished_by_the_next_try(wire: Wire, at: int, after: bool) -> None:
    rows = DynamoConversations(TABLES)
    found = with_history(rows)
    wire.expect(at, after=after)
    with pytest.raises(Crash):
        rows.erase(found, TurnRecord("ES.1001", "wamid.3", LATER, ()))
    assert len(wire.writes) == at + 1
    wire.expect(None)
    if rows.turn("ES.1001", "wamid.3") is None:
        assert rows.load("ES.1001") == found  # who still is subscribed is still in the topics
        assert {f"alerts#{shard_of('ES.1001')}", f"news#{shard_of('ES.1001')}"} <= rows_by_part().keys()
        rows.erase(found, TurnRecord("ES.1001", "wamid.3", LATER, ()))
    assert rows.load("ES.1001") is None
    assert rows_by_part() == {}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(MOVING))
def test_a_move_that_crashes_anywhere_is_finished_by_the_next_try(wire: Wire, at: int, after: bool) -> None:
    rows = DynamoConversations(TABLES)
    found = with_history(rows)
    wire.expect(at, after=after)
    with pytest.raises(Crash):
        rows.move(found, None, replace(found, key="ES.2002"))
    assert len(wire.writes) == at + 1
    wire.expect(None)
    here = rows.load("ES.1001")
    assert here
    if here.key == "ES.1001":
        rows.move(here, None, replace(here, key="ES.2002"))
    shard = shard_of("ES.2002")
    assert rows_by_part() == {f"alerts#{shard}": 1, f"news#{shard}": 1, "citizen#ES.2002": 4}


def test_the_crashes_above_are_tried_at_every_write(wire: Wire) -> None:
    rows = DynamoConversations(TABLES)
    wire.expect(None)
    found = with_history(rows)
    wire.expect(None)
    rows.move(found, None, replace(found, key="ES.2002"))
    assert len(wire.writes) == MOVING
    there = rows.load("ES.2002")
    assert there
    wire.expect(None)
    rows.erase(there, TurnRecord("ES.1001", "wamid.3", LATER, ()))
    assert len(wire.writes) == ERASING
