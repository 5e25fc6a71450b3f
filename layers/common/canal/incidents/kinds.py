"""The kinds of cases."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a citizen brings. A PICKUP is of bulky waste; a PERSON case asks to talk to somebody."""

    INCIDENT = "incident"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    QUESTION = "question"
    PICKUP = "pickup"
    PERSON = "person"
