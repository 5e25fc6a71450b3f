"""The language first, and nothing that was written before it is lost."""

from __future__ import annotations

import itertools

import pytest
from canal.dialogue.citizen import Place
from canal.dialogue.messages import Content, Media, Pin, Say, SharedContacts, Tap
from canal.dialogue.turn import LanguageChosen, OptedOut

from tests.builders import Talk, stranger


@pytest.mark.parametrize("first", ["Hola", "hola!", "bon dia", "buenos días", "menú", "ajuda", "¿?", ""])
def test_a_greeting_is_asked_for_the_language_and_remembered_no_further(first: str) -> None:
    talk = Talk(stranger())
    talk.say(first)
    assert talk.options == ["language:ca", "language:es"]
    talk.say("1")
    assert talk.citizen.place == Place.MENU


@pytest.mark.parametrize(
    ("answer", "language"),
    [
        ("1", "ca"),
        ("2", "es"),
        (" 2. ", "es"),
        ("la 1", "ca"),
        ("Valencià", "ca"),
        ("valenciano", "ca"),
        ("CASTELLANO", "es"),
        ("en castellano por favor", "es"),
        (Tap("language:es", "Castellano"), "es"),
    ],
)
def test_the_language_is_chosen_by_number_name_or_tap(answer: Content | str, language: str) -> None:
    talk = Talk(stranger())
    talk.say("Hola", answer)
    assert talk.citizen.language == language
    assert any(isinstance(effect, LanguageChosen) for effect in talk.turn.effects)


@pytest.mark.parametrize("answer", ["3", "0", "99"])
def test_another_number_asks_again(answer: str) -> None:
    talk = Talk(stranger())
    talk.say("Hola", answer)
    assert talk.citizen.language is None
    assert talk.says("welcome.ask_again")


def test_the_question_is_never_put_twice_in_a_row_in_the_same_words() -> None:
    talk = Talk(stranger())
    bodies = [talk.say(words) and talk.body for words in ("Hola", "Hola?", "xx", "hola?", "yy")]
    assert all(first != second for first, second in itertools.pairwise(bodies))


@pytest.mark.parametrize(
    ("first", "place"),
    [
        ("on puc tirar un sofà?", Place.WASTE),
        (Pin(39.15, -0.435), Place.ATTACHMENT),
        (Media("image", "media.1"), Place.ATTACHMENT),
    ],
)
def test_what_came_first_is_answered_once_the_language_is_chosen(first: Content | str, place: Place) -> None:
    talk = Talk(stranger())
    talk.say(first, "2")
    assert (talk.citizen.place, talk.citizen.language) == (place, "es")


@pytest.mark.parametrize(
    ("media", "told"),
    [
        (Media("image", "m"), "image"),
        (Media("video", "m"), "video"),
        (Media("audio", "m", voice=True), "voice"),
        (Media("audio", "m"), "audio"),
        (Media("document", "m"), "document"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_a_file_is_remembered_as_what_it_was(media: Media, told: str) -> None:
    talk = Talk(stranger())
    talk.say(media, "1")
    assert talk.says(f"attachment.{told}")


def test_a_question_in_two_messages_is_kept_whole() -> None:
    talk = Talk(stranger())
    talk.say("Hola, volia fer una pregunta", "on puc tirar un sofà?")
    assert "pregunta" in talk.citizen.notes["first"]
    talk.say("1")
    assert talk.citizen.place == Place.WASTE


def test_a_first_message_of_any_length_is_kept_whole() -> None:
    talk = Talk(stranger())
    talk.say("a" * 4096)
    assert talk.citizen.notes["first"] == "a" * 4096
    talk.say("b" * 4096)
    assert len(talk.citizen.notes["first"]) == 4096


def test_stop_is_obeyed_before_any_language_is_chosen() -> None:
    talk = Talk(stranger())
    talk.say("STOP")
    assert OptedOut() in talk.turn.effects
    assert talk.citizen.wants_marketing is False
    assert talk.options == ["language:ca", "language:es"]


def test_a_contact_card_first_asks_for_the_language() -> None:
    talk = Talk(stranger())
    talk.say(SharedContacts(("Vicent",)))
    assert talk.options == ["language:ca", "language:es"]


def test_a_tap_from_an_old_chat_is_answered_in_the_towns_language() -> None:
    talk = Talk(stranger())
    talk.say(Tap("bus:stop:hospital"))
    assert isinstance(talk.reply, Say)
    assert talk.says("bus.departure")
    assert talk.citizen.language is None
