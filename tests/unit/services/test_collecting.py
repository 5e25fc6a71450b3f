"""What WhatsApp reports: in any order, twice, before our own note, and broken."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_updates import update
from canal.broadcasts import delivery
from canal.broadcasts.campaign import Event, What
from canal.broadcasts.delivery import Delivery, State, Step
from canal.broadcasts.outside import Health, Limits, Seen
from canal.broadcasts.states import State as Stage
from canal.broadcasts.tiers import NoTier, tier_of
from canal.errors import Temporary
from canal.services.collecting import Collector, Outcome
from canal.services.notices.crew import Timing
from canal.services.notices.running import Running

from tests import events
from tests.noticeboard import (
    MONDAY,
    Board,
    FakeAccount,
    FakeCampaigns,
    FakeDeliveries,
    FakePeople,
    a_campaign,
    a_subscriber,
)

CAMPAIGN, AINA = "20261123-prova", "ES.1"
RANK = (State.SENT, State.DELIVERED, State.READ)


class Desk:
    """A collector on fakes, and one delivery that is being sent."""

    def __init__(self) -> None:
        self.board = Board(a_subscriber(AINA))
        self.account = FakeAccount()
        self.deliveries, self.people = FakeDeliveries(self.board), FakePeople(self.board)
        claimed = Delivery(CAMPAIGN, AINA, "ca", "template", MONDAY, State.SENDING, look_at=MONDAY)
        self.board.rows[CAMPAIGN, AINA] = claimed

    @property
    def delivery(self) -> Delivery:
        return self.board.rows[CAMPAIGN, AINA]

    def hear(self, *bodies: object) -> Outcome:
        later = itertools.count()
        timing = Timing(lambda: MONDAY + timedelta(seconds=next(later)), lambda: 0.0, lambda seconds: None)
        stop = Running(FakeCampaigns(self.board), timing).stop
        collector = Collector(self.deliveries, self.people, self.account, update, lambda: MONDAY, stop)
        return collector.run(records(bodies))


def records(bodies: Iterable[object]) -> list[dict[str, Any]]:
    return [
        {"messageId": str(number), "body": body if isinstance(body, str) else json.dumps(body)}
        for number, body in enumerate(bodies)
    ]


def status(state: str, seconds: int = 0, code: int | None = None, reference: str = "") -> dict[str, Any]:
    at = int((MONDAY + timedelta(seconds=seconds)).timestamp())
    told: dict[str, Any] = {
        "id": "wamid.out",
        "status": state,
        "timestamp": str(at),
        "biz_opaque_callback_data": reference or delivery.reference(CAMPAIGN, AINA),
        "pricing": {"category": "utility", "type": "regular"},
    }
    if code is not None:
        told["errors"] = [{"code": code, "title": "no"}]
    return {"updates": [{"field": "messages", "value": {"phone_number_id": "2", "status": told}}]}


@pytest.mark.parametrize("order", list(itertools.permutations(("sent", "delivered", "read"))), ids="-".join)
def test_whatever_the_order_what_is_read_stays_read(order: tuple[str, ...]) -> None:
    desk = Desk()
    desk.hear(*(status(state) for state in (*order, *order)))
    assert desk.delivery.state == State.READ
    assert desk.delivery.wamid == "wamid.out"
    assert desk.delivery.category == "utility"
    assert desk.delivery.look_at is None


def test_a_status_that_comes_before_our_own_note_is_not_taken_back() -> None:
    desk = Desk()
    desk.hear(status("delivered"))
    assert not desk.deliveries.take(CAMPAIGN, AINA, Step(State.SENT, MONDAY, wamid="wamid.out"))
    assert desk.delivery.state == State.DELIVERED


def test_a_failure_keeps_the_code_and_never_comes_after_delivery() -> None:
    desk = Desk()
    desk.hear(status("failed", code=131026))
    assert (desk.delivery.state, desk.delivery.code, desk.delivery.reason) == (State.FAILED, 131026, "131026")
    late = Desk()
    late.hear(status("delivered"), status("failed", code=131026))
    assert late.delivery.state == State.DELIVERED


def test_one_that_was_given_up_as_unknown_turns_out_to_be_read() -> None:
    desk = Desk()
    desk.deliveries.take(CAMPAIGN, AINA, Step(State.FAILED, MONDAY, reason=delivery.UNKNOWN))
    desk.hear(status("read"))
    assert (desk.delivery.state, desk.delivery.reason) == (State.READ, "")


def test_who_stopped_marketing_in_whatsapp_gets_no_more_of_it() -> None:
    desk = Desk()
    desk.hear(status("failed", code=131050))
    assert not desk.board.citizens[AINA].wants_marketing


def test_who_had_enough_for_now_rests_for_a_day() -> None:
    desk = Desk()
    desk.hear(status("failed", seconds=60, code=131049))
    assert desk.board.citizens[AINA].rest_until == MONDAY + timedelta(hours=24, seconds=60)


@pytest.mark.parametrize("code", [131042, 368, 131031, 131048, 131063])
def test_what_lets_nothing_out_stops_the_campaign_though_whatsapp_says_so_only_afterwards(code: int) -> None:
    desk = Desk()
    desk.board.campaigns[CAMPAIGN] = a_campaign(state=Stage.SENDING, version=1)
    outcome = desk.hear(status("failed", code=code), status("failed", code=code))
    stopped = desk.board.campaigns[CAMPAIGN]
    assert (stopped.state, stopped.history[-1].what) == (Stage.PAUSED, What.STOPPED)
    assert stopped.history[-1].details == {"reason": str(code), "code": str(code)}
    assert outcome.figures["CampaignStopped"] == 1
    assert ("campaign stopped", {"campaign": CAMPAIGN, "reason": str(code)}) in outcome.told


@pytest.mark.parametrize("code", [131026, 131049, 131047, None])
def test_what_is_about_one_citizen_stops_nothing(code: int | None) -> None:
    desk = Desk()
    desk.board.campaigns[CAMPAIGN] = a_campaign(state=Stage.SENDING, version=1)
    desk.hear(status("failed", code=code))
    assert desk.board.campaigns[CAMPAIGN].state == Stage.SENDING


def test_a_report_of_before_somebody_resumed_it_does_not_stop_it_again() -> None:
    desk = Desk()
    resumed = Event(MONDAY + timedelta(minutes=5), "ops@canal.test", What.RESUMED)
    desk.board.campaigns[CAMPAIGN] = a_campaign(state=Stage.SENDING, version=1, history=(resumed,))
    outcome = desk.hear(status("failed", seconds=299, code=131042))
    assert desk.board.campaigns[CAMPAIGN].state == Stage.SENDING
    assert "CampaignStopped" not in outcome.figures
    desk.hear(status("failed", seconds=301, code=131042))
    assert desk.board.campaigns[CAMPAIGN].state == Stage.PAUSED


def test_a_campaign_that_cannot_be_stopped_now_is_tried_again() -> None:
    desk = Desk()
    desk.board.campaigns[CAMPAIGN] = a_campaign(state=Stage.SENDING, version=1)

    def refuse(call: str) -> None:
        if call == "before load campaign":
            raise Temporary("the table does not answer")

    desk.board.tap = refuse
    assert desk.hear(status("failed", code=131042)).failed == ["0"]
    desk.board.tap = lambda call: None
    desk.hear(status("failed", code=131042))
    assert desk.board.campaigns[CAMPAIGN].state == Stage.PAUSED


def test_statuses_of_conversations_and_of_nobody_change_nothing() -> None:
    desk = Desk()
    outcome = desk.hear(
        status("read", reference="turn#1"),
        status("read", reference="notice#"),
        status("read", reference="notice#20261123-prova#ES.404"),
        status("warmed"),
    )
    assert desk.delivery.state == State.SENDING
    assert not outcome.failed


def test_that_statuses_arrive_is_noted_after_them() -> None:
    desk = Desk()
    desk.hear(status("sent", seconds=5), status("delivered", seconds=3))
    assert desk.account.told_of == Seen(MONDAY + timedelta(seconds=5), MONDAY + timedelta(seconds=5))


def test_a_status_of_the_far_future_proves_nothing() -> None:
    desk = Desk()
    desk.hear(status("sent", seconds=3), status("sent", seconds=86_400, reference="turn#1"))
    assert desk.account.told_of == Seen(MONDAY + timedelta(seconds=3), MONDAY + timedelta(seconds=3))


def test_an_event_whose_keeping_fails_comes_back_and_the_others_do_not() -> None:
    desk = Desk()

    def refuse(call: str) -> None:
        if call == "before take read":
            raise Temporary("the table does not answer")

    desk.board.tap = refuse
    outcome = desk.hear(status("sent"), status("read"), status("delivered"))
    assert outcome.failed == ["1"]
    assert desk.delivery.state == State.DELIVERED


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"updates": 3}', "[" * 100_000, '{"updates": [3]}'])
def test_what_is_no_event_is_dropped_and_told(body: str) -> None:
    outcome = Desk().hear(body)
    assert not outcome.failed
    assert not outcome.errors
    assert bool(outcome.dropped) == (body != '{"updates": [3]}')


# --- templates and the account ----------------------------------------------------------------------


def queued(name: str) -> list[str]:
    from canal.adapters.whatsapp_webhook import split

    return list(split(events.body(name), {events.PHONE_NUMBER_ID}).events)


def test_a_template_that_is_paused_is_known_and_told() -> None:
    desk = Desk()
    body = {
        "updates": [
            {
                "field": "message_template_status_update",
                "time": 1795421230,
                "value": {
                    "event": "PAUSED",
                    "message_template_id": 5,
                    "message_template_name": "town_alert",
                    "message_template_language": "ca",
                    "reason": "LOW_QUALITY",
                },
            }
        ]
    }
    outcome = desk.hear(body)
    at = datetime.fromtimestamp(1795421230, UTC)
    assert desk.account.templates() == (Health("town_alert", "ca", "PAUSED", "", "", "LOW_QUALITY", at),)
    assert outcome.figures["TemplatesNotUsable"] == 1


@pytest.mark.parametrize(("name", "tier"), [("webhook-business-capability", 10_000), ("webhook-phone-quality", 2_000)])
def test_what_the_account_may_do_is_kept(name: str, tier: int) -> None:
    desk = Desk()
    desk.hear(*queued(name))
    assert (desk.account.limits().tier, desk.account.limits().known) == (tier, True)


def test_older_news_of_the_account_does_not_overwrite_newer() -> None:
    desk = Desk()
    desk.account.told = Limits(100_000, "GREEN", True, datetime(2030, 1, 1, tzinfo=UTC))
    desk.hear(*queued("webhook-business-capability"))
    assert desk.account.limits().tier == 100_000


@pytest.mark.parametrize(
    ("told", "tier"), [("TIER_250", 250), ("tier_unlimited", None), (-1, None), (2000, 2_000), ("10000", 10_000)]
)
def test_tiers_are_read_in_all_their_spellings(told: object, tier: int | None) -> None:
    assert tier_of(told) == tier


@pytest.mark.parametrize("told", ["", "TIER_NEW", True, None, "0", "٣", [], 10**12])
def test_what_is_no_tier_is_refused(told: object) -> None:
    with pytest.raises(NoTier):
        tier_of(told)


def test_every_payload_of_the_repository_is_collected_without_a_fault() -> None:
    desk = Desk()
    bodies = [body for name in events.names() for body in queued_or_none(name)]
    assert len(bodies) > 20
    outcome = desk.hear(*bodies)
    assert not outcome.failed
    assert not outcome.errors


def queued_or_none(name: str) -> list[str]:
    from canal.errors import BadInput

    try:
        return queued(name)
    except BadInput:
        return []
