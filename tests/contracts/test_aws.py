"""Secrets, content, queues and their patience against a real HTTP service (moto's server)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from canal.adapters.bucket import S3Bucket
from canal.adapters.content_store import KEY, LOOK_EVERY, ContentStore
from canal.adapters.queues import ConversationQueue, EventsQueue
from canal.adapters.secrets import AT_MOST_EVERY, KEEP_SECONDS, Secret
from canal.adapters.signed import SignedCalls
from canal.adapters.visibility import Patience, seconds
from canal.adapters.whatsapp_webhook import QueuedMessage
from canal.content.compile import laid_out
from canal.errors import Temporary

from tests.towns import alzira

REGION = "eu-south-2"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def calls(aws: str) -> SignedCalls:
    return SignedCalls(botocore.session.Session(), REGION, aws)


@pytest.fixture
def nowhere() -> SignedCalls:
    return SignedCalls(botocore.session.Session(), REGION, "http://127.0.0.1:9")


# --- secrets ------------------------------------------------------------------------------------


@pytest.fixture
def secret_arn(aws: str) -> Iterator[str]:
    manager = boto3.client("secretsmanager", REGION, endpoint_url=aws)
    arn = manager.create_secret(Name="webhook", SecretString=json.dumps({"app_secret": "one"}))["ARN"]
    yield arn
    manager.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def change(aws: str, arn: str, value: dict[str, str]) -> None:
    boto3.client("secretsmanager", REGION, endpoint_url=aws).put_secret_value(
        SecretId=arn, SecretString=json.dumps(value)
    )


def test_a_secret_is_fetched_once_and_again_after_a_while(aws: str, calls: SignedCalls, secret_arn: str) -> None:
    clock = Clock()
    secret = Secret(calls, secret_arn, clock)
    assert secret.value() == {"app_secret": "one"}
    change(aws, secret_arn, {"app_secret": "two"})
    assert secret.value() == {"app_secret": "one"}
    clock.time += KEEP_SECONDS + 1
    assert secret.value() == {"app_secret": "two"}


def test_a_refresh_fetches_the_new_secret_but_not_at_every_asking(
    aws: str, calls: SignedCalls, secret_arn: str
) -> None:
    clock = Clock()
    secret = Secret(calls, secret_arn, clock)
    secret.value()
    change(aws, secret_arn, {"app_secret": "two"})
    assert secret.value(refresh=True) == {"app_secret": "one"}
    clock.time += AT_MOST_EVERY + 1
    assert secret.value(refresh=True) == {"app_secret": "two"}


def test_the_last_known_secret_serves_while_the_manager_is_out_of_reach(
    calls: SignedCalls, nowhere: SignedCalls, secret_arn: str
) -> None:
    clock = Clock()
    secret = Secret(calls, secret_arn, clock)
    secret.value()
    secret._calls = nowhere
    clock.time += KEEP_SECONDS + 1
    assert secret.value() == {"app_secret": "one"}


def test_a_secret_that_was_never_read_is_temporary(calls: SignedCalls, nowhere: SignedCalls) -> None:
    with pytest.raises(Temporary):
        Secret(nowhere, "arn:x", Clock()).value()
    with pytest.raises(Temporary):
        Secret(calls, "arn:aws:secretsmanager:eu-south-2:123456789012:secret:none", Clock()).value()


@pytest.mark.parametrize("broken", ["{", '"only a word"', "[]"])
def test_the_last_known_secret_serves_while_the_new_one_is_mistyped(
    aws: str, calls: SignedCalls, secret_arn: str, broken: str
) -> None:
    clock = Clock()
    secret = Secret(calls, secret_arn, clock)
    secret.value()
    boto3.client("secretsmanager", REGION, endpoint_url=aws).put_secret_value(SecretId=secret_arn, SecretString=broken)
    clock.time += KEEP_SECONDS + 1
    assert secret.value() == {"app_secret": "one"}
    with pytest.raises(Temporary):
        Secret(calls, secret_arn, clock).value()


def test_a_manager_out_of_reach_is_not_asked_for_every_message(
    calls: SignedCalls, nowhere: SignedCalls, secret_arn: str
) -> None:
    clock = Clock()
    secret = Secret(calls, secret_arn, clock)
    secret.value()
    secret._calls = nowhere
    clock.time += KEEP_SECONDS + 1
    secret.value()
    secret._calls = calls
    asked = secret._fetched
    secret.value()
    assert secret._fetched == asked
    clock.time += AT_MOST_EVERY + 1
    secret.value()
    assert secret._fetched == clock.time


# --- content ------------------------------------------------------------------------------------


@pytest.fixture
def bucket(aws: str, request: pytest.FixtureRequest) -> Any:
    name = f"content-{abs(hash(request.node.name))}"
    s3 = boto3.resource("s3", region_name=REGION, endpoint_url=aws)
    return s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})


def edition(name: str) -> bytes:
    """A town's content, as compiled, under another name."""
    facts = {**alzira().facts, "name": name}
    return laid_out({"words": {}, "town": facts}).encode()


@pytest.fixture
def deployed(tmp_path: Path) -> str:
    file = tmp_path / "town.json"
    file.write_bytes(edition("deployed"))
    return str(file)


def test_the_deployed_edition_serves_until_one_is_published(calls: SignedCalls, bucket: Any, deployed: str) -> None:
    clock = Clock()
    store = ContentStore(S3Bucket(calls, bucket.name), deployed, clock)
    assert store.current().name == "deployed"
    bucket.put_object(Key=KEY, Body=edition("published"))
    assert store.current().name == "deployed"
    clock.time += LOOK_EVERY + 1
    assert store.current().name == "published"


def test_an_unchanged_edition_is_kept_as_it_is(calls: SignedCalls, bucket: Any, deployed: str) -> None:
    clock = Clock()
    bucket.put_object(Key=KEY, Body=edition("published"))
    store = ContentStore(S3Bucket(calls, bucket.name), deployed, clock)
    first = store.current()
    clock.time += LOOK_EVERY + 1
    assert store.current() is first


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{}",
        b"<html>",
        b"\xff\xfe",
        edition("x")[:-40],
        b'{\n"words":{}\n}\n',
        b'{\n"words"\n}',
        b'{\n"words":{},\n"town":[]\n}',
    ],
)
def test_a_broken_edition_leaves_the_last_good_one(
    calls: SignedCalls, bucket: Any, deployed: str, broken: bytes
) -> None:
    clock = Clock()
    bucket.put_object(Key=KEY, Body=edition("published"))
    store = ContentStore(S3Bucket(calls, bucket.name), deployed, clock)
    store.current()
    bucket.put_object(Key=KEY, Body=broken)
    clock.time += LOOK_EVERY + 1
    assert store.current().name == "published"


def test_content_that_is_nowhere_is_temporary(nowhere: SignedCalls) -> None:
    with pytest.raises(Temporary):
        ContentStore(S3Bucket(nowhere, "none"), "/nowhere/town.json", Clock()).current()


# --- queues -------------------------------------------------------------------------------------


@pytest.fixture
def sqs(aws: str) -> Any:
    return boto3.client("sqs", REGION, endpoint_url=aws)


@pytest.fixture
def fifo(sqs: Any) -> Iterator[str]:
    attributes = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    url = sqs.create_queue(QueueName="conversation.fifo", Attributes=attributes)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def taken(sqs: Any, url: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]
    ).get("Messages", [])
    return messages


def test_more_messages_than_a_batch_all_arrive_in_each_citizens_order(sqs: Any, fifo: str) -> None:
    messages = [QueuedMessage(f"ES.{n % 3}", f"wamid.{n}", str(n)) for n in range(25)]
    ConversationQueue(sqs, fifo).put(messages)
    seen: dict[str, list[int]] = {}
    while batch := taken(sqs, fifo):
        for message in batch:
            seen.setdefault(message["Attributes"]["MessageGroupId"], []).append(int(message["Body"]))
            sqs.delete_message(QueueUrl=fifo, ReceiptHandle=message["ReceiptHandle"])
    assert seen == {f"ES.{k}": list(range(k, 25, 3)) for k in range(3)}


def test_the_same_message_put_twice_is_queued_once(sqs: Any, fifo: str) -> None:
    queue = ConversationQueue(sqs, fifo)
    for _ in range(3):
        queue.put([QueuedMessage("ES.1", "wamid.1", "x")])
    assert len(taken(sqs, fifo)) == 1


def test_events_of_any_size_are_cut_into_batches_that_sqs_takes(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="events")["QueueUrl"]
    EventsQueue(sqs, url).put(["x" * 200_000 for _ in range(5)] + ["y"] * 25)
    count = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert count["Attributes"]["ApproximateNumberOfMessages"] == "30"
    sqs.delete_queue(QueueUrl=url)


class RefusingSqs:
    """Takes all of a batch but one entry, or nothing at all."""

    def send_message_batch(self, **batch: Any) -> dict[str, Any]:
        return {"Failed": [{"Id": batch["Entries"][0]["Id"]}]}


def test_a_batch_of_which_one_message_failed_is_temporary() -> None:
    with pytest.raises(Temporary):
        ConversationQueue(RefusingSqs(), "url").put([QueuedMessage("ES.1", "wamid.1", "x")])


def test_a_queue_that_is_not_there_is_temporary(sqs: Any) -> None:
    with pytest.raises(Temporary):
        ConversationQueue(sqs, "http://127.0.0.1:9/none.fifo").put([QueuedMessage("ES.1", "wamid.1", "x")])
    with pytest.raises(Temporary):
        Patience(lambda: sqs, "http://127.0.0.1:9/none.fifo").wait({"receiptHandle": "x"}, 1)


def test_a_record_told_to_wait_is_hidden_and_comes_back(sqs: Any, fifo: str) -> None:
    ConversationQueue(sqs, fifo).put([QueuedMessage("ES.1", "wamid.1", "x")])
    (message,) = taken(sqs, fifo)
    patience = Patience(lambda: sqs, fifo)
    patience.wait({"receiptHandle": message["ReceiptHandle"]}, 3)
    assert taken(sqs, fifo) == []
    patience.wait({"receiptHandle": message["ReceiptHandle"]}, 0)
    assert len(taken(sqs, fifo)) == 1


def test_the_wait_doubles_up_to_ten_minutes() -> None:
    assert [seconds(tries) for tries in (0, 1, 2, 3, 9, 10, 100)] == [0, 2, 4, 8, 512, 600, 600]
