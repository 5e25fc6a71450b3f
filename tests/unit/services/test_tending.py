"""Every minute: what is due begins, what got lost goes on, what is finished is called done, and nothing too early."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from canal.broadcasts import changes
from canal.broadcasts.campaign import ALERTS, Kind, Progress, What
from canal.broadcasts.delivery import State as Stage
from canal.broadcasts.delivery import Step
from canal.broadcasts.outside import PlanJob, Seen
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS
from canal.errors import LostRace, Temporary
from canal.services.notices import look
from canal.services.notices.lateness import LATE
from canal.services.notices.mending import MOST_CLAIMS

from tests.noticeboard import MONDAY, a_campaign, a_subscriber
from tests.planning import DAY, HOUR, MINUTE, PlanningOffice, in_shard

AINA, PAU = in_shard(0), in_shard(5)
NAME = "20261123-prova"


def sending(**campaign: Any) -> PlanningOffice:
    """Planned an hour ago."""
    office = PlanningOffice(**{"state": State.SENDING, **campaign})
    office.be(State.SENDING, What.SENDING, ago=HOUR)
    office.board.plans = {(NAME, shard): Progress(shard, done=True) for shard in range(SHARDS)}
    return office


def shards(office: PlanningOffice, *, again: bool) -> list[int]:
    return [job.shard for _, job in office.queues.jobs if job.again == again]


def test_with_nothing_active_one_look_is_all() -> None:
    office = PlanningOffice(state=State.DONE)
    calls: list[str] = []
    office.board.tap = calls.append
    tended = office.tend()
    assert (tended.figures, tended.faults, calls) == ({}, [], [])


# --- beginning ------------------------------------------------------------------------------------------


def test_an_approved_campaign_begins_at_its_hour() -> None:
    office = PlanningOffice(state=State.APPROVED, not_before=MONDAY + MINUTE)
    assert office.tend().figures == {}
    assert office.tend(after=MINUTE).figures == {"CampaignsStarted": 1}
    assert office.state == State.PLANNING
    assert len(office.queues.jobs) == SHARDS


def test_one_whose_end_has_come_before_it_began_has_failed() -> None:
    office = PlanningOffice(state=State.APPROVED, until=MONDAY)
    assert office.tend().figures == {"CampaignsFailed": 1}
    assert office.state == State.FAILED
    assert office.stored.history[-1].details == {"reason": "expired"}
    assert office.queues.jobs == []


@pytest.mark.parametrize("state", [State.DRAFT, State.CHECKED, State.PAUSED, State.DONE, State.CANCELLED, State.FAILED])
def test_what_waits_for_people_or_is_over_is_left_alone(state: State) -> None:
    office = PlanningOffice(state=state)
    office.put(AINA)
    office.tend(after=HOUR)
    assert office.state == state
    assert office.queues.jobs == []


# --- planning that got lost ------------------------------------------------------------------------------


def test_shards_that_nobody_has_begun_after_a_minute_are_queued_again() -> None:
    office = PlanningOffice()
    office.board.plans[NAME, 0] = Progress(0, "346", planned=5)
    office.board.plans[NAME, 1] = Progress(1, done=True)
    assert office.tend().figures == {}
    assert office.tend(after=MINUTE).figures == {"ShardsQueuedAgain": 14}
    assert shards(office, again=False) == list(range(2, 16))


def test_one_that_was_begun_is_queued_again_when_it_should_long_be_done() -> None:
    office = PlanningOffice()
    office.board.plans[NAME, 0] = Progress(0, "346", planned=5)
    office.tend(after=5 * MINUTE)
    assert shards(office, again=False) == list(range(16))


def test_bulk_that_may_only_wait_its_turn_is_queued_again_seldom() -> None:
    office = PlanningOffice(kind=Kind.NEWS)
    for _ in range(11):
        office.tend(after=MINUTE)
    assert len(office.queues.jobs) == 4 * SHARDS  # after 1, 2, 5 and 10 minutes


def test_after_a_pause_the_shards_that_were_begun_go_on_soon() -> None:
    office = PlanningOffice()
    office.board.plans[NAME, 0] = Progress(0, "346", planned=5)
    office.be(State.PLANNING, What.RESUMED)
    office.tend(after=MINUTE)
    assert 0 in shards(office, again=False)


def test_when_all_shards_are_planned_and_nobody_said_so_it_does() -> None:
    office = PlanningOffice()
    for shard in range(SHARDS):
        office.board.plans[NAME, shard] = Progress(shard, done=True)
    office.tend()
    assert office.state == State.SENDING


# --- recipients who are due --------------------------------------------------------------------------------


def test_shards_with_somebody_due_are_queued() -> None:
    office = sending()
    office.put(AINA)
    office.put(PAU, look_at=MONDAY + MINUTE)
    office.tend()
    assert office.queues.jobs == [(ALERTS, PlanJob(NAME, 0, again=True))]


def test_while_planning_goes_on_those_who_are_due_are_queued_too() -> None:
    office = PlanningOffice()
    office.put(AINA)
    office.tend()
    assert shards(office, again=True) == [0]


def test_an_alerts_claim_of_a_dead_worker_is_free_again_and_queued() -> None:
    office = sending()
    office.put(AINA, state=Stage.SENDING)
    assert office.tend().figures["DeliveriesFreed"] == 1
    assert (office.row(AINA).state, office.row(AINA).look_at) == (Stage.QUEUED, MONDAY)
    assert shards(office, again=True) == [0]


def test_a_claim_whose_worker_may_live_is_left_alone() -> None:
    office = sending()
    office.put(AINA, state=Stage.SENDING, look_at=MONDAY + MINUTE)
    office.tend()
    assert office.row(AINA).state == Stage.SENDING
    assert office.queues.jobs == []


@pytest.mark.parametrize(("minutes", "state"), [(None, Stage.SENDING), (19, Stage.SENDING), (20, Stage.QUEUED)])
def test_bulk_is_sent_again_only_when_reports_of_later_have_come(minutes: int | None, state: Stage) -> None:
    office = sending(kind=Kind.NEWS)
    row = office.put(AINA, state=Stage.SENDING, at=MONDAY - 30 * MINUTE)
    if minutes is not None:
        office.account.told_of = Seen(row.at + MINUTE, row.at + minutes * MINUTE)
    office.tend()
    assert office.row(AINA).state == state


@pytest.mark.parametrize(("minutes", "state"), [(10, Stage.QUEUED), (11, Stage.SENDING)])
def test_before_a_campaign_all_may_have_been_quiet(minutes: int, state: Stage) -> None:
    office = sending(kind=Kind.NEWS)
    row = office.put(AINA, state=Stage.SENDING, at=MONDAY - HOUR)
    office.account.told_of = Seen(row.at + minutes * MINUTE, MONDAY)
    office.tend()
    assert office.row(AINA).state == state


def test_bulk_is_not_sent_again_where_reports_were_missing_for_a_while_after_it() -> None:
    """Ours was away for an hour. The first report after it proves nothing: WhatsApp tells the others later."""
    office = sending(kind=Kind.NEWS)
    row = office.put(AINA, state=Stage.SENDING, at=MONDAY - 2 * HOUR)
    for minutes in (-1, 65, 70):
        office.account.see_statuses(row.at + minutes * MINUTE)
    office.tend()
    assert office.row(AINA).state == Stage.SENDING


def test_what_is_not_known_after_a_day_is_called_unknown() -> None:
    office = sending(kind=Kind.NEWS)
    office.put(AINA, state=Stage.SENDING, at=MONDAY - DAY)
    assert office.tend().figures["DeliveriesUnknown"] == 1
    assert (office.row(AINA).state, office.row(AINA).reason) == (Stage.FAILED, "unknown")


def test_somebody_at_whom_every_worker_dies_is_given_up() -> None:
    office = sending()
    office.put(AINA, state=Stage.SENDING, tries=MOST_CLAIMS)
    office.tend()
    assert (office.row(AINA).state, office.row(AINA).reason) == (Stage.FAILED, "unknown")


def test_a_report_that_comes_in_between_counts() -> None:
    office = sending()
    office.put(AINA, state=Stage.SENDING)

    def report(call: str) -> None:
        if call == "before take queued":
            office.board.tap = lambda other: None
            assert office.deliveries.take(NAME, AINA, Step(Stage.SENT, office.now, wamid="w", reported=True))

    office.board.tap = report
    office.tend()
    assert office.row(AINA).state == Stage.SENT


# --- the end --------------------------------------------------------------------------------------------------


def test_when_nobody_waits_any_more_it_is_done() -> None:
    office = sending()
    office.put(AINA, state=Stage.SENT, look_at=None)
    assert office.tend().figures == {"CampaignsDone": 1}
    assert office.state == State.DONE


def test_not_within_a_minute_of_the_planning() -> None:
    """The index of who waits may lag behind the last page."""
    office = PlanningOffice(state=State.SENDING)
    office.be(State.SENDING, What.SENDING)
    office.tend(after=timedelta(seconds=59))
    assert office.state == State.SENDING
    office.tend(after=timedelta(seconds=1))
    assert office.state == State.DONE


@pytest.mark.parametrize("state", [Stage.QUEUED, Stage.SENDING])
def test_while_anybody_waits_it_is_not_done(state: Stage) -> None:
    office = sending()
    office.put(AINA, state=state, look_at=MONDAY + DAY)
    office.tend()
    assert office.state == State.SENDING


def test_the_rows_have_the_last_word_where_the_index_shows_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    office = sending()
    office.put(AINA)
    monkeypatch.setattr(office.deliveries, "waiting", lambda *_: ())
    office.tend()
    assert office.state == State.SENDING


def test_with_everybody_failed_it_has_failed() -> None:
    office = sending()
    office.put(AINA, state=Stage.FAILED, look_at=None, code=131026, reason="131026")
    assert office.tend().figures["CampaignsFailed"] == 1
    assert office.state == State.FAILED


def test_after_its_end_who_waits_is_let_go_also_whose_hour_would_come_later() -> None:
    office = sending(until=MONDAY)
    office.put(AINA)
    office.put(PAU, release_at=MONDAY + DAY, look_at=MONDAY + DAY)
    assert office.tend().figures["DeliveriesSkipped"] == 2
    assert {(row.state, row.reason) for row in office.rows().values()} == {(Stage.SKIPPED, "expired")}
    assert office.state == State.DONE
    assert office.queues.jobs == []


def test_after_its_end_a_claim_of_the_dead_is_no_reason_to_warn_twice() -> None:
    """Nobody is written to again, so it must not be called skipped while nobody knows."""
    office = sending(until=MONDAY)
    office.put(AINA, state=Stage.SENDING)
    office.tend()
    assert office.row(AINA).state == Stage.SENDING
    office.account.told_of = Seen(office.row(AINA).at, MONDAY + HOUR)
    office.tend(after=HOUR)
    assert (office.row(AINA).state, office.row(AINA).reason) == (Stage.SKIPPED, "expired")


def cancelled(*keys: str, **row: Any) -> PlanningOffice:
    office = sending()
    for key in keys:
        office.put(key, **row)
    office.campaigns.save(changes.cancelled(office.stored, office.now, "comunicacio@canal.test"))
    return office


def test_when_it_is_cancelled_while_it_runs_who_waits_is_let_go() -> None:
    office = cancelled(AINA, PAU)
    assert office.tend().figures == {"DeliveriesSkipped": 2}
    assert {(row.state, row.reason) for row in office.rows().values()} == {(Stage.SKIPPED, "cancelled")}
    assert office.state == State.CANCELLED


def test_a_planner_who_had_begun_a_page_adds_to_it_and_that_is_let_go_too() -> None:
    office = cancelled(AINA)
    office.tend()
    office.put(PAU)
    assert office.closing
    office.tend(after=2 * MINUTE)
    assert office.row(PAU).state == Stage.SKIPPED
    assert not office.closing
    assert office.campaigns.active() == ()


def test_what_is_being_sent_when_it_is_cancelled_is_waited_for() -> None:
    office = cancelled(AINA, state=Stage.SENDING)
    office.tend(after=HOUR)
    assert office.closing
    office.tend(after=DAY)
    assert (office.row(AINA).state, office.row(AINA).reason) == (Stage.FAILED, "unknown")
    assert not office.closing


def test_a_draft_that_is_cancelled_needs_nobody() -> None:
    office = PlanningOffice(state=State.CHECKED)
    office.campaigns.save(changes.cancelled(office.stored, office.now, "comunicacio@canal.test"))
    assert office.campaigns.active() == ()


def test_who_stands_behind_many_claims_that_nobody_can_decide_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "AT_ONCE", 2)
    office = sending(kind=Kind.NEWS)
    for number in range(5):
        office.put(in_shard(0, number), state=Stage.SENDING, at=MONDAY - 2 * MINUTE, look_at=MONDAY - MINUTE)
    office.put(in_shard(0, 5))
    office.tend()
    assert shards(office, again=True) == [0]
    office.campaigns.save(changes.cancelled(office.stored, MONDAY, "ops@canal.test"))
    office.tend()
    assert office.row(in_shard(0, 5)).state == Stage.SKIPPED


def test_a_large_campaign_is_let_go_as_far_as_time_allows() -> None:
    office = cancelled(AINA, PAU)
    assert office.tending.run(lambda: 5.0).figures == {}
    assert office.tend().figures == {"DeliveriesSkipped": 2}


# --- what an operator must hear of ------------------------------------------------------------------------------


def test_an_alert_that_runs_for_too_long_is_told() -> None:
    office = PlanningOffice()
    office.put(AINA, look_at=MONDAY + DAY)
    assert "AlertLate" not in office.tend(after=LATE - MINUTE).figures
    assert office.tend(after=MINUTE).figures["AlertLate"] == 1


def test_other_campaigns_may_take_their_time() -> None:
    office = PlanningOffice(kind=Kind.NEWS)
    assert "AlertLate" not in office.tend(after=DAY).figures


def test_one_campaign_that_fails_does_not_hold_up_the_others() -> None:
    office = PlanningOffice(state=State.APPROVED)
    office.add(a_campaign(id="20261123-zeta", state=State.APPROVED))

    def fail(call: str) -> None:
        if call == "before save campaign":
            office.board.tap = lambda other: None
            raise Temporary("no answer")

    office.board.tap = fail
    tended = office.tend()
    assert [campaign for campaign, _ in tended.faults] == [NAME]
    assert tended.figures == {"CampaignsStarted": 1}


def test_a_campaign_that_somebody_changes_meanwhile_is_seen_again_in_a_minute() -> None:
    office = sending()

    def lose(call: str) -> None:
        if call == "before save campaign":
            office.board.tap = lambda other: None
            raise LostRace("the campaign changed")

    office.board.tap = lose
    assert office.tend().faults == []
    office.tend()
    assert office.state == State.DONE


def test_alerts_come_first() -> None:
    office = PlanningOffice(state=State.APPROVED, kind=Kind.NEWS)
    office.add(a_campaign(id="20261123-zeta", state=State.APPROVED))
    office.tend()
    assert next(lane for lane, _ in office.queues.jobs) == ALERTS


def test_a_campaign_to_a_topic_with_nobody_is_done() -> None:
    office = PlanningOffice(a_subscriber(AINA, "roads"))
    office.plan()
    office.tend(after=MINUTE)
    assert office.state == State.DONE
