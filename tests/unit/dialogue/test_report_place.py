"""Where it is: a pin, a street, a landmark or the citizen's own words, and pins that cannot be right."""

from __future__ import annotations

import pytest
from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.messages import AskLocation, Content, Pin
from canal.dialogue.turn import NotUnderstood

from tests.builders import Talk, citizen, stranger
from tests.unit.dialogue.reporting import FAR, LAMP, PLACE, STREET, draft, filed, files_nothing, photo


def asked_where() -> Talk:
    talk = Talk()
    talk.say(LAMP)
    return talk


def test_the_place_is_asked_with_whatsapps_own_button_and_words_are_as_good() -> None:
    talk = asked_where()
    assert isinstance(talk.reply, AskLocation)
    assert talk.says("report.ask_where")


def test_a_street_with_its_number_is_taken_and_shown_in_the_review() -> None:
    talk = asked_where()
    talk.say(STREET)
    assert talk.citizen.notes["step"] == "review"
    assert "Sant Roc" in talk.body


def test_a_street_that_only_the_citizen_knows_is_taken_from_the_sentence_as_it_was_written() -> None:
    talk = Talk()
    talk.say("hi ha un fanal trencat al carrer de la Pica Imaginària 12, fa por passar")
    assert talk.citizen.notes["step"] == "review"
    talk.say("1")
    case = filed(talk)
    assert (case.address, case.position) == ("carrer de la Pica Imaginària 12", None)


def test_what_nobody_knows_is_noted_as_it_was_written() -> None:
    talk = asked_where()
    talk.say("darrere de la caseta de l'oncle Batiste")
    assert talk.says("report.as_written")
    talk.say("1")
    case = filed(talk)
    assert (case.address, case.position) == ("darrere de la caseta de l'oncle Batiste", None)


def test_a_long_story_about_the_place_is_kept_whole() -> None:
    talk = asked_where()
    story = "passat el camí de les sènies a mà dreta " * 50
    talk.say(story, "1")
    case = filed(talk)
    assert len(case.address) <= 300
    assert story.strip() in case.words


def test_a_pin_is_said_in_words_where_something_known_is_near() -> None:
    talk = asked_where()
    talk.say(Pin(PLACE.latitude, PLACE.longitude, "Bar Paco", "c/ Major, 1"))
    assert draft(talk).address == "Bar Paco, c/ Major, 1"


def test_a_pin_outside_is_told_kindly_and_can_be_overruled() -> None:
    talk = asked_where()
    talk.say(FAR)
    assert talk.says("report.outside")
    talk.say("1")
    assert talk.citizen.notes["step"] == "review"
    assert talk.says("report.outside_mark")
    talk.say("1")
    position = filed(talk).position
    assert position
    assert (position.latitude, position.longitude) == (FAR.latitude, FAR.longitude)


@pytest.mark.parametrize("better", [PLACE, STREET], ids=["pin", "words"])
def test_a_pin_outside_is_put_right_by_another_pin_or_by_words(better: Content | str) -> None:
    talk = asked_where()
    talk.say(FAR, better)
    assert talk.citizen.notes["step"] == "review"
    assert not talk.says("report.outside_mark")


@pytest.mark.parametrize("pin", [Pin(0, 0), Pin(0.0001, -0.0002)])
def test_a_pin_of_nowhere_is_asked_for_again(pin: Pin) -> None:
    talk = asked_where()
    talk.say(pin)
    assert talk.says("report.no_place")
    assert not draft(talk).placed
    talk.say(PLACE)
    assert talk.citizen.notes["step"] == "review"


@pytest.mark.parametrize("who", [citizen(), stranger()], ids=["known", "stranger"])
def test_a_pin_of_nowhere_out_of_the_blue_is_asked_for_again(who: Citizen) -> None:
    talk = Talk(who)
    talk.say(Pin(0, 0), *(["1"] if talk.citizen.language is None else []))
    assert talk.says("report.no_place")


def test_a_pin_alone_still_offers_bus_pharmacy_and_an_incident_that_takes_it_along() -> None:
    talk = Talk()
    talk.say(PLACE)
    assert [address.split(":")[0] for address in talk.options] == ["bus", "pharmacy", "incident"]
    talk.say("3", LAMP)
    assert talk.citizen.notes["step"] == "review"


def test_an_old_answer_with_a_pin_still_begins_an_incident_there() -> None:
    talk = Talk()
    talk.tap("incident:pin:39.15120,-0.43410")
    talk.say(LAMP, "1")
    assert filed(talk).position


def test_a_pin_elsewhere_is_offered_to_the_report_half_way() -> None:
    talk = Talk()
    talk.say(LAMP, "menú", PLACE)
    assert talk.options[2].startswith("incident:pin:")
    talk.say("3")
    assert talk.citizen.notes["step"] == "review"


def test_words_that_several_places_may_mean_are_chosen_from() -> None:
    talk = asked_where()
    talk.say("l'estació")
    assert talk.says("report.which_spot")
    *spots, written = talk.options
    assert 2 <= len(spots) <= 3
    assert written == "incident:written"
    talk.say("2")
    spot = talk.town.gazetteer.spot(spots[1].removeprefix("incident:spot:"))
    assert spot
    assert draft(talk).address == spot.label("ca")


def test_none_of_them_is_noted_as_it_was_written() -> None:
    talk = asked_where()
    talk.say("l'estació")
    talk.tap("incident:written")
    assert (draft(talk).address, draft(talk).latitude) == ("l'estació", None)


def test_a_house_number_survives_in_an_old_answer() -> None:
    talk = asked_where()
    spot = talk.town.gazetteer.find(STREET)[0].spot
    assert ":" in spot.id
    talk.tap(f"incident:spot:{spot.id}")
    assert draft(talk).address == spot.label("ca")


def test_a_number_alone_is_no_place() -> None:
    talk = asked_where()
    talk.say("12")
    assert isinstance(talk.turn.effects[0], NotUnderstood)
    assert not draft(talk).placed


def test_a_bare_wish_for_something_else_leaves_and_nothing_is_lost() -> None:
    talk = asked_where()
    talk.say("farmàcies")
    assert talk.citizen.place == Place.PHARMACY
    assert draft(talk).words == LAMP


def test_the_place_of_a_complaint_is_optional() -> None:
    talk = Talk()
    talk.tap("complaint:words")
    talk.say("els veïns posen la música molt alta tota la nit", PLACE, photo())
    assert files_nothing(talk)
    talk.say("1")
    assert filed(talk).position
