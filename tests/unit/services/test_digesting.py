"""A digest becomes a campaign once, whatever crashes and however often the schedule calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from canal.broadcasts.campaign import Campaign
from canal.broadcasts.states import State
from canal.broadcasts.subscription import EACH, WEEKLY
from canal.dialogue.town import Town
from canal.errors import LostRace, Temporary
from canal.services.notices.digesting import MADE, NO_TOPIC, NOT_LOADED, NOTHING, TOLD, Digesting, UnknownDigest

from tests.noticeboard import Board, FakeCampaigns
from tests.towns import alzira, alzira_with, section

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # ten in Alzira
WEEK = timedelta(days=7)


class Office:
    """The digests of a town over one board; ``started`` are the campaigns whose planning began."""

    def __init__(self, town: Town | None = None) -> None:
        self.board = Board()
        self.town = town or alzira()
        self.now = THURSDAY
        self.started: list[str] = []
        self.failing: Callable[[], None] = lambda: None

    def current(self) -> Town:
        return self.town

    def start(self, campaign: Campaign, now: datetime) -> None:
        self.failing()
        self.started.append(campaign.id)

    def digesting(self) -> Digesting:
        return Digesting(FakeCampaigns(self.board), self, self.start, lambda: self.now)

    def run(self, asked: object) -> tuple[str, str]:
        done = self.digesting().run(asked)
        return done.result, done.campaign

    def items(self) -> list[str]:
        """What was told, in the order of the campaigns; an item that stands twice was told twice."""
        return [item for _, campaign in sorted(self.board.campaigns.items()) for item in campaign.items]


def with_topic(**changes: Any) -> Town:
    notices = section("notices")
    jobs = next(each for each in notices["topics"] if each["id"] == "jobs")
    jobs.update(changes)
    return alzira_with(notices=notices)


def crash_at(call: str, error: Exception) -> Callable[[str], None]:
    def tap(seen: str) -> None:
        if seen == call:
            raise error

    return tap


# --- each of them -------------------------------------------------------------------------------


def test_the_agenda_becomes_an_approved_campaign_that_is_started() -> None:
    office = Office()
    assert office.run("agenda") == (MADE, "20261126-agenda-w48")
    campaign = office.board.campaigns["20261126-agenda-w48"]
    assert (campaign.state, campaign.version, campaign.topic) == (State.APPROVED, 1, "agenda")
    assert office.started == ["20261126-agenda-w48"]


def test_a_second_run_of_the_same_week_tells_nobody_again() -> None:
    office = Office()
    office.run("agenda")
    assert office.run("agenda") == (TOLD, "")
    office.now += timedelta(days=1)
    assert office.run("agenda") == (TOLD, "")
    assert list(office.board.campaigns) == ["20261126-agenda-w48"]


def test_the_next_week_has_its_own_agenda() -> None:
    office = Office()
    office.run("agenda")
    office.now += WEEK
    assert office.run("agenda") == (MADE, "20261203-agenda-w49")


def test_offers_are_told_when_they_are_new_and_each_once() -> None:
    office = Office()
    assert office.run("offers")[0] == MADE
    assert office.run("offers") == (NOTHING, "")
    office.now += timedelta(days=5)  # a new one was published meanwhile
    assert office.run("offers") == (MADE, "20261201-offers")
    assert len(office.items()) == len(set(office.items())) == 3


def test_where_nobody_chooses_how_often_the_offers_go_to_all_and_never_weekly() -> None:
    office = Office(with_topic(frequencies=[]))
    assert office.run("offers_weekly") == (NOTHING, "")
    office.run("offers")
    assert next(iter(office.board.campaigns.values())).frequency == ""


def test_where_one_chooses_how_often_each_gets_the_offers_in_their_own_way() -> None:
    office = Office(with_topic(frequencies=[EACH, WEEKLY]))
    office.run("offers")
    office.run("offers_weekly")
    found = {campaign.id: campaign.frequency for campaign in office.board.campaigns.values()}
    assert found == {"20261126-offers": EACH, "20261126-offers-weekly": WEEKLY}


def test_where_there_are_only_weekly_ones_no_daily_digest_is_made() -> None:
    office = Office(with_topic(frequencies=[WEEKLY]))
    assert office.run("offers") == (NOTHING, "")
    assert office.run("offers_weekly")[0] == MADE


def test_tax_dates_that_are_over_make_no_reminder() -> None:
    assert Office().run("taxes") == (NOTHING, "")


def test_a_tax_date_is_told_once_though_it_is_near_for_a_week() -> None:
    period = {"id": "ibi", "taxes": ["ibi_urbana"], "year": 2026, "opens": "2026-10-01", "closes": "2026-12-01"}
    office = Office(alzira_with(taxes={**section("taxes"), "periods": [{**period, "debits": []}]}))
    results = []
    for _ in range(7):
        results.append(office.run("taxes"))
        office.now += timedelta(days=1)
    assert results == [(MADE, "20261126-taxes"), *[(NOTHING, "")] * 6]


def test_an_agenda_that_is_not_loaded_is_said_and_makes_no_campaign() -> None:
    office = Office(alzira_with(agenda={**section("agenda"), "until": "2026-11-27"}))
    assert office.run("agenda") == (NOT_LOADED, "")
    assert office.board.campaigns == {}


def test_nothing_on_makes_no_campaign() -> None:
    office = Office(alzira_with(agenda={**section("agenda"), "occurrences": []}))
    assert office.run("agenda") == (NOTHING, "")


def test_a_town_without_the_topic_is_told_nothing() -> None:
    notices = {**section("notices"), "topics": []}
    assert Office(alzira_with(notices=notices)).run("agenda") == (NO_TOPIC, "")


@pytest.mark.parametrize("asked", [None, "", "agendas", 7, ["agenda"]])
def test_a_digest_that_does_not_exist_is_a_clear_error(asked: object) -> None:
    with pytest.raises(UnknownDigest, match="known are agenda, offers, offers_weekly, taxes"):
        Office().run(asked)


# --- what may fail ------------------------------------------------------------------------------


def test_a_crash_before_the_campaign_is_kept_leaves_nothing_and_the_next_run_does_it() -> None:
    office = Office()
    office.board.tap = crash_at("before save campaign", Temporary("no answer"))
    with pytest.raises(Temporary):
        office.run("offers")
    assert (office.board.campaigns, office.board.items) == ({}, set())
    office.board.tap = lambda call: None
    assert office.run("offers")[0] == MADE


def test_a_lost_answer_after_it_is_kept_tells_nobody_twice_and_leaves_it_to_tend() -> None:
    office = Office()
    office.board.tap = crash_at("after save campaign", Temporary("answer lost"))
    with pytest.raises(Temporary):
        office.run("agenda")
    office.board.tap = lambda call: None
    assert office.run("agenda") == (TOLD, "")
    assert [each.state for each in FakeCampaigns(office.board).active()] == [State.APPROVED]


@pytest.mark.parametrize("error", [Temporary("the queue does not answer"), LostRace("tend was quicker")])
def test_a_start_that_fails_leaves_it_to_tend(error: Exception) -> None:
    office = Office()

    def fail() -> None:
        raise error

    office.failing = fail
    done = office.digesting().run("agenda")
    assert (done.result, done.campaign, done.started) == (MADE, "20261126-agenda-w48", False)
    assert office.board.campaigns["20261126-agenda-w48"].state == State.APPROVED


def test_of_two_runs_at_once_one_makes_it() -> None:
    office = Office()
    results = []

    def other_is_quicker(call: str) -> None:
        if call == "before save campaign":
            office.board.tap = lambda call: None
            results.append(office.run("agenda"))

    office.board.tap = other_is_quicker
    results.append(office.run("agenda"))
    assert results == [(MADE, "20261126-agenda-w48"), (TOLD, "")]
    assert office.started == ["20261126-agenda-w48"]


def test_a_race_that_nobody_won_is_not_taken_for_told() -> None:
    office = Office()
    office.board.tap = crash_at("before save campaign", LostRace("transaction conflict"))
    with pytest.raises(LostRace):
        office.run("agenda")
    office.board.tap = lambda call: None
    assert office.run("agenda")[0] == MADE
