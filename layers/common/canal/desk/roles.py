"""Who a member of staff is, from the token that API Gateway has checked, and what they may do.

========================  ==============  ==================================  =====================================
what                      administrator   communications                      department:<id>
========================  ==============  ==================================  =====================================
see, export               all cases       all cases                           its own; others do not exist (404)
answer, note, file        yes             yes: they speak for the town        its own
move, re-route, merge,    yes             no: the departments solve           its own; once re-routed away, no longer
correct, redact, allow
block a citizen           yes             no                                  no: it would stop all departments' cases
see notices               yes             yes                                 yes, but not who got them
write, approve, stop      yes             yes                                 no
notices, see consents
========================  ==============  ==================================  =====================================

Somebody in several groups may do what any of them may.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from canal.desk.refusals import Forbidden
from canal.incidents.case import Case

ADMINISTRATOR, COMMUNICATIONS, DEPARTMENT = "administrator", "communications", "department:"
NAME_IN = ("email", "username", "cognito:username", "sub")


class Action(StrEnum):
    """What staff do to a case."""

    ANSWER = "answer"
    NOTE = "note"
    FILE = "file"
    MOVE = "move"
    REROUTE = "reroute"
    MERGE = "merge"
    CORRECT = "correct"
    REDACT = "redact"
    ALLOW = "allow"
    BLOCK = "block"


OF_COMMUNICATIONS = frozenset({Action.ANSWER, Action.NOTE, Action.FILE})
OF_A_DEPARTMENT = frozenset(Action) - {Action.BLOCK}


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. ``name`` is what the history says."""

    name: str
    administrator: bool = False
    communications: bool = False
    departments: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        if self.administrator:
            return ADMINISTRATOR
        return COMMUNICATIONS if self.communications else "department"

    @property
    def sees_all(self) -> bool:
        return self.administrator or self.communications

    @property
    def runs_notices(self) -> bool:
        """Whether they write to everybody, and see who got what and who agreed to it."""
        return self.administrator or self.communications

    def sees(self, case: Case) -> bool:
        return self.sees_all or case.department in self.departments

    def may(self, action: Action, case: Case) -> bool:
        """Whether they may do it to a case that they see."""
        mine = case.department in self.departments
        return self.could(action) and (mine or self.administrator or action in OF_COMMUNICATIONS)

    def could(self, action: Action) -> bool:
        """Whether there is any case that they may do it to."""
        return (
            self.administrator
            or (self.communications and action in OF_COMMUNICATIONS)
            or (bool(self.departments) and action in OF_A_DEPARTMENT)
        )

    def among(self, wanted: tuple[str, ...]) -> tuple[str, ...] | None:
        """The departments to search in: () for all, None where nothing of what is wanted is theirs to see."""
        if self.sees_all:
            return wanted
        mine = tuple(each for each in self.departments if not wanted or each in wanted)
        return mine or None


def person(claims: Mapping[str, Any]) -> Person:
    """Whom the token's claims describe. Raises Forbidden for somebody in none of the groups."""
    found = groups(claims.get("cognito:groups"))
    departments = (group.removeprefix(DEPARTMENT) for group in found if group.startswith(DEPARTMENT))
    who = Person(
        name=next((str(claims[claim]) for claim in NAME_IN if claims.get(claim)), ""),
        administrator=ADMINISTRATOR in found,
        communications=COMMUNICATIONS in found,
        departments=tuple(dict.fromkeys(each for each in departments if each)),
    )
    if not who.name or not (who.sees_all or who.departments):
        raise Forbidden("no_role")
    return who


def groups(claim: Any) -> tuple[str, ...]:
    """API Gateway writes a list claim as "[a b]"; others as JSON, or leave the list as it is."""
    if isinstance(claim, list):
        return tuple(str(each) for each in claim)
    text = str(claim or "").strip()
    try:
        parsed = json.loads(text)
    except ValueError:
        return tuple(text.removeprefix("[").removesuffix("]").replace(",", " ").split())
    return tuple(str(each) for each in parsed) if isinstance(parsed, list) else (str(parsed),)
