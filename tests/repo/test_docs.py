"""What the documents promise is there, and what is there is documented."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from canal import settings
from canal.adapters.dynamo_models import CitizenRow, IncidentRow, Tables, TurnRow
from canal.adapters.notice_models import CampaignRow, DeliveryRow, NoteRow, PlanRow, SubscriptionRow, ToldRow

from tests import events

ROOT = Path(__file__).resolve().parents[2]
DOCS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("*/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
TABLES = {
    "citizens": CitizenRow,
    "turns": TurnRow,
    "incidents": IncidentRow,
    "campaigns": CampaignRow,
    "plans": PlanRow,
    "told": ToldRow,
    "notes": NoteRow,
    "subscriptions": SubscriptionRow,
    "deliveries": DeliveryRow,
}


SETTINGS: list[Any] = [
    kind for name, kind in vars(settings).items() if name.endswith("Settings") and name != "BadSettings"
]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("kind", SETTINGS, ids=lambda kind: kind.__name__)
def test_every_setting_is_documented(kind: Any) -> None:
    documented = set(re.findall(r"`(CANAL_[A-Z0-9_]+)`", text("docs/settings.md")))
    assert {settings.variable(name) for name in kind._fields} <= documented


def test_every_documented_setting_is_read_somewhere() -> None:
    code = "".join(path.read_text("utf-8") for folder in ("layers", "local") for path in (ROOT / folder).rglob("*.py"))
    known = {settings.variable(name) for kind in SETTINGS for name in kind._fields}
    for name in set(re.findall(r"`(CANAL_[A-Z0-9_]+)`", text("docs/settings.md"))) - known:
        assert name in code, f"{name} stands in docs/settings.md and nobody reads it"


def test_every_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", text("Makefile"), re.MULTILINE))
    for path in DOCS:
        named = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE))
        assert named <= targets, f"{path.name} names {sorted(named - targets)}"


@pytest.mark.parametrize("table", TABLES)
def test_every_attribute_of_a_table_is_documented(table: str) -> None:
    documented = set(re.findall(r"`([a-z_]+)`", text("docs/data.md")))
    assert {attribute.attr_name for attribute in TABLES[table].get_attributes().values()} <= documented


def test_every_table_is_documented() -> None:
    documented = set(re.findall(r"^\| `([a-z]+)` \|", text("docs/data.md"), re.MULTILINE))
    assert {field.name for field in fields(Tables)} - {"region", "host", "connections"} <= documented


def test_every_payload_is_described() -> None:
    described = set(re.findall(r"\(([a-z0-9-]+)\.json\)", text("events/README.md")))
    assert described == set(events.names())


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_following_an_alert_takes_five_files() -> None:
    section = text("README.md").partition("## Follow an alert")[2].partition("\n## ")[0]
    followed = re.findall(r"^\| \[`[^`]+`\]\(([^)]+)\)", section, re.MULTILINE)
    assert len(followed) == 5


def test_the_files_of_follow_a_hola_are_the_ones_that_a_hola_passes() -> None:
    followed = re.findall(r"^\| \d \| \[`[^`]+`\]\(([^)]+)\)", text("README.md"), re.MULTILINE)
    assert len(followed) == 6
    assert all((ROOT / name).exists() for name in followed)
