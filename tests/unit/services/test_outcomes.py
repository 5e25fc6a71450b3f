"""What a sender does after each error: by code where the code says more, else by type."""

from __future__ import annotations

from typing import Any

import pytest
from canal.adapters.whatsapp_errors import RULES, Problem, from_code, from_response
from canal.errors import CanalError, NoTemplate, Stopped, Temporary, Undeliverable, WindowClosed
from canal.services.notices.outcomes import MOST_CLAIMS, REST, TRIES, Decision, Do, decide


def after(error: Exception, **changes: Any) -> Decision:
    return decide(error, **{"alert": False, "tries": 1, "claims": 1, "rested": False, **changes})


def answer(code: int | None, status: int = 400) -> CanalError:
    return from_response(status, {"error": {"code": code}} if code is not None else "<html>")


LOST = Temporary(Problem(details="ReadTimeout", uncertain=True))


@pytest.mark.parametrize("code", [0, 10, 33, 190, 200, 368, 131005, 131031, 131037, 131042, 131045, 131048, 133010])
def test_what_stops_everybody_stops_the_campaign(code: int) -> None:
    assert after(answer(code)) == Decision(Do.STOP, code=code, reason=str(code))


@pytest.mark.parametrize("code", [131063, 131064])
def test_what_is_refused_whoever_it_is_for_stops_the_campaign(code: int) -> None:
    assert after(answer(code)).do == Do.STOP


def test_a_template_that_cannot_be_sent_stops_the_campaign() -> None:
    assert after(NoTemplate(Problem(132015))) == Decision(Do.STOP, code=132015, reason="132015")
    assert after(NoTemplate("none")) == Decision(Do.STOP, reason="refused")


def test_no_token_stops_the_campaign() -> None:
    assert after(Stopped(Problem(details="there is no usable access token"))) == Decision(Do.STOP, reason="stopped")


def test_a_closed_window_is_answered_with_the_template() -> None:
    assert after(WindowClosed(Problem(131047))).do == Do.TEMPLATE


def test_too_fast_makes_everybody_wait_longer_each_time_and_then_gives_up_for_a_while() -> None:
    waits = [after(answer(130429), tries=tries) for tries in range(1, TRIES)]
    assert {each.do for each in waits} == {Do.AGAIN}
    assert all(each.hold for each in waits)
    assert [each.wait for each in waits] == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4]
    assert after(answer(130429), tries=TRIES) == Decision(Do.LATER, 60.0, code=130429, reason="throttled")


def test_a_429_of_nobody_known_is_too_fast() -> None:
    assert after(answer(None, 429)).hold


def test_too_many_messages_to_one_citizen_make_only_them_wait() -> None:
    assert after(answer(131056)) == Decision(Do.AGAIN, 4.0, code=131056)
    assert after(answer(131056), tries=2) == Decision(Do.LATER, 60.0, code=131056, reason="throttled")


def test_an_hourly_limit_makes_bulk_wait_an_hour_and_an_alert_a_minute() -> None:
    assert after(answer(80007)).do == Do.AGAIN
    assert after(answer(80007), tries=3).wait == 3600.0
    assert after(answer(80007), tries=3, alert=True).wait == 60.0


@pytest.mark.parametrize("code", [1, 2, 131000, 131016, 133004])
def test_what_passes_by_itself_is_tried_again_then_later_then_given_up(code: int) -> None:
    error = answer(code, 500)
    assert [after(error, tries=tries).wait for tries in (1, 2)] == [0.5, 1.0]
    assert after(error, tries=3) == Decision(Do.LATER, 60.0, code=code, reason="temporary")
    assert after(error, tries=3, claims=4).wait == 480.0
    assert after(error, tries=3, claims=4, alert=True).wait == 60.0
    assert after(error, tries=3, claims=MOST_CLAIMS) == Decision(Do.FAIL, code=code, reason="temporary")


def test_maintenance_makes_everybody_wait() -> None:
    assert after(answer(131057, 500)) == Decision(Do.AGAIN, 10.0, hold=True, code=131057)
    assert after(answer(133015), tries=3).wait == 300.0


@pytest.mark.parametrize("error", [LOST, answer(None, 502), answer(None, 500)])
def test_what_may_have_gone_out_is_repeated_for_alerts_only(error: CanalError) -> None:
    assert after(error).do == Do.LEAVE
    assert after(error, tries=3, claims=MOST_CLAIMS).do == Do.LEAVE
    assert after(error, alert=True).do == Do.AGAIN
    assert after(error, alert=True, tries=3).do == Do.LATER


def test_a_gateway_that_says_unavailable_has_done_nothing() -> None:
    assert after(answer(None, 503)).do == Do.AGAIN


def test_enough_marketing_rests_a_day_once() -> None:
    assert after(answer(131049)) == Decision(Do.REST, REST, code=131049, reason="enough")
    assert after(answer(131049), rested=True) == Decision(Do.FAIL, code=131049, reason="131049")


def test_stopped_marketing_fails_and_is_kept() -> None:
    assert after(answer(131050)) == Decision(Do.NO_MARKETING, code=131050, reason="131050")


@pytest.mark.parametrize("code", [130403, 130472, 130497, 131021, 131026, 131030, 131062, 137000, 100, 131009, 135000])
def test_what_stays_fails_with_its_code(code: int) -> None:
    assert after(answer(code)) == Decision(Do.FAIL, code=code, reason=str(code))


def test_without_a_code_a_word_of_ours_is_the_reason() -> None:
    assert after(Undeliverable("no address")).reason == "unreachable"


def test_a_fault_of_ours_leaves_the_claim_for_nobody_knows_how_far_it_came() -> None:
    assert after(KeyError("x")) == Decision(Do.LEAVE, reason="fault")


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_code_has_an_answer(code: int) -> None:
    for alert in (True, False):
        for tries in (1, TRIES):
            assert after(from_code(code), alert=alert, tries=tries).do in Do
