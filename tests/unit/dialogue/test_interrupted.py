"""A number typed after a notice: it may mean the notice, so nothing is done by it before it is said again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.messages import AskLocation

from tests.builders import Talk

AGAIN = "common.choose_again"
SECOND = timedelta(seconds=1)


def subscribed() -> Talk:
    """Somebody who stands where a number may end their subscription."""
    talk = Talk()
    talk.tap("subscriptions:join:agenda")
    assert "agenda" in talk.citizen.subscriptions
    return talk


def told(talk: Talk, when: timedelta = SECOND) -> Talk:
    """A notice goes out to them, a second after their last message unless told otherwise."""
    talk.citizen = replace(talk.citizen, told_at=talk.now + when)
    return talk


@pytest.mark.parametrize("number", ["1", "2)", "la 1"])
def test_a_number_after_a_notice_does_nothing_but_show_the_screen_again(number: str) -> None:
    talk = told(subscribed())
    talk.say(number)
    assert "agenda" in talk.citizen.subscriptions
    assert talk.says(AGAIN)


def test_said_once_more_it_counts() -> None:
    talk = Talk()
    talk.say("menu")
    told(talk).say("1")
    assert talk.says(AGAIN)
    talk.say("1")
    assert talk.citizen.place == Place.PHONES


@pytest.mark.parametrize("words", ["farmàcia de guàrdia", "112", "menu"])
def test_words_are_heard_as_ever(words: str) -> None:
    talk = told(subscribed())
    talk.say(words)
    assert not talk.says(AGAIN)
    assert talk.citizen.told_at is None


def test_a_tap_says_itself_what_it_means() -> None:
    talk = told(subscribed())
    talk.tap("subscriptions:leave:agenda")
    assert not talk.citizen.subscriptions


def test_a_number_that_was_sent_before_the_notice_means_the_screen() -> None:
    talk = Talk()
    talk.say("menu")
    told(talk, timedelta(seconds=60)).say("1")
    assert talk.citizen.place == Place.PHONES


def test_a_yes_after_a_notice_is_asked_again_too() -> None:
    talk = subscribed()
    talk.citizen = replace(talk.citizen, notes={"yes": "subscriptions:stop", "no": "menu"})
    told(talk).say("sí")
    assert "agenda" in talk.citizen.subscriptions
    assert talk.says(AGAIN)


def test_in_the_middle_of_a_report_it_goes_on_where_it_was() -> None:
    talk = Talk()
    talk.say("farola fosa")
    asked, draft = talk.citizen.notes, talk.citizen.draft
    assert isinstance(talk.reply, AskLocation)
    told(talk).say("1")
    assert talk.says(AGAIN)
    assert isinstance(talk.reply, AskLocation)
    assert (talk.citizen.place, talk.citizen.notes, talk.citizen.draft) == (Place.INCIDENT, asked, draft)


def test_a_stranger_still_chooses_a_language_by_number() -> None:
    talk = Talk(Citizen("ES.1"))
    talk.say("Hola")
    told(talk).say("1")
    assert talk.citizen.language == "ca"
