""" "Is it this one?": what others reported near by, what one reported oneself, and one tap to follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from canal.dialogue.citizen import Place
from canal.dialogue.messages import Say
from canal.dialogue.questions import CaseOf, CasesNear
from canal.dialogue.turn import CaseFiled
from canal.incidents.case import Case, File, Position
from canal.incidents.states import State

from tests.builders import NOON, Reported, Talk, a_case
from tests.unit.dialogue.reporting import LAMP, PLACE, filed, lamp, photo

NEIGHBOUR = "ES.2002"


def theirs(number: int = 1, **given: object) -> Case:
    """A neighbour's street light some metres away."""
    place = Position(PLACE.latitude + number * 0.00005, PLACE.longitude)
    usual = {"id": f"AAAA{number}", "citizen": NEIGHBOUR, "category": lamp(), "position": place}
    return a_case(**usual | {"created_at": NOON - timedelta(days=2)} | given)


def at_the_lamp(*cases: Case) -> Talk:
    talk = Talk(answers=Reported(*cases))
    talk.say(LAMP, PLACE)
    return talk


def test_a_neighbours_incident_is_joined_with_one_answer() -> None:
    talk = at_the_lamp(theirs())
    assert talk.says("report.one_near")
    talk.say("1")
    case = filed(talk)
    assert (case.state, case.duplicate_of, case.words) == (State.DUPLICATE, "AAAA1", LAMP)
    assert case.id in talk.body
    assert talk.citizen.draft == {}


@pytest.mark.parametrize("yes", ["1", "sí", "Sí, és esta"])
def test_yes_joins(yes: str) -> None:
    talk = at_the_lamp(theirs())
    talk.say(yes)
    assert filed(talk).duplicate_of == "AAAA1"


@pytest.mark.parametrize("no", ["2", "no"])
def test_no_goes_on_with_a_case_of_its_own_and_does_not_ask_again(no: str) -> None:
    talk = at_the_lamp(theirs())
    talk.say(no)
    assert talk.citizen.notes["step"] == "review"
    talk.say("1")
    assert filed(talk).duplicate_of == ""


def test_what_is_shown_tells_category_distance_age_and_state() -> None:
    talk = at_the_lamp(theirs(7))
    category = talk.town.incidents.category(lamp())
    assert category
    assert category.name["ca"] in talk.body
    assert "40 m" in talk.body
    assert "fa 2 dies" in talk.body
    assert talk.town.text("report.state_received", "ca") in talk.body


def test_three_at_most_are_shown_the_nearest_first() -> None:
    talk = at_the_lamp(theirs(4), theirs(2), theirs(3), theirs(1))
    assert talk.options == ["incident:join:AAAA1", "incident:join:AAAA2", "incident:join:AAAA3", "incident:another"]
    talk.say("2")
    assert filed(talk).duplicate_of == "AAAA2"


def test_a_photo_that_staff_made_public_stands_above() -> None:
    file = File("f1", "image", "m", NOON, state="stored", key="k", thumbnail="small", public=True)
    talk = at_the_lamp(theirs(files=(file,)))
    assert isinstance(talk.reply, Say)
    assert talk.reply.image == "https://photos.example/small"


@pytest.mark.parametrize("hidden", [{"public": False}, {"thumbnail": ""}])
def test_no_other_photo_is_ever_shown(hidden: dict[str, object]) -> None:
    file = File("f1", "image", "m", NOON, state="stored", key="k", thumbnail="small", public=True)
    talk = at_the_lamp(theirs(files=(replace(file, **hidden),)))  # type: ignore[arg-type]
    assert isinstance(talk.reply, Say)
    assert talk.reply.image == ""


def test_ones_own_incident_is_told_as_such_and_not_joined() -> None:
    talk = at_the_lamp(theirs(citizen="ES.1001"))
    assert talk.says("report.yours")
    assert talk.options == ["my_cases:case:AAAA1", "incident:another"]


def test_what_one_follows_already_is_told_as_ones_own() -> None:
    followed = theirs(2, citizen="ES.1001", state=State.DUPLICATE, duplicate_of="AAAA1")
    talk = at_the_lamp(theirs(), followed)
    assert talk.says("report.yours")


def test_far_ones_other_categories_and_closed_ones_are_not_offered() -> None:
    far = theirs(id="FAR", position=Position(PLACE.latitude + 0.02, PLACE.longitude))
    talk = at_the_lamp(far, theirs(id="OTHER", category="none"), theirs(id="CLOSED", state=State.RESOLVED))
    assert talk.citizen.notes["step"] == "review"


def test_what_is_private_is_nobody_elses_to_see() -> None:
    talk = Talk(answers=Reported())
    private = next((each for each in talk.town.incidents.categories if each.private and not each.other_body), None)
    if private is None:
        pytest.skip("the town keeps no category private")
    talk.answers = Reported(theirs(category=private.id))
    talk.tap(f"incident:category:{private.id}")
    talk.say(PLACE)
    assert "AAAA1" not in str(talk.options)


def test_one_that_was_closed_in_the_meantime_is_not_joined() -> None:
    reported = Reported(theirs())
    talk = Talk(answers=reported)
    talk.say(LAMP, PLACE)
    reported.cases = [replace(reported.cases[0], state=State.RESOLVED)]
    talk.say("1")
    assert talk.says("report.not_open")
    assert talk.citizen.notes["step"] == "review"


def test_a_second_tap_on_join_files_nothing() -> None:
    talk = at_the_lamp(theirs())
    talk.tap("incident:join:AAAA1")
    assert filed(talk).duplicate_of == "AAAA1"
    talk.tap("incident:join:AAAA1")
    assert talk.says("report.nothing")
    assert not any(isinstance(effect, CaseFiled) for effect in talk.turn.effects)


def test_words_are_added_while_we_ask() -> None:
    talk = at_the_lamp(theirs())
    talk.say("està així des de fa una setmana i de nit no es veu res")
    talk.say("1")
    assert "una setmana" in filed(talk).words


def test_the_neighbours_photos_and_words_go_with_them() -> None:
    talk = Talk(answers=Reported(theirs()))
    talk.say(LAMP, photo(), PLACE, "1")
    case = filed(talk)
    assert (len(case.files), case.words, case.citizen) == (1, LAMP, "ES.1001")


def test_it_is_looked_for_once_and_again_only_at_another_place() -> None:
    asked: list[object] = []

    def answers(question: object) -> object:
        asked.append(question)
        return None if isinstance(question, CaseOf) else ()

    talk = Talk(answers=answers)
    talk.say(LAMP, PLACE, "i de nit no es veu res", "1")
    assert len([question for question in asked if isinstance(question, CasesNear)]) == 1
    assert talk.citizen.place == Place.MY_CASES
