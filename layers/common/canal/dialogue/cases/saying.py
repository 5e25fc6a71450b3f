"""A case in the citizen's words: what it is about, how it stands, what the town has answered."""

from __future__ import annotations

from canal.dialogue.scene import Scene, shortened
from canal.dialogue.times import long_day
from canal.incidents.case import Case, Event, Telling, What

SUBJECT = 60  # UTF-16 units
LAST = 2  # answers that are shown


def subject(scene: Scene, case: Case) -> str:
    """What it is about: the category, as long as the content knows it, else the kind."""
    category = scene.town.incidents.category(case.category) if case.category else None
    name = scene.pick(category.name) if category else scene.text(f"cases.kind_{case.kind}")
    return shortened(name, SUBJECT)


def heading(scene: Scene, case: Case) -> str:
    """The number and what it is about."""
    return scene.text("my_cases.heading", case=case.id, subject=subject(scene, case))


def state(scene: Scene, case: Case) -> str:
    return scene.text(f"cases.state_{case.state}")


def department(scene: Scene, identifier: str) -> str:
    """The department's name; empty where there is none, or the content does not know it any more."""
    known = scene.town.incidents.department(identifier) if identifier else None
    return scene.pick(known.name) if known else ""


def answers(case: Case, live: Case) -> tuple[Event, ...]:
    """What staff have told the citizen of ``case``, the oldest first; ``live`` is the case that it follows.

    Never notes, never other citizens' words, and of a case that is followed only what was told since.
    """
    since = case.closed_at or case.created_at
    own = [event for event in case.history if told(event)]
    others = [event for event in live.history if told(event) and event.at >= since] if live.id != case.id else []
    return tuple(sorted([*own, *others], key=lambda event: event.at))


def told(event: Event) -> bool:
    """Whether it holds words of staff that are meant for citizens."""
    of_staff = event.by not in ("citizen", "canal", "open311")
    return of_staff and event.telling != Telling.NOBODY and bool(event.words) and event.what != What.NOTED


def answer(scene: Scene, event: Event, most: int) -> str:
    """One answer with its day, its words within ``most`` UTF-16 units."""
    day = long_day(scene, scene.town.local(event.at).date())
    return scene.text("my_cases.answer", day=day, words=shortened(event.words.strip(), most))
