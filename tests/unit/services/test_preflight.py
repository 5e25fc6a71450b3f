"""What a check finds: the audience, the account's limits, the cost, what forbids sending and what warns of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from canal.broadcasts.campaign import Campaign, Estimate, Kind, Words
from canal.broadcasts.outside import Health, Limits
from canal.broadcasts.subscription import SHARDS, Subscriber, shard_of
from canal.cap.drafting import draft
from canal.cap.watched import BY_HAND, Watch
from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.errors import Temporary
from canal.services.notices import preflight
from canal.services.notices.audience import (
    ELSEWHERE,
    GONE,
    LEFT,
    RESTING,
    UNWILLING,
    language_of,
    mode_of,
    resting,
    wanted,
)
from canal.services.notices.preflight import Preflight

from tests.alerts import an_alert, an_info
from tests.notice_desk import GOOD, town
from tests.noticeboard import (
    MONDAY,
    Board,
    FakeAccount,
    FakeAllowance,
    FakePeople,
    FakeSubscribers,
    a_campaign,
    a_subscriber,
)

HOUR = timedelta(hours=1)
KNOWN = Limits(2_000, "GREEN", True, MONDAY)
NEWS = {"id": "20261123-news", "kind": Kind.NEWS, "topic": "news", "template": "town_news"}


def estimate(
    campaign: Campaign,
    *citizens: Citizen,
    health: tuple[Health, ...] = GOOD,
    limits: Limits = KNOWN,
    now: datetime = MONDAY,
    where: Town | None = None,
    per_second: float = 10.0,
    used: int = 0,
) -> Estimate:
    board = Board(*(citizens or (a_subscriber("1"), a_subscriber("2", language="es"))))
    account = FakeAccount(*health, limits=limits)
    flight = Preflight(
        FakeSubscribers(board), FakePeople(board), account, FakeAllowance(spent=used), lambda: now, per_second
    )
    return flight.estimate(where or town(), campaign)


def keys(objections: tuple[tuple[str, Mapping[str, str]], ...]) -> list[str]:
    return [key.rpartition(".")[2] for key, _ in objections]


# --- whom a campaign is for ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("citizen", "campaign", "reason"),
    [
        (a_subscriber("1"), a_campaign(), ""),
        (None, a_campaign(), GONE),
        (a_subscriber("1", blocked=True), a_campaign(), ""),
        (a_subscriber("1", subscriptions={}), a_campaign(), LEFT),
        (a_subscriber("1", wants_marketing=False), a_campaign(), ""),
        (a_subscriber("1", "news", wants_marketing=False), a_campaign(**NEWS), UNWILLING),
        (a_subscriber("1", zones=("north",)), a_campaign(zones=("south",)), ELSEWHERE),
        (a_subscriber("1", "news", rest_until=MONDAY + HOUR), a_campaign(**NEWS), ""),
        (a_subscriber("1", "news", rest_until=MONDAY + HOUR), a_campaign(**NEWS, until=MONDAY + HOUR), RESTING),
    ],
)
def test_the_citizens_own_row_has_the_last_word(citizen: Citizen | None, campaign: Campaign, reason: str) -> None:
    assert wanted(town(), campaign, Subscriber("1"), citizen, MONDAY) == reason


def test_zones_of_the_subscription_count_too() -> None:
    campaign = a_campaign(zones=("south",))
    assert wanted(town(), campaign, Subscriber("1", ("north",)), a_subscriber("1"), MONDAY) == ELSEWHERE


def test_a_rest_is_over_when_it_is_over() -> None:
    assert resting(a_subscriber("1", rest_until=MONDAY + HOUR), MONDAY) == MONDAY + HOUR
    assert resting(a_subscriber("1", rest_until=MONDAY - HOUR), MONDAY) == MONDAY


@pytest.mark.parametrize(("hours", "mode"), [(23.99, "text"), (24, "template"), (None, "template")])
def test_the_window_is_open_for_a_day(hours: float | None, mode: str) -> None:
    wrote = MONDAY - timedelta(hours=hours) if hours is not None else None
    assert mode_of(a_subscriber("1", last_inbound_at=wrote), MONDAY) == mode


def test_who_has_chosen_no_language_gets_the_towns() -> None:
    assert language_of(town(), a_subscriber("1", language=None)) == "ca"


# --- counting --------------------------------------------------------------------------------------


def test_everybody_is_counted_by_language_zone_and_window() -> None:
    found = estimate(
        a_campaign(zones=("a", "b")),
        a_subscriber("1", zones=("a",)),
        a_subscriber("2", zones=("a", "b", "c"), language="es"),
        a_subscriber("3", zones=("c",)),
        a_subscriber("4", last_inbound_at=MONDAY - HOUR),
    )
    assert (found.recipients, found.outside, found.left) == (3, 2, 0)
    assert (found.by_language, found.by_zone) == ({"ca": 2, "es": 1}, {"a": 2, "b": 1, "": 1})


def test_who_asked_for_it_and_stopped_marketing_is_left_out_and_counted() -> None:
    found = estimate(a_campaign(**NEWS), a_subscriber("1", "news"), a_subscriber("2", "news", wants_marketing=False))
    assert (found.recipients, found.left) == (1, 1)


def test_windows_are_those_of_the_hour_at_which_it_starts() -> None:
    wrote = a_subscriber("1", last_inbound_at=MONDAY - 20 * HOUR)
    assert estimate(a_campaign(), wrote).outside == 0
    assert estimate(a_campaign(not_before=MONDAY + 5 * HOUR), wrote).outside == 1


def test_more_subscribers_than_a_page_are_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "PAGE", 3)
    assert estimate(a_campaign(), *(a_subscriber(f"{number:05}") for number in range(200))).recipients == 200


def slow(monkeypatch: pytest.MonkeyPatch, reads: int) -> Estimate:
    """Two thousand subscribers, and time for so many reads."""
    monkeypatch.setattr(preflight, "PAGE", 50)
    board = Board(*(a_subscriber(f"{number:05}") for number in range(2_000)))
    left = [reads]

    def read(call: str) -> None:
        left[0] -= call == "before page"

    board.tap = read
    account = FakeAccount(*GOOD, limits=KNOWN)

    def clock() -> datetime:
        return MONDAY if left[0] > 0 else MONDAY + timedelta(minutes=1)

    flight = Preflight(FakeSubscribers(board), FakePeople(board), account, FakeAllowance(), clock, 10)
    return flight.estimate(town(), a_campaign())


def test_where_time_runs_out_the_rest_is_extrapolated_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    found = slow(monkeypatch, 30)
    assert abs(found.recipients - 2_000) < 200
    assert "extrapolated" in keys(found.warnings)


def test_where_not_even_a_shard_can_be_read_there_is_no_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Temporary):
        slow(monkeypatch, 1)


def test_each_shard_is_walked_once() -> None:
    citizens = [a_subscriber(str(number)) for number in range(300)]
    assert {shard_of(each.key) for each in citizens} == set(range(SHARDS))
    assert estimate(a_campaign(), *citizens).recipients == 300


# --- time, tier, cost ------------------------------------------------------------------------------


@pytest.mark.parametrize(("tier", "days"), [(None, 1), (3, 1), (2, 2), (1, 3)])
def test_the_tier_spreads_those_out_of_the_window(tier: int | None, days: int) -> None:
    people = [a_subscriber(str(number)) for number in range(3)]
    found = estimate(a_campaign(), *people, a_subscriber("9", last_inbound_at=MONDAY), limits=replace(KNOWN, tier=tier))
    assert (found.tier, found.days) == (tier, days)
    assert ("not_today" in keys(found.warnings)) == (days > 1)


def test_an_alert_says_how_many_are_not_reached_today() -> None:
    limits = replace(KNOWN, tier=1)
    ((_, values),) = [each for each in estimate(a_campaign(), limits=limits).warnings if "not_today" in each[0]]
    assert values == {"people": "1", "tier": "1", "left": "1", "days": "2"}


@pytest.mark.parametrize(("used", "days", "late"), [(0, 1, []), (8, 1, []), (9, 2, ["1"]), (20, 2, ["2"])])
def test_what_others_have_used_of_the_tier_is_not_there_for_an_alert(used: int, days: int, late: list[str]) -> None:
    found = estimate(a_campaign(), limits=replace(KNOWN, tier=10), used=used)
    assert found.days == days
    assert [values["people"] for key, values in found.warnings if "not_today" in key] == late


def test_all_but_alerts_leave_a_fifth_of_the_tier() -> None:
    news = a_campaign(**NEWS)
    people = [a_subscriber(str(number), "news") for number in range(5)]
    good = tuple(replace(each, name="town_news") for each in GOOD)
    assert estimate(news, *people[:4], limits=replace(KNOWN, tier=5), health=good).days == 1
    found = estimate(news, *people, limits=replace(KNOWN, tier=5), health=good)
    assert (found.days, keys(found.warnings)) == (2, ["spread"])


def test_the_cost_is_by_whatsapps_own_category() -> None:
    inside = a_subscriber("3", last_inbound_at=MONDAY)
    people = (a_subscriber("1"), a_subscriber("2", language="es"), inside)
    moved = (GOOD[0], replace(GOOD[1], category="MARKETING"))
    assert estimate(a_campaign(), *people).cost == pytest.approx(0.08)
    found = estimate(a_campaign(), *people, health=moved)
    assert found.cost == pytest.approx(0.11)
    assert keys(found.warnings) == ["now_marketing"]


@pytest.mark.parametrize("prices", [{}, {"service": 0.1}])
def test_without_a_price_that_counts_there_is_no_cost(prices: dict[str, float]) -> None:
    found = estimate(a_campaign(), where=town(prices=prices))
    assert (found.cost, keys(found.warnings)) == (None, ["no_prices"])


def test_prices_of_a_demonstration_are_called_so() -> None:
    assert keys(estimate(a_campaign(), where=town(prices_demo=True)).warnings) == ["prices_demo"]


# --- problems --------------------------------------------------------------------------------------

LONG = "a" * 2_000
CA = Words("Títol", "Text", "")


def in_valencian(**changed: Any) -> dict[str, Any]:
    return {"words": {"ca": replace(CA, **changed), "es": CA}}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        (in_valencian(summary="b" * 480, text="a" * 900, headline="c" * 60), []),
        ({"words": {"ca": CA}}, ["no_words"]),
        (in_valencian(headline=" "), ["no_words"]),
        (in_valencian(headline="c" * 61), ["headline_too_long"]),
        (in_valencian(headline="🌊" * 31), ["headline_too_long"]),
        (in_valencian(headline="Una\nAltra"), ["headline_no_line"]),
        (in_valencian(headline="Amb\ttabulador"), ["headline_no_line"]),
        (in_valencian(headline="Cinc     espais"), ["headline_no_line"]),
        (in_valencian(text=LONG, summary="Curt"), ["text_too_long"]),
        (in_valencian(text="a" * 500), ["summary_too_long"]),
        (in_valencian(text="Una\nAltra"), ["summary_no_line"]),
        (in_valencian(text="Una\nAltra", summary="Una línia"), []),
        ({"zones": ("nowhere",)}, ["unknown_zone", "nobody"]),
        ({"frequency": "weekly"}, ["unknown_frequency", "nobody"]),
        ({"opens": "culture"}, ["no_screen"]),
        ({"kind": Kind.NEWS}, ["other_kind"]),
        ({"topic": "nothing"}, ["unknown_topic", "nobody"]),
        ({"not_before": MONDAY - HOUR}, ["start_passed"]),
        ({"until": MONDAY}, ["end_passed"]),
        ({"not_before": MONDAY + HOUR, "until": MONDAY + HOUR}, ["end_before_start"]),
        ({"template": "town_alarm"}, ["no_template", "no_template"]),
    ],
)
def test_what_forbids_it_is_named(changed: dict[str, Any], found: list[str]) -> None:
    people = (a_subscriber("1", zones=("elsewhere",)), a_subscriber("2", zones=("elsewhere",), language="es"))
    assert keys(estimate(a_campaign(**changed), *people).problems) == found


def test_a_topic_without_zones_or_without_its_screen_is_a_problem() -> None:
    agenda = {"kind": Kind.DIGEST, "topic": "agenda", "template": "town_alert"}
    there = a_subscriber("1", "agenda")
    assert keys(estimate(a_campaign(**agenda, zones=("a",)), there).problems)[0] == "no_zones"
    assert "needs_screen" in keys(estimate(a_campaign(**agenda), there).problems)
    assert "unknown_screen" in keys(estimate(a_campaign(**agenda, opens="kitchen"), there).problems)
    assert keys(estimate(a_campaign(**agenda, opens="culture:week"), there).problems) == []


def test_words_that_nobody_has_translated_are_warned_of() -> None:
    spanish = an_alert("A1", an_info("es-ES"))
    campaign = draft(spanish, town(), Watch.from_content(town().notices.cap), BY_HAND, MONDAY)
    objections = [each for each in estimate(campaign).warnings if "untranslated" in each[0]]
    assert objections == [("notices.warnings.untranslated", {"language": "ca"})]
    written = replace(campaign, words={**campaign.words, "ca": Words("Pluges", "Més de 40 mm en una hora.")})
    assert "untranslated" not in keys(estimate(written).warnings)


def test_nobody_is_a_problem() -> None:
    assert keys(estimate(a_campaign(), a_subscriber("1", "news")).problems) == ["nobody"]


@pytest.mark.parametrize("status", ["PENDING", "PAUSED", "REJECTED", "DISABLED"])
def test_a_template_that_cannot_be_sent_matters_where_somebody_needs_it(status: str) -> None:
    health = (GOOD[0], replace(GOOD[1], status=status))
    spanish = a_subscriber("2", language="es")
    found = estimate(a_campaign(), a_subscriber("1"), spanish, health=health)
    assert found.problems == (("notices.problems.no_template", {"template": "town_alert", "language": "es"}),)
    inside = replace(spanish, last_inbound_at=MONDAY)
    found = estimate(a_campaign(), a_subscriber("1"), inside, health=health)
    assert (found.problems, keys(found.warnings)) == ((), ["no_template"])
    assert estimate(a_campaign(), a_subscriber("1"), health=health).warnings == ()


# --- warnings --------------------------------------------------------------------------------------


def test_the_quality_of_template_and_number_is_told() -> None:
    health = (replace(GOOD[0], quality="YELLOW"), replace(GOOD[1], quality="RED"))
    found = estimate(a_campaign(), health=health, limits=Limits(2_000, "RED", False))
    assert keys(found.warnings) == ["template_yellow", "template_red", "account_unknown", "number_red"]


def test_quiet_hours_delay_all_but_alerts() -> None:
    night = MONDAY + timedelta(hours=13)  # eleven in the evening in Alzira
    health = (Health("town_news", "ca", "APPROVED", "MARKETING"),)
    found = estimate(a_campaign(**NEWS), a_subscriber("1", "news"), health=health, now=night)
    assert found.warnings == (("notices.warnings.quiet_hours", {"moment": "2026-11-24T08:00:00+01:00"}),)
    assert estimate(a_campaign(), now=night).warnings == ()


def test_an_end_that_comes_too_soon_is_told() -> None:
    soon = a_campaign(until=MONDAY + timedelta(seconds=5))
    assert keys(estimate(soon, per_second=0.1).warnings) == ["not_in_time"]
    assert keys(estimate(soon).warnings) == []
