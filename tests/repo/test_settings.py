"""Every variable of ``template.yaml`` is known to ``canal/settings.py``, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from canal import settings
from samtranslator.yaml_helper import yaml_parse

from tests.conftest import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))["Resources"]
OTHERS = {"IncidentApi": "api"}  # the first of two files of this name


def entry_of(function: str) -> str:
    """``BroadcastApiFunction`` is broadcast-api, as Powertools and its log know it."""
    name = function.removesuffix("Function")
    return OTHERS.get(name) or re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


FUNCTIONS = {
    entry_of(name): resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Function"
}
LAMBDAS_OWN = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}  # read by Powertools itself
# Settings that only this machine changes: in Lambda the layer is always at the same place.
NOT_IN_LAMBDA = {"CANAL_CONTENT_FILE"}


def settings_of(entry: str) -> Any:
    """``receive`` reads ReceiveSettings, ``broadcast-api`` BroadcastApiSettings."""
    return getattr(settings, f"{entry.title().replace('-', '')}Settings")


def variables(entry: str) -> set[str]:
    return set(FUNCTIONS[entry]["Environment"]["Variables"])


@pytest.mark.parametrize("entry", FUNCTIONS)
def test_a_function_gets_the_variables_that_it_reads_and_no_others(entry: str) -> None:
    read = {settings.variable(name) for name in settings_of(entry)._fields}
    assert variables(entry) - LAMBDAS_OWN == read - NOT_IN_LAMBDA


@pytest.mark.parametrize("entry", FUNCTIONS)
def test_a_setting_left_out_of_the_template_has_a_default(entry: str) -> None:
    for name in settings_of(entry)._fields:
        if settings.variable(name) in NOT_IN_LAMBDA:
            assert name in settings_of(entry)._field_defaults


@pytest.mark.parametrize("entry", FUNCTIONS)
def test_powertools_knows_whose_log_and_figures_these_are(entry: str) -> None:
    assert variables(entry) >= LAMBDAS_OWN
    assert FUNCTIONS[entry]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == entry


@pytest.mark.parametrize("entry", FUNCTIONS)
def test_the_environment_of_the_tests_is_complete(entry: str) -> None:
    assert settings.read(settings_of(entry), ENVIRONMENT)


@pytest.mark.parametrize("entry", FUNCTIONS)
def test_a_function_without_variables_names_all_that_are_missing(entry: str) -> None:
    required = [name for name in settings_of(entry)._fields if name not in settings_of(entry)._field_defaults]
    with pytest.raises(settings.BadSettings) as refusal:
        settings.read(settings_of(entry), {})
    assert all(settings.variable(name) in str(refusal.value) for name in required)


@pytest.mark.parametrize("entry", FUNCTIONS)
def test_a_functions_file_is_where_the_template_says(entry: str) -> None:
    file, handler = FUNCTIONS[entry]["Handler"].split(".")
    assert f"def {handler}(" in (ROOT / FUNCTIONS[entry]["CodeUri"] / f"{file}.py").read_text("utf-8")
