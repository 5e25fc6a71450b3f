"""A message read once: danger, command, labels, in the order of importance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from canal.content.command_words import compile_commands
from canal.content.danger_words import compile_danger
from canal.content.intent_phrases import Manners, Phrase
from canal.content.intent_training import train
from canal.content.intents import examples, section
from canal.content.yamlfile import load
from canal.dialogue.understanding.commands import Command
from canal.dialogue.understanding.intents import LABELS, rank
from canal.dialogue.understanding.reading import ALARM, LABEL_OF_COMMAND, Lexicon, Reading, feared, read

from tests.unit.understanding.test_intents import MANNERS

COMMON = Path(__file__).resolve().parents[3] / "content" / "common"


def small_understanding(manners: Manners) -> dict[str, Any]:
    """A model of a few lines: enough to tell these labels apart."""
    lines = {
        "bus": ["a quina hora passa el bus", "autobus hospital", "parada del bus", "cuando viene el autobus"],
        "procedures": ["vull la baixa mèdica", "certificat d'empadronament", "quiero una licencia de obra"],
        "opt_out": ["no vull més avisos", "dejad de mandarme mensajes", "vull la baixa dels avisos"],
        "emergency": ["hi ha un zurriburri terrible", "zurriburri en casa", "hay un zurriburri"],
    }
    phrases = [Phrase(label, "ca", text, text) for label, texts in lines.items() for text in texts] * 4
    return section(train(examples(phrases, manners, {}), rounds=5, rarest=1), {}, manners)


@pytest.fixture(scope="module")
def content() -> Mapping[str, Any]:
    return {
        "danger": compile_danger(load(COMMON / "danger.yaml")),
        "commands": compile_commands(load(COMMON / "commands.yaml")),
        "understanding": small_understanding(MANNERS),
    }


@pytest.fixture(scope="module")
def lexicon(content: Mapping[str, Any]) -> Lexicon:
    return Lexicon.from_content(content)


def test_a_question_has_neither_danger_nor_command(lexicon: Lexicon) -> None:
    reading = read("a quina hora passa el bus?", lexicon)
    assert (reading.danger, reading.command) == (None, None)
    assert reading.labels[0][0] == "bus"
    assert reading.sure


def test_danger_is_found_and_the_labels_still_tell_the_rest(lexicon: Lexicon) -> None:
    reading = read("hi ha un incendi a la parada del bus", lexicon)
    assert reading.danger is not None
    assert reading.danger.numbers[0] == "112"
    assert {label for label, _ in reading.labels} == set(LABELS)


def test_a_command_s_label_stands_first_and_is_sure(lexicon: Lexicon) -> None:
    reading = read("stop", lexicon)
    assert reading.command is Command.STOP
    assert reading.labels[0] == ("opt_out", 1.0)
    assert reading.sure
    assert len(reading.labels) == len(LABELS)


@pytest.mark.parametrize(
    ("typed", "stops"),
    [
        ("vull la baixa mèdica", False),
        ("vull la baixa dels avisos", True),
        ("no quiero recibir más mensajes", True),
        ("baixa del padró", False),
    ],
)
def test_only_messages_are_opted_out_of(lexicon: Lexicon, typed: str, stops: bool) -> None:
    assert (read(typed, lexicon).command is Command.STOP) is stops


def test_a_danger_that_only_the_model_knows_is_feared_when_it_is_sure(lexicon: Lexicon) -> None:
    reading = read("hay un zurriburri terrible en casa", lexicon)
    assert reading.danger is not None
    assert reading.danger.sign == "intents"


def test_a_weak_fear_is_no_alarm_and_nothing_to_act_on(lexicon: Lexicon) -> None:
    timid = replace(lexicon, intents=replace(lexicon.intents, sharpness=0.12, threshold=0.01))
    reading = read("zurriburri", timid)
    assert reading.labels[0][0] == "emergency"
    assert reading.labels[0][1] < ALARM
    assert reading.danger is None
    assert not reading.sure


def test_other_labels_are_never_feared(lexicon: Lexicon) -> None:
    assert feared(rank("autobus hospital", lexicon.intents), lexicon) is None


def test_no_words_give_no_danger_no_command_and_nothing_sure(lexicon: Lexicon) -> None:
    assert Reading.nothing() == Reading(None, None, (), sure=False)
    for nothing in ("", "   ", "😡", "\u202e"):
        reading = read(nothing, lexicon)
        assert reading.danger is None
        assert reading.command is None


def test_every_command_s_label_exists() -> None:
    assert set(LABEL_OF_COMMAND.values()) <= set(LABELS)
