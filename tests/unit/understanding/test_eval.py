"""``make eval``: the sets themselves, what the engine's answers count as, and the report."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from canal.content.intent_phrases import read_book
from canal.content.intents import sentences_of
from canal.dialogue.understanding.intents import LABELS
from canal.dialogue.understanding.text import fold

from local import evaluate
from local.evaluate import Case, Outcome, Result, read_cases, report
from tests.towns import alzira

ROOT = Path(__file__).resolve().parents[3]
SETS = ROOT / "tests" / "eval"
DEV = SETS / "own-dev.jsonl"
FRESH = SETS / "fresh.jsonl"  # looked at once its first figures were known, so a dev set too
TEST = SETS / "own-test.jsonl"
SAME_WORDS = 2  # "gracias" and "stop" are the same whoever writes them


# --- the sets -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [DEV, FRESH, TEST])
def test_a_set_covers_every_label_in_both_languages(path: Path) -> None:
    cases = read_cases(path)
    assert {case.expect for case in cases} == set(LABELS)
    languages = Counter(case.lang for case in cases)
    assert len(cases) >= 220
    assert min(languages["ca"], languages["es"]) >= 0.4 * len(cases)
    assert languages["mix"] >= 10


def test_no_text_of_the_sets_stands_in_the_phrases() -> None:
    phrases = {fold(sentence.text) for sentence in sentences_of(read_book(ROOT / "content" / "common" / "intents"))}
    copied = [
        case.text
        for path in (DEV, FRESH, TEST)
        for case in read_cases(path)
        if len(fold(case.text).split()) > SAME_WORDS and fold(case.text) in phrases
    ]
    assert copied == []


def test_no_text_stands_in_both_sets() -> None:
    dev, test = ({fold(case.text) for case in read_cases(path)} for path in (DEV, TEST))
    assert {text for text in dev & test if len(text.split()) > SAME_WORDS} == set()


# --- through the engine -------------------------------------------------------------------------


@cache
def results(path: Path) -> tuple[Result, ...]:
    return tuple(Result(case, evaluate.outcome_of(case.text, case.lang, alzira())) for case in read_cases(path))


@pytest.mark.parametrize("path", [DEV, FRESH, TEST])
def test_typed_messages_are_understood(path: Path) -> None:
    found = results(path)
    wrong = [(result.case.text, result.outcome.labels[:3]) for result in found if not result.first]
    assert evaluate.top1(found) >= 0.95, wrong


def test_no_emergency_goes_without_112_and_no_opt_out_is_mistaken() -> None:
    found = [result for path in (DEV, FRESH, TEST) for result in results(path)]
    counts = dict(evaluate.grave(found))
    assert counts["emergency answered without 112"] == []
    assert counts["opt_out that was not meant"] == []
    assert counts["opt_out that was not obeyed"] == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("hola", "menu"),
        ("gràcies", "smalltalk"),
        ("castellano", "language"),
        ("idioma", "language"),
        ("stop", "opt_out"),
        ("parlar amb una persona", "person"),
        ("farmàcia de guàrdia", "pharmacy"),
        ("hi ha un incendi", "emergency"),
        ("qqwwxxzz", "unknown"),
        ("", "menu"),
    ],
)
def test_what_the_answer_shows_is_what_counts(typed: str, first: str) -> None:
    assert evaluate.outcome_of(typed, "es", alzira()).labels[0] == first


def test_danger_shows_112_at_the_first_answer_and_stop_is_told() -> None:
    assert evaluate.outcome_of("hi ha un incendi a casa", "ca", alzira()).shows_112
    assert not evaluate.outcome_of("farmàcia", "ca", alzira()).shows_112
    assert evaluate.outcome_of("no quiero más avisos", "es", alzira()).opted_out


# --- the report ---------------------------------------------------------------------------------


def result(expect: str, *labels: str, shows_112: bool = False, opted_out: bool = False, lang: str = "ca") -> Result:
    return Result(Case(f"a text about {expect}", lang, expect), Outcome(labels, shows_112, opted_out))


def test_shares_are_told_by_label_and_language() -> None:
    text = report([result("bus", "bus"), result("bus", "taxes", "bus", lang="es"), result("taxes", "jobs")])
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.strip()}
    assert rows["bus"] == ["2", "50.0%", "100.0%"]
    assert rows["taxes"] == ["1", "0.0%", "0.0%"]
    assert rows["es"] == ["1", "0.0%", "100.0%"]
    assert rows["all"] == ["3", "33.3%", "66.7%"]


def test_grave_mistakes_are_told_apart_with_their_texts() -> None:
    found = [
        result("emergency", "incident"),
        result("bus", "emergency", shows_112=True),
        result("procedures", "opt_out", opted_out=True),
        result("opt_out", "subscriptions"),
        result("opt_out", "opt_out", opted_out=True),
    ]
    text = report(found)
    assert "1  emergency answered without 112: a text about emergency" in text
    assert "1  112 shown where nothing was wrong: a text about bus" in text
    assert "1  opt_out that was not meant: a text about procedures" in text
    assert "1  opt_out that was not obeyed: a text about opt_out" in text


def test_also_right_labels_count_as_right() -> None:
    assert Result(Case("x", "ca", "phones", ("incident",)), Outcome(("incident",), False, False)).first


def test_errors_are_listed_on_request() -> None:
    assert "bus | a text about bus | taxes" in report([result("bus", "taxes")], errors=True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1"),
        ('{"text": "a", "lang": "ca"}', "expect"),
        ('{"text": "a", "lang": "ca", "expect": "taxi"}', "taxi"),
        ('{"text": "a", "lang": "fr", "expect": "bus"}', "fr"),
        ("[]", "line 1"),
        ("", "no lines"),
    ],
)
def test_a_wrong_set_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(line, "utf-8")
    with pytest.raises(ValueError, match=said):
        read_cases(path)


def test_the_command_ends_with_0_or_with_1_under_the_asked_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evaluate, "town", alzira)
    path = tmp_path / "set.jsonl"
    lines = [{"text": "farmàcia de guàrdia", "lang": "ca", "expect": expect} for expect in ("pharmacy", "taxes")]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert evaluate.main([str(path)]) == 0
    assert "50.0%" in capsys.readouterr().out
    assert evaluate.main([str(path), "--min-top1", "0.9"]) == 1
    assert evaluate.main([str(tmp_path / "none.jsonl")]) == 2
