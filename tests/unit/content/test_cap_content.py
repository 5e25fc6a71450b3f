"""The ``cap`` part of ``notices.yaml``: every fault is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from canal.cap.watched import Feed, Watch
from canal.content.cap import compile_cap
from canal.content.yamlfile import checked
from canal.errors import BadContent

from tests.towns import alzira


def compiled(tmp_path: Path, text: str, zones: set[str] | None = None) -> dict[str, Any]:
    path = tmp_path / "cap.yaml"
    path.write_text(text, "utf-8")
    with checked(path) as top:
        return compile_cap(top, {"alerts"}, zones if zones is not None else {"vila", "garrofera"})


GOOD = """
topic: alerts
feeds:
  - {url: "https://avisos.example/feed", name: Avisos, draft_from: Moderate, send_from: Extreme}
  - {url: "https://altres.example/feed", name: Altres}
areas:
  "990001": [garrofera]
  Ribera Alta: []
"""


def test_feeds_and_areas_are_compiled_and_read(tmp_path: Path) -> None:
    watch = Watch.from_content(compiled(tmp_path, GOOD))
    assert watch.feeds == (
        Feed("https://avisos.example/feed", "Avisos", "Moderate", "Extreme"),
        Feed("https://altres.example/feed", "Altres", "Unknown", ""),
    )
    assert watch.named == {"990001": ("garrofera",), "ribera alta": ()}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("topic: alerts", "topic: storms", "no topic «storms»"),
        ("topic: alerts", "", "«topic» is missing"),
        ("https://avisos", "ftp://avisos", "web address"),
        ("Altres}", "Avisos}", "names must differ"),
        ("Moderate", "Awful", "«Awful» is none"),
        ("send_from: Extreme", "send_from: Minor", "«Minor» is none of Severe, Extreme"),
        ("[garrofera]", "[atlantis]", "no zone «atlantis»"),
        ("[garrofera]", "garrofera", "a list"),
        ("name: Altres", "name: Altres, formta: rss", "«formta» is not a known key"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(BadContent, match=said):
        compiled(tmp_path, GOOD.replace(old, new))


def test_too_many_feeds_are_told(tmp_path: Path) -> None:
    feeds = "\n".join(f'  - {{url: "https://a.example/{n}", name: "{n}"}}' for n in range(11))
    with pytest.raises(BadContent, match="11 feeds"):
        compiled(tmp_path, f"topic: alerts\nfeeds:\n{feeds}\nareas: {{}}\n")


def test_alzira_watches_nothing_until_the_town_says_so() -> None:
    assert Watch.from_content(alzira().notices.cap) == Watch("alerts", (), {})
