"""The words of the screens and the code that says them: every key used exists, every key that exists is used.

Keys are found in the code with ``ast``: plain strings, f-strings (a ``{name}`` stands for anything) and the place
names that ``named`` makes keys of. So a key that is composed elsewhere has to be added in ``COMPOSED``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from canal.content.words import fields
from canal.dialogue.citizen import Place
from canal.dialogue.messages import LANGUAGES

from tests.towns import alzira, section

ROOT = Path(__file__).resolve().parents[2]
LAYER = ROOT / "layers" / "common" / "canal"
DIALOGUE = sorted(
    path
    for part in ("dialogue", "open311", "desk", "broadcasts", "cap", "feeds", "services/notices")
    for path in (LAYER / part).rglob("*.py")
)
DIALOGUE.append(LAYER / "services" / "mailing.py")
WORDS: dict[str, dict[str, str]] = section("words")
KEY = re.compile(r"[a-z_]+(?:\.[a-z_0-9*]+)+")

# Words that are read as a whole: an item takes .label and, where they exist, .title and .description.
OF_AN_ITEM = ("label", "title", "description")
# Keys of which the code holds only a part: the choices of ``privacy`` and ``waste``, the danger kinds, the languages.
COMPOSED: dict[str, list[str]] = {}


def literals(path: Path) -> Iterator[str]:
    """Every string of a module that may be a key, ``*`` standing for what is filled in."""
    tree = ast.parse(path.read_text("utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "*" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value
    for node in ast.walk(tree):  # texts inside the braces of an f-string
        if isinstance(node, ast.FormattedValue):
            yield from (
                part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def patterns() -> set[str]:
    """All that the dialogue may ask words under."""
    found = {text for path in DIALOGUE for text in literals(path) if KEY.fullmatch(text)}
    return found | {f"menu.{place.value}" for place in Place} | {"menu.menu"}


def meant_by(pattern: str) -> set[str]:
    """The keys that a pattern stands for."""
    shape = re.compile(re.escape(pattern).replace(r"\*", "[a-z_0-9]+") + rf"(?:\.(?:{'|'.join(OF_AN_ITEM)}))?")
    return {key for key in WORDS if shape.fullmatch(key)}


def test_every_key_has_a_use() -> None:
    used = set[str]().union(*(meant_by(pattern) for pattern in patterns()))
    used |= {pattern.replace("*", name) for pattern, names in COMPOSED.items() for name in names}
    assert sorted(WORDS.keys() - used) == []


def test_every_key_that_the_code_names_exists() -> None:
    named = {
        text for text in patterns() if "*" not in text and text.split(".")[0] in {key.split(".")[0] for key in WORDS}
    }
    places = {f"menu.{place.value}" for place in Place if place not in (Place.WELCOME, Place.HELP, Place.ATTACHMENT)}
    missing = [key for key in named - {f"menu.{place.value}" for place in Place} | places if not meant_by(key)]
    assert missing == []


@pytest.mark.parametrize("pattern", sorted(text for text in patterns() if "*" in text))
def test_a_composed_key_leads_to_words(pattern: str) -> None:
    assert meant_by(pattern) or pattern in COMPOSED, f"{pattern} stands for no key of content/alzira/words"


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_say_it_with_the_same_fields(key: str) -> None:
    both = WORDS[key]
    assert set(both) == set(LANGUAGES)
    assert all(text.strip() == text and text for text in both.values())
    assert {frozenset(fields(text)) for text in both.values()} == {frozenset(fields(both["ca"]))}


@pytest.mark.parametrize("key", sorted(key for key in WORDS if key.endswith(".label") and "{" not in WORDS[key]["ca"]))
def test_a_label_fits_a_row_and_has_the_full_line_beside_it_where_it_is_short(key: str) -> None:
    for language, text in WORDS[key].items():
        assert len(text.encode("utf-16-le")) // 2 <= 24, f"{key} in {language}"


def test_the_words_of_one_screen_are_not_the_same_in_both_languages_by_mistake() -> None:
    alike = {
        key
        for key, both in WORDS.items()
        if both["ca"] == both["es"] and len(both["ca"]) > 40 and "\n" not in both["ca"]
    }
    assert alike == set()


def test_no_town_is_named_in_the_words() -> None:
    """Another town takes these words over: its name comes from ``town.yaml``."""
    assert {key for key, both in WORDS.items() if any(alzira().name in text for text in both.values())} == set()
