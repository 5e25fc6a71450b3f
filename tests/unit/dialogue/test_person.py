"""To a person: one case for each request, with all words and files that belong to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from canal.dialogue.citizen import Place
from canal.dialogue.messages import Media
from canal.dialogue.turn import CaseChanged, CaseFiled
from canal.incidents import changes
from canal.incidents.case import Case, Kind
from canal.incidents.states import State

from tests.builders import Reported, Talk, citizen


def cases(talk: Talk) -> list[Case]:
    assert isinstance(talk.answers, Reported)
    return talk.answers.cases


def words_of(case: Case) -> list[str]:
    """Each once: the first ones are the request's own and a remark."""
    return list(dict.fromkeys(filter(None, [case.words, *(event.words for event in case.history)])))


def close(talk: Talk) -> None:
    """Staff close the newest request."""
    assert isinstance(talk.answers, Reported)
    talk.answers.put(changes.moved(cases(talk)[-1], talk.now, "staff@town.example", State.RESOLVED))


def effects(talk: Talk) -> list[object]:
    return [effect for effect in talk.turn.effects if isinstance(effect, CaseFiled | CaseChanged)]


def test_a_request_is_one_case_with_its_words_in_their_order() -> None:
    talk = Talk()
    talk.say("vull parlar amb una persona")
    talk.say("és per un rebut", "de l'any 2024")
    (case,) = cases(talk)
    assert (case.kind, case.citizen, case.language) == (Kind.PERSON, "ES.1001", "ca")
    assert words_of(case) == ["és per un rebut", "de l'any 2024"]
    assert case.words == "és per un rebut", "what staff read in their list"


def test_photos_join_the_request_and_a_handful_gets_one_reply() -> None:
    talk = Talk()
    talk.say("persona", Media("image", "media.1", caption="este rebut"))
    assert talk.says("person.added")
    talk.say(Media("image", "media.2"), Media("audio", "media.3", voice=True), pause=3)
    assert talk.reply is None
    (case,) = cases(talk)
    assert [file.kind for file in case.files] == ["image", "image", "audio"]
    assert "este rebut" in words_of(case)


def test_a_photo_that_came_first_joins_the_request() -> None:
    talk = Talk()
    talk.say(Media("image", "media.1", caption="mireu quin rebut"))
    talk.tap("person")
    (case,) = cases(talk)
    assert len(case.files) == 1
    assert "mireu quin rebut" in case.words
    assert talk.citizen.draft == {}


def test_a_report_that_is_half_way_stays_where_it_is() -> None:
    talk = Talk()
    talk.say("vull posar una queixa", "el soroll de la plaça no em deixa dormir")
    draft = talk.citizen.draft
    talk.say("persona")
    assert talk.citizen.draft == draft != {}


def test_a_request_that_was_closed_meanwhile_is_followed_by_a_new_one() -> None:
    talk = Talk()
    talk.say("persona", "és per un rebut")
    close(talk)
    talk.say("encara no m'heu telefonat")
    first, second = cases(talk)
    assert words_of(second) == ["encara no m'heu telefonat"]
    assert second.id != first.id
    assert talk.says("person.recorded")


def test_a_request_that_is_full_is_followed_by_a_new_one() -> None:
    talk = Talk()
    talk.say("persona")
    (case,) = cases(talk)
    talk.answers = Reported(replace(case, history=case.history * changes.MOST_EVENTS))
    talk.say("una cosa més")
    assert len(cases(talk)) == 2


def test_somebody_elses_number_in_the_notes_opens_nothing_of_theirs() -> None:
    talk = Talk(citizen(place=Place.PERSON, notes={"case": "K7Q2M4XA"}))
    talk.say("hola, soc jo altra vegada")
    assert len(cases(talk)) == 1


def test_asking_once_more_changes_nothing() -> None:
    talk = Talk()
    talk.say("persona")
    talk.say("persona")
    assert effects(talk) == []
    assert len(cases(talk)) == 1


def test_a_late_message_is_filed_with_the_hour_at_which_it_was_sent() -> None:
    talk = Talk()
    talk.say("persona")
    (case,) = cases(talk)
    assert case.created_at == talk.now
    assert case.history[0].at - case.created_at == timedelta(0)


def test_who_is_blocked_is_told_so_and_files_nothing() -> None:
    talk = Talk(citizen(blocked=True))
    talk.say("persona")
    assert talk.says("report.refused")
    talk.say("vull parlar amb algú", Media("image", "media.1"))
    assert cases(talk) == []
