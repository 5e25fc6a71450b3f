"""What ``make build`` hands to ``sam deploy``: compiled in the way Lambda accepts, and nothing needless."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path

import pytest

from local.rie import CONTENT_LAYER, Emulator

HASH_BASED_AND_CHECKED = 0b11  # flags of a .pyc, PEP 552
PYTHON_3_13 = (3571).to_bytes(2, "little") + b"\r\n"  # what byte code of Lambda's version begins with
OF_INCIDENTS = ("RouteFunction", "SweepFunction", "IncidentApiFunction", "Open311Function")
OF_NOTICES = tuple(f"{name}Function" for name in ("Plan", "Send", "Tend", "Digest", "Watch", "BroadcastApi", "Feed"))

pytestmark = pytest.mark.rie


def test_every_module_has_byte_code_that_lambda_accepts(build: Path) -> None:
    """SAM dates every file 1980: byte code checked by date would be thrown away at each cold start."""
    modules = list(build.rglob("*.py"))
    assert modules
    missing = [str(path.relative_to(build)) for path in modules if not hash_based(byte_code(path))]
    assert not missing


def byte_code(module: Path) -> Path:
    return module.parent / "__pycache__" / f"{module.stem}.cpython-313.pyc"


def hash_based(compiled: Path) -> bool:
    if not compiled.exists():
        return False
    with compiled.open("rb") as file:
        magic, flags = struct.unpack("<4sI", file.read(8))
    return bool(magic == PYTHON_3_13 and flags == HASH_BASED_AND_CHECKED)


def test_no_byte_code_is_left_of_anything_else(build: Path) -> None:
    for compiled in build.rglob("*.pyc"):
        module = Path(importlib.util.source_from_cache(str(compiled)))
        assert module.exists(), compiled
        assert compiled == byte_code(module)


def test_compiled_packages_are_for_lambdas_cpu(build: Path) -> None:
    wrong = [path.name for path in build.rglob("*.so") if "aarch64" not in path.name]
    assert not wrong


def test_the_layer_holds_the_package_and_its_run_time(build: Path) -> None:
    layer = build / "CommonLayer" / "python"
    for name in ("canal", "botocore", "boto3", "pynamodb", "requests", "aws_lambda_powertools", "tzdata"):
        assert (layer / name).is_dir(), name
    for name in ("moto", "pytest", "yaml", "icalendar", "pydantic"):
        assert not (layer / name).exists(), name


def test_what_answers_citizens_holds_nothing_but_its_entries(build: Path) -> None:
    for function in ("ReceiveFunction", "ConverseFunction"):
        files = {path.name for path in (build / function).iterdir()} - {"__pycache__"}
        assert files == {"receive.py", "converse.py"}


@pytest.mark.parametrize("function", OF_INCIDENTS)
def test_the_incident_functions_bring_their_own_packages_and_no_others(build: Path, function: str) -> None:
    held = {path.name for path in (build / function).iterdir()}
    assert held >= {"route.py", "sweep.py", "api.py", "open311.py", "PIL", "pydantic", "pydantic_core"}
    assert not held & {"canal", "boto3", "botocore", "pynamodb", "requests"}


@pytest.mark.parametrize("function", OF_NOTICES)
def test_the_functions_of_notices_bring_their_own_packages_and_no_others(build: Path, function: str) -> None:
    held = {path.name for path in (build / function).iterdir()}
    assert held >= {"plan.py", "send.py", "tend.py", "digest.py", "watch.py", "api.py", "feed.py"}
    assert held >= {"pydantic", "pydantic_core", "defusedxml"}
    assert not held & {"canal", "boto3", "botocore", "pynamodb", "requests", "PIL"}


def test_what_collects_reports_holds_nothing_but_itself(build: Path) -> None:
    assert {path.name for path in (build / "CollectFunction").iterdir()} - {"__pycache__"} == {"collect.py"}


def test_the_content_is_packed_where_converse_looks(build: Path) -> None:
    assert (CONTENT_LAYER / "content" / "town.json").stat().st_size > 1000


def test_lambda_takes_the_layers(build: Path) -> None:
    """All layers and the function together may be 250 MiB unpacked."""
    layers = weight(build / "CommonLayer") + weight(CONTENT_LAYER)
    assert layers + max(weight(folder) for folder in build.glob("*Function")) < 150 * 2**20


def weight(folder: Path) -> int:
    """Bytes of all that is in it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_a_function_sees_nothing_of_this_machines_packages(build: Path, tmp_path: Path) -> None:
    """Else a package that is missing from the layer would be found in .venv, and only be missed in Lambda."""
    (tmp_path / "probe.py").write_text(
        "import importlib.util, sys\n"
        "def handler(event, context):\n"
        "    return [importlib.util.find_spec(name) is not None for name in event]\n"
    )
    with Emulator.start(tmp_path, [build / "CommonLayer"], "probe.handler", {}) as probe:
        assert probe.invoke(["canal", "requests", "pytest", "moto", "yaml"]) == [
            True,
            True,
            False,
            False,
            False,
        ]
