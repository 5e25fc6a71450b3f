"""The locks pin every package exactly, agree with each other, and name no index, host or path."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "layers" / "common" / "requirements.txt"
INCIDENT = ROOT / "functions" / "incident" / "requirements.txt"
BROADCAST = ROOT / "functions" / "broadcast" / "requirements.txt"
DEV = ROOT / "requirements" / "dev.txt"
SAM = ROOT / "requirements" / "sam.txt"
SOURCES = {RUN: "run.in", INCIDENT: "incident.in", BROADCAST: "broadcast.in", DEV: "dev.in", SAM: "sam.in"}


def pins(lock: Path) -> dict[str, str]:
    lines = [line for line in lock.read_text("utf-8").splitlines() if line and not line.lstrip().startswith("#")]
    found = [re.fullmatch(r"([\w.-]+)==([\w.+!-]+)", line) for line in lines]
    assert all(found), f"{lock.name} holds a line that is no exact pin"
    return {match[1].lower(): match[2] for match in found if match}


def asked(source: str) -> set[str]:
    """The packages that a ``.in`` file asks for by name."""
    lines = (ROOT / "requirements" / source).read_text("utf-8").splitlines()
    return {re.split(r"[\[<>=~! ]", line)[0].lower() for line in lines if line and line[0] not in "#-"}


@pytest.mark.parametrize("lock", SOURCES, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_a_lock_pins_all_that_is_asked_for(lock: Path) -> None:
    assert asked(SOURCES[lock]) <= pins(lock).keys()


@pytest.mark.parametrize("lock", [*SOURCES, ROOT / "package-lock.json"], ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_no_path(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|\"resolved\"", text)
    assert not re.search(r"(^|\s)/(opt|home|root|usr|tmp|work)/", text)


def test_tests_run_on_the_versions_that_are_deployed() -> None:
    developed = pins(DEV)
    for lock in (RUN, INCIDENT, BROADCAST):
        assert {name: developed[name] for name in pins(lock)} == pins(lock)


@pytest.mark.parametrize("lock", [INCIDENT, BROADCAST], ids=lambda lock: lock.parent.name)
def test_a_functions_own_packages_are_the_layers_versions_where_both_have_them(lock: Path) -> None:
    """The function's folder comes before the layer's on the path, so another version would win unnoticed."""
    layer, own = pins(RUN), pins(lock)
    assert {name: own[name] for name in own.keys() & layer.keys()} == {
        name: layer[name] for name in own.keys() & layer.keys()
    }


def test_nothing_for_development_is_deployed() -> None:
    assert asked("run.in") == {"aws-lambda-powertools", "boto3", "pynamodb", "requests", "tzdata"}
    assert asked("incident.in") == {"pillow", "pydantic"}
    assert asked("broadcast.in") == {"defusedxml", "pydantic"}
    deployed = pins(RUN).keys() | pins(INCIDENT).keys() | pins(BROADCAST).keys()
    assert not deployed & (asked("dev.in") - asked("run.in") - asked("incident.in") - asked("broadcast.in"))


def test_node_packages_are_pinned_and_checked() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    asked_for = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in asked_for.values())
    assert all(entry["integrity"] for name, entry in packages.items() if name)
