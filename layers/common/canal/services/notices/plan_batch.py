"""A batch of a planning queue: each record alone. What nobody can read, or is about nothing, is dropped and told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from canal.broadcasts.outside import PlanJob
from canal.broadcasts.subscription import SHARDS
from canal.errors import BadInput, CanalError
from canal.services.notices.planning import SLOWEST_PAGE, Figures, Planning, SecondsLeft
from canal.services.notices.requeueing import Requeueing

if TYPE_CHECKING:
    from canal.services.worker import Waiting

LONGEST_NAME = 200  # of a campaign
MOST_TRIES = 5  # counted: an alert must not wait ten minutes for a store that is back after one

Record = Mapping[str, Any]


@dataclass(slots=True)
class Outcome:
    """What became of a batch. By message id: ``failed`` go back, ``errors`` and ``dropped`` are for the log."""

    failed: list[str] = field(default_factory=list)
    errors: list[tuple[str, Exception]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    figures: Figures = field(default_factory=Counter)


class PlanBatch:
    """Runs records of the planning queues. ``patience`` by the queue's name."""

    def __init__(self, planning: Planning, requeueing: Requeueing, patience: Mapping[str, Waiting]) -> None:
        self._planning = planning
        self._requeueing = requeueing
        self._patience = patience

    def run(self, records: Iterable[Record], seconds_left: SecondsLeft = lambda: inf) -> Outcome:
        outcome = Outcome()
        for record in records:
            if seconds_left() < SLOWEST_PAGE:
                self._give_back(record, 0, outcome)
            else:
                self._run_one(record, outcome, seconds_left)
        return outcome

    def _run_one(self, record: Record, outcome: Outcome, seconds_left: SecondsLeft) -> None:
        try:
            job = job_of(record["body"])
            work = self._requeueing.run if job.again else self._planning.plan
            outcome.figures.update(work(job, seconds_left))
        except BadInput as reason:
            outcome.dropped.append((record["messageId"], str(reason)))
        except Exception as error:  # whatever failed, the record must go back to the queue
            outcome.errors.append((record["messageId"], error))
            tries = int(record["attributes"]["ApproximateReceiveCount"])
            self._give_back(record, min(tries, MOST_TRIES), outcome)

    def _give_back(self, record: Record, tries: int, outcome: Outcome) -> None:
        """Soon; where the queue cannot be told so, after its own time."""
        outcome.failed.append(record["messageId"])
        patience = self._patience.get(str(record.get("eventSourceARN", "")).rpartition(":")[2])
        if patience is not None:
            with suppress(CanalError):
                patience.wait(record, tries)


def job_of(body: str) -> PlanJob:
    """A queued job. Raises BadInput for anything else."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput("not JSON") from None
    if not isinstance(message, dict) or set(message) != {"campaign", "shard", "again"}:
        raise BadInput("not a job of planning")
    campaign, shard, again = message["campaign"], message["shard"], message["again"]
    if not isinstance(campaign, str) or not 0 < len(campaign) <= LONGEST_NAME:
        raise BadInput("not a job of planning")
    if type(shard) is not int or not 0 <= shard < SHARDS or not isinstance(again, bool):
        raise BadInput("not a job of planning")
    return PlanJob(campaign, shard, again)
