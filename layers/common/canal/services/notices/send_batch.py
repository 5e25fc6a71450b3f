"""A batch of a sending queue: each record alone, all recipients by the same threads at the lane's pace.

A record is a chunk of recipients, and only a hint: what nobody can read, or is about nothing, is dropped and told; what
could not be done goes back to the queue, and those of it who were served are not served again, since they are claimed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from canal.broadcasts.campaign import ALERTS, BULK
from canal.broadcasts.outside import Chunk
from canal.errors import BadInput, CanalError
from canal.ports import Towns
from canal.services.notices.crew import Away, Crew, Timing, size
from canal.services.notices.lane_watch import Gate
from canal.services.notices.notes import Tally
from canal.services.notices.pace import Pace
from canal.services.notices.recipient import Recipient
from canal.services.notices.running import Running
from canal.services.notices.sending import SLOWEST, Road, Sending
from canal.services.notices.supply import Part, Supply

if TYPE_CHECKING:
    from canal.services.worker import Waiting

LONGEST_NAME = 200  # of a campaign or a citizen
LARGEST_CHUNK = 100  # recipients; planning puts fewer
MOST_TRIES = 5  # counted: standing back for an alert is no reason to wait longer after it

FULL = 10  # records; after such a batch there are more in the queue
GRACE = 0.4  # seconds for its last answers; what ``Pace`` makes up for is more

Record = Mapping[str, Any]
SecondsLeft = Callable[[], float]


@dataclass(frozen=True, slots=True)
class LaneKit:
    """What belongs to one lane as long as the execution environment lives. ``queue`` is the queue's name."""

    queue: str
    pace: Pace
    gate: Gate
    patience: Waiting
    threads: int
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class Outcome:
    """What became of a batch. By message id: ``failed`` go back, ``errors`` and ``dropped`` are for the log."""

    failed: list[str] = field(default_factory=list)
    errors: list[tuple[str, Exception]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    stopped: list[tuple[str, str]] = field(default_factory=list)  # campaigns that nothing can go out of, and why
    figures: Counter[str] = field(default_factory=Counter)


class SendBatch:
    """Runs records of the sending queues."""

    def __init__(
        self, sending: Sending, running: Running, lanes: Mapping[str, LaneKit], towns: Towns, timing: Timing, crew: Crew
    ) -> None:
        self._sending = sending
        self._running = running
        self._lanes = lanes
        self._towns = towns
        self._timing = timing
        self._crew = crew

    def run(self, records: Iterable[Record], seconds_left: SecondsLeft = lambda: inf) -> Outcome:
        """Write to everybody in ``records``. Raises Temporary when there is no content to write from."""
        outcome = Outcome()
        by_lane: dict[str, list[Part]] = defaultdict(list)
        for record in records:
            try:
                part = Part(record, chunk_of(record["body"]))
            except BadInput as reason:
                outcome.dropped.append((record["messageId"], str(reason)))
            else:
                by_lane[self._lane(part)].append(part)
        for lane, parts in by_lane.items():
            self._run(self._lanes[lane], parts, seconds_left, outcome)
        return outcome

    def _run(self, kit: LaneKit, parts: Sequence[Part], seconds_left: SecondsLeft, outcome: Outcome) -> None:
        away = Away()
        road = Road(kit.pace, kit.gate, self._towns.current(), seconds_left, kit.tally, away)
        kit.gate.look()  # all threads begin with the same knowledge
        threads = min(kit.threads, sum(len(part.chunk.citizens) for part in parts))
        supply = Supply(parts, partial(self._read, road), partial(self._send, road), self._timing, threads)
        self._crew(threads, supply.work)
        supply.wait(away, GRACE if len(parts) >= FULL else inf)
        for part in parts:
            self._close(part, kit, outcome)
        done = kit.tally.drained()
        outcome.figures.update(done.figures)
        outcome.stopped += done.stopped
        outcome.errors += [("", fault) for fault in done.faults]

    def _read(self, road: Road, part: Part) -> Sequence[Recipient]:
        if road.seconds_left() < SLOWEST:
            part.back = True
            return ()
        try:
            return self._sending.recipients(part.chunk)
        except Exception as error:  # whatever failed, the record must go back to the queue
            part.fail(error)
            return ()

    def _send(self, road: Road, part: Part, one: Recipient) -> None:
        if part.error is not None:
            return  # the store does not answer, or worse: the rest of this record waits
        try:
            if not self._sending.send(one, road):
                part.back = True
        except Exception as error:  # as above
            part.fail(error)

    def _close(self, part: Part, kit: LaneKit, outcome: Outcome) -> None:
        if not part.back:
            return
        message_id = part.record["messageId"]
        outcome.failed.append(message_id)
        tries = 0  # time was over: at once again
        if part.error is not None:
            outcome.errors.append((message_id, part.error))
            tries = min(int(part.record["attributes"]["ApproximateReceiveCount"]), MOST_TRIES)
        with suppress(CanalError):
            kit.patience.wait(part.record, tries)

    def _lane(self, part: Part) -> str:
        """By the queue that the record comes from; where that is not told, by its campaign."""
        queue = str(part.record.get("eventSourceARN", "")).rpartition(":")[2]
        for lane, kit in self._lanes.items():
            if kit.queue == queue:
                return lane
        with suppress(CanalError):
            campaign = self._running.find(part.chunk.campaign)
            return campaign.lane if campaign else BULK
        return ALERTS  # nobody knows: what may be an alert does not stand back


def chunk_of(body: str) -> Chunk:
    """A queued chunk. Raises BadInput for anything else."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput("not JSON") from None
    if not isinstance(message, dict) or set(message) != {"campaign", "citizens"}:
        raise BadInput("not a chunk")
    campaign, citizens = message["campaign"], message["citizens"]
    if not is_name(campaign) or not isinstance(citizens, list) or not 0 < len(citizens) <= LARGEST_CHUNK:
        raise BadInput("not a chunk")
    if not all(is_name(citizen) for citizen in citizens):
        raise BadInput("not a chunk")
    return Chunk(campaign, tuple(dict.fromkeys(citizens)))


def is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME


def share_of(rate: str, workers: str) -> float:
    """The messages per second of one of ``workers``, both as settings have them. Raises BadInput for what is none."""
    try:
        share = float(rate) / int(workers)
    except (ValueError, ZeroDivisionError):
        share = 0.0
    if not 0 < share < inf:
        raise BadInput(f"{workers} workers cannot share {rate} messages a second")
    return share


def kit(queue_url: str, share: float, gate: Gate, patience: Waiting, timing: Timing) -> LaneKit:
    return LaneKit(queue_url.rpartition("/")[2], Pace(share, timing), gate, patience, size(share))
