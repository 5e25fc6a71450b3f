"""A batch of the incidents queue: each record alone. What nobody can read, or is about nothing, is dropped and told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from canal.errors import BadInput
from canal.services.held import HeldNews
from canal.services.routing import Routing, Unknown
from canal.services.work import SLOWEST_PIECE, Done

LONGEST_NAME = 200  # of a case or a citizen
SLOWEST_RECORD = SLOWEST_PIECE + 5.0  # seconds; less than that, and it would not come to its first piece


@dataclass(slots=True)
class Outcome:
    """What became of a batch. By message id: ``failed`` go back, ``errors`` and ``dropped`` are for the log."""

    failed: list[str] = field(default_factory=list)
    errors: list[tuple[str, Exception]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    later: list[tuple[str, str]] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)


class Errands:
    """Runs records of the incidents queue."""

    def __init__(self, routing: Routing, held: HeldNews) -> None:
        self._routing = routing
        self._held = held

    def run(self, records: Iterable[Mapping[str, Any]], seconds_left: Callable[[], float] = lambda: inf) -> Outcome:
        outcome = Outcome()
        for record in records:
            if seconds_left() < SLOWEST_RECORD:
                outcome.failed.append(record["messageId"])
            else:
                self._run_one(record, outcome, seconds_left)
        return outcome

    def _run_one(self, record: Mapping[str, Any], outcome: Outcome, seconds_left: Callable[[], float]) -> None:
        message_id = record["messageId"]
        try:
            done = self._done(errand(record["body"]), seconds_left)
        except (BadInput, Unknown) as reason:
            outcome.dropped.append((message_id, str(reason)))
            return
        except Exception as error:  # whatever failed, the record must go back to the queue
            done = Done(faults=[error])
        outcome.figures.update(done.figures)
        outcome.later += [(message_id, reason) for reason in done.later]
        outcome.errors += [(message_id, error) for error in done.faults]
        if done.faults:
            outcome.failed.append(message_id)

    def _done(self, asked: tuple[str, str], seconds_left: Callable[[], float]) -> Done:
        about, name = asked
        return self._held.tell(name) if about == "citizen" else self._routing.look(name, seconds_left)


def errand(body: str) -> tuple[str, str]:
    """("case", its number) or ("citizen", their key). Raises BadInput for anything else."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput("not JSON") from None
    if not isinstance(message, dict) or len(message) != 1:
        raise BadInput("not an errand")
    ((about, name),) = message.items()
    if about not in ("case", "citizen") or not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        raise BadInput("not an errand")
    return about, name
