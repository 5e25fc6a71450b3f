"""The procedures' folder: what the compiler makes of it, what it refuses, and how well Alzira's are found."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from canal.content.procedures import compile_procedures
from canal.dialogue.understanding.text import fold
from canal.errors import BadContent
from canal.subjects.procedures import Procedures

ROOT = Path(__file__).parents[3]
ALZIRA = ROOT / "content/alzira/procedures"
EVALUATION = ROOT / "tests/eval/procedures.jsonl"

LAWS = """
laws:
  - id: padro
    name: {ca: Llei del padró, es: Ley del padrón}
    url: https://www.boe.es/x
"""
WORDS = """
ignored: {ca: [vull], es: [quiero]}
outside: {ca: [bon dia], es: [buenos días]}
"""
FAMILY = """
family: padro
position: 1
name: {ca: Padró, es: Padrón}
label: {ca: Padró, es: Padrón}
source: a page
source_date: "2026-11-23"
procedures:
  - id: alta
    name: {ca: Alta en el padró, es: Alta en el padrón}
    label: {ca: Empadronar-se, es: Empadronarse}
    summary: {ca: Fer-se veí., es: Hacerse vecino.}
    needed:
      - {ca: DNI, es: DNI}
    deadline: {ca: Tres mesos., es: Tres meses.}
    law:
      - {ref: padro, at: art. 16}
    asked_as:
      ca: [empadronar-me, padró, soc nou, veí]
      es: [empadronarme, padrón, soy nuevo, vecino]
"""


def folder(path: Path, family: str = FAMILY, **files: str) -> Path:
    """A folder with one family; ``files`` adds or replaces others by name."""
    written = {"laws": LAWS, "words": WORDS, "padro": family, **files}
    for name, text in written.items():
        (path / f"{name}.yaml").write_text(text, "utf-8")
    return path


def problems(path: Path) -> str:
    with pytest.raises(BadContent) as caught:
        compile_procedures(path)
    return "\n".join(caught.value.problems)


def test_a_family_becomes_records_with_their_laws_written_out(tmp_path: Path) -> None:
    compiled = compile_procedures(folder(tmp_path))
    (record,) = compiled["records"]
    assert compiled["families"] == [
        {"id": "padro", "name": {"ca": "Padró", "es": "Padrón"}, "label": {"ca": "Padró", "es": "Padrón"}}
    ]
    assert record["law"] == [
        {"name": {"ca": "Llei del padró (art. 16)", "es": "Ley del padrón (art. 16)"}, "url": "https://www.boe.es/x"}
    ]
    assert record["family"] == "padro"
    assert "asked_as" not in record


def test_what_is_not_known_is_absent_from_the_record(tmp_path: Path) -> None:
    (record,) = compile_procedures(folder(tmp_path))["records"]
    assert not {"fee", "form", "url", "office_hours", "verified_at"} & set(record)


def test_a_record_has_the_familys_source_or_its_own(tmp_path: Path) -> None:
    own = FAMILY.replace("    needed:", "    source: another page\n    needed:")
    (record,) = compile_procedures(folder(tmp_path, own))["records"]
    assert (record["source"], record["source_date"]) == ("another page", "2026-11-23")


def test_what_is_compiled_goes_through_json_and_is_found(tmp_path: Path) -> None:
    compiled = json.loads(json.dumps(compile_procedures(folder(tmp_path))))
    (match,) = Procedures.from_content(compiled).find("vull empadronar-me", "ca")
    assert (match.procedure.id, match.sure) == ("alta", True)


def test_families_come_in_the_order_of_their_position(tmp_path: Path) -> None:
    second = FAMILY.replace("family: padro", "family: zeta").replace("position: 1", "position: 0")
    second = second.replace("id: alta", "id: altra")
    compiled = compile_procedures(folder(tmp_path, a_second=second))
    assert [family["id"] for family in compiled["families"]] == ["zeta", "padro"]


FAULTS = {
    "a language is missing": ("es: Hacerse vecino.", "", "«summary» lacks text for «es»"),
    "a name is too long": ("ca: Alta en el padró", f"ca: {'a' * 121}", "«name.ca» has 121 characters; say it in 120"),
    "a label does not fit a row": (
        "ca: Empadronar-se",
        f"ca: {'a' * 25}",
        "«label.ca» has 25 characters; say it in 24",
    ),
    "a key is mistyped": ("    deadline:", "    dedline:", "«dedline» is not a known key"),
    "the address is none": ("    needed:", "    url: seu.alzira.es\n    needed:", "«url» must be a web address"),
    "a date is none": ('"2026-11-23"', "23/11/2026", "«source_date» must be a date written as 2026-11-23"),
    "the law is not listed": ("ref: padro", "ref: padrons", "law «padrons» is not in laws.yaml"),
    "a deadline has no law": ("    law:\n      - {ref: padro, at: art. 16}\n", "", "needs the «law» that fixes it"),
    "what goes with it is missing": ("    needed:", "    see: [baixa]\n    needed:", "«see» names «baixa»"),
    "people's words are few": (
        "ca: [empadronar-me, padró, soc nou, veí]",
        "ca: [padró]",
        "«asked_as.ca» has 1 phrases",
    ),
    "people's words stand twice": ("soc nou, veí]", "soc nou, padró]", "«asked_as.ca» has «padró» twice"),
    "the source is missing": ("source: a page\n", "", "«source» is missing"),
    "a number stands for words": ("ca: [empadronar-me,", "ca: [112,", "put numbers between quotes"),
}


@pytest.mark.parametrize(("found", "written", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_with_its_file_and_line(tmp_path: Path, found: str, written: str, sentence: str) -> None:
    assert found in FAMILY
    told = problems(folder(tmp_path, FAMILY.replace(found, written)))
    assert sentence in told
    assert told.startswith("padro.yaml, line ")


def test_an_id_is_used_once_in_all_the_files(tmp_path: Path) -> None:
    told = problems(folder(tmp_path, second=FAMILY.replace("family: padro", "family: segon")))
    assert "id «alta» is used twice" in told


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    told = problems(folder(tmp_path, FAMILY.replace("id: alta", "id: Alta"), laws="laws: 3", second="family: ["))
    assert "padro.yaml" in told
    assert "laws.yaml" in told
    assert "second.yaml" in told


@pytest.mark.parametrize("text", ["", "[]", "procedures: 3", "\x00", "a: &a [*a]", "procedures: [3, null, {}]"])
def test_garbage_is_refused_and_never_crashes(tmp_path: Path, text: str) -> None:
    assert "padro.yaml" in problems(folder(tmp_path, text))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "no family of procedures there" in problems(tmp_path)


# --- Alzira ---------------------------------------------------------------------------------------


@cache
def alzira() -> Procedures:
    return Procedures.from_content(json.loads(json.dumps(compile_procedures(ALZIRA))))


def everything() -> list[Any]:
    return [each for family in alzira().families for each in alzira().by_family(family.id)]


def test_alzira_has_the_procedures_that_every_valencian_council_has() -> None:
    assert len(alzira()) >= 60
    for identifier in ("padro_alta", "obra_menor", "gual", "targeta_pmr", "dependencia", "instancia", "plusvalua"):
        assert alzira().get(identifier) is not None


def test_alzira_invents_no_fee_form_or_office_hours() -> None:
    assert [each.id for each in everything() if each.fee or each.form or each.office_hours] == []


def test_a_link_is_only_given_for_another_administration_or_with_its_source() -> None:
    linked = [each for each in everything() if each.url]
    assert [each.id for each in linked if not each.who_decides and each.family not in ("treball", "registre")] == []
    assert [each.id for each in linked if "alzira.es" in each.url] == []


def test_every_fact_says_where_it_comes_from_and_none_pretends_to_be_checked() -> None:
    assert [each.id for each in everything() if not each.origin.source or each.origin.verified_at] == []


def test_every_procedure_can_be_found_by_its_official_name_in_both_languages() -> None:
    lost = [
        (each.id, each.name[language])
        for each in everything()
        for language in ("ca", "es")
        if each.id not in [match.procedure.id for match in alzira().find(each.name[language], "ca")]
    ]
    assert lost == []


def test_no_two_procedures_share_a_label() -> None:
    for language in ("ca", "es"):
        labels = [fold(each.label[language]) for each in everything()]
        assert len(labels) == len(set(labels))


def rows(half: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in EVALUATION.read_text("utf-8").splitlines()]
    return [line for line in lines if line["half"] == half]


def measure(half: str) -> tuple[float, float]:
    """The share of questions whose procedure comes first, and among the best three."""
    asked = [row for row in rows(half) if row["expect"]]
    first = among = 0
    for row in asked:
        found = [match.procedure.id for match in alzira().find(row["text"], row["lang"])]
        right = {row["expect"], *row["also"]}
        first += bool(found) and found[0] in right
        among += bool(right & set(found))
    return first / len(asked), among / len(asked)


def test_the_evaluation_names_procedures_that_exist_and_repeats_no_question() -> None:
    lines = rows("dev") + rows("test")
    named = {each for row in lines for each in (row["expect"], *row["also"]) if each}
    assert {each for each in named if alzira().get(each) is None} == set()
    assert len({row["text"] for row in lines}) == len(lines) >= 150


def test_questions_that_nobody_tuned_for_find_their_procedure_among_three() -> None:
    first, among = measure("test")
    assert among >= 0.93
    assert first >= 0.86


def test_questions_used_for_tuning_find_their_procedure() -> None:
    first, among = measure("dev")
    assert among >= 0.98
    assert first >= 0.94


@pytest.mark.parametrize(
    "text",
    [
        "asdfgh qwert",
        "quin oratge farà demà",
        "cuéntame un chiste",
        "receta de arroz al horno",
        "moltes gràcies per tot",
        "jajajaja",
        "quina hora és",
        "netflix no funciona",
        "t'estime molt",
        "me aburro",
        "vull parlar amb una persona",
        "a quina hora passa l'autobús",
    ],
)
def test_what_is_no_procedure_finds_nothing(text: str) -> None:
    assert alzira().find(text, "ca") == ()


def test_nonsense_never_looks_sure_and_mostly_finds_nothing() -> None:
    nonsense = [alzira().find(row["text"], row["lang"]) for row in rows("dev") + rows("test") if not row["expect"]]
    assert not any(matches[0].sure for matches in nonsense if matches)
    assert sum(not matches for matches in nonsense) >= 0.65 * len(nonsense)
