"""The built functions, running as Lambda runs them, against moto and a stub of the Graph API."""

from __future__ import annotations

import filecmp
import json
import os
import threading
from collections.abc import Generator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from local import addresses, cloud, worker
from local.rie import BUILD, CONTENT_LAYER, ROOT, Emulator, reason_it_cannot_run

# What is built, and from what.
COPIES = {
    BUILD / "CommonLayer" / "python" / "canal": ROOT / "layers" / "common" / "canal",
    BUILD / "ReceiveFunction": ROOT / "functions" / "webhook",
    BUILD / "ConverseFunction": ROOT / "functions" / "webhook",
    BUILD / "SendFunction": ROOT / "functions" / "broadcast",
    BUILD / "CollectFunction": ROOT / "functions" / "stats",
}


@pytest.fixture(scope="session")
def build() -> Path:
    """The folder of the build, if there is one of these very sources."""
    reason = reason_it_cannot_run() or staleness()
    if reason:
        pytest.skip(reason)
    return BUILD


def staleness() -> str:
    """Which file was changed since the build; empty when none was."""
    for built, source in COPIES.items():
        for path in source.rglob("*.py"):
            copy = built / path.relative_to(source)
            if not copy.exists() or not filecmp.cmp(path, copy, shallow=False):
                return f"{path.relative_to(ROOT)} was changed since the build: `make build`"
    return ""


class Graph(ThreadingHTTPServer):
    """Takes every message as WhatsApp would and keeps it in ``sent``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), GraphHandler)
        self.sent: list[dict[str, Any]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class GraphHandler(BaseHTTPRequestHandler):
    """Answers POST /{version}/{phone number id}/messages."""

    server: Graph
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.sent.append(message)
        answer = {
            "messaging_product": "whatsapp",
            "messages": [{"id": f"wamid.SENT_{len(self.server.sent)}"}],
        }
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    server = Graph()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def environment(graph: Graph) -> Generator[dict[str, str]]:
    """The variables of the functions, their tables, queues and secrets made from ``template.yaml``."""
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    before = dict(os.environ)
    variables = cloud.create(f"http://{host}:{port}")
    os.environ.clear()
    os.environ.update(before)
    yield variables | {"CANAL_GRAPH_URL": graph.url}
    server.stop()


@pytest.fixture(scope="module")
def receive(build: Path, environment: dict[str, str]) -> Iterator[Emulator]:
    with Emulator.start(build / "ReceiveFunction", [build / "CommonLayer"], "receive.handler", environment) as running:
        yield running


@pytest.fixture(scope="module")
def converse(build: Path, environment: dict[str, str]) -> Iterator[Emulator]:
    layers = [build / "CommonLayer", CONTENT_LAYER]
    with Emulator.start(build / "ConverseFunction", layers, "converse.handler", environment) as running:
        yield running


class Queue:
    """The conversation queue, as Lambda's poller sees it."""

    def __init__(self, url: str, endpoint: str) -> None:
        self._url = url
        self._sqs = boto3.client("sqs", endpoint_url=endpoint, region_name=addresses.REGION)

    def batches(self) -> Iterator[dict[str, Any]]:
        """SQS events until the queue is empty. A batch is deleted when the next one is asked for."""
        while True:
            taken = self._sqs.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=10, AttributeNames=["All"], WaitTimeSeconds=0
            ).get("Messages", [])
            if not taken:
                return
            yield {"Records": [worker.record(message) for message in taken]}
            for message in taken:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture(scope="module")
def queue(environment: dict[str, str]) -> Queue:
    return Queue(environment["CANAL_CONVERSATION_QUEUE_URL"], environment["AWS_ENDPOINT_URL"])
