"""The rules of a place where a report is written: what each kind of message does there.

``places/incident.py`` and its neighbours are one line each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from canal.dialogue.messages import Media, Pin
from canal.dialogue.report import addresses, entering, files, hearing, resume
from canal.dialogue.scene import PlaceRules, Scene, Screen
from canal.dialogue.understanding.reading import Reading
from canal.incidents.case import Kind

Opening = Callable[[Scene], Screen | None]
P = ParamSpec("P")


def rules(kind: Kind, opening: Opening | None = None) -> PlaceRules:
    """The rules of the place where a report of ``kind`` is written; ``opening`` may show something else first."""

    def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
        if not path and opening and not scene.draft.begun and (first := opening(scene)):
            return first
        return addresses.at(scene, kind, path)

    def hear(scene: Scene, words: str, reading: Reading) -> Screen | None:
        if scene.citizen.place.value != kind.value:
            return entering.arrive(scene, kind, words)
        return hearing.here(scene, entering.mine(scene, kind), words, reading)

    def locate(scene: Scene, pin: Pin) -> Screen | None:
        return entering.pinned(scene, entering.mine(scene, kind), pin)

    def take(scene: Scene, media: Media) -> Screen | None:
        return files.keep(scene, entering.mine(scene, kind), media)

    return PlaceRules(
        show=unless_blocked(kind, show),
        hear=unless_blocked(kind, hear),
        locate=unless_blocked(kind, locate),
        take=unless_blocked(kind, take),
        listens=True,
    )


def unless_blocked(
    kind: Kind, answer: Callable[Concatenate[Scene, P], Screen | None]
) -> Callable[Concatenate[Scene, P], Screen | None]:
    """``answer``, refused to those of whom staff take no more reports."""

    def guarded(scene: Scene, /, *args: P.args, **kwargs: P.kwargs) -> Screen | None:
        return resume.refused(scene, kind) if scene.citizen.blocked else answer(scene, *args, **kwargs)

    return guarded
