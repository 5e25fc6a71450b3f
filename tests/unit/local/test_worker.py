"""The local worker: as many batches at the same time as Lambda would run, each in a copy of its function."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local import worker
from local.template import Function, functions, load
from local.worker import EventSource

TEMPLATE = load()
FUNCTIONS = {function.name: function for function in functions(TEMPLATE)}


@pytest.fixture(autouse=True)
def copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each loading of a function gives another handler."""
    monkeypatch.setattr(worker, "handler_of", lambda function: lambda event, context: None)


def handlers_of(name: str) -> list[list[Any]]:
    """The handlers of each event source of a function."""
    return [
        worker.handlers(FUNCTIONS[name], worker.concurrency(event, TEMPLATE["Parameters"]))
        for event in FUNCTIONS[name].called_by("SQS")
    ]


def test_as_many_send_at_the_same_time_as_share_the_rate_each_with_a_pace_of_its_own() -> None:
    alerts, bulk = handlers_of("SendFunction")
    assert len(alerts) == len(bulk) == 2
    assert len({id(handler) for handler in [*alerts, *bulk]}) == 4


def test_a_function_that_lambda_runs_more_often_is_loaded_once_here() -> None:
    (conversation,) = handlers_of("ConverseFunction")
    assert len(conversation) == worker.WORKERS
    assert len({id(handler) for handler in conversation}) == 1


def test_fewer_run_where_the_machine_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANAL_WORKERS", "1")
    assert [len(handlers) for handlers in handlers_of("SendFunction")] == [1, 1]


def test_a_source_without_a_limit_is_held_to_the_machines() -> None:
    assert worker.concurrency({}, {}) is None
    assert len(worker.handlers(FUNCTIONS["SendFunction"], None)) == worker.WORKERS


class Copy:
    """A handler that notes when it is called while it is at work."""

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self.shared, self.calls = False, 0

    def __call__(self, event: dict[str, Any], context: object) -> dict[str, Any]:
        self.shared |= not self._busy.acquire(blocking=False)
        self.calls += 1
        time.sleep(0.005)
        self._busy.release()
        if event["Records"][0]["body"] == "bad":
            raise ValueError("of a test")
        return {"batchItemFailures": []}


def source(*handlers: Copy) -> EventSource:
    return EventSource(FUNCTIONS["SendFunction"], handlers, "http://127.0.0.1:9/queue", 10)


def message(body: str) -> dict[str, Any]:
    return {"MessageId": body, "ReceiptHandle": "r", "Body": body}


def test_a_copy_does_one_batch_at_a_time_even_after_it_failed() -> None:
    handlers = Copy(), Copy()
    tried = source(*handlers)
    bodies = ["good", "bad"] * 20
    with ThreadPoolExecutor(2) as pool:
        failed = list(pool.map(lambda body: tried._failed([message(body)]), bodies))
    assert failed == [set(), {"bad"}] * 20
    assert not any(handler.shared for handler in handlers)
    assert sum(handler.calls for handler in handlers) == 40


def test_a_function_is_told_which_queue_a_message_is_from() -> None:
    url = "http://127.0.0.1:5000/123456789012/canal-local-send-alerts"
    attributes = {"ReceiptHandle": "r", "MessageId": "m", "Body": "{}"}
    assert worker.record(attributes, url)["eventSourceARN"] == (
        "arn:aws:sqs:eu-south-2:123456789012:canal-local-send-alerts"
    )


def test_every_queue_of_the_template_has_a_function_here() -> None:
    waiting: set[Any] = {
        event["Queue"]["Fn::GetAtt"][0] for function in FUNCTIONS.values() for event in source_events(function)
    }
    queues = {name for name, each in TEMPLATE["Resources"].items() if each["Type"] == "AWS::SQS::Queue"}
    assert {name for name in queues if not name.endswith("DeadLetters")} == waiting


def source_events(function: Function) -> list[Any]:
    return list(function.called_by("SQS"))
