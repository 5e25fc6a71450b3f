"""The queues of notices against a real HTTP service (moto's server)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from canal.adapters.queues import NoticeQueues
from canal.broadcasts.campaign import ALERTS, BULK
from canal.broadcasts.outside import Chunk, PlanJob
from canal.errors import Temporary

from tests.contracts.tables import REGION

NAMES = ("plan-alerts", "plan-bulk", "send-alerts", "send-bulk")


@pytest.fixture
def sqs(aws: str) -> Any:
    return boto3.client("sqs", REGION, endpoint_url=aws)


@pytest.fixture
def urls(sqs: Any) -> Iterator[dict[str, str]]:
    found = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in NAMES}
    yield found
    for url in found.values():
        sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def queues(sqs: Any, urls: dict[str, str]) -> NoticeQueues:
    return NoticeQueues(
        lambda: sqs,
        {ALERTS: urls["plan-alerts"], BULK: urls["plan-bulk"]},
        {ALERTS: urls["send-alerts"], BULK: urls["send-bulk"]},
    )


def taken(sqs: Any, url: str) -> list[Any]:
    found = list[Any]()
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def test_jobs_and_chunks_go_to_the_queue_of_their_lane(sqs: Any, urls: dict[str, str], queues: NoticeQueues) -> None:
    queues.plan(ALERTS, [PlanJob("c1", shard) for shard in range(16)])
    queues.plan(BULK, [PlanJob("c2", 3, again=True)])
    queues.send(ALERTS, [Chunk("c1", ("ES.1", "ES.2"))])
    queues.send(BULK, [])
    jobs = taken(sqs, urls["plan-alerts"])
    assert sorted(job["shard"] for job in jobs) == list(range(16))
    assert jobs[0].keys() == {"campaign", "shard", "again"}
    assert taken(sqs, urls["plan-bulk"]) == [{"campaign": "c2", "shard": 3, "again": True}]
    assert taken(sqs, urls["send-alerts"]) == [{"campaign": "c1", "citizens": ["ES.1", "ES.2"]}]
    assert taken(sqs, urls["send-bulk"]) == []


def test_nothing_to_queue_needs_no_client() -> None:
    def none() -> Any:
        raise AssertionError

    NoticeQueues(none, {ALERTS: "url"}).plan(ALERTS, [])


def test_a_queue_that_is_not_there_is_temporary(sqs: Any) -> None:
    with pytest.raises(Temporary):
        NoticeQueues(lambda: sqs, {BULK: "http://127.0.0.1:9/none"}).plan(BULK, [PlanJob("c", 1)])
