"""Planning, sending, tending and collecting at work on a number: real services, stores in memory, a clock that jumps.

Workers are as many as the queues would run at most. Each takes up to ten messages and has a minute, as in Lambda; one
that is killed is followed by another after a few seconds, and its messages come back when their time-out is over.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import Any

from canal.adapters.whatsapp_updates import update
from canal.broadcasts.campaign import ALERTS, BULK, LANES, Campaign, Kind, Words
from canal.broadcasts.outside import Chunk, PlanJob
from canal.broadcasts.states import State
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.services.collecting import Collector
from canal.services.notices import crew, lane_watch, send_batch
from canal.services.notices.plan_batch import PlanBatch
from canal.services.notices.planning import Planning
from canal.services.notices.planning import Stores as PlanStores
from canal.services.notices.requeueing import Requeueing
from canal.services.notices.running import Running
from canal.services.notices.sending import Sending
from canal.services.notices.starting import start
from canal.services.notices.tending import Tending

from bench.notices.number import Killed, Number
from bench.notices.stores import BenchDeliveries, BenchPeople, BenchSubscribers, Stores
from bench.notices.virtual import VirtualClock
from tests.noticeboard import Board, FakeAccount, FakeAllowance, FakeCampaigns, FakeLane

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten in Alzira: nobody sleeps
STORE = 0.006  # seconds that a store takes to answer
BATCH, INVOCATION, TIMEOUT, RESTART = 10, 60.0, 360.0, 1.0  # messages; seconds
POLL, SLEEPY = 0.05, 0.4  # seconds between two looks at an empty queue, at first and at most; SQS waits with the poller
PLANNERS = 4
COLLECT = "collect"


class Messages:
    """Queues: what was taken comes back after a time-out, unless it was deleted."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = count()
        self._ready: dict[str, list[tuple[str, str, int]]] = {}
        self._hidden: dict[str, dict[str, tuple[float, str, int]]] = {}

    def put(self, queue: str, bodies: Sequence[object]) -> None:
        with self._lock:
            ready = self._ready.setdefault(queue, [])
            ready += [(str(next(self._numbers)), json.dumps(body), 0) for body in bodies]

    def take(self, queue: str) -> list[dict[str, Any]]:
        with self._lock:
            now, hidden = self._clock.monotonic(), self._hidden.setdefault(queue, {})
            ready = self._ready.setdefault(queue, [])
            for name in [name for name, (until, _, _) in hidden.items() if until <= now]:
                _, body, tries = hidden.pop(name)
                ready.append((name, body, tries))
            taken, self._ready[queue] = ready[:BATCH], ready[BATCH:]
            for name, body, tries in taken:
                hidden[name] = (now + TIMEOUT, body, tries + 1)
        return [record(queue, name, body, tries + 1) for name, body, tries in taken]

    def finish(self, queue: str, records: Sequence[Mapping[str, Any]], failed: Sequence[str]) -> None:
        with self._lock:
            for each in records:
                if each["messageId"] not in failed:
                    self._hidden[queue].pop(each["messageId"], None)

    def hide(self, queue: str, name: str, seconds: float) -> None:
        with self._lock:
            if name in self._hidden[queue]:
                _, body, tries = self._hidden[queue][name]
                self._hidden[queue][name] = (self._clock.monotonic() + seconds, body, tries)


def record(queue: str, name: str, body: str, tries: int) -> dict[str, Any]:
    return {
        "messageId": name,
        "body": body,
        "eventSourceARN": f"arn:aws:sqs:x:0:{queue}",
        "attributes": {"ApproximateReceiveCount": str(tries)},
    }


class Queues:
    """The ``Queues`` port."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def plan(self, lane: str, jobs: Sequence[PlanJob]) -> None:
        bodies = [{"campaign": job.campaign, "shard": job.shard, "again": job.again} for job in jobs]
        self._messages.put(f"plan-{lane}", bodies)

    def send(self, lane: str, chunks: Sequence[Chunk]) -> None:
        bodies = [{"campaign": chunk.campaign, "citizens": list(chunk.citizens)} for chunk in chunks]
        self._messages.put(f"send-{lane}", bodies)


class Patience:
    """Records that are given back wait a little."""

    def __init__(self, messages: Messages, queue: str) -> None:
        self._messages = messages
        self._queue = queue

    def wait(self, record: Mapping[str, Any], tries: int) -> None:
        self._messages.hide(self._queue, record["messageId"], 2.0**tries)


class Towns:
    def __init__(self, town: Town) -> None:
        self._town = town

    def current(self) -> Town:
        return self._town


class World:
    """One account with one number that takes ``limit`` messages a second."""

    def __init__(self, town: Town, people: Mapping[str, Sequence[str]], limit: int, workers: Mapping[str, int]) -> None:
        """``people``: who subscribed, by topic."""
        self.clock = VirtualClock(MORNING)
        self.number = Number(self.clock, limit)
        self.limit = limit
        self.workers = workers
        self.towns = Towns(town)
        self.board = Board()
        self.campaigns = FakeCampaigns(self.board)
        self.lane, self.account, self.allowance = FakeLane(), FakeAccount(), FakeAllowance()
        self.messages = Messages(self.clock)
        self.queues = Queues(self.messages)
        self.stores = Stores(people, self._pass_time)
        self.deliveries, self.people = BenchDeliveries(self.stores), BenchPeople(self.stores)
        self.subscribers = BenchSubscribers(self.stores)
        self.finished = False
        self.errors: list[tuple[str, Exception]] = []
        self._doomed: set[str] = set()  # execution environments that are no more: all their threads end
        self._lives: Counter[str] = Counter()  # which environment of a worker is the present one
        self._names = threading.local()

    def _pass_time(self, call: str) -> None:
        """At every call of a store: it takes its time, and may be the last one of its worker."""
        worker = getattr(self._names, "worker", "")
        if worker in self._doomed:
            raise Killed
        if worker != COLLECT:  # as many of those run at once as are needed; here it is one who takes no time
            self.clock.sleep(STORE)

    def _sleep(self, seconds: float) -> None:
        """Of a worker, which may not wake any more."""
        self.clock.sleep(seconds)
        if getattr(self._names, "worker", "") in self._doomed:
            raise Killed

    # --- who works ------------------------------------------------------------------------------------

    def run(self, *scenes: Callable[[], None]) -> None:
        """Everybody at work until ``finished``; ``scenes`` are threads of their own."""
        works = [self._worker(f"send-{lane}", n, self.sender) for lane in LANES for n in range(self.workers[lane])]
        works += [self._worker(f"plan-{lane}", n, self.planner) for lane in LANES for n in range(PLANNERS)]
        works += [self._tend, self._collect, *scenes]
        for thread in self.clock.threads(works):
            thread.join()

    def kill(self, worker: str) -> None:
        """Its environment is cut off at its next call; its messages come back, and another one begins."""
        self._doomed.add(f"{worker} {self._lives[worker]}")

    def _worker(self, queue: str, number: int, build: Callable[[str], Callable[..., list[str]]]) -> Callable[[], None]:
        name = f"{queue}-{number}"

        def work() -> None:
            run, pause = self._born(name, build), POLL
            while not self.finished:
                if not (records := self.messages.take(queue)):
                    self.clock.sleep(pause)
                    pause = min(SLEEPY, 2 * pause)
                    continue
                pause = POLL
                ends = self.clock.monotonic() + INVOCATION
                try:
                    failed = run(records, lambda ends=ends: ends - self.clock.monotonic())
                    self.messages.finish(queue, records, failed)
                except Killed:
                    self.clock.sleep(RESTART)
                    run = self._born(name, build)

        return work

    def _born(self, worker: str, build: Callable[[str], Callable[..., list[str]]]) -> Callable[..., list[str]]:
        self._lives[worker] += 1
        life = self._names.worker = f"{worker} {self._lives[worker]}"
        return build(life)

    def _crew(self, worker: str) -> crew.Crew:
        """Threads under this clock, in the name of their worker; nobody waits for them here."""

        def begin(number: int, work: Callable[[], None]) -> None:
            def one() -> None:
                self._names.worker = worker
                with suppress(Killed):
                    work()

            self.clock.threads([one] * number)

        return begin

    def sender(self, worker: str) -> Callable[..., list[str]]:
        """A fresh execution environment of ``send``."""
        timing = crew.Timing(self.clock.now, self.clock.monotonic, self._sleep)
        running = Running(self.campaigns, timing)
        gates: dict[str, lane_watch.Gate] = {
            ALERTS: lane_watch.Overtake(self.lane, timing),
            BULK: lane_watch.StandBack(self.lane, timing),
        }
        lanes = {
            lane: send_batch.kit(
                f"send-{lane}",
                self.limit / self.workers[lane],
                gates[lane],
                Patience(self.messages, f"send-{lane}"),
                timing,
            )
            for lane in LANES
        }
        sending = Sending(running, self.deliveries, self.people, self.number, timing)
        batch = send_batch.SendBatch(sending, running, lanes, self.towns, timing, self._crew(worker))

        def run(records: Sequence[Mapping[str, Any]], seconds_left: Callable[[], float]) -> list[str]:
            outcome = batch.run(records, seconds_left)
            self.errors += outcome.errors
            return outcome.failed

        return run

    def planner(self, worker: str) -> Callable[..., list[str]]:
        """A fresh execution environment of ``plan``."""
        stores = PlanStores(
            self.campaigns, self.deliveries, self.subscribers, self.people, self.queues, self.lane, self.allowance
        )
        planning = Planning(stores, self.towns, self.clock.now, self.limit)
        requeueing = Requeueing(stores, self.towns, self.clock.now, self.limit)
        batch = PlanBatch(planning, requeueing, {})

        def run(records: Sequence[Mapping[str, Any]], seconds_left: Callable[[], float]) -> list[str]:
            outcome = batch.run(records, seconds_left)
            self.errors += outcome.errors
            return outcome.failed

        return run

    def _tend(self) -> None:
        tending = Tending(self.campaigns, self.deliveries, self.queues, self.account, self.clock.now)
        while not self.finished:
            self.clock.sleep(60)
            self.errors += tending.run().faults
            if not self.campaigns.active():
                self.finished = True

    def _collect(self) -> None:
        self._names.worker = COLLECT
        timing = crew.Timing(self.clock.now, self.clock.monotonic, self.clock.sleep)
        stop = Running(self.campaigns, timing).stop
        collector = Collector(self.deliveries, self.people, self.account, update, self.clock.now, stop)
        while not self.finished:
            self.clock.sleep(1)
            if due := self.number.statuses() + self._small_talk():
                self.errors += collector.run([{"messageId": "", "body": json.dumps({"updates": due})}]).errors

    def _small_talk(self) -> list[dict[str, object]]:
        """Conversations go on meanwhile, and their statuses show that statuses arrive."""
        status = {"id": "wamid.talk", "status": "sent", "timestamp": str(int(self.clock.now().timestamp()))}
        return [{"field": "messages", "value": {"phone_number_id": "2", "status": status}}]

    # --- what happens ---------------------------------------------------------------------------------

    def send(self, topic: str, name: str) -> str:
        """An approved campaign, started; its id."""
        topics = {each.id: each for each in self.towns.current().notices.topics}
        words: dict[Language, Words] = {code: Words("Titular", "Una línia de text.") for code in LANGUAGES}
        kind, template = Kind(topics[topic].kind), topics[topic].template
        now = self.clock.now()
        campaign = Campaign(name, kind, topic, words, template, now, "bench", State.APPROVED)
        start(self.campaigns, self.queues, self.campaigns.save(campaign), now)
        return name
