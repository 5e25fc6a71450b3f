"""The notation of phrases does what its table says."""

from __future__ import annotations

import pytest
from canal.content.phrase_notation import Notation
from canal.dialogue.understanding.phrases import Book, positions
from canal.dialogue.understanding.text import words


def book(phrase: str, **more: object) -> Book:
    notation = Notation("test.yaml", {"fire": {"both": "foc fuego finestra"}})
    phrases = list(notation.phrase("here", phrase))
    assert not notation.problems
    settings: dict[str, object] = {"slip_size": 7, "own_words": [], "light": ["de", "la"], **more}
    return Book.from_content({"groups": [{"phrases": phrases}], **settings, **notation.lexicon()})


def stands(phrase: str, message: str, **more: object) -> bool:
    searched = book(phrase, **more)
    return any(searched.phrases_in(searched.mark(words(message))))


@pytest.mark.parametrize(
    ("phrase", "message", "expected"),
    [
        ("hi ha foc", "mira, hi ha foc!", True),
        ("hi ha foc", "hi ha molt foc", False),
        ("foc|fuego", "hay fuego", True),
        ("ofeg*", "m'ofegue", True),
        ("<fire>", "FOC", True),
        ("foc de? casa", "foc casa", True),
        ("foc de? casa", "foc de casa", True),
        ("hi ha .. foc", "hi ha un gran i roig foc", False),
        ("hi ha .. foc", "hi ha un gran foc", True),
        ("hi ha .. foc", "hi ha dos de la de la tres foc", True),  # light words do not count
        ("hi ha ... foc", "hi ha u dos tres quatre cinc sis set foc", True),
        ("casa + foc", "foc ací en la meua casa", True),
        ("casa + foc", "la casa té foc", True),
        ("^ foc $", "foc!", True),
        ("^ foc $", "foc ací", False),
        ("^ foc", "hi ha foc", False),
        ("foc $", "hi ha foc", True),
        ("foc $", "foc foc ací", False),
        ("s'ha cremat", "s’ha cremat", True),
        ("vull morir-me|morirme", "vull morir-me", True),
        ("vull morir-me|morirme", "vull morirme", True),
        ("incendio", "un inciendio", True),  # one slip
        ("incendio", "incineradora", False),
        ("finestra", "les finestres", True),
        ("desmayado", "està desmayada", True),
        ("escala", "per lescala", True),
        ("ha caigut", "sha caigut", True),
    ],
)
def test_a_phrase_stands_where_the_notation_says(phrase: str, message: str, expected: bool) -> None:
    assert stands(phrase, message) is expected


def test_a_word_of_its_own_is_no_slip_of_another() -> None:
    assert stands("batalla", "una barballa") is False
    assert stands("baralles", "batalles") is True
    assert stands("baralles", "batalles", own_words=["batalles"]) is False


def test_positions_are_those_of_the_words_that_take_part() -> None:
    searched = book("castell .. focs")
    marks = searched.mark(words("focs i el castell de focs amb focs"))
    (phrase,) = searched.phrases_in(marks)
    assert positions(phrase, marks) == {3, 5, 7}
