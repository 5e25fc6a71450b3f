"""Finding a thing by the words people type for it."""

from __future__ import annotations

import pytest
from canal.subjects.finding import Finder, singulars

THINGS: dict[str, list[str]] = {
    "chair": ["cadira", "silla"],
    "cooking oil": ["oli", "aceite", "aceite de freír"],
    "motor oil": ["oli de motor", "aceite de motor"],
    "pan": ["sartén", "cuchillo"],
    "razor": ["cuchilla"],
    "pillow": ["coixí", "almohada"],
    "box": ["caixa", "caja"],
    "coffee": ["posos de café"],
}
FINDER: Finder[str] = Finder.of(THINGS.items(), ignored=["quiero tirar", "casa"])


@pytest.mark.parametrize(
    ("typed", "things"),
    [
        ("cadira", ["chair"]),
        ("CADIRES!!", ["chair"]),
        ("dos sillas viejas", ["chair"]),
        ("sartenes", ["pan"]),
        ("coixins", ["pillow"]),
        ("almoada", ["pillow"]),
        ("aceite", ["cooking oil"]),
        ("aceite del motor", ["motor oil"]),
        ("aceite de motor y una silla", ["motor oil", "chair"]),
        ("aceite y una silla", ["chair", "cooking oil"]),
        ("posos del café", ["coffee"]),
        ("cuchillas", ["razor"]),
        ("quiero tirar cosas de casa", []),
        ("café", []),
        ("", []),
        ("😡", []),
        ("de la", []),
    ],
)
def test_a_thing_is_found_by_its_words(typed: str, things: list[str]) -> None:
    assert [found.thing for found in FINDER.find(typed)] == things


def test_a_guess_is_made_only_when_nothing_is_sure() -> None:
    assert [found.thing for found in FINDER.find("cahira")] == ["chair"]
    assert [found.thing for found in FINDER.find("cahira i oli")] == ["cooking oil"]


def test_no_more_than_the_limit_is_found() -> None:
    assert len(FINDER.find("cadira, oli, caixa i coixí", limit=2)) == 2


def test_a_word_knows_what_it_may_be_the_plural_of() -> None:
    assert singulars("cadires") == ("cadires", "cadire", "cadira", "cadir")
    assert "coixi" in singulars("coixins")
    assert singulars("gas") == ("gas",)


def test_short_stems_may_be_left_out() -> None:
    things = [("plot", ["solar"]), ("lamp", ["faroles"])]
    assert [found.thing for found in Finder.of(things).find("vaig sols")] == ["plot"]
    careful = Finder.of(things, shortest_stem=4)
    assert careful.find("vaig sols") == ()
    assert [found.thing for found in careful.find("farola")] == ["lamp"]
