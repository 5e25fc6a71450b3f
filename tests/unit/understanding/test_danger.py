"""Danger is seen in many wordings, and what only sounds like it is left alone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from canal.content import yamlfile
from canal.content.danger_words import compile_danger
from canal.dialogue.understanding import text
from canal.dialogue.understanding.danger import Danger, DangerKind, DangerLexicon, spot
from canal.errors import BadContent

ROOT = Path(__file__).parents[3]
LEXICON = DangerLexicon.from_content(compile_danger(yamlfile.load(ROOT / "content" / "common" / "danger.yaml")))
EXAMPLES = [
    json.loads(line) for line in (ROOT / "tests" / "eval" / "danger.jsonl").read_text("utf-8").splitlines() if line
]


def found(message: str) -> Danger | None:
    return spot(message, LEXICON)


def rates(part: str) -> tuple[float, float]:
    """Recall over the dangers and the share of false alarms over the rest, of one part of the examples."""
    dangers = [bool(found(line["text"])) for line in EXAMPLES if line["part"] == part and line["expect"]]
    calm = [bool(found(line["text"])) for line in EXAMPLES if line["part"] == part and not line["expect"]]
    return sum(dangers) / len(dangers), sum(calm) / len(calm)


def test_nearly_every_danger_of_the_part_nobody_tuned_on_is_seen() -> None:
    recall, false_alarms = rates("test")
    assert recall >= 0.97
    assert false_alarms <= 0.02


def test_the_part_that_was_tuned_on_stays_as_good_as_it_was() -> None:
    recall, false_alarms = rates("dev")
    assert recall >= 0.99
    assert false_alarms <= 0.01


def test_the_examples_are_many_and_in_both_languages() -> None:
    for part in ("dev", "test"):
        for language in ("ca", "es"):
            lines = [line for line in EXAMPLES if line["part"] == part and line["lang"] == language]
            assert sum(bool(line["expect"]) for line in lines) >= 50
            assert sum(not line["expect"] for line in lines) >= 50


@pytest.mark.parametrize(
    ("message", "kind", "numbers"),
    [
        ("hi ha foc al contenidor", DangerKind.EMERGENCY, ("112",)),
        ("SE HA ESTRELLADO UN COCHE", DangerKind.EMERGENCY, ("112",)),
        ("el barranc se'n ve", DangerKind.EMERGENCY, ("112",)),
        ("mi marido me pega", DangerKind.GENDER_VIOLENCE, ("112", "016")),
        ("el meu home em pega", DangerKind.GENDER_VIOLENCE, ("112", "016")),
        ("me quiero morir", DangerKind.DESPAIR, ("112", "024")),
        ("no puc més vull acabar amb tot", DangerKind.DESPAIR, ("112", "024")),
        ("el meu padrastre em toca", DangerKind.CHILD_ABUSE, ("112", "116111")),
    ],
)
def test_each_kind_of_danger_has_its_numbers_and_112_leads(
    message: str, kind: DangerKind, numbers: tuple[str, ...]
) -> None:
    danger = found(message)
    assert danger is not None
    assert danger.kind is kind
    assert danger.numbers == numbers


def test_several_dangers_in_one_message_bring_all_their_numbers() -> None:
    danger = found("el meu marit em pega i no vull viure més")
    assert danger is not None
    assert danger.kind is DangerKind.GENDER_VIOLENCE
    assert set(danger.numbers) == {"112", "016", "024"}


@pytest.mark.parametrize(
    "message",
    [
        "sha caigut mon pare per lescala i no respon",
        "insendio en el polígono",
        "hi ha un acident en la rotonda i un ferit",
        "hay una persona inconciente en el suelo",
        "socorrooooo",
        "vomberos rapido",
        "s’està cremant una casa",
        "esta entrant aigua a casa no podem eixir",
    ],
)
def test_typos_missing_apostrophes_and_stretched_letters_do_not_hide_a_danger(message: str) -> None:
    assert found(message) is not None


def test_a_calm_phrase_silences_its_own_words_only() -> None:
    assert found("a quina hora és el castell de focs") is None
    assert found("estem al castell de focs i hi ha foc en una casa") is not None


def test_yesterday_is_not_now_unless_it_goes_on() -> None:
    assert found("ahir hi va haver un accident al meu carrer") is None
    assert found("ahir es va calar foc i encara hi ha flames") is not None


def test_paperwork_hushes_the_word_but_not_what_is_happening() -> None:
    assert found("informe d'accident per a l'asseguradora") is None
    assert found("s'ha estavellat un cotxe i el conductor no respira, portava els papers de l'assegurança") is not None


def test_what_is_said_of_oneself_is_never_hushed() -> None:
    assert found("després de l'obra de teatre vull dir-vos que no vull viure") is not None
    assert found("ayer mi marido me pegó una paliza") is not None


@pytest.mark.parametrize("message", ["", "   ", "🙂", "1", "0", "hola", "farmàcia", "a" * 4096, "’’’", "ñ ñ"])
def test_messages_without_danger_words_are_calm(message: str) -> None:
    assert found(message) is None


@pytest.mark.parametrize(
    "message",
    [
        "hi ha foc " * 400,
        "ha " * 1300,
        "foc " * 1000,
        "no puc més vull " * 250,
        "abcdefghij " * 370,
        "s'ha l'ha " * 400,
    ],
)
def test_the_longest_message_is_read_quickly_whatever_it_holds(message: str) -> None:
    text.fold.cache_clear()
    before = time.perf_counter()
    found(message[:4096])
    assert time.perf_counter() - before < 0.2  # dozens of times what it takes: only a runaway search fails


def compiled(**changes: Any) -> dict[str, Any]:
    """A small sound file with some parts changed, compiled."""
    data: dict[str, Any] = {
        "kinds": {kind: ["112"] for kind in DangerKind},
        "words": {"fire": {"ca": "foc", "es": "fuego"}},
        "signs": {"fire": {"kind": "emergency", "level": "named", "both": ["<fire>"]}},
    }
    return compile_danger(data | changes)


def test_a_small_file_compiles_and_works() -> None:
    lexicon = DangerLexicon.from_content(json.loads(json.dumps(compiled())))
    danger = spot("FOC!", lexicon)
    assert danger is not None
    assert danger.sign == "fire"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kinds": {}}, "112"),
        ({"kinds": {kind: [112] for kind in DangerKind}}, "quoted"),
        ({"kinds": {kind: ["112"] for kind in [*DangerKind, "boredom"]}}, "kinds.boredom"),
        ({"signs": {}}, "no danger is ever seen"),
        ({"signs": {"x": {"kind": "storm", "level": "named", "both": ["a"]}}}, "«kind» must be one of"),
        ({"signs": {"x": {"kind": "emergency", "level": "loud", "both": ["a"]}}}, "«level» must be one of"),
        ({"signs": {"x": {"kind": "emergency", "level": "named", "ca": ["foc"]}}}, "«ca» and «es»"),
        ({"signs": {"x": {"kind": "emergency", "level": "named", "both": ["<smoke>"]}}}, "not a set under «words»"),
        ({"signs": {"x": {"kind": "emergency", "level": "named", "both": ["!!"]}}}, "holds no word"),
        ({"signs": {"x": {"kind": "emergency", "level": "named", "both": [112]}}}, "quote numbers"),
        ({"signs": {"x": {"kind": "emergency", "level": "named", "both": "foc"}}}, "list of phrases"),
        ({"signs": {"x": {"kind": "emergency", "level": "named", "both": ["foc"], "typo": 1}}}, "«typo» is not known"),
        ({"signs": {"x": {"kind": "emergency", "level": "named", "both": [" ".join(["a?"] * 9)]}}}, "too many ways"),
        ({"contexts": {"x": {"hushes": ["all"], "both": ["a"]}}}, "«hushes»"),
        ({"contexts": {"x": {"hushes": ["named"], "unless": ["y"], "both": ["a"]}}}, "is no context"),
        ({"words": {"fire": {"ca": "foc-fuego"}}}, "one word without apostrophe"),
        ({"words": {"fire": {"ca": ["foc"]}}}, "lines of words"),
    ],
)
def test_a_fault_in_the_file_is_named_with_its_mend(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(BadContent) as caught:
        compiled(**changes)
    assert told in str(caught.value)
