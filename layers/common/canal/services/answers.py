"""What the dialogue asks for from outside, looked up: see ``dialogue/questions.py``."""

from __future__ import annotations

from typing import Any

from canal.dialogue.questions import CaseOf, CasesNear, CasesOf, PhotoLink, Question
from canal.ports import Cases, PhotoLinks

LINK_SECONDS = 12 * 3600  # WhatsApp fetches a picture when the reply arrives, which after an outage may be hours later


class Answers:
    """The ``LookUp`` of a conversation."""

    def __init__(self, cases: Cases, links: PhotoLinks) -> None:
        self._cases = cases
        self._links = links

    def __call__(self, question: Question[Any]) -> Any:
        """The answer, of the type that the question names. Raises Temporary when it cannot be had now."""
        match question:
            case CasesNear():
                near = question
                return self._cases.near(near.category, near.latitude, near.longitude, near.metres)
            case CasesOf(citizen=citizen):
                return self._cases.of(citizen)
            case CaseOf(case=number):
                return self._cases.load(number)
            case PhotoLink(key=key):
                return self._links.link(key, LINK_SECONDS)
            case other:
                raise TypeError(f"nobody answers {type(other).__name__}")
