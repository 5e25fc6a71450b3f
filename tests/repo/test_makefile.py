"""``make help`` lists every target that a person may want, and every file that they start exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
INSIDE = {"node", "browser", "lambdas-python", "FORCE"}  # steps of other targets
TARGETS = set(re.findall(r"^\.PHONY: (\S+)", MAKEFILE, re.MULTILINE)) - INSIDE
PROMISED = {"run", "seed", "test", "chat", "eval", "bench", "lint", "types", "format", "content", "build", "validate"}


def helped() -> str:
    return subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_every_target_is_in_help_with_a_sentence() -> None:
    said = dict(re.findall(r"^  make ([a-z-]+) +(.+)$", helped(), re.MULTILINE))
    assert said.keys() == TARGETS
    assert all(len(sentence) > 8 for sentence in said.values())


def test_the_promised_targets_exist() -> None:
    assert PROMISED | {"clean", "lock", "help"} <= TARGETS


@pytest.mark.parametrize(
    "module", sorted(set(re.findall(r"\$\(PYTHON\) -m ((?:local|canal|bench|ops)[\w.]*)", MAKEFILE)))
)
def test_a_target_starts_a_module_that_exists(module: str) -> None:
    base = ROOT / ("layers/common" if module.startswith("canal") else "") / module.replace(".", "/")
    assert base.with_suffix(".py").exists() or (base / "__main__.py").exists()


@pytest.mark.parametrize("target", sorted(PROMISED | {"lock"}))
def test_make_can_plan_every_target(target: str) -> None:
    plan = subprocess.run(
        ["make", "--dry-run", target, "FILE=set.jsonl"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert plan.returncode == 0, plan.stderr


def test_ci_runs_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "set -euo pipefail" in script
    assert re.search(r"^CI=true make test$", script, re.MULTILINE)
    assert "make test" in (ROOT / "README.md").read_text("utf-8")
