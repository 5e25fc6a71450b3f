"""The set-up of ``make``: which Python is found, what a second run does, which browser opens the pages."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from local.setup import browser, environment, node

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "local" / "setup" / "find_python.sh"


def find(home: Path, *arguments: str, path: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run find_python.sh for a person whose home is ``home`` and who has only ``path`` on the PATH."""
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), *arguments],
        env={"HOME": str(home), "PATH": str(path or home / "nothing"), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def a_python(path: Path) -> Path:
    """A Python at ``path``: this one, under another name."""
    return a_program(path, f'exec {shlex.quote(sys.executable)} "$@"')


def a_program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    "kept",
    [
        ".pyenv/versions/3.13.9/bin/python3.13",
        ".asdf/installs/python/3.13.9/bin/python3.13",
        ".local/share/mise/installs/python/3.13.9/bin/python3.13",
        ".local/share/uv/python/cpython-3.13.9-linux-x86_64-gnu/bin/python3.13",
    ],
)
def test_lambdas_python_is_found_under_a_version_manager(kept: str, tmp_path: Path) -> None:
    wanted = a_python(tmp_path / kept)
    a_python(tmp_path / "bin" / "python3.12")
    assert find(tmp_path, path=tmp_path / "bin").stdout.strip() == str(wanted)


def test_a_shim_that_refuses_to_run_is_passed_over(tmp_path: Path) -> None:
    a_program(tmp_path / "bin" / "python3.13", "exit 127")
    wanted = a_python(tmp_path / ".pyenv" / "versions" / "3.13.9" / "bin" / "python3.13")
    assert find(tmp_path, path=tmp_path / "bin").stdout.strip() == str(wanted)


def test_the_python_that_is_named_is_taken(tmp_path: Path) -> None:
    a_python(tmp_path / "bin" / "python3.13")
    mine = a_python(tmp_path / "mine")
    assert find(tmp_path, path=tmp_path / "bin", CANAL_PYTHON=str(mine)).stdout.strip() == str(mine)


def test_a_version_may_be_asked_for(tmp_path: Path) -> None:
    a_python(tmp_path / "bin" / "python3.13")
    oldest = a_python(tmp_path / "bin" / "python3.11")
    assert find(tmp_path, "3.11", path=tmp_path / "bin").stdout.strip() == str(oldest)
    assert find(tmp_path, "3.10", path=tmp_path / "bin").returncode == 1  # too old for Canal


def test_without_a_python_it_says_what_to_install(tmp_path: Path) -> None:
    refused = find(tmp_path, path=tmp_path, CANAL_PYTHON=str(a_program(tmp_path / "old", "exit 1")))
    assert refused.returncode == 1
    assert "CANAL_PYTHON" in refused.stderr


def test_a_virtual_environment_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("nothing==1.0\n")
    folder = tmp_path / "venv"
    folder.mkdir()
    (folder / ".installed").write_text(environment.fingerprint(lock))
    assert environment.main(folder, lock) == 0
    assert capsys.readouterr().out == ""
    assert not (folder / "bin").exists()


def test_a_browser_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANAL_BROWSER", "/somewhere/chrome")
    assert browser.find() == "/somewhere/chrome"


def test_a_browser_of_the_system_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = a_program(tmp_path / "chromium", "exit 0")
    monkeypatch.delenv("CANAL_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.find() == str(mine)


@pytest.mark.parametrize(
    ("version", "says"), [("echo v18.19.0", "too old"), ("echo v20.11.1", ""), ("exit 1", "too old")]
)
def test_node_is_left_out_with_a_reason(
    version: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_program(tmp_path / "node", version)
    a_program(tmp_path / "npm", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    reason = node.reason_to_leave_out()
    assert says in reason
    assert bool(reason) == bool(says)


def test_without_node_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Install Node.js" in node.reason_to_leave_out()
