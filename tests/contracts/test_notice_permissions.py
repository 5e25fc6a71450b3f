"""What each function of notices may do on DynamoDB is what its adapters do there, no less and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_account import DynamoAccount, DynamoLane
from canal.adapters.dynamo_allowance import DynamoAllowance
from canal.adapters.dynamo_campaigns import DynamoCampaigns
from canal.adapters.dynamo_deliveries import DynamoDeliveries
from canal.adapters.dynamo_people import DynamoPeople
from canal.adapters.dynamo_subscribers import DynamoSubscribers
from canal.broadcasts import states
from canal.broadcasts.campaign import Campaign, Progress
from canal.broadcasts.delivery import TEXT, Delivery, State, Step
from canal.broadcasts.outside import Health, Limits
from canal.broadcasts.subscription import SHARDS
from canal.ports import TurnRecord

from tests.builders import NOON, citizen
from tests.contracts.permissions import Calls, allowed, noted
from tests.contracts.tables import NOTICES, TABLES, dynamodb
from tests.noticeboard import a_campaign, a_subscription

LATER = NOON + timedelta(minutes=2)


@pytest.fixture
def calls() -> Iterator[Calls]:
    """What is called from here on, with one citizen there, and one who is gone since their number changed."""
    with dynamodb(*NOTICES, "incidents"):
        rows = DynamoConversations(TABLES)
        for key, other in (("ES.1", ""), ("ES.3", "ES.4")):
            known = citizen(key=key)
            rows.save(None, known, TurnRecord(key, "wamid.1", NOON, ()), [])
            if other:
                stored = rows.load(key)
                assert stored is not None
                rows.move(stored, None, replace(stored, key=other))
        gone = rows.load("ES.4")
        assert gone is not None
        rows.erase(gone, TurnRecord("ES.4", "wamid.2", NOON, (), state="erased"))
        with noted() as made:
            yield made


# --- what several of them do ------------------------------------------------------------------------


def campaign_kept(*items: str) -> Campaign:
    """A campaign that is under way, saved and looked at."""
    campaigns = DynamoCampaigns(TABLES)
    saved = campaigns.save(a_campaign(version=0, state=states.State.SENDING), items)
    assert campaigns.load(saved.id) == saved
    return saved


def delivery_written(campaign: Campaign) -> Delivery:
    delivery = Delivery(campaign.id, "ES.1", "ca", TEXT, NOON, look_at=NOON)
    DynamoDeliveries(TABLES).plan([delivery])
    return delivery


def found_due(campaign: Campaign) -> None:
    for shard in range(SHARDS):
        DynamoDeliveries(TABLES).waiting(campaign.id, shard, LATER, 10)


def whatsapp_said_that_it_is_enough() -> None:
    people = DynamoPeople(TABLES)
    people.stop_marketing("ES.1")
    people.rest("ES.3", LATER)
    people.told("ES.1", LATER)


# --- one by one -------------------------------------------------------------------------------------


def test_plan_may_do_what_it_does(calls: Calls) -> None:
    campaigns = DynamoCampaigns(TABLES)
    campaign = campaign_kept()
    campaigns.save_progress(campaign.id, None, Progress(0))
    campaigns.progress(campaign.id)
    DynamoSubscribers(TABLES).page("alerts", 0)
    DynamoPeople(TABLES).load_many(["ES.1"])
    delivery_written(campaign)
    found_due(campaign)
    DynamoDeliveries(TABLES).take(campaign.id, "ES.1", Step(State.QUEUED, NOON, look_at=LATER))
    DynamoAllowance(TABLES).reserve(NOON, 1, alert=True)
    DynamoLane(TABLES).announce(NOON, LATER)
    assert calls == allowed("PlanRole")


def test_send_may_do_what_it_does(calls: Calls) -> None:
    campaign = campaign_kept()
    deliveries = DynamoDeliveries(TABLES)
    deliveries.load(campaign.id, ["ES.1"])
    deliveries.take(campaign.id, "ES.1", Step(State.SENDING, NOON, look_at=LATER))
    DynamoPeople(TABLES).load_many(["ES.1"])
    whatsapp_said_that_it_is_enough()
    lane = DynamoLane(TABLES)
    lane.announce(NOON, LATER)
    assert lane.alert()
    assert calls == allowed("SendRole")


def test_tend_may_do_what_it_does(calls: Calls) -> None:
    campaigns = DynamoCampaigns(TABLES)
    campaign = campaign_kept()
    delivery_written(campaign)
    calls.clear()  # a tend finds what others wrote
    campaigns.active()
    assert campaigns.load(campaign.id)
    campaigns.save(campaign)
    campaigns.progress(campaign.id)
    found_due(campaign)
    deliveries = DynamoDeliveries(TABLES)
    deliveries.take(campaign.id, "ES.1", Step(State.QUEUED, NOON, look_at=LATER))
    deliveries.counts(campaign.id)
    DynamoAccount(TABLES).statuses_seen()
    assert calls == allowed("TendRole")


def test_digest_may_do_what_it_does(calls: Calls) -> None:
    campaign = campaign_kept("item")
    assert DynamoCampaigns(TABLES).told(campaign.topic, ["item", "another"]) == {"item"}
    assert calls == allowed("DigestRole")


def test_watch_may_do_what_it_does(calls: Calls) -> None:
    campaign = campaign_kept("item")
    assert DynamoCampaigns(TABLES).told(campaign.topic, ["item", "another"]) == {"item"}
    assert DynamoCampaigns(TABLES).page()
    assert calls == allowed("WatchRole")


def test_the_staff_api_may_do_what_it_does(calls: Calls) -> None:
    campaigns, account, subscribers = DynamoCampaigns(TABLES), DynamoAccount(TABLES), DynamoSubscribers(TABLES)
    campaign = campaign_kept()
    campaigns.page()
    assert not campaigns.told("alerts", ["item"])
    campaigns.progress(campaign.id)
    account.limits()
    account.templates()
    subscribers.page("alerts", 0)
    subscribers.consents("ES.1")
    DynamoPeople(TABLES).load_many(["ES.1"])
    DynamoPeople(TABLES).known_by("34600000001")
    DynamoDeliveries(TABLES).page(campaign.id)
    DynamoDeliveries(TABLES).counts(campaign.id)
    assert calls == allowed("BroadcastApiRole")


def test_the_feeds_may_do_what_they_do(calls: Calls) -> None:
    campaigns = DynamoCampaigns(TABLES)
    campaign_kept()
    calls.clear()  # a feed shows what others wrote
    assert campaigns.active()
    assert campaigns.load(a_campaign().id)
    assert campaigns.page()
    assert calls == allowed("FeedRole")


def test_collect_may_do_what_it_does(calls: Calls) -> None:
    account = DynamoAccount(TABLES)
    account.save_limits(Limits(known=True, at=NOON))
    account.save_template(Health("town_alert", "ca", "APPROVED", at=NOON))
    account.see_statuses(NOON)
    campaign_kept()  # as one that is stopped
    DynamoDeliveries(TABLES).take("c1", "ES.1", Step(State.SENT, NOON, reported=True))
    whatsapp_said_that_it_is_enough()
    assert calls == allowed("CollectRole")


def test_the_conversation_may_do_with_subscriptions_what_it_does(calls: Calls) -> None:
    """Subscribing, leaving, moving with what was left, being forgotten."""
    rows = DynamoConversations(TABLES)
    stored = rows.load("ES.1")
    assert stored is not None
    for number, topics in enumerate((("alerts", "news"), ("news",))):
        wanted = replace(stored, subscriptions={topic: a_subscription(topic) for topic in topics})
        rows.save(stored, wanted, TurnRecord("ES.1", f"wamid.{number + 10}", NOON, ()), [])
        stored = rows.load("ES.1")
        assert stored is not None
    rows.move(stored, None, replace(stored, key="ES.9"))
    moved = rows.load("ES.9")
    assert moved is not None
    rows.erase(moved, TurnRecord("ES.9", "wamid.20", NOON, (), state="erased"))
    subscriptions = {call for call in calls if call[0] == "subscriptions"}
    assert subscriptions == {call for call in allowed("ConverseRole") if call[0] == "subscriptions"}
