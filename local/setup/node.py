"""Installs the locked Node packages, which only the tests of the pages need.

It never stops ``make``: it says what is left out, and what to install.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20
STAMP = Path("node_modules/.installed")


def main() -> int:
    lacking = reason_to_leave_out()
    if lacking:
        print(f"    Left out: the accessibility check of the pages. {lacking}")
        return 0
    print("==> node_modules: locked Node packages", flush=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr[-1500:])
        print("    Left out: the accessibility check of the pages, since `npm ci` failed (see above).")
        return 0
    STAMP.touch()
    return 0


def reason_to_leave_out() -> str:
    """Why Node cannot be used, with what to do; empty when it can."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return f"Install Node.js {OLDEST} or newer with npm (nodejs.org, or your system's package)."
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", said)
    if found is None or int(found[1]) < OLDEST:
        return f"Node.js {said.strip() or 'of unknown version'} is too old: install {OLDEST} or newer."
    return ""


if __name__ == "__main__":
    sys.exit(main())
