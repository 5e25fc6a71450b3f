"""Imports flow one way: entries, bootstrap, services, then ports and the pure core. Read with ast."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYER = ROOT / "layers" / "common"

# What each part of the package may import of the package. A part may always import itself. The two inside the
# dialogue are its vocabulary: the values of a conversation, and how typed words are compared. Distances are anybody's.
CORE = {
    "broadcasts",
    "errors",
    "subjects",
    "subjects.geo",
    "incidents",
    "dialogue",
    "dialogue.messages",
    "dialogue.understanding",
}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "broadcasts": {"dialogue", "dialogue.messages", "errors", "subjects"},
    "incidents": {"errors"},
    "dialogue.messages": set(),
    "dialogue.understanding": {"dialogue.messages", "errors"},
    "subjects.geo": set(),
    "subjects": {"subjects.geo", "dialogue.messages", "dialogue.understanding", "errors"},
    "dialogue": CORE,
    "ports": CORE - {"subjects"},
    "services": CORE | {"cap", "ports"},
    "adapters": CORE - {"subjects"} | {"ports"},
    "open311": CORE | {"ports"},
    "cap": CORE,
    "feeds": CORE | {"cap", "ports"},
    "settings": {"errors"},
    "desk": CORE | {"cap", "ports", "services"},
    "bootstrap": {"settings", "services", "adapters", "open311", "desk", "feeds"},
    "bootstrap_notices": CORE | {"ports", "settings", "services", "adapters", "desk", "feeds", "cap", "bootstrap"},
    "content": CORE,
}
PURE = CORE | {"ports", "settings"}
ENTRIES_MAY_IMPORT = {"bootstrap", "bootstrap_notices", "errors", "services", "open311", "desk", "feeds"}
ENTRIES_MAY_USE = {"aws_lambda_powertools", "canal"}


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """The full name of every module that ``path`` imports, at its top or later."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; name the module"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(name: str) -> str:
    """``canal.dialogue.places.menu`` belongs to ``dialogue``, ``canal.dialogue.messages`` to itself."""
    pieces = name.split(".")
    if pieces[0] != "canal" or len(pieces) == 1:
        return ""
    two = ".".join(pieces[1:3])
    return two if two in MAY_IMPORT else pieces[1]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(LAYER).with_suffix("").parts).removesuffix(".__init__")


def part_of(path: Path) -> str:
    return part(module_of(path))


def described(path: Path) -> str:
    return str(path.relative_to(ROOT))


PACKAGE = [path for path in modules(LAYER / "canal") if part_of(path)]
ENTRIES = modules(ROOT / "functions")


@pytest.mark.parametrize("path", PACKAGE, ids=described)
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    mine = part_of(path)
    assert mine in MAY_IMPORT, f"{mine} is new: say in this file what it may import"
    others = {part(name) for name in imported(path)} - {"", mine}
    assert others <= MAY_IMPORT[mine], f"{described(path)} imports {sorted(others - MAY_IMPORT[mine])}"


@pytest.mark.parametrize("path", [p for p in PACKAGE if part_of(p) in PURE], ids=described)
def test_the_pure_core_uses_the_standard_library_only(path: Path) -> None:
    used = {name.split(".")[0] for name in imported(path)} - {"canal"}
    assert used <= sys.stdlib_module_names


@pytest.mark.parametrize("path", [p for p in PACKAGE if part_of(p) in CORE], ids=described)
def test_the_dialogue_has_no_way_to_the_outside(path: Path) -> None:
    used = {name.split(".")[0] for name in imported(path)}
    outside = {"os", "io", "pathlib", "socket", "urllib", "http", "subprocess", "logging", "time", "random"}
    assert not used & outside


@pytest.mark.parametrize("path", PACKAGE, ids=described)
def test_importing_the_package_reads_no_environment(path: Path) -> None:
    assert not [name for name in imported(path) if name in ("os.environ", "os.getenv")]
    source = path.read_text("utf-8")
    assert "os.environ" not in source
    assert "os.getenv" not in source


@pytest.mark.parametrize("path", ENTRIES, ids=described)
def test_an_entry_imports_only_the_layer(path: Path) -> None:
    names = set(imported(path))
    parts = {part(name) for name in names} - {""}
    assert parts <= ENTRIES_MAY_IMPORT
    foreign = {name.split(".")[0] for name in names} - sys.stdlib_module_names
    assert foreign <= ENTRIES_MAY_USE


@pytest.mark.parametrize("path", PACKAGE + ENTRIES, ids=described)
def test_what_runs_in_lambda_imports_nothing_local(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & {"local", "tests", "bench", "functions"}


def test_no_two_modules_import_each_other() -> None:
    """Not in a row of three either: what stands lower never needs to know what stands above it."""
    known = {module_of(path): path for path in PACKAGE}
    needs = {name: {owner(i, known) for i in imported(path)} - {"", name} for name, path in known.items()}
    while needs:
        ready = {name for name, wanted in needs.items() if not wanted & needs.keys()}
        assert ready, f"these import each other: {sorted(needs)}"
        needs = {name: wanted for name, wanted in needs.items() if name not in ready}


def owner(name: str, known: dict[str, Path]) -> str:
    """The module that ``canal.dialogue.messages.Reply`` comes from; empty when it is none of ours."""
    return next((module for module in (name, name.rpartition(".")[0]) if module in known), "")


HEAVY = {"yaml", "icalendar", "feedparser", "recurring_ical_events", "defusedxml", "pydantic", "boto3"}
MAY_BE_HEAVY = {
    "content": HEAVY,
    "cap": {"defusedxml"},
    "desk": {"pydantic"},
}  # the compiler, and what only staff wait for


def test_nothing_heavy_is_loaded_on_the_citizens_path() -> None:
    for path in PACKAGE:
        found = {name.split(".")[0] for name in imported(path)} & HEAVY - MAY_BE_HEAVY.get(part_of(path), set())
        assert not found, f"{described(path)} imports {sorted(found)}"
