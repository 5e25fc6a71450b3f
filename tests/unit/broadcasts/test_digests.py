"""What Canal writes by itself: the agenda of seven days, new job offers, dates of taxes. In both languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_text import units
from canal.broadcasts.campaign import Campaign, Kind
from canal.broadcasts.digests.agenda import NotLoaded, agenda, highlights
from canal.broadcasts.digests.digest import Digest
from canal.broadcasts.digests.offers import AT_ONCE, new, offers
from canal.broadcasts.digests.taxes import due, taxes
from canal.broadcasts.message import free_text, template_values
from canal.broadcasts.states import State
from canal.broadcasts.subscription import EACH, WEEKLY
from canal.dialogue.messages import LANGUAGES
from canal.dialogue.town import Town
from canal.subjects.notices import Topic

from tests.towns import alzira, alzira_with, section

TOWN = alzira()
THURSDAY = datetime(2026, 11, 26, 10, 0, tzinfo=TOWN.zone)


def topic(name: str, town: Town = TOWN) -> Topic:
    found = town.notices.topic(name)
    assert found
    return found


def at(day: int, hour: int, month: int = 11) -> str:
    return datetime(2026, month, day, hour, tzinfo=TOWN.zone).isoformat()


def with_events(*events: dict[str, Any]) -> Town:
    """Alzira with these events only; each has ``start`` and may have a title, an end, and so on."""
    items: dict[str, Any] = {}
    occurrences: list[dict[str, Any]] = []
    for number, event in enumerate(events):
        times = {key: value for key, value in event.items() if key not in ("title", "kind", "demo")}
        title = event.get("title", f"Acte {number}")
        about: dict[str, Any] = {"about": {}, "kind": event.get("kind", "other"), "demo": event.get("demo", False)}
        items[str(number)] = {"id": f"e{number}", "title": both(title), **about}
        occurrences.append({"item": str(number), **times})
    return alzira_with(agenda={**section("agenda"), "items": items, "occurrences": occurrences})


def both(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def composed(town: Town, now: datetime = THURSDAY) -> Digest:
    found = agenda(town, topic("agenda", town), now)
    assert found
    return found


# --- the agenda ---------------------------------------------------------------------------------


def test_the_agenda_tells_of_seven_days_in_each_language() -> None:
    words = composed(TOWN).words
    assert words["ca"].headline == "Agenda del dia 26 de novembre al dia 2 de desembre"
    assert words["es"].headline == "Agenda del 26 de noviembre al 2 de diciembre"
    assert "*Dissabte 28 de novembre*\n• 12:00 Matí de titelles · Casa de la Cultura" in words["ca"].text
    assert "*Sábado 28 de noviembre*\n• 12:00 Mañana de títeres · Casa de la Cultura" in words["es"].text


def test_a_cancelled_event_says_so_and_is_no_highlight() -> None:
    town = with_events({"start": at(27, 20), "title": "Concert", "cancelled": True}, {"start": at(28, 19)})
    words = composed(town).words["ca"]
    assert "• ❌ CANCEL·LAT: 20:00 Concert" in words.text
    assert "Concert" not in words.summary


def test_a_moved_event_says_so() -> None:
    town = with_events({"start": at(27, 20), "title": "Concert", "moved_from": at(26, 20)})
    assert "• 20:00 Concert (canvi de data)" in composed(town).words["ca"].text


def test_what_runs_for_days_comes_last_and_says_until_when() -> None:
    exhibition = {"start": at(20, 0), "end": at(1, 0, 12), "all_day": True, "title": "Exposició"}
    text = composed(with_events(exhibition, {"start": at(28, 19), "title": "Teatre"})).words["ca"].text
    assert text.endswith("*I a més, estos dies*\n• Exposició (fins al dilluns 30 de novembre)")


def test_an_event_of_last_night_that_still_goes_on_stands_under_today() -> None:
    town = with_events({"start": at(25, 23), "end": at(26, 12), "title": "Nit"})
    assert composed(town).words["ca"].text.startswith("*Dijous 26 de novembre*\n")


def test_the_summary_is_one_line_of_whole_events_and_counts_the_others() -> None:
    summary = composed(TOWN).words["ca"].summary
    assert "\n" not in summary
    assert summary.startswith("dijous 26 de novembre, 20:00, Cinema en versió original; ")
    assert summary.endswith("; i 6 més (demostració, no és real)")


def test_a_summary_is_never_cut_in_the_middle_of_an_event() -> None:
    town = with_events(*({"start": at(27, 10 + n), "title": f"{n} " + "molt llarg " * 9} for n in range(8)))
    for language in LANGUAGES:
        words = composed(town).words[language]
        assert units(words.summary) <= 480
        assert "…" not in words.summary.replace("llarg…", "")
        assert template_values(composed(town).campaign(THURSDAY), language)["summary"] == words.summary


def test_the_highlights_are_of_different_kinds_before_two_are_of_one() -> None:
    town = with_events(
        *({"start": at(26, 12 + n), "kind": "cinema", "title": f"Cine {n}"} for n in range(4)),
        {"start": at(29, 19), "kind": "theatre", "title": "Teatre"},
    )
    found = highlights(town.agenda.next_days(THURSDAY), 3)
    assert [event.title["ca"] for event in found] == ["Cine 0", "Cine 1", "Teatre"]


def test_a_week_with_too_much_on_is_cut_between_events_and_says_how_many_are_behind_the_button() -> None:
    town = with_events(*({"start": at(26 + n % 4, 18), "title": f"Concert número {n}"} for n in range(80)))
    digest = composed(town)
    text = digest.words["ca"].text
    shown = text.count("• ")
    assert text.endswith(f"_…i {80 - shown} més. Toca el botó i ho voràs tot._")
    reply = free_text(town, "ca", digest.campaign(THURSDAY))
    assert text in reply.body
    assert [each.id for each in reply.options] == ["culture:week", "subscriptions:leave:agenda"]


def test_one_enormous_title_is_shortened_rather_than_left_out() -> None:
    town = with_events({"start": at(27, 20), "title": "Títol\nsense *fi* " * 200})
    words = composed(town).words["ca"]
    assert words.text.count("• ") == 1
    assert "\n" not in words.summary
    assert "*fi*" not in words.text


@pytest.mark.parametrize("events", [[], [{"start": at(27, 20), "cancelled": True}], [{"start": at(20, 20)}]])
def test_where_nothing_is_on_there_is_no_digest(events: list[dict[str, Any]]) -> None:
    town = with_events(*events)
    assert agenda(town, topic("agenda", town), THURSDAY) is None


@pytest.mark.parametrize("later", [timedelta(days=-300), timedelta(days=3000)])
def test_an_agenda_that_is_not_loaded_is_not_an_empty_week(later: timedelta) -> None:
    with pytest.raises(NotLoaded):
        agenda(TOWN, topic("agenda"), THURSDAY + later)


def test_an_agenda_that_ends_within_the_week_is_not_loaded() -> None:
    town = alzira_with(agenda={**section("agenda"), "until": "2026-12-02"})
    with pytest.raises(NotLoaded):
        agenda(town, topic("agenda", town), THURSDAY)


def test_the_demonstration_is_marked_and_real_data_is_not() -> None:
    assert composed(TOWN).demo
    assert not composed(with_events({"start": at(27, 20)})).demo


def test_the_week_of_the_year_is_the_item_that_is_told_once() -> None:
    assert composed(TOWN).items == ("agenda:2026-w48",)
    assert composed(TOWN).campaign(THURSDAY).id == "20261126-agenda-w48"
    town = with_events({"start": datetime(2027, 1, 2, 20, tzinfo=TOWN.zone).isoformat()})
    new_year = composed(town, datetime(2027, 1, 1, 10, tzinfo=TOWN.zone))
    assert new_year.items == ("agenda:2026-w53",)


def test_a_digest_becomes_a_campaign_that_is_approved_and_ends() -> None:
    campaign: Campaign = composed(TOWN).campaign(THURSDAY)
    assert (campaign.kind, campaign.state, campaign.source) == (Kind.DIGEST, State.APPROVED, "schedule")
    assert (campaign.topic, campaign.template, campaign.opens) == ("agenda", "weekly_agenda", "culture:week")
    assert (campaign.approved_by, campaign.approved_at) == ("schedule", THURSDAY)
    assert [event.what for event in campaign.history] == ["created", "approved"]
    assert campaign.until == THURSDAY + timedelta(days=3)


# --- job offers ---------------------------------------------------------------------------------


def with_offers(*published: str, closes: str = "2026-12-20", **more: Any) -> Town:
    records = [
        {"id": f"o{n}", "title": both(f"Electricista {n}"), "published": day, "closes": closes, **more}
        for n, day in enumerate(published)
    ]
    return alzira_with(offers={**section("offers"), "offers": records})


def told_of(town: Town, told: frozenset[str] = frozenset(), frequency: str = "") -> Digest | None:
    return offers(town, topic("jobs", town), THURSDAY, frequency, new(town, THURSDAY), told)


def test_a_new_offer_is_told_in_both_languages() -> None:
    digest = told_of(with_offers("2026-11-25", place=both("Alzira")))
    assert digest
    assert digest.words["ca"].headline == "1 oferta de treball nova"
    assert digest.words["ca"].text == "• *Electricista 0* · Alzira (fins al dia 20 de desembre)"
    assert digest.words["es"].text == "• *Electricista 0* · Alzira (hasta el 20 de diciembre)"
    assert digest.words["es"].summary == "Electricista 0 (Alzira)"
    assert digest.campaign(THURSDAY).opens == "jobs"


def test_what_closes_in_another_year_names_it() -> None:
    digest = told_of(with_offers("2026-11-25", closes="2027-01-19"))
    assert digest
    assert "(fins al dia 19 de gener del 2027)" in digest.words["ca"].text


def test_an_offer_that_was_told_is_not_told_again() -> None:
    town = with_offers("2026-11-25", "2026-11-26")
    first = told_of(town, frozenset({"offer:o1"}))
    assert first
    assert first.items == ("offer:o0",)
    assert told_of(town, frozenset({"offer:o0", "offer:o1"})) is None


def test_the_weekly_ones_are_told_apart_from_those_of_each_day() -> None:
    town = with_offers("2026-11-25")
    weekly = told_of(town, frozenset({"offer:o0"}), WEEKLY)
    assert weekly
    assert weekly.items == ("offer:o0:weekly",)
    assert weekly.campaign(THURSDAY).frequency == WEEKLY
    assert weekly.campaign(THURSDAY).id == "20261126-offers-weekly"
    each = told_of(town, frequency=EACH)
    assert each
    assert each.campaign(THURSDAY).id == "20261126-offers"


@pytest.mark.parametrize("published", ["2026-10-01", "2026-11-27"])
def test_old_and_future_offers_are_no_news(published: str) -> None:
    assert told_of(with_offers(published)) is None


def test_an_offer_that_has_closed_is_not_told() -> None:
    assert told_of(with_offers("2026-11-20", closes="2026-11-25")) is None


def test_many_offers_are_told_over_several_days() -> None:
    """What one transaction cannot note as told must wait for the next time, and is not lost."""
    town = with_offers(*["2026-11-25"] * (AT_ONCE + 20))
    first = told_of(town)
    assert first
    assert len(first.items) == AT_ONCE
    second = told_of(town, frozenset(first.items))
    assert second
    assert len(second.items) == 20
    for words in first.words.values():
        assert units(words.summary) <= 480


def test_an_offer_without_company_place_or_end_is_told_all_the_same() -> None:
    records = [{"id": "o", "title": both("Forner"), "published": "2026-11-25"}]
    digest = told_of(alzira_with(offers={**section("offers"), "offers": records}))
    assert digest
    assert (digest.words["ca"].text, digest.words["ca"].summary) == ("• *Forner*", "Forner")


# --- taxes --------------------------------------------------------------------------------------


def with_period(opens: str, closes: str, debits: tuple[dict[str, Any], ...] = (), **more: Any) -> Town:
    period = {"id": "ibi_2026", "taxes": ["ibi_urbana"], "year": 2026, "opens": opens, "closes": closes, **more}
    return alzira_with(taxes={**section("taxes"), "periods": [{**period, "debits": list(debits)}]})


def reminded(town: Town, now: datetime = THURSDAY, told: frozenset[str] = frozenset()) -> Digest | None:
    return taxes(town, topic("taxes", town), now, due(town, now), told)


def items(town: Town, now: datetime = THURSDAY) -> tuple[str, ...]:
    found = reminded(town, now)
    return found.items if found else ()


def test_who_asked_is_told_a_week_before_a_period_ends() -> None:
    digest = reminded(with_period("2026-10-01", "2026-12-03"))
    assert digest
    assert digest.items == ("tax:ibi_2026:closes",)
    assert digest.words["ca"].headline == "S'acaba el termini: IBI urbana"
    assert digest.words["ca"].text == "• IBI urbana: es pot pagar fins al dijous 3 de desembre."
    assert digest.words["es"].text == "• IBI urbana: se puede pagar hasta el jueves 3 de diciembre."
    campaign = digest.campaign(THURSDAY)
    assert (campaign.kind, campaign.opens) == (Kind.REMINDER, "taxes")
    assert campaign.until == datetime(2026, 12, 4, tzinfo=TOWN.zone)


@pytest.mark.parametrize("closes", ["2026-12-04", "2026-11-25"])
def test_neither_sooner_nor_after_it(closes: str) -> None:
    assert items(with_period("2026-10-01", closes)) == ()


def test_on_the_last_day_it_is_not_too_late() -> None:
    assert items(with_period("2026-10-01", "2026-11-26")) == ("tax:ibi_2026:closes",)


@pytest.mark.parametrize("opens", ["2026-11-27", "2026-11-26", "2026-11-21"])
def test_a_period_that_opens_is_told_on_the_eve_or_some_days_after_if_nothing_ran(opens: str) -> None:
    town = with_period(opens, "2027-01-20")
    assert items(town) == ("tax:ibi_2026:opens",)
    digest = reminded(town)
    assert digest
    assert digest.words["ca"].headline == "S'obri el termini: IBI urbana"
    assert digest.words["es"].text.endswith("al miércoles 20 de enero de 2027.")


def test_a_short_period_is_told_once_and_not_as_opening_and_as_closing() -> None:
    assert items(with_period("2026-11-25", "2026-12-01")) == ("tax:ibi_2026:closes",)


def test_a_debit_is_told_some_days_before_with_its_part() -> None:
    town = with_period("2026-10-01", "2027-01-20", ({"on": "2026-11-30", "percent": 50},))
    digest = reminded(town)
    assert digest
    assert digest.items == ("tax:ibi_2026:debit:2026-11-30",)
    expected = "• IBI urbana: si tens el rebut domiciliat, el banc te'n cobrarà el 50 % el dilluns 30 de novembre."
    assert digest.words["ca"].text == expected
    assert digest.until == datetime(2026, 11, 30, tzinfo=TOWN.zone)


def test_a_debit_of_all_of_it_names_no_percentage() -> None:
    digest = reminded(with_period("2026-10-01", "2027-01-20", ({"on": "2026-11-30", "percent": 100},)))
    assert digest
    assert "%" not in digest.words["es"].text


def test_several_dates_of_a_day_are_one_message() -> None:
    town = with_period("2026-10-01", "2026-12-01", ({"on": "2026-11-28", "percent": 100},))
    digest = reminded(town)
    assert digest
    assert digest.items == ("tax:ibi_2026:debit:2026-11-28", "tax:ibi_2026:closes")
    assert digest.words["ca"].headline == "S'acosten dates d'impostos"
    assert digest.words["ca"].summary.count("IBI urbana") == 2


def test_a_date_that_was_told_is_not_told_again() -> None:
    town = with_period("2026-10-01", "2026-12-03")
    assert reminded(town, told=frozenset({"tax:ibi_2026:closes"})) is None


def test_a_headline_with_too_many_taxes_names_none() -> None:
    names = [each["id"] for each in section("taxes")["taxes"]]
    digest = reminded(with_period("2026-10-01", "2026-12-03", taxes=names))
    assert digest
    assert digest.words["ca"].headline == "S'acosten dates d'impostos"


def test_the_calendar_of_a_year_that_is_over_reminds_nobody() -> None:
    assert reminded(TOWN) is None
    assert {period.year for period in TOWN.taxes.periods} == {2025}
