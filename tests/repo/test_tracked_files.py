"""What the repository must not hold: paths of a machine, secrets that live long, files too big to read."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".ico", ".ogg", ".mp4", ".pdf", ".zip", ".woff2"}
LARGEST = 1_000_000  # bytes

SECRETS = {
    "an AWS key id": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    "an AWS secret key": r"aws_secret_access_key\s*=\s*[A-Za-z0-9/+]{40}",
    "a Meta access token": r"\bEAA[A-Za-z0-9]{60,}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a token of a code host": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
}
# The paths are put together here so that this file does not hold them itself.
MACHINES = "|".join(re.escape("/" + folder) for folder in ("root/", "work/", "home/runner/", "Users/"))


@cache
def files() -> tuple[Path, ...]:
    """Tracked files, and those that would be: everything that .gitignore does not name."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    named = (ROOT / name for name in said.decode().split("\0") if name)
    return tuple(path for path in named if path.is_file())


@cache
def texts() -> dict[str, str]:
    readable = (path for path in files() if path.suffix not in BINARY)
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in readable}


@pytest.mark.parametrize("what", SECRETS)
def test_no_file_holds(what: str) -> None:
    assert not [name for name, text in texts().items() if re.search(SECRETS[what], text)]


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    pattern = re.compile(rf"(?<![\w.:/]){MACHINES}")
    assert not [name for name, text in texts().items() if pattern.search(text)]


def test_no_file_is_too_big_to_read() -> None:
    assert not [path.name for path in files() if path.stat().st_size > LARGEST]


def test_every_text_ends_with_one_line_end_and_has_no_tabs_from_windows() -> None:
    loose = [name for name, text in texts().items() if text and (not text.endswith("\n") or "\r" in text)]
    assert not [name for name in loose if not name.startswith(("content/", "events/"))]


@pytest.mark.parametrize(
    "name",
    ["template.yaml", "samconfig.toml", "Makefile", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"],
)
def test_the_first_files_one_looks_for_are_there(name: str) -> None:
    assert (ROOT / name).stat().st_size > 0


def test_what_is_made_is_not_tracked() -> None:
    made = (".venv", ".venv-sam", "build", ".aws-sam", "node_modules", ".canal")
    assert not [path for path in files() if path.relative_to(ROOT).parts[0] in made or path.suffix == ".pyc"]
