"""Every transcript of this folder is what the engine says today, to the letter.

``pytest tests/conversations --write-transcripts`` writes them anew; the difference is what there is to review.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.transcripts import played
from tests.towns import alzira

FILES = sorted(Path(__file__).parent.glob("*.txt"))
NINE = ("phones", "bus", "pharmacy", "waste", "appointment", "taxes", "procedures", "jobs", "culture")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_written(file: Path, request: pytest.FixtureRequest) -> None:
    written = file.read_text("utf-8")
    today = played(written, alzira())
    if request.config.getoption("--write-transcripts"):
        file.write_text(today, "utf-8")
    else:
        assert today == written, f"read {file.name}; if it is right now, write it with --write-transcripts"


@pytest.mark.parametrize("language", ["ca", "es"])
@pytest.mark.parametrize("option", NINE)
def test_every_option_is_read_aloud_in_both_languages(option: str, language: str) -> None:
    assert f"option-{NINE.index(option) + 1}-{option}-{language}" in {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_conversation_is_short(file: Path) -> None:
    said = [line for line in file.read_text("utf-8").splitlines() if line.startswith("> ")]
    assert 3 <= len(said) <= 9
