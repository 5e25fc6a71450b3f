"""What is kept of a citizen, and what becomes of their cases when they ask to be forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest
from canal.dialogue.turn import ErasureRequested

from tests.builders import Reported, Talk, a_case


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (3, "3"), (19, "19"), (20, "20 o més")])
def test_my_data_say_how_many_cases_there_are(number: int, said: str) -> None:
    talk = Talk(answers=Reported(*(a_case(id=f"CASE{each:04}") for each in range(number))))
    talk.say("les meues dades")
    assert talk.body.splitlines()[9].endswith(f": {said}")


def test_a_case_that_is_being_deleted_counts_no_more() -> None:
    talk = Talk(answers=Reported(replace(a_case(), erased=True)))
    talk.say("les meues dades")
    assert talk.body.splitlines()[9].endswith(": 0")


def test_before_erasing_one_is_told_what_happens_to_the_cases() -> None:
    talk = Talk()
    talk.say("esborra'm")
    assert "Les incidències del carrer es queden" in talk.body
    assert not any(isinstance(effect, ErasureRequested) for effect in talk.turn.effects)
    talk.say("sí")
    assert any(isinstance(effect, ErasureRequested) for effect in talk.turn.effects)
