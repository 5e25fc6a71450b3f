"""A shard is planned: who gets a row, how and when, and what is queued at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from canal.broadcasts.campaign import ALERTS, BULK, Kind, Progress, What
from canal.broadcasts.delivery import TEMPLATE, TEXT
from canal.broadcasts.delivery import State as Stage
from canal.broadcasts.outside import PlanJob
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS
from canal.errors import LostRace, Temporary
from canal.services.notices import planning
from canal.services.notices.lane_watch import LASTS
from canal.services.notices.planning import Unknown

from tests.noticeboard import MONDAY, FakeAllowance, a_subscriber, a_subscription
from tests.planning import DAY, HOUR, MINUTE, PlanningOffice, hours, in_shard

AINA, PAU, LLUM = (in_shard(0, n) for n in range(3))
JOB = PlanJob("20261123-prova", 0)


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "PAGE", 2)


# --- whom -----------------------------------------------------------------------------------------------


def test_everybody_who_asked_gets_a_row_and_is_queued() -> None:
    keys = [in_shard(shard) for shard in range(SHARDS)]
    office = PlanningOffice(*map(a_subscriber, keys))
    office.plan()
    assert sorted(office.rows()) == sorted(office.queued()) == sorted(keys)
    assert {lane for lane, _ in office.queues.chunks} == {ALERTS}


def test_who_asked_for_something_else_is_not_meant() -> None:
    office = PlanningOffice(a_subscriber(AINA, "roads"))
    office.plan()
    assert office.rows() == {}


def test_a_notice_for_a_zone_reaches_that_zone_and_those_of_the_whole_town() -> None:
    people = (a_subscriber(AINA, zones=("alborxi",)), a_subscriber(PAU, zones=("centre",)), a_subscriber(LLUM))
    office = PlanningOffice(*people, zones=("alborxi", "tulell"))
    office.plan()
    assert set(office.rows()) == {AINA, LLUM}
    assert sum(each.left for each in office.board.plans.values()) == 0


def test_a_digest_reaches_those_who_want_it_so_often() -> None:
    weekly = replace(a_subscriber(AINA), subscriptions={"alerts": a_subscription(frequency="weekly")})
    office = PlanningOffice(weekly, a_subscriber(PAU), frequency="weekly")
    office.plan()
    assert set(office.rows()) == {AINA}


def test_who_wants_no_marketing_is_left_out_of_it_and_counted() -> None:
    people = (a_subscriber(AINA, "news", wants_marketing=False), a_subscriber(PAU, "news"))
    office = PlanningOffice(*people, topic="news", kind=Kind.NEWS)
    office.plan()
    assert set(office.rows()) == {PAU}
    assert office.board.plans[JOB.campaign, 0] == Progress(0, max(AINA, PAU), done=True, planned=1, left=1)


def test_whose_reports_staff_take_no_more_is_warned_all_the_same() -> None:
    office = PlanningOffice(a_subscriber(AINA, blocked=True))
    office.plan()
    assert set(office.rows()) == {AINA}


def test_an_alert_is_no_marketing() -> None:
    office = PlanningOffice(a_subscriber(AINA, wants_marketing=False))
    office.plan()
    assert set(office.rows()) == {AINA}


class Lagging:
    """The rows of subscribers as they were, while the citizens have gone on."""

    def __init__(self, office: PlanningOffice) -> None:
        self._before = dict(office.board.citizens)
        self._office = office
        self._now: dict[str, object] = {}

    def __enter__(self) -> None:
        self._office.board.tap = self._swap

    def __exit__(self, *_: object) -> None:
        self._office.board.tap = lambda call: None

    def _swap(self, call: str) -> None:
        if call == "before page":
            self._now = {**self._office.board.citizens}
            self._office.board.citizens.update(self._before)
        if call == "before load_many":
            self._office.board.citizens.clear()
            self._office.board.citizens.update(self._now)  # type: ignore[arg-type]  # what was taken out of it


def test_who_left_while_the_subscribers_still_name_them_gets_nothing() -> None:
    office = PlanningOffice(a_subscriber(AINA), a_subscriber(PAU), a_subscriber(LLUM))
    lagging = Lagging(office)
    office.board.citizens[AINA] = replace(office.board.citizens[AINA], subscriptions={})
    del office.board.citizens[PAU]
    with lagging:
        office.plan(0)
    assert set(office.rows()) == {LLUM}
    assert office.board.plans[JOB.campaign, 0].left == 2


def test_a_citizen_whose_number_changed_gets_one_row_under_the_present_key() -> None:
    """Both numbers are still in the list of subscribers, in shards of their own."""
    old, new = in_shard(3), in_shard(9)
    office = PlanningOffice(a_subscriber(old), a_subscriber(new))
    office.board.moved[old] = new
    office.plan()
    assert set(office.rows()) == {new}
    assert set(office.queued()) == {new}


def test_two_old_numbers_of_one_citizen_on_a_page_are_one_recipient() -> None:
    office = PlanningOffice(a_subscriber(AINA), a_subscriber(PAU))
    office.board.moved[AINA] = PAU
    office.plan()
    assert office.board.plans[JOB.campaign, 0].planned == 1
    assert office.queued() == [PAU]


# --- how --------------------------------------------------------------------------------------------------


def test_inside_the_window_free_text_outside_the_template() -> None:
    office = PlanningOffice(a_subscriber(AINA, last_inbound_at=MONDAY - HOUR), a_subscriber(PAU))
    office.plan()
    assert (office.row(AINA).mode, office.row(PAU).mode) == (TEXT, TEMPLATE)


def test_a_window_that_is_about_to_end_counts_as_over() -> None:
    office = PlanningOffice(a_subscriber(AINA, last_inbound_at=MONDAY - DAY + 4 * MINUTE))
    office.plan()
    assert office.row(AINA).mode == TEMPLATE


def test_the_language_is_the_citizens_or_else_the_towns() -> None:
    office = PlanningOffice(a_subscriber(AINA, language="es"), a_subscriber(PAU, language=None))
    office.plan()
    assert (office.row(AINA).language, office.row(PAU).language) == ("es", "ca")


def test_a_campaign_for_bulk_goes_into_its_own_queue() -> None:
    office = PlanningOffice(a_subscriber(AINA, "roads"), kind=Kind.NEWS, topic="roads")
    office.plan()
    assert [lane for lane, _ in office.queues.chunks] == [BULK]


# --- when -------------------------------------------------------------------------------------------------


def test_who_is_queued_is_looked_at_when_their_turn_must_have_come() -> None:
    """Three minutes of grace for an alert, and one second for each of the shard: that is how fast the number is."""
    office = PlanningOffice(a_subscriber(AINA), a_subscriber(PAU))
    office.plan()
    first, second = sorted((AINA, PAU))
    assert office.row(first).look_at == MONDAY + 3 * MINUTE + timedelta(seconds=1)
    assert office.row(second).look_at == MONDAY + 3 * MINUTE + timedelta(seconds=2)
    assert office.row(first).release_at is None


def test_what_the_tier_does_not_allow_today_waits_and_is_not_queued() -> None:
    later = MONDAY + DAY
    office = PlanningOffice(a_subscriber(AINA), a_subscriber(PAU), allowance=FakeAllowance((None, 1), (later, 1)))
    office.plan()
    first, second = sorted((AINA, PAU))
    assert office.queued() == [first]
    assert (office.row(second).release_at, office.row(second).look_at) == (later, later)


def test_who_is_inside_the_window_needs_no_room_in_the_tier() -> None:
    full = FakeAllowance((MONDAY + DAY, 9))
    office = PlanningOffice(a_subscriber(AINA, last_inbound_at=MONDAY - HOUR), a_subscriber(PAU), allowance=full)
    office.plan()
    assert office.queued() == [AINA]


def test_in_the_quiet_hours_bulk_waits_for_the_morning() -> None:
    office = PlanningOffice(a_subscriber(AINA, "roads"), kind=Kind.NEWS, topic="roads")
    office.now = hours("23:30")
    office.plan()
    morning = hours("08:00", day=24)
    assert (office.row(AINA).release_at, office.row(AINA).look_at) == (morning, morning)
    assert office.queued() == []


def test_the_window_must_still_be_open_in_the_morning() -> None:
    wrote = hours("23:00")
    people = (
        a_subscriber(AINA, "roads", last_inbound_at=wrote),
        a_subscriber(PAU, "roads", last_inbound_at=hours("07:00")),
    )
    office = PlanningOffice(*people, kind=Kind.NEWS, topic="roads")
    office.now = hours("23:30")
    office.plan()
    assert (office.row(AINA).mode, office.row(PAU).mode) == (TEXT, TEMPLATE)


def test_an_alert_knows_no_quiet_hours() -> None:
    office = PlanningOffice(a_subscriber(AINA))
    office.now = hours("03:00")
    office.plan()
    assert office.queued() == [AINA]


def test_who_rests_from_marketing_gets_it_when_the_rest_is_over_and_others_take_the_first_places() -> None:
    rest = hours("12:00", day=24)
    people = (a_subscriber(AINA, "news", rest_until=rest), a_subscriber(PAU, "news"))
    allowance = FakeAllowance((None, 1), (MONDAY + HOUR, 1))
    office = PlanningOffice(*people, topic="news", kind=Kind.NEWS, allowance=allowance)
    office.plan()
    assert office.queued() == [PAU]
    assert office.row(AINA).release_at == rest


def test_a_slot_in_the_quiet_hours_means_the_morning_after() -> None:
    night = FakeAllowance((hours("22:30"), 1))
    office = PlanningOffice(a_subscriber(AINA, "roads"), kind=Kind.NEWS, topic="roads", allowance=night)
    office.plan()
    assert office.row(AINA).release_at == hours("08:00", day=24)


# --- the alert is announced -------------------------------------------------------------------------------


def test_an_alert_is_announced_before_its_first_recipients_are_queued() -> None:
    office = PlanningOffice(a_subscriber(AINA))
    announced: list[object] = []
    office.board.tap = lambda call: announced.append(office.lane.announced) if call == "before queue chunks" else None
    office.plan()
    assert announced == [(MONDAY + timedelta(seconds=1), MONDAY + LASTS)]


def test_what_is_no_alert_announces_nothing() -> None:
    office = PlanningOffice(a_subscriber(AINA, "roads"), kind=Kind.NEWS, topic="roads")
    office.plan()
    assert office.lane.announced is None


@pytest.mark.usefixtures("pages_of_two")
def test_while_planning_goes_on_the_announcement_is_renewed() -> None:
    office = PlanningOffice(*(a_subscriber(in_shard(0, n)) for n in range(5)))

    def slow(call: str) -> None:
        if call == "before page":
            office.now += timedelta(seconds=25)

    office.board.tap = slow
    office.plan(0)
    assert office.lane.announced is not None
    assert office.lane.announced[1] == MONDAY + timedelta(seconds=75) + LASTS


def test_an_alert_goes_out_though_it_cannot_be_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Temporary("no answer")

    office = PlanningOffice(a_subscriber(AINA))
    monkeypatch.setattr(office.lane, "announce", refuse)
    office.plan()
    assert office.queued() == [AINA]


# --- how far it has come ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pages_of_two")
def test_pages_follow_one_another_and_the_last_shard_ends_the_planning() -> None:
    keys = [in_shard(0, n) for n in range(5)]
    office = PlanningOffice(*map(a_subscriber, keys))
    office.plan(*range(1, SHARDS))
    assert office.state == State.PLANNING
    office.plan(0)
    assert office.queued() == sorted(keys)
    assert office.board.plans[JOB.campaign, 0] == Progress(0, max(keys), done=True, planned=5)
    assert office.state == State.SENDING
    assert office.stored.history[-1].what == What.SENDING


def test_a_topic_with_nobody_is_planned_at_once() -> None:
    office = PlanningOffice()
    office.plan()
    assert office.state == State.SENDING
    assert office.queues.chunks == []


@pytest.mark.usefixtures("pages_of_two")
def test_when_time_runs_out_the_rest_is_queued_and_goes_on_where_it_was() -> None:
    keys = [in_shard(0, n) for n in range(5)]
    office = PlanningOffice(*map(a_subscriber, keys))
    times = iter([60.0, 60.0, 5.0])
    figures = office.planning.plan(JOB, lambda: next(times))
    assert office.queues.jobs == [(ALERTS, JOB)]
    assert figures["NoticesPlanned"] == 4
    assert office.planning.plan(JOB)["NoticesPlanned"] == 1
    assert office.queued() == sorted(keys)


@pytest.mark.parametrize("state", sorted(set(State) - {State.PLANNING}))
def test_what_is_not_being_planned_is_left_alone(state: State) -> None:
    office = PlanningOffice(a_subscriber(AINA), state=state)
    office.plan()
    assert office.rows() == {}
    assert office.queues.chunks == []


@pytest.mark.usefixtures("pages_of_two")
@pytest.mark.parametrize("state", [State.PAUSED, State.CANCELLED])
def test_a_campaign_that_is_stopped_meanwhile_is_planned_no_further(state: State) -> None:
    office = PlanningOffice(*(a_subscriber(in_shard(0, n)) for n in range(5)))
    office.board.tap = lambda call: office.change(state=state) if call == "after save progress" else None
    office.plan(0)
    assert len(office.rows()) == 2


def test_a_campaign_that_nobody_knows_is_told() -> None:
    with pytest.raises(Unknown):
        PlanningOffice().planning.plan(PlanJob("20261123-altra", 0))


# --- two at once --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pages_of_two")
def test_of_two_who_plan_the_same_shard_one_stops_and_nobody_is_missed() -> None:
    keys = [in_shard(0, n) for n in range(5)]
    office = PlanningOffice(*map(a_subscriber, keys))
    other = iter([True])

    def meanwhile(call: str) -> None:
        if call == "before save progress" and next(other, False):
            office.planning.plan(JOB)

    office.board.tap = meanwhile
    office.planning.plan(JOB)
    assert sorted(office.rows()) == sorted(keys)
    assert set(office.queued()) == set(keys)
    assert office.board.plans[JOB.campaign, 0].planned == 5


def test_a_page_that_is_done_again_takes_no_room_twice_and_queues_only_who_waits() -> None:
    one = FakeAllowance((None, 1), (MONDAY + DAY, 9))
    office = PlanningOffice(a_subscriber(AINA), a_subscriber(PAU), a_subscriber(LLUM), allowance=one)
    office.put(AINA, state=Stage.SENT, look_at=None)
    office.put(PAU)
    office.plan(0)
    assert sorted(office.queued()) == sorted([PAU, LLUM])


def test_a_store_that_does_not_answer_is_no_lost_race() -> None:
    def lose(call: str) -> None:
        if call == "before plan":
            raise LostRace("rows of this page change")

    office = PlanningOffice(a_subscriber(AINA))
    office.board.tap = lose
    with pytest.raises(LostRace):
        office.plan(0)
