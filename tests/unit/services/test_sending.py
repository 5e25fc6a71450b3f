"""One recipient: who still gets it, how, and what is noted of each outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_errors import Problem, from_response
from canal.broadcasts.campaign import Kind, What
from canal.broadcasts.delivery import State
from canal.broadcasts.states import State as CampaignState
from canal.errors import CanalError, NoTemplate, Temporary, WindowClosed

from tests.noticeboard import MONDAY, a_campaign, a_subscriber, a_subscription
from tests.sending import SendingOffice

AINA, PAU = "34600000001", "34600000002"
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight in Alzira


def news(**changes: Any) -> dict[str, Any]:
    """A campaign of news, which waits for the morning and which WhatsApp counts as marketing."""
    return {"kind": Kind.NEWS, "topic": "news", "template": "town_news", **changes}


def a_reader(key: str, **changes: Any) -> Any:
    return a_subscriber(key, "news", **changes)


def refused(code: int | None, status: int = 400) -> CanalError:
    return from_response(status, {"error": {"code": code}} if code else "")


def failing(office: SendingOffice, *errors: CanalError | None) -> None:
    """WhatsApp answers with these, one call after another, and then well."""
    answers = list(errors)
    office.channel.failing = lambda citizen: answers.pop(0) if answers else None


# --- what goes out --------------------------------------------------------------------------------------


def test_outside_the_window_the_template_goes_in_the_citizens_language_of_now() -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU, language="es"))
    outcome = office.run()
    about = f"notice#{office.campaign.id}#"
    assert office.channel.sent == [
        (AINA, "town_alert", "ca", about + AINA),
        (PAU, "town_alert", "es", about + PAU),
    ]
    assert office.channel.values[1]["headline"] == "Lluvia fuerte"
    row = office.row(AINA)
    assert (row.state, row.wamid, row.mode, row.tries) == (State.SENT, "wamid.1", "template", 1)
    assert row.look_at is None
    assert outcome.figures == {"NoticesSent": 2}
    assert outcome.failed == []


def test_who_has_chosen_no_language_gets_the_towns() -> None:
    office = SendingOffice(a_subscriber(AINA, language=None))
    office.run()
    assert office.channel.sent[0][2] == "ca"


def test_inside_the_window_free_text_goes_and_never_the_template() -> None:
    office = SendingOffice(a_subscriber(AINA, last_inbound_at=MONDAY - timedelta(hours=23)))
    office.run()
    assert office.channel.sent[0][1] == "text"
    assert office.row(AINA).mode == "text"


def test_a_window_that_whatsapp_holds_closed_is_answered_with_the_template_within_the_same_claim() -> None:
    office = SendingOffice(a_subscriber(AINA, last_inbound_at=MONDAY - timedelta(hours=23)))
    failing(office, WindowClosed(Problem(131047)))
    office.run()
    assert office.channel.sent[0][1] == "town_alert"
    assert (office.row(AINA).mode, office.row(AINA).tries) == ("template", 1)


def test_a_template_that_is_answered_with_a_closed_window_fails() -> None:
    office = SendingOffice(a_subscriber(AINA))
    failing(office, *[WindowClosed(Problem(131047))] * 9)
    office.run()
    assert (office.row(AINA).state, office.row(AINA).code) == (State.FAILED, 131047)


def test_who_was_blocked_by_staff_is_still_alerted() -> None:
    office = SendingOffice(a_subscriber(AINA, blocked=True))
    office.run()
    assert office.row(AINA).state == State.SENT


# --- what does not --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("citizen", "reason"),
    [
        (a_reader(AINA, subscriptions={}), "left"),
        (a_reader(AINA, subscriptions={"news": a_subscription("news", zones=("tulell",))}), "left"),
        (a_reader(AINA, subscriptions={"news": a_subscription("news", frequency="weekly")}), "left"),
        (a_reader(AINA, wants_marketing=False), "unwilling"),
    ],
)
def test_who_left_or_chose_otherwise_while_it_was_queued_gets_nothing(citizen: Any, reason: str) -> None:
    office = SendingOffice(citizen, **news(zones=("alquenencia",), frequency="each"))
    outcome = office.run()
    assert office.channel.sent == []
    assert (office.row(AINA).state, office.row(AINA).reason) == (State.SKIPPED, reason)
    assert outcome.figures == {"NoticesSkipped": 1}


def test_who_is_not_known_any_more_is_skipped() -> None:
    office = SendingOffice(a_subscriber(AINA))
    office.board.citizens.clear()
    office.run(office.record(AINA))
    assert (office.row(AINA).state, office.row(AINA).reason) == (State.SKIPPED, "gone")


def test_what_is_past_its_end_is_skipped() -> None:
    office = SendingOffice(a_subscriber(AINA), until=MONDAY)
    office.run()
    assert (office.row(AINA).state, office.row(AINA).reason) == (State.SKIPPED, "expired")


def test_who_wants_no_marketing_still_gets_alerts() -> None:
    office = SendingOffice(a_subscriber(AINA, wants_marketing=False, rest_until=MONDAY + timedelta(days=1)))
    office.run()
    assert office.row(AINA).state == State.SENT


def test_at_night_news_waits_for_the_morning() -> None:
    office = SendingOffice(a_reader(AINA), **news())
    office.hours.seconds += (NIGHT - MONDAY).total_seconds()
    outcome = office.run()
    row = office.row(AINA)
    assert (row.state, row.reason) == (State.QUEUED, "quiet")
    assert row.release_at == row.look_at == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert office.channel.sent == []
    assert outcome.figures == {"NoticesPostponed": 1}


def test_at_night_an_alert_goes() -> None:
    office = SendingOffice(a_subscriber(AINA))
    office.hours.seconds += (NIGHT - MONDAY).total_seconds()
    office.run()
    assert office.row(AINA).state == State.SENT


def test_what_would_wait_beyond_its_end_is_skipped() -> None:
    office = SendingOffice(a_reader(AINA), **news(until=NIGHT + timedelta(hours=1)))
    office.hours.seconds += (NIGHT - MONDAY).total_seconds()
    office.run()
    assert (office.row(AINA).state, office.row(AINA).reason) == (State.SKIPPED, "expired")


def test_who_rests_from_marketing_waits() -> None:
    rest = MONDAY + timedelta(hours=5)
    office = SendingOffice(a_reader(AINA, rest_until=rest), **news())
    office.run()
    row = office.row(AINA)
    assert (row.state, row.reason, row.release_at, row.look_at) == (State.QUEUED, "resting", rest, rest)


def test_who_is_not_due_yet_is_left_alone() -> None:
    office = SendingOffice(a_subscriber(AINA))
    key = (office.campaign.id, AINA)
    office.board.rows[key] = replace(office.board.rows[key], release_at=MONDAY + timedelta(hours=1))
    before = office.row(AINA)
    office.run()
    assert office.row(AINA) == before


@pytest.mark.parametrize("state", [s for s in State if s != State.QUEUED])
def test_who_is_somebody_elses_or_done_is_left_alone(state: State) -> None:
    office = SendingOffice(a_subscriber(AINA))
    key = (office.campaign.id, AINA)
    office.board.rows[key] = replace(office.board.rows[key], state=state)
    assert office.run().failed == []
    assert (office.channel.sent, office.row(AINA).state) == ([], state)


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.CANCELLED, CampaignState.DONE])
def test_of_a_campaign_that_does_not_run_the_rows_stay_and_the_chunk_goes(state: CampaignState) -> None:
    office = SendingOffice(a_subscriber(AINA))
    office.change(state=state)
    outcome = office.run()
    assert (outcome.failed, office.channel.sent) == ([], [])
    assert office.row(AINA).state == State.QUEUED


@pytest.mark.parametrize(("left", "mode"), [(120, "text"), (30, "town_alert")])
def test_in_a_window_that_is_about_to_close_the_template_is_safer(left: int, mode: str) -> None:
    """Whether it was open is often told only by a status, and then nobody sends the notice again."""
    wrote = MONDAY - timedelta(hours=24) + timedelta(seconds=left)
    office = SendingOffice(a_subscriber(AINA, last_inbound_at=wrote))
    office.run()
    assert [how for _, how, *_ in office.channel.sent] == [mode]


def test_a_pause_in_the_middle_counts_within_two_seconds() -> None:
    citizens = [a_subscriber(f"346000001{n:02}") for n in range(20)]
    office = SendingOffice(*citizens, rate=1.0)

    def pause() -> None:
        if len(office.channel.sent) == 3 and office.stored().state == CampaignState.SENDING:
            office.change(state=CampaignState.PAUSED)

    office.hours.at_sleep = pause
    office.run()
    assert 3 <= len(office.channel.sent) <= 6
    assert {row.state for row in office.board.rows.values()} == {State.SENT, State.QUEUED}


def test_a_campaign_or_a_row_that_nobody_knows_is_about_nothing() -> None:
    office = SendingOffice(a_subscriber(AINA))
    ghost = replace(a_campaign(), id="20260101-ghost")
    assert office.run(office.record(AINA, campaign=ghost), office.record("34699999999")).failed == []
    assert office.channel.sent == []


def test_who_was_read_long_ago_is_read_again_before_the_message() -> None:
    """Bulk that stood back for an alert must not forget who left meanwhile."""
    office = SendingOffice(a_reader(AINA), **news())
    office.lane.announce(MONDAY, MONDAY + timedelta(seconds=60))

    def leave() -> None:
        office.board.citizens[AINA] = replace(office.board.citizens[AINA], subscriptions={})

    office.hours.at_sleep = leave
    office.run()
    assert office.channel.sent == []
    assert office.row(AINA).reason == "left"


# --- what WhatsApp answers ------------------------------------------------------------------------------


def test_too_fast_is_tried_again_within_the_claim_and_counted() -> None:
    office = SendingOffice(a_subscriber(AINA))
    failing(office, *[refused(130429)] * 3)
    outcome = office.run()
    assert (office.row(AINA).state, office.row(AINA).tries) == (State.SENT, 1)
    assert outcome.figures == {"NoticesSent": 1, "NoticesThrottled": 3}


def test_a_long_storm_of_429_loses_nobody_and_sends_nobody_twice() -> None:
    citizens = [a_subscriber(f"346000001{n:02}") for n in range(20)]
    office = SendingOffice(*citizens)
    failing(office, *[refused(130429)] * 30)
    office.run()
    states = {row.citizen: row.state for row in office.board.rows.values()}
    assert set(states.values()) <= {State.SENT, State.QUEUED}
    waiting = [row for row in office.board.rows.values() if row.state == State.QUEUED]
    assert all(row.look_at and row.release_at and row.reason == "throttled" for row in waiting)
    sent = [citizen for citizen, *_ in office.channel.sent]
    assert len(sent) == len(set(sent)) == 20 - len(waiting)
    assert len(waiting) == 3


def test_what_passes_is_tried_a_few_times_and_then_later() -> None:
    office = SendingOffice(a_subscriber(AINA))
    failing(office, *[refused(131016, 503)] * 3)
    outcome = office.run()
    row = office.row(AINA)
    assert (row.state, row.reason) == (State.QUEUED, "temporary")
    assert row.look_at == row.release_at == office.hours.now() + timedelta(seconds=60)
    assert outcome.figures == {"NoticesRepeated": 2, "NoticesPostponed": 1}


def test_an_answer_that_was_lost_leaves_bulk_claimed_and_repeats_an_alert() -> None:
    lost = Temporary(Problem(details="ReadTimeout", uncertain=True))
    bulk, alert = SendingOffice(a_reader(AINA), **news()), SendingOffice(a_subscriber(AINA))
    for office in (bulk, alert):
        failing(office, lost)
    assert bulk.run().figures == {"NoticesUncertain": 1}
    assert alert.run().figures == {"NoticesRepeated": 1, "NoticesSent": 1}
    assert bulk.row(AINA).state == State.SENDING
    assert bulk.row(AINA).look_at == bulk.row(AINA).at + timedelta(minutes=10)


def test_enough_marketing_rests_them_a_day_once() -> None:
    office = SendingOffice(a_reader(AINA), **news())
    failing(office, refused(131049), refused(131049))
    office.run()
    tomorrow = office.hours.now() + timedelta(days=1)
    row = office.row(AINA)
    assert (row.state, row.reason) == (State.QUEUED, "enough")
    assert row.release_at == office.board.citizens[AINA].rest_until == tomorrow
    office.hours.seconds += 24 * 3600 + 1
    office.run()
    assert (office.row(AINA).state, office.row(AINA).code) == (State.FAILED, 131049)


def test_who_stopped_marketing_fails_and_is_remembered() -> None:
    office = SendingOffice(a_reader(AINA), **news())
    failing(office, refused(131050))
    assert office.run().figures == {"NoticesFailed": 1}
    assert (office.row(AINA).state, office.row(AINA).code) == (State.FAILED, 131050)
    assert not office.board.citizens[AINA].wants_marketing


def test_who_cannot_be_reached_fails_with_code_and_reason_and_the_others_go_on() -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU))
    failing(office, refused(131026))
    office.run()
    row = office.row(AINA)
    assert (row.state, row.code, row.reason) == (State.FAILED, 131026, "131026")
    assert office.row(PAU).state == State.SENT


@pytest.mark.parametrize(
    "error", [refused(code) for code in (190, 368, 131031, 131042, 131048)] + [NoTemplate(Problem(132015))]
)
def test_what_stops_the_campaign_pauses_it_and_leaves_everybody_queued(error: CanalError) -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU))
    office.channel.failing = lambda citizen: error
    outcome = office.run(office.record(AINA), office.record(PAU, message="m2"))
    stored = office.stored()
    assert (stored.state, stored.history[-1].what) == (CampaignState.PAUSED, What.STOPPED)
    assert {row.state for row in office.board.rows.values()} == {State.QUEUED}
    assert all(row.look_at for row in office.board.rows.values())
    assert outcome.figures == {"CampaignStopped": 1}
    assert outcome.stopped == [(office.campaign.id, stored.history[-1].details["reason"])]
    assert outcome.failed == []
    assert office.channel.sent == []


def test_somebody_may_cancel_while_we_stop_it() -> None:
    office = SendingOffice(a_subscriber(AINA))
    failing(office, refused(190))

    def cancel(call: str) -> None:
        if call == "before save campaign":
            office.board.tap = lambda call: None
            office.change(state=CampaignState.CANCELLED)

    office.board.tap = cancel
    outcome = office.run()
    assert office.stored().state == CampaignState.CANCELLED
    assert (office.row(AINA).state, outcome.figures) == (State.QUEUED, {})


def test_somebody_may_change_something_else_while_we_stop_it() -> None:
    office = SendingOffice(a_subscriber(AINA))
    failing(office, refused(190))

    def touch(call: str) -> None:
        if call == "before save campaign":
            office.board.tap = lambda call: None
            office.change(demo=True)

    office.board.tap = touch
    assert office.run().figures == {"CampaignStopped": 1}
    assert office.stored().state == CampaignState.PAUSED


def test_a_fault_of_ours_leaves_the_claim_and_is_told() -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU))
    answers: list[Exception | None] = [KeyError("a fault of ours")]
    office.channel.failing = lambda citizen: answers.pop(0) if answers else None  # type: ignore[assignment, return-value]  # no error of Canal's
    outcome = office.run()
    assert [type(error) for _, error in outcome.errors] == [KeyError]
    assert (office.row(AINA).state, office.row(PAU).state) == (State.SENDING, State.SENT)


def test_what_cannot_be_composed_is_not_claimed_and_goes_back() -> None:
    office = SendingOffice(a_subscriber(AINA), words={})
    outcome = office.run()
    assert outcome.failed == ["m1"]
    assert office.row(AINA).state == State.QUEUED


def test_that_something_came_unasked_is_noted_and_is_no_reason_to_send_again() -> None:
    office = SendingOffice(a_subscriber(AINA), a_subscriber(PAU))

    def refuse(call: str) -> None:
        if call == "before told":
            raise Temporary("the table does not answer")

    office.run(office.record(AINA))
    assert office.board.citizens[AINA].told_at is not None
    office.board.tap = refuse
    office.run(office.record(PAU, message="m2"))
    assert office.board.citizens[PAU].told_at is None
    assert [citizen for citizen, *_ in office.channel.sent] == [AINA, PAU]
    assert office.row(PAU).state == State.SENT
