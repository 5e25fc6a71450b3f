"""The ``Campaigns`` port: the same checks on the fake and on DynamoDB (moto)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from canal.adapters.dynamo_campaigns import MOST_TOLD, DynamoCampaigns
from canal.adapters.notice_models import CampaignRow
from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, Estimate, Kind, Progress, Words
from canal.broadcasts.outside import Campaigns
from canal.broadcasts.states import ACTIVE, State
from canal.errors import BadInput, LostRace

from tests.contracts.tables import TABLES, dynamodb
from tests.contracts.test_failing_rows import Crash, Wire, wire
from tests.noticeboard import MONDAY, Board, FakeCampaigns, a_campaign

__all__ = ["wire"]

WHO = "comunicacio@canal.test"
ESTIMATE = Estimate(
    MONDAY,
    recipients=120,
    outside=100,
    by_language={"ca": 80, "es": 40},
    by_zone={"": 120},
    left=3,
    tier=None,
    days=1,
    seconds=2,
    cost=0.0,
    problems=(("notices.problems.no_template", {"template": "town_alert", "language": "es"}),),
    warnings=(("notices.warnings.empty", {}),),
)


@pytest.fixture(params=["fake", "dynamo"])
def campaigns(request: pytest.FixtureRequest) -> Iterator[Campaigns]:
    if request.param == "fake":
        yield FakeCampaigns(Board())
        return
    with dynamodb("campaigns"):
        yield DynamoCampaigns(TABLES)


def full() -> Campaign:
    """One with something in every field."""
    made = a_campaign(
        kind=Kind.DIGEST,
        words={"ca": Words("Agenda", "Dilluns\ndimarts", "Dilluns, dimarts"), "es": Words("Agenda", "Lunes")},
        zones=("centre", "alborgi"),
        frequency="weekly",
        opens="culture:week",
        image="https://example.org/a.jpg",
        not_before=MONDAY,
        until=MONDAY + timedelta(hours=8),
        estimate=ESTIMATE,
        written_by=WHO,
        source="cap",
        items=("event:1", "event:2"),
        cap={"identifier": "x", "severity": "Severe"},
        demo=True,
    )
    made = changes.created(made, MONDAY, WHO)
    made = replace(made, state=State.CHECKED)
    return changes.stopped(
        changes.planning(changes.approved(made, MONDAY, "admin@canal.test", "riuada"), MONDAY),
        MONDAY,
        131042,
        "payment",
    )


@pytest.mark.parametrize("campaign", [a_campaign(), full(), a_campaign(words={}, template="", topic="")])
def test_what_is_saved_is_loaded_to_the_last_field(campaigns: Campaigns, campaign: Campaign) -> None:
    saved = campaigns.save(campaign)
    assert saved == replace(campaign, version=1)
    assert campaigns.load(campaign.id) == saved


@pytest.mark.parametrize("unknown", ["nobody", "", "x" * 3_000])
def test_an_unknown_campaign_is_none(campaigns: Campaigns, unknown: str) -> None:
    assert campaigns.load(unknown) is None


def test_of_two_who_change_a_campaign_the_second_loses(campaigns: Campaigns) -> None:
    read = campaigns.save(a_campaign())
    campaigns.save(replace(read, demo=True))
    with pytest.raises(LostRace):
        campaigns.save(replace(read, topic="news"))
    stored = campaigns.load(read.id)
    assert stored
    assert (stored.demo, stored.topic, stored.version) == (True, "alerts", 2)


def test_a_new_campaign_does_not_overwrite_one_of_that_id(campaigns: Campaigns) -> None:
    campaigns.save(a_campaign())
    with pytest.raises(LostRace):
        campaigns.save(a_campaign(topic="news"))


def test_each_item_of_a_topic_is_told_once(campaigns: Campaigns) -> None:
    campaigns.save(a_campaign(id="1", topic="jobs"), ["offer:1", "offer:2", "offer:1"])
    with pytest.raises(LostRace):
        campaigns.save(a_campaign(id="2", topic="jobs"), ["offer:2", "offer:3"])
    assert campaigns.load("2") is None
    campaigns.save(a_campaign(id="3", topic="taxes"), ["offer:2"])
    assert campaigns.told("jobs", ["offer:1", "offer:2", "offer:3", "offer:1"]) == {"offer:1", "offer:2"}
    assert campaigns.told("jobs", []) == frozenset()
    assert campaigns.told("news", ["offer:1"]) == frozenset()


def test_the_active_ones_are_those_that_may_still_change_by_themselves(campaigns: Campaigns) -> None:
    for n, state in enumerate(State):
        campaigns.save(a_campaign(id=f"c{n}", state=state))
    expected = [f"c{n}" for n, state in enumerate(State) if state in ACTIVE]
    assert [campaign.id for campaign in campaigns.active()] == expected


def test_a_campaign_that_ended_is_no_longer_active(campaigns: Campaigns) -> None:
    saved = campaigns.save(a_campaign(state=State.SENDING))
    campaigns.save(changes.done(saved, MONDAY))
    assert campaigns.active() == ()


def test_one_that_was_called_off_while_it_ran_is_active_until_it_is_closed(campaigns: Campaigns) -> None:
    saved = campaigns.save(a_campaign(state=State.SENDING))
    closing = campaigns.save(changes.cancelled(saved, MONDAY, "comunicacio@canal.test"))
    assert campaigns.active() == (closing,)
    campaigns.save(changes.closed(closing))
    assert campaigns.active() == ()


def test_campaigns_are_paged_the_newest_first(campaigns: Campaigns) -> None:
    for n in range(5):
        campaigns.save(a_campaign(id=f"2026112{n}"))
    first = campaigns.page(limit=3)
    assert [campaign.id for campaign in first] == ["20261124", "20261123", "20261122"]
    assert [campaign.id for campaign in campaigns.page(first[-1].id, 3)] == ["20261121", "20261120"]
    assert campaigns.page("20261120", 3) == ()


def test_progress_is_kept_by_shard_and_only_one_planner_gets_on(campaigns: Campaigns) -> None:
    assert campaigns.progress("c") == ()
    begun = Progress(10, "ES.5", planned=500, left=3)
    campaigns.save_progress("c", None, begun)
    campaigns.save_progress("c", None, Progress(2, done=True))
    with pytest.raises(LostRace):
        campaigns.save_progress("c", None, begun)
    further = replace(begun, cursor="ES.9", done=True, planned=700)
    campaigns.save_progress("c", begun, further)
    with pytest.raises(LostRace):
        campaigns.save_progress("c", begun, further)
    assert campaigns.progress("c") == (Progress(2, done=True), further)
    assert campaigns.progress("d") == ()


def test_progress_whose_answer_got_lost_is_known_again_and_anothers_is_not(stored: DynamoCampaigns) -> None:
    """Else an alert's shard would stand still until somebody misses it."""
    after = Progress(10, "ES.5", planned=500, mark="ours")
    for _ in range(2):  # as botocore does
        stored.save_progress("c", None, after)
    with pytest.raises(LostRace):
        stored.save_progress("c", None, replace(after, mark="another"))


# --- on DynamoDB alone ------------------------------------------------------------------------------


@pytest.fixture
def stored() -> Iterator[DynamoCampaigns]:
    with dynamodb("campaigns"):
        yield DynamoCampaigns(TABLES)


def test_more_items_than_a_transaction_takes_are_refused(stored: DynamoCampaigns) -> None:
    with pytest.raises(BadInput):
        stored.save(a_campaign(), [str(n) for n in range(MOST_TOLD + 1)])
    stored.save(a_campaign(), [str(n) for n in range(MOST_TOLD)])
    assert len(stored.told("alerts", [str(n) for n in range(MOST_TOLD)])) == MOST_TOLD


@pytest.mark.parametrize("told", [(), ("offer:1",)])
def test_a_save_whose_answer_got_lost_is_known_again(stored: DynamoCampaigns, told: tuple[str, ...]) -> None:
    """As botocore does by itself: the second one finds the first one's version."""
    assert stored.save(a_campaign(), told) == stored.save(a_campaign(), told)


def test_a_campaign_that_a_late_index_still_shows_is_read_again(
    stored: DynamoCampaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.save(a_campaign(state=State.DONE))
    late: list[Any] = [CampaignRow("campaign", "20261123-prova"), CampaignRow("campaign", "gone")]
    monkeypatch.setattr(CampaignRow.by_active, "query", lambda *args, **more: iter(late))
    assert stored.active() == ()


def test_a_campaign_of_a_later_release_is_still_read(stored: DynamoCampaigns) -> None:
    stored.save(full())
    row = CampaignRow.get("campaign", full().id)
    row.body = {**row.body, "colour": "red", "history": [{**row.body["history"][0], "colour": "red"}]}
    row.save()
    found = stored.load(full().id)
    assert found
    assert len(found.history) == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_campaign_and_what_it_tells_are_saved_together_or_not_at_all(wire: Wire, after: bool) -> None:
    with dynamodb("campaigns"):
        campaigns = DynamoCampaigns(TABLES)
        wire.expect(0, after=after)
        with pytest.raises(Crash):
            campaigns.save(a_campaign(topic="jobs"), ["offer:1"])
        wire.expect(None)
        assert (campaigns.load(a_campaign().id) is not None) is after
        assert (campaigns.told("jobs", ["offer:1"]) == {"offer:1"}) is after
