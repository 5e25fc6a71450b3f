"""From phrases to a model, and from a typed message to ranked labels."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from canal.content.intent_phrases import Manners, Phrase, gibberish, read_book, roughen, spell_out, ways
from canal.content.intent_town import read_town
from canal.content.intent_training import Example, Trained, pack, train
from canal.content.intents import compile_families, examples, section
from canal.dialogue.understanding.intents import (
    LABELS,
    IntentModel,
    consonants,
    features,
    rank,
    unpack,
)
from canal.dialogue.understanding.text import fold
from canal.errors import BadContent
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "content" / "common" / "intents"

FAMILIES = {
    "thing": {"ca": ["sofà", "matalàs", "aire condicionat"], "es": ["sofá", "colchón", "aire acondicionado"]},
    "notice": {"ca": ["avisos"], "es": ["avisos"]},
}
MANNERS = Manners(
    shorthand={"q": "que", "xfa": ""},
    openings={"ca": ["hola", "bon dia"], "es": ["hola", "buenas"]},
    closings={"ca": ["per favor"], "es": ["por favor"]},
    dropped=frozenset(["el", "la", "un"]),
)


def small_model() -> IntentModel:
    """Three labels learnt from a handful of lines."""
    lines = [
        Phrase("waste", "ca", "on (tire|porte|llance) (un|el) {thing}", "w1"),
        Phrase("waste", "es", "dónde (tiro|llevo|dejo) (un|el) {thing}", "w2"),
        Phrase("bus", "ca", "a quina hora passa (el bus|l'autobús) (de l'hospital|de l'estació)", "b1"),
        Phrase("bus", "es", "a qué hora pasa (el bus|el autobús) (del hospital|de la estación)", "b2"),
        Phrase("opt_out", "es", "no quiero más {notice}", "o1"),
        Phrase("opt_out", "ca", "(no vull|lleva'm dels) {notice}", "o2"),
    ]
    families = compile_families(FAMILIES)
    sentences = [sentence for line in lines for sentence in spell_out(line, FAMILIES, 12)]
    trained = train(examples(sentences, MANNERS, families), rounds=4)
    data = json.loads(json.dumps(section(trained, families, MANNERS)))
    return IntentModel.from_content(data)


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return small_model()


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("on puc tirar el matalàs vell?", "waste"),
        ("DONDE TIRO EL COLCHON", "waste"),
        ("hola q hora pasa el autobus xfa", "bus"),
        ("el autobús del hospital", "bus"),
        ("ya no quiero avisos", "opt_out"),
        ("el aire acondicionado donde lo dejo", "waste"),
        ("dnde tiro el colchn", "waste"),
    ],
)
def test_a_message_ranks_its_label_first(model: IntentModel, typed: str, label: str) -> None:
    assert rank(typed, model).labels[0][0] == label


def test_all_labels_are_ranked_and_their_shares_are_of_one(model: IntentModel) -> None:
    ranking = rank("bus", model)
    assert {label for label, _ in ranking.labels} == set(LABELS)
    assert sum(share for _, share in ranking.labels) == pytest.approx(1)
    shares = [share for _, share in ranking.labels]
    assert shares == sorted(shares, reverse=True)


def test_keyboard_noise_is_unknown(model: IntentModel) -> None:
    assert rank("asdfgh jklasd", model).labels[0][0] == "unknown"


def test_a_first_label_below_the_threshold_is_not_sure(model: IntentModel) -> None:
    careful = replace(model, threshold=0.999)
    assert rank("on tire el sofà", model).sure
    assert not rank("on tire el sofà", careful).sure


@given(st.text(max_size=300))
def test_anything_typed_is_ranked(typed: str) -> None:
    ranking = rank(typed, SHARED)
    assert len(ranking.labels) == len(LABELS)


SHARED = small_model()


def test_the_same_content_makes_the_same_model() -> None:
    assert small_model().shards == SHARED.shards


def test_very_long_messages_are_read_from_their_beginning(model: IntentModel) -> None:
    assert rank("on tire el sofà " + "bla " * 5000, model).labels


# --- features -----------------------------------------------------------------------------------


def test_a_family_of_several_words_is_met_as_one() -> None:
    families = compile_families(FAMILIES)
    found = features(fold("tire l'aire condicionat").split(), families, {})
    assert "@thing" in found


def test_shorthand_is_read_as_what_it_stands_for() -> None:
    long, short = (set(features(text.split(), {}, MANNERS.shorthand)) for text in ("que bus", "q bus xfa"))
    assert long == short


def test_the_two_languages_often_share_their_consonants() -> None:
    assert consonants("contenidor") == consonants("contenedor")
    assert consonants("farmacies") == consonants("farmacias")
    assert consonants("kontenedor") == consonants("contenedor")


# --- packing ------------------------------------------------------------------------------------


def test_weights_survive_packing_within_a_step() -> None:
    row = [0.0] * len(LABELS)
    row[3], row[7] = 4.0, -2.0
    packed, scale = pack(Trained({"bus": row}, [0.0] * len(LABELS)))
    found = dict(unpack(packed["bus"]))
    mean = sum(row) / len(row)
    assert found[3] * scale == pytest.approx(4.0 - mean, abs=scale)
    assert found[7] * scale == pytest.approx(-2.0 - mean, abs=scale)


def test_training_tells_two_labels_apart() -> None:
    trained = train([Example(["a", "x"], 0), Example(["b", "x"], 1)] * 10, rounds=3)
    assert trained.weights["a"][0] > trained.weights["a"][1]
    assert trained.weights["b"][1] > trained.weights["b"][0]


# --- phrases ------------------------------------------------------------------------------------


def test_a_line_is_spelled_out_in_all_its_ways_and_never_twice() -> None:
    line = Phrase("waste", "ca", "(on|a on) tire {thing}", "g")
    assert ways(line, FAMILIES) == 6
    texts = [sentence.text for sentence in spell_out(line, FAMILIES, 50)]
    assert len(texts) == len(set(texts)) >= 6
    assert all("{" not in text and "|" not in text for text in texts)


def test_rough_copies_keep_most_of_the_words() -> None:
    draw = Random(1)
    line = Phrase("bus", "ca", "a quina hora passa autobus hospital", "g")
    copies = [roughen(line, MANNERS, draw) for _ in range(40)]
    assert len(set(copies)) > 10
    assert all(any(word in copy for word in ("hora", "hospital", "autobus", "quina")) for copy in copies)


def test_gibberish_is_never_empty() -> None:
    draw = Random(2)
    assert all(fold(gibberish(draw)) for _ in range(200))


def test_every_label_has_phrases_in_both_languages_half_and_half() -> None:
    book = read_book(FOLDER)
    for label in LABELS:
        by_language = {
            language: sum(
                ways(phrase, book.families)
                for phrase in book.phrases
                if phrase.label == label and phrase.language == language
            )
            for language in ("ca", "es")
        }
        assert min(by_language.values()) >= 60, (label, by_language)


def write_folder(folder: Path, **changed: str) -> Path:
    """A folder of all the files, each small and right but for those that are ``changed``."""
    files = {label: f"label: {label}\nca: [hola]\nes: [hola]\n" for label in LABELS}
    files["concepts"] = "thing:\n  ca: sofà\n  es: sofá\n"
    files["manners"] = (
        "shorthand: {q: que}\nopenings: {ca: [hola], es: [hola]}\nclosings: {ca: [va], es: [va]}\ndropped: [el]\n"
    )
    for name, text in {**files, **changed}.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_a_right_folder_is_read(tmp_path: Path) -> None:
    assert len(read_book(write_folder(tmp_path)).phrases) == 2 * len(LABELS)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"bus": "label: bus\nca: ['{vehicle}']\nes: [bus]\n"}, "vehicle"),
        ({"bus": "label: taxi\nca: [bus]\nes: [bus]\n"}, "bus.yaml"),
        ({"bus": "label: bus\nca: [bus]\n"}, "es"),
        ({"taxi": "label: taxi\nca: [a]\nes: [b]\n"}, "taxi.yaml"),
        ({"concepts": "thing: sofà\n"}, "concepts.yaml"),
    ],
)
def test_a_wrong_folder_is_told_with_the_file(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(BadContent) as caught:
        read_book(write_folder(tmp_path, **changed))
    assert said in str(caught.value)


# --- a town's own words -------------------------------------------------------------------------


def write_town(folder: Path) -> Path:
    (folder / "procedures").mkdir()
    (folder / "procedures" / "padro.yaml").write_text(
        "family: padro\nprocedures:\n"
        "  - {id: alta, asked_as: {ca: [viure ací de nou, padró], es: [vivir aquí]}}\n"
        "  - {id: faena, asked_as: {ca: [buscar faena bona], es: [buscar trabajo bueno]}}\n"
        "  - {id: res, asked_as: {ca: [una cosa estranya], es: [una cosa rara]}}\n",
        "utf-8",
    )
    (folder / "waste.yaml").write_text("items:\n  - {words: {ca: [piano], es: [piano]}}\n", "utf-8")
    return folder


def test_what_procedures_are_asked_as_joins_the_phrases_and_things_join_their_family(tmp_path: Path) -> None:
    town = write_town(tmp_path)
    (town / "understanding.yaml").write_text("other_labels: {faena: jobs, res: none}\n", "utf-8")
    own = read_town(town)
    assert {(phrase.label, phrase.text) for phrase in own.phrases} == {
        ("procedures", "viure ací de nou"),
        ("procedures", "vivir aquí"),
        ("jobs", "buscar faena bona"),
        ("jobs", "buscar trabajo bueno"),
    }
    assert own.families["thing"] == {"ca": ["piano"], "es": ["piano"]}


def test_a_town_without_its_own_list_is_read_too(tmp_path: Path) -> None:
    assert {phrase.label for phrase in read_town(write_town(tmp_path)).phrases} == {"procedures"}


def test_an_unknown_label_in_the_town_s_list_is_told(tmp_path: Path) -> None:
    town = write_town(tmp_path)
    (town / "understanding.yaml").write_text("other_labels: {faena: feina}\n", "utf-8")
    with pytest.raises(BadContent, match="no such label"):
        read_town(town)
