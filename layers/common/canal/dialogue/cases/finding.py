"""Which cases are the citizen's, and which one's state counts for those that follow another."""

from __future__ import annotations

from datetime import datetime, timedelta

from canal.dialogue.questions import CaseOf, CasesOf
from canal.dialogue.scene import Scene
from canal.incidents.case import Case
from canal.incidents.states import State

MOST_STEPS = 3  # from a case to the one that it follows in the end; each is a question
ENDED = frozenset({State.RESOLVED, State.REJECTED})


def all_of(scene: Scene) -> tuple[Case, ...]:
    """The citizen's cases, the newest first; without those that are being deleted."""
    return tuple(case for case in scene.know(CasesOf(scene.citizen.key)) if not case.erased)


def mine(scene: Scene, number: str) -> Case | None:
    """The citizen's case of that number, or theirs that follows it; None for anybody else's, known or not."""
    case = scene.know(CaseOf(number))
    if case is None or case.erased:
        return None
    if case.citizen == scene.citizen.key:
        return case
    own = next((each for each in all_of(scene) if each.duplicate_of == number), None)
    return scene.know(CaseOf(own.id)) if own else None


def followed(scene: Scene, case: Case) -> Case:
    """The case that is worked on: ``case`` itself, or what it follows in the end."""
    seen = {case.id}
    for _ in range(MOST_STEPS):
        if case.state != State.DUPLICATE or not case.duplicate_of or case.duplicate_of in seen:
            break
        seen.add(case.duplicate_of)
        original = scene.know(CaseOf(case.duplicate_of))
        if original is None or original.erased:
            break
        case = original
    return case


def ended(case: Case) -> bool:
    """Whether it was closed with a result, which can be rated and contested."""
    return case.state in ENDED


def can_reopen(scene: Scene, case: Case, at: datetime) -> bool:
    """Whether it is not too late to say that it is not fixed."""
    days = timedelta(days=scene.town.incidents.reopen_days)
    return ended(case) and case.closed_at is not None and at - case.closed_at <= days
