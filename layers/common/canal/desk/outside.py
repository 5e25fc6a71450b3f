"""What the desk needs of the outside, beyond ``ports.py``, and the Desk that holds all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from canal.dialogue.town import Town
from canal.errors import CanalError
from canal.incidents.case import Case, File
from canal.ports import CaseQueue, Cases, Citizens, PhotoLinks, Towns

Boxes = Sequence[tuple[float, float, float, float]]  # x, y, width, height as fractions of the photo


class Photos(Protocol):
    """Stored photos, whole. Both raise Temporary when the bucket does not answer."""

    def blackened(self, case: str, file: File, boxes: Boxes) -> File:
        """A copy with black boxes, kept under new keys: ``file`` with those.

        Raises BadInput if it is no photo, Permanent if it is not there any more.
        """
        ...

    def drop(self, file: File) -> None:
        """Delete what ``file`` has in the bucket; twice is as once."""
        ...


class Log(Protocol):
    """A constant sentence and fields, without names, numbers or words of citizens."""

    def __call__(self, sentence: str, /, *, extra: Mapping[str, object]) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the staff API works with."""

    cases: Cases
    citizens: Citizens
    queue: CaseQueue
    links: PhotoLinks
    photos: Photos
    towns: Towns
    clock: Callable[[], datetime]
    warn: Log

    @property
    def town(self) -> Town:
        return self.towns.current()

    def tell_route(self, case: Case) -> None:
        """Let ``route`` do what the change asks for. If that fails the sweep finds the case: the change stands."""
        try:
            self.queue.put([{"case": case.id}])
        except CanalError as error:
            self.warn("case not queued, the sweep will find it", extra={"case": case.id, "error": type(error).__name__})
