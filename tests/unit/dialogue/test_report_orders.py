"""Photo, pin and words in any order, with or without a language: always the same case, in few messages."""

from __future__ import annotations

from itertools import permutations

import pytest
from canal.dialogue.citizen import Place
from canal.dialogue.messages import Content
from canal.incidents.case import Case, Kind

from tests.builders import Talk, citizen, stranger
from tests.unit.dialogue.reporting import LAMP, PLACE, filed, lamp, photo

PARTS: dict[str, Content | str] = {"photo": photo(), "pin": PLACE, "words": LAMP}
ENOUGH = 5  # messages from the first to the number


def told(case: Case) -> tuple[object, ...]:
    """What the town learns, apart from number and hour."""
    position = case.position
    return (
        case.kind,
        case.category,
        case.words,
        [(file.kind, file.media_id) for file in case.files],
        position and (position.latitude, position.longitude, position.source),
    )


WHOLE = (Kind.INCIDENT, lamp(), LAMP, [("image", "media.1")], (PLACE.latitude, PLACE.longitude, "pin"))


@pytest.mark.parametrize("order", list(permutations(PARTS)), ids="-".join)
def test_photo_pin_and_words_in_any_order_become_the_same_case(order: tuple[str, ...]) -> None:
    talk = Talk()
    talk.say(*(PARTS[part] for part in order), "sí")
    assert told(filed(talk)) == WHOLE


@pytest.mark.parametrize("order", list(permutations((*PARTS, "language"))), ids="-".join)
def test_so_they_do_for_a_stranger_who_chooses_the_language_at_any_point(order: tuple[str, ...]) -> None:
    talk = Talk(stranger())
    said: list[Content | str] = [PARTS.get(part, "1") for part in order]
    if order[0] == "language":
        said.insert(0, "Hola")
    talk.say(*said)
    talk.say("sí")
    assert told(filed(talk)) == WHOLE
    assert len(said) + 1 <= ENOUGH + (order[0] == "language")


@pytest.mark.parametrize("order", list(permutations(PARTS)), ids="-".join)
def test_the_answer_is_asked_for_first_and_then_told_in_any_order(order: tuple[str, ...]) -> None:
    talk = Talk()
    talk.say("10", *(PARTS[part] for part in order), "1")
    assert told(filed(talk)) == WHOLE


@pytest.mark.parametrize("language", ["ca", "es"])
def test_a_photo_a_pin_and_words_need_five_messages_at_most(language: str) -> None:
    talk = Talk(citizen(language))
    said: tuple[Content | str, ...] = (photo(), PLACE, LAMP, "1")
    talk.say(*said)
    assert filed(talk).id in talk.body
    assert len(said) <= ENOUGH


@pytest.mark.parametrize("first", [photo(), PLACE], ids=["photo", "pin"])
def test_a_photo_and_a_pin_without_a_word_are_an_incident(first: Content) -> None:
    talk = Talk()
    talk.say(first, PLACE if first != PLACE else photo())
    assert talk.citizen.place == Place.INCIDENT
    assert talk.says("report.ask_what")


def test_one_sentence_with_what_and_where_goes_straight_to_the_review() -> None:
    talk = Talk()
    talk.say("hi ha un fanal trencat al carrer Sant Roc 12")
    assert talk.citizen.notes["step"] == "review"
    talk.say("1")
    case = filed(talk)
    assert (case.category, case.words) == (lamp(), "hi ha un fanal trencat al carrer Sant Roc 12")
    assert "Sant Roc" in case.address
    assert case.position
    assert case.position.source == "demo", "the gazetteer's positions are made up"


def test_a_photo_that_came_first_joins_the_words_that_follow() -> None:
    talk = Talk()
    talk.say(photo(), "hi ha un fanal trencat al carrer Sant Roc 12", "1")
    assert [file.media_id for file in filed(talk).files] == ["media.1"]


def test_a_photo_that_came_first_joins_a_complaint_as_well() -> None:
    talk = Talk()
    talk.say(photo(), "vull posar una queixa pel soroll del camió del fem a la nit", "1")
    case = filed(talk)
    assert (case.kind, len(case.files)) == (Kind.COMPLAINT, 1)
