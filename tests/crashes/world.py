"""Canal as deployed, in this process: its real entries on moto's server and the simulated WhatsApp.

Time is moved by hand, so that what waits for an hour (a queue's time-out, a lease, a retry) needs no hour.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import requests
import time_machine
from canal import bootstrap, bootstrap_notices
from moto.server import ThreadedMotoServer

from functions.broadcast import plan, send, tend
from functions.incident import route, sweep
from functions.stats import collect
from functions.webhook import converse, receive
from local import cloud, worker
from local.aws import mend
from local.template import functions, load
from local.whatsapp import Config, Server
from tests import events
from tests.crashes.boundaries import Crash, When, Wire
from tests.integration.stack import free_port
from tests.towns import compiled_file

REST = timedelta(minutes=8)  # longer than any time-out, lease or first retry
ROUNDS = 60
START = datetime(2026, 11, 23, 11, 0, tzinfo=UTC).timestamp()

Respond = Callable[[dict[str, Any], Any], Any]
Build = Callable[[Any], Any]

QUEUED: dict[str, tuple[Respond, Build]] = {
    "ConverseFunction": (converse.respond, bootstrap.for_converse),
    "RouteFunction": (route.respond, bootstrap.for_route),
    "PlanFunction": (plan.respond, bootstrap_notices.for_plan),
    "SendFunction": (send.respond, bootstrap_notices.for_send),
    "CollectFunction": (collect.respond, bootstrap_notices.for_collect),
}
SCHEDULED: dict[str, tuple[Respond, Build]] = {
    "sweep": (sweep.respond, bootstrap.for_sweep),
    "tend": (tend.respond, bootstrap_notices.for_tend),
}


class World:
    """One town hall. Each entry starts anew after it crashed, as Lambda would start it."""

    def __init__(self, endpoint: str, graph: Server, clock: time_machine.Traveller, schedules: Sequence[str]) -> None:
        """``schedules``: those of ``SCHEDULED`` that fire here."""
        self.graph = graph
        self._schedules = schedules
        self.clock = clock
        self.wire = Wire()
        self._sqs = boto3.client("sqs", endpoint_url=endpoint)
        self._entries: dict[str, Any] = {}
        self.queues = [
            (function.name, worker.queue_url(event["Queue"]))
            for function in functions(load())
            for event in function.called_by("SQS")
        ]

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sent(self) -> list[dict[str, Any]]:
        """Every message that WhatsApp took."""
        found = self.graph.simulator.journal.messages(after=0, wait=0, limit=100_000, to_user=None)
        return [entry["request"] for entry in found]

    def expect(self, at: int | None, when: When = "before") -> None:
        """From here on every entry starts anew, and call ``at`` crashes.

        The clock goes back to its start: else the cases of earlier runs would fall due in the middle of this one.
        """
        self.clock.move_to(START)
        self._entries.clear()
        self.wire.expect(at, when)

    # --- what is called -----------------------------------------------------------------------------

    def call(self, name: str, respond: Respond, build: Build, event: dict[str, Any]) -> Any:
        """One invocation; None when it crashed, and then the next one is a cold start."""
        try:
            with self.wire.inside(name):
                if name not in self._entries:
                    self._entries[name] = build(os.environ)
                return respond(event, self._entries[name])
        except Crash:
            self._entries.pop(name, None)
            return None

    def post(self, body: dict[str, Any]) -> None:
        """A webhook, delivered again until it is taken, as Meta does."""
        raw = json.dumps(body).encode()
        for _ in range(ROUNDS):
            answer = self.call("receive", receive.respond, bootstrap.for_receive, events.posted(raw))
            if answer is not None and answer["statusCode"] == 200:
                return
        raise AssertionError("the webhook was never taken")

    def settle(self) -> None:
        """Everything that waits is worked off: queues, and what only the sweep still knows of."""
        for _ in range(ROUNDS):
            busy = [self.drain(name, url) for name, url in self.queues]
            if any(busy):
                continue
            if self.report():
                continue
            self.rest()
            before = self._waiting()
            answers = [self.call(name, *SCHEDULED[name], {}) for name in self._schedules]
            if not before and not self._waiting() and None not in answers and not self.unfinished():
                return
        raise AssertionError("it never comes to rest")

    def report(self) -> bool:
        """WhatsApp's statuses for what it has taken since the last time; whether there were any. By default none."""
        return False

    def rest(self) -> None:
        """Time passes."""
        self.clock.shift(REST)

    def unfinished(self) -> bool:
        """Whether something is still to happen that no queue knows of. By default not."""
        return False

    def drain(self, name: str, url: str) -> bool:
        """Give the function what is in its queue, once; whether there was anything."""
        respond, build = QUEUED[name]
        received = self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
        ).get("Messages", [])
        if not received:
            return False
        answer = self.call(name, respond, build, {"Records": [worker.record(message, url) for message in received]})
        if answer is not None:  # a crashed batch stays hidden until its time-out
            failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            for message in received:
                if message["MessageId"] not in failed:
                    self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return True

    def _waiting(self) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = [
            self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"] for _, url in self.queues
        ]
        return sum(int(value) for attributes in found for value in attributes.values())


@contextmanager
def aws() -> Iterator[str]:
    """The address of moto's server, mended as in the local stack."""
    mend()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    requests.post(
        f"{endpoint}/moto-api/reset", timeout=10
    ).raise_for_status()  # what another module left in this process
    try:
        yield endpoint
    finally:
        server.stop()


@contextmanager
def town_hall(endpoint: str, kind: type[World], schedules: Sequence[str]) -> Iterator[World]:
    """The resources of ``template.yaml`` at ``endpoint`` and a WhatsApp beside them."""
    before = dict(os.environ)
    whatsapp = Server(Config(port=free_port(), statuses=()))
    with time_machine.travel(START) as clock, whatsapp as graph:
        os.environ.update(cloud.create(endpoint))
        os.environ |= {"CANAL_GRAPH_URL": graph.url, "CANAL_CONTENT_FILE": str(compiled_file())}
        try:
            yield kind(endpoint, graph, clock, schedules)
        finally:
            os.environ.clear()
            os.environ.update(before)
