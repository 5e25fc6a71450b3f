"""Cold start of the built artefact under the runtime interface emulator, against the barest thing that could do it.

From the first event to its answer: starting Python, importing, making clients, the first calls to the stub.
"""

from __future__ import annotations

import hashlib
import hmac
import statistics
import time
from pathlib import Path
from typing import Any

from bench.environment import variables
from bench.report import Row
from bench.stub import StubProcess
from bench.turns import http_event, queue_event, webhook
from local.rie import BUILD, CONTENT_LAYER, Emulator

ROUNDS = 7
FLOORS = Path(__file__).resolve().parent / "floors"
LAYERS = [BUILD / "CommonLayer", CONTENT_LAYER]


def measure() -> list[Row]:
    raw = webhook(1, "Hola")
    signed = http_event(raw, "sha256=" + hmac.new(b"s", raw, hashlib.sha256).hexdigest())
    with StubProcess() as stub:
        environment = variables(stub.url)
        return [
            compare("receive", "ReceiveFunction", signed, environment, 1.2, "bare SQS client"),
            compare("converse", "ConverseFunction", queue_event(raw), environment, 1.3, "bare PynamoDB + requests"),
        ]


def compare(name: str, function: str, event: Any, environment: dict[str, str], most: float, what: str) -> Row:
    """Cold starts of ours and of the floor, in turns."""
    ours, floor = [], []
    for _ in range(ROUNDS):
        ours.append(first_answer(BUILD / function, f"{name}.handler", event, environment))
        floor.append(first_answer(FLOORS / name, "floor.handler", event, environment))
    ratio = statistics.median(a / b for a, b in zip(ours, floor, strict=True))
    figure, bare = statistics.median(ours), statistics.median(floor)
    return Row(f"cold start of {name}, floor: {what}", f"{figure:.0f} ms", f"{bare:.0f} ms", ratio, most)


def first_answer(folder: Path, handler: str, event: Any, environment: dict[str, str]) -> float:
    """Milliseconds from the first event to its answer."""
    with Emulator.start(folder, LAYERS, handler, environment) as emulator:
        start = time.perf_counter()
        emulator.invoke(event)
        return (time.perf_counter() - start) * 1000
