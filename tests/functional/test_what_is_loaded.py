"""Each entry, started in a fresh interpreter: which packages came along."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
UNWANTED = {
    "receive": {
        "pynamodb",
        "requests",
        "boto3",
        "yaml",
        "pydantic",
        "icalendar",
        "PIL",
        "canal.dialogue",
        "canal.content",
    },
    "converse": {
        "boto3",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "canal.content",
        "canal.services.intake",
    },
    "route": {
        "boto3",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "canal.content",
        "canal.desk",
        "canal.open311",
        "canal.services.conversation",
    },
    "sweep": {
        "boto3",
        "requests",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "canal.content",
        "canal.dialogue.places",
        "canal.services.routing",
    },
    "open311": {
        "boto3",
        "requests",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "canal.content",
        "canal.desk",
        "canal.dialogue.places",
        "canal.services",
    },
    "feed": {
        "boto3",
        "requests",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "defusedxml",
        "canal.content",
        "canal.desk",
        "canal.dialogue.places",
        "canal.services",
    },
    "watch": {
        "boto3",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "canal.content",
        "canal.desk",
        "canal.dialogue.places",
        "canal.feeds",
        "canal.services.notices.preflight",
    },
    "digest": {
        "boto3",
        "requests",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "defusedxml",
        "canal.content",
        "canal.desk",
        "canal.dialogue.places",
        "canal.services.notices.preflight",
    },
    "plan": {
        "boto3",
        "requests",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "canal.content",
        "canal.desk",
        "canal.adapters.whatsapp_client",
        "canal.services.notices.sending",
        "canal.services.conversation",
    },
    "tend": {
        "boto3",
        "requests",
        "yaml",
        "icalendar",
        "pydantic",
        "PIL",
        "feedparser",
        "canal.content",
        "canal.desk",
        "canal.adapters.whatsapp_client",
        "canal.dialogue.places",
        "canal.services.notices.sending",
    },
}
FOLDERS = {
    "receive": "webhook",
    "converse": "webhook",
    "feed": "broadcast",
    "watch": "broadcast",
    "digest": "broadcast",
    "plan": "broadcast",
    "tend": "broadcast",
}  # all others are with the incidents
LOADED = "import sys, {entry}; print(*sorted(sys.modules), sep='\\n')"


def loaded(entry: str, folder: str = "") -> set[str]:
    """The modules that are there once the entry is imported as Lambda imports it: top-level, beside the layer."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED.format(entry=entry)],
        cwd=ROOT / "functions" / (folder or FOLDERS.get(entry, "incident")),
        env={**ENVIRONMENT, "PYTHONPATH": str(ROOT / "layers" / "common"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("entry", UNWANTED)
def test_an_entry_loads_nothing_that_it_does_not_use(entry: str) -> None:
    modules = loaded(entry)
    came = {name for name in UNWANTED[entry] if any(each == name or each.startswith(f"{name}.") for each in modules)}
    assert not came


@pytest.mark.parametrize("entry", UNWANTED)
def test_an_entry_says_nothing_when_it_starts(entry: str) -> None:
    assert not [name for name in loaded(entry) if " " in name]


@pytest.mark.parametrize(
    ("folder", "unwanted"),
    [("incident", {"canal.desk.campaigns"}), ("broadcast", {"canal.desk.reading", "canal.desk.writing", "PIL"})],
)
def test_neither_staff_api_loads_the_routes_of_the_other(folder: str, unwanted: set[str]) -> None:
    assert not loaded("api", folder) & unwanted
