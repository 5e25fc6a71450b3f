"""Writes the locks again from ``requirements/*.in``: ``make lock``; newer versions with ``UPGRADE=1``.

Run with the oldest Python that Canal supports, so that every version pinned installs on all of them. The
locks name packages and versions only: no index, no host, no path of the machine that made them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from pathlib import Path

HEADER = "# Made by `make lock` from {source}; not edited by hand.\n"
LOCKS = {  # in this order: each is held to the versions of those before it, but for sam's
    "run.in": Path("../layers/common/requirements.txt"),
    "incident.in": Path("../functions/incident/requirements.txt"),
    "broadcast.in": Path("../functions/broadcast/requirements.txt"),
    "dev.in": Path("dev.txt"),
    "sam.in": Path("sam.txt"),
}
OPTIONS = (
    "--quiet",
    "--no-config",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--strip-extras",
    "--allow-unsafe",
)


def main(upgrade: bool) -> int:
    requirements = Path("requirements").resolve()
    tool = pip_compile(Path("build/lock").resolve(), requirements / "dev.txt")
    for source, lock in LOCKS.items():
        print(f"==> {lock.name} from {source}", flush=True)
        command = [str(tool), *OPTIONS, *(["--upgrade"] if upgrade else []), "-o", str(lock), source]
        subprocess.run(command, cwd=requirements, check=True)
        path = requirements / lock
        path.write_text(HEADER.format(source=f"requirements/{source}") + path.read_text())
    return 0


def pip_compile(folder: Path, lock: Path) -> Path:
    """pip-tools in a virtual environment of this Python, in the version that the lock itself pins."""
    pinned = re.search(r"^pip-tools==[\w.]+", lock.read_text(), re.MULTILINE)
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", pinned[0] if pinned else "pip-tools"], check=True)
    return folder / "bin" / "pip-compile"


if __name__ == "__main__":
    sys.exit(main(upgrade="--upgrade" in sys.argv))
