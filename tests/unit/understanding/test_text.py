"""Spelling put aside, in both languages."""

from __future__ import annotations

import pytest
from canal.dialogue.understanding.text import fold, near, same, stem, within, words
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Llicència d'OBRES", "llicencia d obres"),
        ("dona’m-la", "dona m la"),
        ("col·legi coŀlegi", "colegi colegi"),
        ("holaaaa!!! 😡", "hola"),
        ("passa, missatge", "pasa misatge"),
        ("perro pero calle cale", "perro pero calle cale"),
        ("plaça ñandú ü", "placa nandu u"),
        ("al 112 o al 2000", "al 112 o al 2000"),
        ("\u202eparada\u200b bus", "parada bus"),
        ("１２ ｂｕｓ", "12 bus"),
        ("مرحبا", ""),
        ("   \n\t", ""),
    ],
)
def test_spelling_is_folded_away(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text(max_size=200))
def test_folding_anything_gives_plain_words_and_folding_again_changes_nothing(typed: str) -> None:
    folded = fold(typed)
    assert all(character in "abcdefghijklmnopqrstuvwxyz0123456789 " for character in folded)
    assert fold(folded) == folded
    assert words(typed) == tuple(folded.split())


@pytest.mark.parametrize(
    "family",
    [
        "pagar pague pagat pagado pagament",
        "farmacia farmacies farmacias",
        "autobus autobusos autobuses",
        "horari horaris horario horarios",
        "empadronar empadronarme empadronament empadronamiento",
        "queixa queixes",
        "residu residus",
        "toque tocar",
    ],
)
def test_the_forms_of_a_word_share_a_stem(family: str) -> None:
    forms = family.split()
    stems = {stem(form) for form in forms}
    assert len(stems) <= 2, stems
    assert stem(forms[0]) == stem(forms[1])


def test_short_words_and_numbers_keep_their_whole() -> None:
    assert [stem(word) for word in ("bus", "ibi", "112", "2000")] == ["bus", "ibi", "112", "2000"]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("farmcia", "farmacia", True),  # lost
        ("famracia", "farmacia", True),  # swapped
        ("ayuntamento", "ayuntamiento", True),
        ("ajuntamnte", "ajuntament", True),  # two slips in a long word
        ("bus", "bis", False),  # short words have no allowance
        ("gat", "gas", False),
        ("perdo", "pedro", True),
        ("carrer", "correu", False),
    ],
)
def test_slips_of_the_finger_are_forgiven_in_long_words_only(a: str, b: str, expected: bool) -> None:
    assert same(a, b) is expected
    assert same(b, a) is expected


def test_the_nearest_word_of_a_vocabulary_is_found() -> None:
    vocabulary = {"ecoparc", "farmacia", "bus"}
    assert near("ecopark", vocabulary) == "ecoparc"
    assert near("bus", vocabulary) == "bus"
    assert near("bos", vocabulary) is None


words_of_letters = st.text("abcde", max_size=7)


@given(words_of_letters, words_of_letters)
def test_distance_is_the_same_from_both_sides_and_more_slips_never_reach_less(a: str, b: str) -> None:
    assert within(a, b, 2) == within(b, a, 2)
    assert within(a, b, 2) or not within(a, b, 1)
    assert within(a, a, 0)
