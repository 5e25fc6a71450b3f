"""The words of the phone page: each in both languages, each used, none missing."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "local" / "phone"
ENTRY = re.compile(r'^  "?([\w.]+)"?: \{\s*ca: "([^"]+)",\s*es: "([^"]+)",?\s*\}', re.MULTILINE)
COMPUTED = ("sample.", "place.", "theme.", "tick.")  # t(`tick.${…}`)


def words() -> dict[str, tuple[str, str]]:
    source = (PAGE / "js" / "words.js").read_text()
    return {key: (ca, es) for key, ca, es in ENTRY.findall(source)}


def code() -> str:
    return "\n".join(path.read_text() for path in PAGE.rglob("*.js") if path.name != "words.js")


def test_every_entry_has_both_languages() -> None:
    source = (PAGE / "js" / "words.js").read_text()
    assert len(words()) == len(re.findall(r"\bca: ", source)) == len(re.findall(r"\bes: ", source))


def test_every_word_that_is_asked_for_is_there() -> None:
    asked = set(re.findall(r'\bt\("([\w.]+)"\)', code()))
    assert asked - set(words()) == set()


def test_no_word_is_left_over() -> None:
    unused = {key for key in words() if f'"{key}"' not in code() and not key.startswith(COMPUTED)}
    assert unused == set()


def test_the_page_asks_nothing_of_other_machines() -> None:
    everything = "\n".join(path.read_text() for path in PAGE.rglob("*.*") if path.suffix in (".js", ".css", ".html"))
    addresses = set(re.findall(r"https?://[\w.]+", everything)) - {"http://127.0.0.1", "http://localhost"}
    assert addresses == {"http://www.w3.org"}  # the name of SVG
    assert "innerHTML" not in everything
