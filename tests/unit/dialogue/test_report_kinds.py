"""Complaints, suggestions, questions and the pick-up of bulky waste; categories of other bodies, and dangerous ones."""

from __future__ import annotations

import pytest
from canal.dialogue.citizen import Place
from canal.incidents.case import Kind

from tests.builders import Talk, citizen
from tests.unit.dialogue.reporting import PLACE, STREET, draft, filed, files_nothing, photo

NOISE = "el camió del fem passa a les tres de la matinada i no ens deixa dormir"


def test_the_menu_leads_to_the_choice_between_complaint_suggestion_and_question() -> None:
    talk = Talk()
    talk.say("11")
    assert talk.options == ["complaint:words", "suggestion", "question"]


@pytest.mark.parametrize(("answer", "kind"), [("1", "complaint"), ("2", "suggestion"), ("3", "question")])
def test_each_is_words_a_review_and_a_number(answer: str, kind: str) -> None:
    talk = Talk()
    talk.say("11", answer)
    assert talk.says(f"report.words_{kind}")
    talk.say(NOISE)
    assert talk.says(f"report.review_{kind}")
    talk.say("1")
    case = filed(talk)
    assert (case.kind, case.words, case.position) == (Kind(kind), NOISE, None)
    assert case.id in talk.body


def test_words_typed_at_the_choice_are_a_complaint() -> None:
    talk = Talk()
    talk.say("11", NOISE, "1")
    assert filed(talk).kind == Kind.COMPLAINT


@pytest.mark.parametrize("words", ["tinc una queixa", "queixa", "quiero poner una queja"])
def test_the_bare_word_asks_what_it_is_about(words: str) -> None:
    talk = Talk()
    talk.say(words)
    assert talk.says("report.words_complaint")
    assert draft(talk).words == ""


def test_a_complaint_in_a_sentence_goes_straight_to_the_review() -> None:
    talk = Talk()
    talk.say("vull posar una queixa perquè el camió del fem no ens deixa dormir")
    assert talk.says("report.review_complaint")


def test_a_photo_alone_is_no_complaint() -> None:
    talk = Talk()
    talk.say("tinc una queixa", photo())
    assert talk.says("report.words_complaint")
    talk.say(NOISE, "1")
    assert len(filed(talk).files) == 1


def test_a_question_that_was_not_understood_is_passed_on_after_a_look() -> None:
    talk = Talk()
    talk.say("com puc xafar blau quan plou?")
    assert "question:pass" in talk.options
    talk.tap("question:pass")
    assert "com puc xafar blau quan plou?" in talk.body
    talk.say("1")
    case = filed(talk)
    assert (case.kind, case.words) == (Kind.QUESTION, "com puc xafar blau quan plou?")


def test_words_that_were_not_understood_are_not_asked_for_again_where_they_turn_out_to_be_a_report() -> None:
    talk = Talk()
    talk.say(photo(), "xyzzy qwfp")
    talk.tap("incident")
    assert draft(talk).words == "xyzzy qwfp"
    assert len(draft(talk).files) == 1


def test_without_the_words_the_question_is_asked_for() -> None:
    talk = Talk()
    talk.tap("question:pass")
    assert talk.says("report.words_question")


def test_a_blocked_citizen_is_not_offered_to_pass_a_question_on() -> None:
    talk = Talk(citizen(blocked=True))
    talk.say("com puc xafar blau quan plou?")
    assert "question:pass" not in talk.options
    talk.tap("question:pass")
    assert talk.says("report.refused")


def test_bulky_waste_is_asked_for_where_its_telephone_is() -> None:
    talk = Talk()
    talk.tap("waste:pickup")
    assert talk.options[0] == "pickup"
    assert "waste:card" in talk.options
    talk.say("1", "un sofà i dos cadires", STREET)
    assert talk.says("report.review_pickup")
    talk.say("1")
    case = filed(talk)
    assert (case.kind, case.words) == (Kind.PICKUP, "un sofà i dos cadires")
    assert "Sant Roc" in case.address
    assert talk.says("report.pickup_wait")
    assert not talk.says("report.by")


def test_the_pick_up_takes_a_pin_as_well() -> None:
    talk = Talk()
    talk.tap("pickup")
    talk.say("un sofà", PLACE, "1")
    assert filed(talk).position


def test_another_bodys_matter_says_whose_and_can_be_reported_anyway() -> None:
    talk = Talk()
    theirs = next((each for each in talk.town.incidents.categories if each.other_body), None)
    if theirs is None or theirs.other_body is None:
        pytest.skip("the town looks after everything")
    talk.tap(f"incident:category:{theirs.id}")
    assert theirs.other_body.name["ca"] in talk.body
    assert talk.options == ["incident:anyway", "incident:category", "menu"]
    talk.say("1", PLACE)
    if talk.citizen.notes.get("step") == "words":
        talk.say("fa una setmana que està així, davant de casa")
    talk.say("1")
    assert filed(talk).category == theirs.id


def test_the_caution_of_a_dangerous_category_comes_first_and_once() -> None:
    talk = Talk()
    risky = next((each for each in talk.town.incidents.categories if each.danger and not each.other_body), None)
    if risky is None:
        pytest.skip("no category is dangerous")
    talk.tap(f"incident:category:{risky.id}")
    assert talk.body.startswith(risky.danger["ca"])
    talk.say(PLACE)
    assert risky.danger["ca"] not in talk.body


def test_every_category_can_be_reached_by_tapping_and_reported() -> None:
    incidents = Talk().town.incidents
    for group in incidents.groups:
        talk = Talk()
        talk.tap(f"incident:group:{group.id}")
        shown = [address for address in talk.options if address.startswith("incident:category:")]
        assert shown == [f"incident:category:{each.id}" for each in incidents.of_group(group.id)]
        assert len(talk.options) <= 10, "a list has ten rows"


def test_the_first_list_fits_whatsapp() -> None:
    talk = Talk()
    talk.say("10")
    assert len(talk.options) <= 10


def test_what_is_in_no_category_is_reported_without_one() -> None:
    talk = Talk()
    talk.say("10")
    talk.tap("incident:category:-")
    talk.say(PLACE, "passa una cosa que no és en la llista", "1")
    case = filed(talk)
    assert (case.category, case.kind) == ("", Kind.INCIDENT)


def test_after_a_report_the_next_words_are_a_new_matter() -> None:
    talk = Talk()
    talk.say("tinc una queixa", NOISE, "1", "farmàcia de guàrdia")
    assert talk.citizen.place == Place.PHARMACY
    assert files_nothing(talk)
