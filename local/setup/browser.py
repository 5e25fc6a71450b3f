"""Finds a Chromium for the page tests, and gets Playwright's own when there is none.

``find()`` is what the tests use: ``chromium.launch(executable_path=find())``. Run as a command by ``make test``;
it never stops make, it says what is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

DOWNLOAD_SECONDS = 300
ON_PATH = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ON_A_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find() -> str | None:
    """The path of a Chromium: CANAL_BROWSER, the system's, or the one Playwright keeps; None without one."""
    named = os.environ.get("CANAL_BROWSER")
    if named:
        return named
    for name in ON_PATH:
        found = shutil.which(name)
        if found:
            return found
    for path in ON_A_MAC:
        if Path(path).exists():
            return path
    return playwrights_own()


def playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    if find():
        return 0
    print("==> a browser for the page tests: downloading Playwright's Chromium", flush=True)
    asked = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(asked, check=False, timeout=DOWNLOAD_SECONDS, capture_output=True)
    except subprocess.TimeoutExpired:
        print(f"    it took more than {DOWNLOAD_SECONDS} seconds and was stopped")
    if not find():
        print("    Left out: the tests of the pages. Install Chromium or Google Chrome")
        print("    (Debian: apt install chromium), or name one: CANAL_BROWSER=/path/to/chrome make test")
    return 0


if __name__ == "__main__":
    sys.exit(main())
