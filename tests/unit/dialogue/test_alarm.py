"""Danger comes before everything, from any place, and takes nothing away."""

from __future__ import annotations

import pytest
from canal.dialogue.citizen import Place
from canal.dialogue.messages import Media
from canal.dialogue.turn import CaseChanged, DangerMet

from tests.builders import Talk, citizen, stranger

FIRE = "hi ha un incendi en un pis, hi ha gent dins"


@pytest.mark.parametrize("place", [place for place in Place if place != Place.WELCOME])
def test_danger_is_answered_from_any_place_and_the_place_stays(place: Place) -> None:
    talk = Talk(citizen(place=place, notes={"a": "b"} if place != Place.PERSON else {}))
    talk.say(FIRE)
    assert talk.body.startswith("🚨")
    assert "112" in talk.body
    assert DangerMet("emergency") in talk.turn.effects
    assert talk.citizen.place == place


def test_the_numbers_that_were_offered_still_count_after_danger() -> None:
    talk = Talk()
    talk.say("2")
    offered = talk.options
    talk.say(FIRE)
    assert talk.options == offered


@pytest.mark.parametrize("language", ["ca", "es"])
@pytest.mark.parametrize(
    ("words", "kind", "number"),
    [("el meu home em pega", "gender_violence", "016"), ("no quiero vivir más", "despair", "024")],
)
def test_violence_and_despair_are_answered_alone(words: str, kind: str, number: str, language: str) -> None:
    talk = Talk(citizen(language))
    talk.say(words)
    assert number in talk.body
    assert "112" in talk.body
    assert DangerMet(kind) in talk.turn.effects
    assert talk.labels == []


def test_danger_with_something_else_is_answered_first_and_the_rest_after() -> None:
    talk = Talk()
    talk.say("hi ha hagut un accident en la parada, quan passa el bus?")
    assert talk.body.startswith("🚨")


def test_danger_in_the_first_message_is_told_in_both_languages_and_the_language_asked() -> None:
    talk = Talk(stranger())
    talk.say(FIRE)
    assert talk.town.text("danger.emergency", "ca") in talk.body
    assert talk.town.text("danger.emergency", "es") in talk.body
    assert talk.options == ["language:ca", "language:es"]


def test_danger_in_a_caption_counts() -> None:
    talk = Talk()
    talk.say(Media("image", "media.1", caption=FIRE))
    assert talk.body.startswith("🚨")


def test_danger_that_is_an_incident_is_kept_also_where_another_report_is_half_way() -> None:
    talk = Talk()
    talk.say("hi ha un fanal que no fa llum", "menú", "inundació al carrer Sant Roc, l'aigua entra a les cases")
    assert talk.body.startswith("🚨")
    assert talk.says("report.half_way")
    talk.tap("incident:new")
    assert "inundació" in talk.body


def test_despair_told_to_a_person_stays_in_the_request() -> None:
    talk = Talk()
    talk.say("persona", "estic molt malament", "em vull morir")
    assert "024" in talk.body
    talk.say("visc a soles")
    (request,) = [effect.case for effect in talk.turn.effects if isinstance(effect, CaseChanged)]
    assert "em vull morir" in [event.words for event in request.history]


@pytest.mark.parametrize(
    "words", ["em muic de fam", "foc i flama, quina festa!", "on compre els focs artificials?", "me muero de risa"]
)
def test_words_that_merely_sound_like_danger_are_none(words: str) -> None:
    talk = Talk()
    talk.say(words)
    assert not [effect for effect in talk.turn.effects if isinstance(effect, DangerMet)]
