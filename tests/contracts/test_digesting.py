"""Digests on the store's own transactions: as many items at once as there may be, each in one campaign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from canal.adapters.dynamo_campaigns import DynamoCampaigns
from canal.broadcasts.campaign import Campaign
from canal.broadcasts.digests.offers import AT_ONCE
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS
from canal.services.notices.digesting import MADE, NOTHING, TOLD, Digesting
from canal.services.notices.starting import start

from tests.contracts.tables import TABLES, dynamodb
from tests.noticeboard import FakeQueues
from tests.towns import alzira_with, section
from tests.unit.services.test_digesting import THURSDAY, Office


@pytest.fixture
def campaigns() -> Iterator[DynamoCampaigns]:
    with dynamodb("campaigns"):
        yield DynamoCampaigns(TABLES)


def digesting(campaigns: DynamoCampaigns, office: Office, queues: FakeQueues) -> Digesting:
    def begin(campaign: Campaign, at: datetime) -> object:
        return start(campaigns, queues, campaign, at)

    return Digesting(campaigns, office, begin, lambda: THURSDAY)


def test_the_agenda_is_kept_and_its_planning_begins_once(campaigns: DynamoCampaigns) -> None:
    queues = FakeQueues()
    runs = digesting(campaigns, Office(), queues)
    assert [runs.run("agenda").result for _ in range(2)] == [MADE, TOLD]
    assert len(queues.jobs) == SHARDS
    kept = campaigns.load("20261126-agenda-w48")
    assert kept
    assert (kept.state, kept.items, kept.opens) == (State.PLANNING, ("agenda:2026-w48",), "culture:week")


def test_the_most_offers_that_are_told_at_once_fit_into_one_transaction(campaigns: DynamoCampaigns) -> None:
    titles = {"ca": "Electricista amb experiència " * 4, "es": "Electricista con experiencia " * 4}
    records = [{"id": f"oferta-{n}", "title": titles, "published": "2026-11-25"} for n in range(AT_ONCE + 1)]
    office = Office(alzira_with(offers={**section("offers"), "offers": records}))
    runs = digesting(campaigns, office, FakeQueues())
    assert runs.run("offers_weekly").result == MADE
    items = [f"offer:oferta-{n}:weekly" for n in range(AT_ONCE + 1)]
    assert len(campaigns.told("jobs", items)) == AT_ONCE
    # The same day makes the same campaign, so the last one waits for the next run and is not lost.
    assert runs.run("offers_weekly").result in (TOLD, NOTHING)
    assert len(campaigns.told("jobs", items)) == AT_ONCE
