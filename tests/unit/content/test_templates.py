"""Templates: what Meta takes, and a plain sentence for everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from canal.content.templates import read_template, read_templates, variables
from canal.dialogue.news import template_parameters
from canal.errors import BadContent

from local.whatsapp.template_rules import check_new
from tests.builders import a_case
from tests.towns import ROOT, alzira

COMMON = ROOT / "content" / "common" / "templates"
GOOD = """\
name: notice
category: UTILITY
header: {ca: "Ajuntament", es: "Ayuntamiento"}
body:
  ca: "Hola, hi ha novetats de {{what}} en este xat."
  es: "Hola, hay novedades de {{what}} en este chat."
footer: {ca: "Gràcies", es: "Gracias"}
samples:
  what: {ca: "una incidència", es: "una incidencia"}
buttons:
  - {ca: "Vore-ho", es: "Verlo"}
seconds: 3600
"""


def read(folder: Path, text: str = GOOD, name: str = "notice") -> list[dict[str, Any]]:
    path = folder / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return read_template(path)


def body_of(made: dict[str, Any]) -> str:
    (body,) = [part["text"] for part in made["components"] if part["type"] == "BODY"]
    return str(body)


def test_a_template_comes_in_both_languages_in_metas_shape(tmp_path: Path) -> None:
    ca, es = read(tmp_path)
    assert (ca["name"], ca["language"], es["language"], ca["parameter_format"]) == ("notice", "ca", "es", "named")
    assert ca["message_send_ttl_seconds"] == 3600
    assert [part["type"] for part in ca["components"]] == ["HEADER", "BODY", "FOOTER", "BUTTONS"]
    assert ca["components"][1]["example"] == {
        "body_text_named_params": [{"param_name": "what", "example": "una incidència"}]
    }
    assert es["components"][3] == {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Verlo"}]}
    check_new(ca)
    check_new(es)


def test_header_footer_buttons_and_variables_may_be_absent(tmp_path: Path) -> None:
    lean = 'name: notice\ncategory: UTILITY\nbody: {ca: "Hola a tots.", es: "Hola a todos."}\n'
    for made in read(tmp_path, lean):
        assert [part["type"] for part in made["components"]] == ["BODY"]
        assert "message_send_ttl_seconds" not in made
        check_new(made)


@pytest.mark.parametrize("made", read_templates(COMMON), ids=lambda made: f"{made['name']}-{made['language']}")
def test_the_templates_of_the_product_are_what_whatsapp_takes(made: dict[str, Any]) -> None:
    check_new(made)


@pytest.mark.parametrize("made", read_template(COMMON / "case_update.yaml"), ids=lambda made: made["language"])
def test_the_news_of_a_case_fills_in_what_its_template_asks_for(made: dict[str, Any]) -> None:
    case = a_case()
    values = template_parameters(alzira(), made["language"], case, case.history[-1])
    assert set(values) == set(variables(body_of(made)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: notice", "name: Notice!", "a-z"),
        ("name: notice", "name: other", "that of the file"),
        ("UTILITY", "NEWS", "must be one of"),
        ("category: UTILITY", "", "«category» is missing"),
        ("en este xat.", "", None),
        (
            "Hola, hi ha novetats de {{what}} en este xat.",
            "{{what}}: hi ha novetats en este xat.",
            "neither begin nor end",
        ),
        ("novetats de {{what}} en este xat.", "novetats de {{what}}", "neither begin nor end"),
        ("novetats de {{what}} en", "novetats de {{what}} {{what}} en", "side by side"),
        ("novetats de {{what}} en", "novetats de {{What es}} en", "name variables with"),
        ("novetats de {{what}} en", "novetats de {what} en", "a brace too many"),
        ("novetats de {{what}} en", "novetats en", "the same variables"),
        ("Hola, hi ha novetats de {{what}} en este xat.", "A {{what}} b", "too many variables"),
        ("hi ha novetats", "hi ha novetats " + "x" * 1024, "Meta takes 1024"),
        ('"Ajuntament"', '"{{what}}"', "without variables"),
        ('"Ajuntament"', f'"{"x" * 61}"', "Meta takes 60"),
        ('"Gràcies"', '"dos\\nlínies"', "one line"),
        ('"Vore-ho"', f'"{"x" * 26}"', "Meta takes 25"),
        ('ca: "una incidència"', 'ca: "una\\tincidència"', "one line without tabs"),
        ("  what: {ca", "  that: {ca", "write a sample of «what»"),
        ("samples:", "sample:", "not a known key"),
        ("seconds: 3600", "seconds: 5", "from 30"),
        ("seconds: 3600", "seconds: 3600\nextra: 1", "not a known key"),
        ('{ca: "Vore-ho", es: "Verlo"}', '{ca: "Vore-ho", es: "Verlo"}\n  - {ca: "Vore-ho", es: "Ir"}', "must differ"),
        ('es: "Hola, hay novedades de {{what}} en este chat."', "", "lacks text for «es»"),
    ],
)
def test_what_meta_would_refuse_is_named_with_file_and_mend(
    tmp_path: Path, old: str, new: str, told: str | None
) -> None:
    assert old in GOOD
    told = told or "neither begin nor end"
    with pytest.raises(BadContent) as raised:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert any(told in problem and problem.startswith("notice.yaml, line") for problem in raised.value.problems)


@pytest.mark.parametrize(
    "text", ["", "- 1", "name: [", "name: notice\ncategory: UTILITY\nbody: 3", "body: {ca: 1, es: 2}"]
)
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadContent):
        read(tmp_path, text)


def test_the_faults_of_all_files_are_told_in_one_go(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("name: two", "utf-8")
    (tmp_path / "two.yaml").write_text("name: one", "utf-8")
    with pytest.raises(BadContent) as raised:
        read_templates(tmp_path)
    assert {problem.split(",")[0] for problem in raised.value.problems} == {"one.yaml", "two.yaml"}
