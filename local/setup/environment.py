"""Makes a virtual environment from a lock file: ``python environment.py .venv requirements/dev.txt``.

Run by ``make`` with the Python that ``find_python.sh`` found, so it uses the standard library only. It shows
how far it is, and keeps pip's own words for when something fails. With the same lock it does nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

LAMBDA = (3, 13)
TAIL = 25  # lines of pip's output shown when it fails


def main(folder: Path, lock: Path) -> int:
    """Make or refresh ``folder`` so that it holds just what ``lock`` pins; 0 when it does."""
    stamp = folder / ".installed"
    wanted = fingerprint(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        stamp.touch()
        return 0
    if not (folder / "bin" / "python").exists():
        print(f"==> {folder}: a virtual environment with Python {'.'.join(map(str, sys.version_info[:3]))}")
        venv.create(folder, with_pip=True, clear=folder.exists())
    if not install(folder, lock):
        return 1
    stamp.write_text(wanted)
    if sys.version_info[:2] != LAMBDA:
        print("    This is not Python 3.13, Lambda's version: `make build` and the tests of what it builds need it.")
        print("    All the rest works. To have it: pyenv install 3.13 (or uv, brew, apt), make clean, and again.")
    return 0


def fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def install(folder: Path, lock: Path) -> bool:
    """Install the lock with pip, counting packages as they are looked at."""
    total = len(re.findall(r"^[\w.-]+==", lock.read_text(), re.MULTILINE))
    print(f"==> {folder}: {total} packages from {lock} (a minute or two the first time)", flush=True)
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--no-input", "-r", str(lock)]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUNBUFFERED": "1"}
    said: list[str] = []
    seen = 0
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                seen += 1
                progress(seen, total)
    print()
    if pip.returncode != 0:
        print("".join(said[-TAIL:]))
        print(f"    pip could not install {lock}; its last words are above.")
    return pip.returncode == 0


def progress(seen: int, total: int) -> None:
    """A counter: on one line in a terminal, every 20 packages elsewhere."""
    shown = min(seen, total)
    if sys.stdout.isatty():
        print(f"\r    {shown} of {total}", end="", flush=True)
    elif seen % 20 == 0:
        print(f"    {shown} of {total}", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
