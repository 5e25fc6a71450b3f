"""The review, what can be changed in it, and the filing: once, whole, with a number."""

from __future__ import annotations

import pytest
from canal.adapters.whatsapp_rendering import outbound
from canal.dialogue.citizen import Place
from canal.dialogue.messages import Content, Say
from canal.dialogue.report.parts import units
from canal.incidents.case import Case, What
from canal.incidents.numbers import case_number

from tests.builders import NOON, Talk, citizen, inbound, settled
from tests.towns import alzira, alzira_with, section
from tests.unit.dialogue.reporting import LAMP, PLACE, STREET, draft, filed, files_nothing, lamp, photo


def reviewed(*more: Content | str, language: str = "ca") -> Talk:
    talk = Talk(citizen(language))
    talk.say(LAMP, *more, PLACE)
    assert talk.citizen.notes["step"] == "review"
    return talk


def silent_about_routing(talk: Talk) -> Talk:
    """The same conversation in a town that tells nobody that a case has reached its department."""
    incidents = section("incidents")
    incidents["tell"].remove("routed")
    talk.town = alzira_with(incidents=incidents)
    return talk


def test_the_review_lists_every_part_with_a_number_to_change_it() -> None:
    talk = reviewed(photo())
    for part in ("category", "words", "place", "files"):
        assert talk.says(f"report.part_{part}"), part
    ends = [address.removeprefix("incident:") for address in talk.options]
    assert ends == ["send", "category", "words", "where", "photos", "cancel"]


@pytest.mark.parametrize(("place", "key"), [(None, "add_where"), (PLACE, "change_where")])
def test_a_place_that_is_not_there_is_added_rather_than_changed(place: Content | None, key: str) -> None:
    talk = Talk()
    talk.say("tinc una queixa", "el camió del fem passa a les tres i no ens deixa dormir")
    if place:
        talk.say(place)
    assert talk.says(f"report.{key}.label")


def test_its_buttons_send_change_or_cancel() -> None:
    talk = reviewed()
    assert isinstance(talk.reply, Say)
    assert [option.id for option in talk.reply.options] == ["incident:send", "incident:change", "incident:cancel"]
    assert outbound(talk.reply, talk.citizen)["interactive"]["type"] == "button"


def test_the_words_are_replaced() -> None:
    talk = reviewed()
    talk.tap("incident:words")
    talk.say("el fanal fa pampallugues", "1")
    assert filed(talk).words == "el fanal fa pampallugues"


def test_the_place_is_replaced() -> None:
    talk = reviewed()
    talk.tap("incident:where")
    talk.say(STREET, "1")
    case = filed(talk)
    assert "Sant Roc" in case.address
    assert case.position
    assert case.position.source == "demo", "the gazetteer's positions are made up"


def test_the_category_is_replaced() -> None:
    talk = reviewed()
    talk.tap("incident:category:-")
    talk.say("1")
    case = filed(talk)
    assert (case.category, case.words) == ("", LAMP)


def test_words_typed_in_the_review_are_added() -> None:
    talk = reviewed()
    talk.say("està així des de fa una setmana i no es veu res")
    assert talk.says("report.added")
    talk.say("1")
    assert filed(talk).words == f"{LAMP}\nestà així des de fa una setmana i no es veu res"


@pytest.mark.parametrize("word", ["canviar", "no"])
def test_who_wants_to_change_something_gets_the_list(word: str) -> None:
    talk = reviewed()
    talk.say(word)
    assert talk.says("report.ask_change")


@pytest.mark.parametrize("yes", ["1", "enviar", "Sí"])
def test_it_is_sent_by_number_by_word_or_by_yes(yes: str) -> None:
    talk = reviewed()
    talk.say(yes)
    assert filed(talk).words == LAMP


def test_the_case_is_all_that_was_told() -> None:
    talk = reviewed(photo(1), photo(2, "de prop"))
    message = inbound("1", at=talk.now)
    turn = settled(talk.citizen, message, talk.town, talk.now)
    talk.turn, talk.citizen = turn, turn.citizen
    case = filed(talk)
    assert (case.id, case.citizen, case.language) == (case_number(message.id), "ES.1001", "ca")
    assert (case.category, case.created_at, case.channel) == (lamp(), talk.now, "whatsapp")
    assert case.words == f"{LAMP}\nde prop"
    assert [(file.media_id, file.caption) for file in case.files] == [("media.1", ""), ("media.2", "de prop")]
    assert len({file.id for file in case.files}) == 2
    assert [event.what for event in case.history] == [What.FILED]
    assert talk.citizen.draft == {}


def test_the_same_message_again_files_under_the_same_number() -> None:
    talk = reviewed()
    message = inbound("1", at=talk.now)
    first, second = (settled(talk.citizen, message, talk.town, talk.now) for _ in range(2))
    assert first == second


def test_the_reply_tells_the_number_and_that_news_will_tell_the_rest() -> None:
    talk = reviewed()
    talk.say("1")
    case: Case = filed(talk)
    assert case.id in talk.body
    assert talk.says("report.news_first")
    assert not talk.says("report.by")
    assert talk.options == [f"my_cases:case:{case.id}", "menu"]


def test_where_no_news_tells_of_routing_the_reply_tells_department_and_by_when() -> None:
    talk = silent_about_routing(reviewed())
    talk.say("1")
    case: Case = filed(talk)
    incidents = talk.town.incidents
    department = incidents.department(incidents.route("incident", case.category, ""))
    assert case.id in talk.body
    assert department is not None
    assert department.name["ca"] in talk.body
    assert talk.says("report.by")


@pytest.mark.parametrize("again", ["incident:send", "incident:review", "incident:cancel", "incident:change"])
def test_an_old_button_after_sending_files_nothing_and_says_so(again: str) -> None:
    talk = reviewed()
    talk.say("1")
    talk.tap(again)
    assert files_nothing(talk)
    assert talk.says("report.nothing")
    assert talk.options[0] == "my_cases"


def test_send_before_it_is_complete_asks_for_what_is_missing() -> None:
    talk = Talk()
    talk.say(LAMP)
    talk.tap("incident:send")
    assert files_nothing(talk)
    assert talk.says("report.ask_where")


def test_cancelling_asks_once_and_then_really_clears() -> None:
    talk = reviewed(photo())
    talk.say("cancel·lar")
    assert draft(talk).begun
    talk.say("sí")
    assert talk.citizen.draft == {}
    assert talk.says("report.cancelled")
    talk.say("hola")
    assert talk.citizen.place == Place.MENU


def test_where_cancel_is_not_offered_it_leads_to_the_menu_and_keeps_the_report() -> None:
    talk = reviewed()
    talk.tap("incident:change")
    talk.say("cancela")
    assert talk.citizen.place == Place.MENU
    assert talk.options[-1] == "incident:go"


def test_who_does_not_want_to_cancel_after_all_has_everything() -> None:
    talk = reviewed()
    talk.say("cancel·lar", "no", "1")
    assert filed(talk).words == LAMP


@pytest.mark.parametrize("language", ["ca", "es"])
@pytest.mark.parametrize("letter", ["a", "😀", "paraula "])
def test_four_thousand_characters_are_kept_whole_and_shown_short(letter: str, language: str) -> None:
    long = (letter * 4096)[:4096].strip()
    talk = Talk(citizen(language))
    talk.tap(f"incident:category:{lamp()}")
    talk.say(PLACE, long)
    assert talk.citizen.notes["step"] == "review"
    assert units(talk.body) <= 1024
    talk.say("1")
    assert filed(talk).words == long


def test_the_longest_review_keeps_its_buttons() -> None:
    talk = Talk()
    talk.tap(f"incident:category:{lamp()}")
    talk.say("a b " * 1000, *(photo(number) for number in range(10)))
    talk.say("c d " * 1000)
    assert talk.citizen.notes["step"] == "review"
    assert units(talk.body) <= 1024


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_a_blank_message_is_no_description(blank: str) -> None:
    talk = Talk()
    talk.tap(f"incident:category:{lamp()}")
    talk.say(PLACE, blank)
    assert draft(talk).words == ""


def test_danger_in_the_words_puts_112_first_and_loses_nothing() -> None:
    talk = Talk()
    talk.say("10", "hi ha hagut un accident i el fanal ha caigut damunt de la vorera")
    assert talk.body.startswith("🚨")
    assert "accident" in draft(talk).words
    talk.say(PLACE)
    assert talk.citizen.place == Place.INCIDENT


def test_a_danger_that_somebody_has_to_mend_is_reported_below_112() -> None:
    talk = Talk()
    talk.say(f"hi ha un cable solt que fa xispes i pot matar algú al {STREET}")
    assert talk.body.startswith("🚨")
    talk.say("1")
    assert "xispes" in filed(talk).words


def test_a_mere_cry_for_help_begins_no_report() -> None:
    talk = Talk()
    talk.say("hi ha un incendi en un pis, hi ha gent dins")
    assert talk.citizen.draft == {}


def test_despair_among_the_words_of_a_report_is_answered_alone() -> None:
    talk = reviewed()
    talk.say("no vull viure")
    assert "024" in talk.body
    talk.tap("incident:go")
    assert talk.citizen.notes["step"] == "review"


def test_danger_above_a_review_that_fills_the_screen_still_goes_on() -> None:
    talk = reviewed()
    talk.say(f"{'no es veu res de res ' * 60} i hi ha un incendi, correu")
    assert talk.body.startswith("🚨")
    assert units(talk.body) <= 1024
    assert "incendi" in draft(talk).words
    talk.say("1")
    assert talk.citizen.notes.get("step") == "review" or "incendi" in filed(talk).words


@pytest.mark.parametrize("said", ["hi ha un fanal trencat", "incidència", "10", photo(), PLACE])
def test_a_blocked_citizen_is_refused_kindly_and_told_who_to_turn_to(said: Content | str) -> None:
    talk = Talk(citizen(blocked=True))
    talk.say(said)
    if talk.citizen.place == Place.ATTACHMENT:
        talk.say("3")
    assert talk.says("report.refused")
    assert talk.options == ["phones", "menu"]
    assert talk.citizen.draft == {}


def test_a_blocked_citizen_is_still_told_112_first() -> None:
    talk = Talk(citizen(blocked=True))
    talk.say("incidència", "hi ha un incendi en un pis, hi ha gent dins")
    assert talk.body.startswith("🚨")


def test_a_blocked_citizen_still_gets_information() -> None:
    talk = Talk(citizen(blocked=True))
    talk.say("farmàcia de guàrdia")
    assert talk.citizen.place == Place.PHARMACY


def test_the_date_is_that_of_the_towns_working_days() -> None:
    talk = silent_about_routing(Talk(citizen(), now=NOON))
    talk.say("tinc una queixa", "el camió del fem passa a les tres i no ens deixa dormir", "1")
    days = alzira().incidents.days("complaint", "")
    assert days >= 1
    assert talk.says("report.by")
