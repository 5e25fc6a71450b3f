"""A report left half way: kept, offered again, never mixed with another, gone after six days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from canal.dialogue.citizen import Place
from canal.dialogue.draft import KEEP
from canal.dialogue.messages import Content, Unsupported

from tests.builders import NOON, Talk
from tests.unit.dialogue.reporting import LAMP, PLACE, STREET, draft, filed, files_nothing, photo

SLEEP = timedelta(hours=30)  # longer than the town's session


def slept(*said: Content | str, pause: timedelta = SLEEP) -> Talk:
    """A talk that was left after ``said``."""
    talk = Talk()
    talk.say(*said)
    talk.now += pause
    return talk


def test_after_an_expired_session_hola_offers_to_continue_and_nothing_is_retyped() -> None:
    talk = slept(LAMP, photo())
    talk.say("hola")
    assert talk.says("report.half_way_greeting")
    talk.say("1")
    assert talk.says("report.ask_where")
    talk.say(PLACE, "1")
    case = filed(talk)
    assert (case.words, len(case.files)) == (LAMP, 1)


@pytest.mark.parametrize("opening", ["10", "incidència", "vull comunicar una incidència"])
def test_opening_an_incident_offers_to_continue_or_to_begin_anew(opening: str) -> None:
    talk = slept(LAMP)
    talk.say(opening)
    assert talk.says("report.half_way")
    assert talk.options == ["incident:go", "incident:new", "menu"]


def test_anew_forgets_the_old_and_keeps_the_words_that_led_there() -> None:
    talk = slept(LAMP, photo())
    talk.say("hi ha un contenidor trencat al carrer Sant Roc 12")
    assert talk.says("report.half_way")
    talk.say("2", "1")
    case = filed(talk)
    assert (case.words, case.files) == ("hi ha un contenidor trencat al carrer Sant Roc 12", ())


def test_continuing_adds_the_words_that_led_there() -> None:
    talk = slept(LAMP)
    talk.say("el fanal del carrer Sant Roc 12 continua trencat", "1")
    assert draft(talk).words.startswith(LAMP)
    assert "continua trencat" in draft(talk).words


def test_a_look_at_the_bus_loses_nothing() -> None:
    talk = Talk()
    talk.say(LAMP, "autobús")
    assert talk.citizen.place == Place.BUS
    talk.say("incidència", "1", PLACE, "1")
    assert filed(talk).words == LAMP


def test_the_menu_offers_the_report_half_way_under_a_number_of_its_own() -> None:
    talk = Talk()
    talk.say(LAMP, "menú")
    assert talk.options[-1] == "incident:go"
    talk.say(str(len(talk.options)))
    assert talk.says("report.ask_where")


def test_what_is_not_understood_offers_it_too() -> None:
    talk = slept(LAMP)
    talk.say("xyzzy plugh")
    assert talk.options[0] == "incident:go"


def test_after_six_days_it_is_gone() -> None:
    talk = slept(LAMP, pause=KEEP + timedelta(minutes=1))
    talk.say("hola")
    assert talk.citizen.place == Place.MENU
    assert "incident:go" not in talk.options
    talk.tap("incident:send")
    assert files_nothing(talk)


def test_a_report_of_another_kind_is_not_mixed_in() -> None:
    talk = slept("tinc una queixa", "el camió del fem no ens deixa dormir")
    talk.say("hi ha un fanal trencat al carrer Sant Roc 12")
    assert talk.options == ["complaint:go", "incident:new", "menu"]
    talk.say("2")
    assert draft(talk).kind == "incident"
    assert "camió" not in draft(talk).words


def test_an_old_list_of_incidents_does_not_touch_a_complaint_half_way() -> None:
    talk = Talk()
    talk.say("tinc una queixa", "el camió del fem no ens deixa dormir")
    talk.tap("incident:category:-")
    assert talk.says("report.half_way")
    assert draft(talk).kind == "complaint"


def test_a_category_that_was_removed_since_is_asked_for_again() -> None:
    talk = Talk()
    talk.say(LAMP, PLACE)
    kept = {**talk.citizen.draft, "category": "removed_since"}
    talk.citizen = replace(talk.citizen, draft=kept)
    talk.tap("incident:send")
    assert files_nothing(talk)
    assert talk.says("report.category_gone")
    talk.tap("incident:category:-")
    talk.say("1")
    assert filed(talk).words == LAMP


def test_a_tap_on_a_category_that_was_removed_leads_to_the_menu_and_loses_nothing() -> None:
    talk = Talk()
    talk.say(LAMP)
    talk.tap("incident:category:removed_since")
    assert talk.citizen.place == Place.MENU
    assert draft(talk).words == LAMP


def test_photos_that_waited_for_their_purpose_are_there_when_an_incident_is_opened() -> None:
    talk = Talk()
    talk.say(photo(1), "autobús", "incidència")
    talk.say(LAMP, STREET, "1")
    assert len(filed(talk).files) == 1


@pytest.mark.parametrize("away", ["menú", "ajuda", "persona", "privacitat", "arrere", "gràcies", "0"])
def test_commands_work_from_inside_and_lose_nothing(away: str) -> None:
    talk = Talk()
    talk.say(LAMP, photo(), away)
    assert talk.reply is not None
    assert (draft(talk).words, len(draft(talk).files)) == (LAMP, 1)


@pytest.mark.parametrize("wish", ["farmàcia", "autobús"])
def test_a_bare_wish_leaves_from_any_step(wish: str) -> None:
    for said in (["10"], [LAMP, PLACE]):
        talk = Talk()
        talk.say(*said, wish)
        assert talk.citizen.place in (Place.PHARMACY, Place.BUS)


def test_in_a_sentence_the_same_word_is_part_of_the_description() -> None:
    talk = Talk()
    talk.say("10", "davant de la farmàcia hi ha una rajola solta i la gent entropessa")
    assert talk.citizen.place == Place.INCIDENT
    assert "farmàcia" in draft(talk).words


def test_the_other_numbers_of_an_old_message_still_lead_somewhere() -> None:
    talk = Talk()
    for address in ("incident:where", "incident:words", "incident:photos", "incident:spot:none", "incident:go",
                    "incident:group:none", "incident:written", "incident:another", "incident:only:none"):  # fmt: skip
        talk.tap(address)
        assert talk.reply is not None, address
        assert files_nothing(talk)


def test_the_first_moment_counts_for_the_age() -> None:
    talk = Talk()
    talk.say(LAMP)
    since = draft(talk).since
    talk.say(photo(), PLACE)
    assert draft(talk).since == since
    assert since.startswith(f"{NOON:%Y-%m-%d}")


@pytest.mark.parametrize("nothing", [" ", ".", "👍"])
@pytest.mark.parametrize("step", ["where", "review", "words"])
def test_what_tells_nothing_leaves_the_report_where_it_is(step: str, nothing: str) -> None:
    talk = Talk()
    talk.say(LAMP)
    if step != "where":
        talk.say(PLACE)
    if step == "words":
        talk.tap("incident:words")
    talk.say(nothing)
    assert talk.citizen.place == Place.INCIDENT
    assert draft(talk).words == LAMP


@pytest.mark.parametrize(("kind", "key"), [("location", "report.no_place"), ("poll", "attachment.unsupported")])
def test_what_cannot_be_read_is_said_and_the_report_goes_on(kind: str, key: str) -> None:
    talk = Talk()
    talk.say(LAMP, Unsupported(kind))
    assert talk.says(key)
    talk.say(STREET)
    assert talk.citizen.notes["step"] == "review"


def test_words_meant_for_another_kind_do_not_slip_into_the_report_half_way() -> None:
    talk = Talk()
    talk.say(LAMP, "menú", "vull suggerir més arbres a la plaça")
    assert talk.says("report.half_way")
    talk.say("enviar")
    assert draft(talk).words == LAMP
    talk.say("menú", "vull suggerir més arbres a la plaça", "porta apagat tres dies")
    assert draft(talk).words == f"{LAMP}\nporta apagat tres dies"


@pytest.mark.parametrize("words", ["vull suggerir més arbres a la plaça", "hi ha un clot enorme a la calçada"])
def test_going_on_leaves_out_what_was_about_something_else(words: str) -> None:
    talk = Talk()
    talk.say(LAMP, "menú", words, "1")
    assert draft(talk).words == LAMP
    talk.say("menú", words, "2")
    assert draft(talk).words == words
