"""Two figures of a conversation turn: which calls it makes, and its CPU against bare clients making the same calls.

Ours is the real entries, ``receive`` and ``converse``, called with the events that API Gateway and SQS would bring.
The floor makes the same four calls with boto3, PynamoDB and requests by hand: it sends the same bytes to the queue,
reads and writes the same rows and posts the same body, and does nothing else. Rounds alternate, so that a slow minute
of the machine hits both; what is counted is CPU time of this process (user and system), the stub has its own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench.environment import variables
from bench.report import Row
from bench.stub import StubProcess

ROUNDS = 7
TURNS = 200
SAID = (
    "menu",
    "2",
    "farmàcia de guàrdia",
    "on puc tirar un sofà?",
    "6",
    "vull empadronar-me",
    "0",
    "9",
    "1",
    "arrere",
)


def measure() -> list[Row]:
    with StubProcess() as stub:
        os.environ.update(variables(stub.url))
        ours, floor = Ours(), Floor()
        warm(ours, floor)
        calls = calls_of_a_turn(stub, ours)
        figures = [(cpu(ours.turn), cpu(floor.turn)) for _ in range(ROUNDS)]
    mine, bare = (statistics.median(column) for column in zip(*figures, strict=True))
    ratio = statistics.median(a / b for a, b in figures)
    return [
        Row("calls on a turn", calls, "1 read, 1 trans., 1 Graph", None, None),
        Row("CPU of a turn, receive + converse", f"{mine:.2f} ms", f"{bare:.2f} ms", ratio, 1.25),
    ]


def warm(ours: Ours, floor: Floor) -> None:
    for n in range(30):
        ours.turn(n)
        floor.turn(n)


def calls_of_a_turn(stub: StubProcess, ours: Ours) -> str:
    """What one turn calls, the queue apart."""
    stub.calls()
    for n in range(10):
        ours.turn(n)
    counted = stub.calls()
    names = {"GetItem": "read", "TransactWriteItems": "trans.", "Graph": "Graph"}
    other = {name: n for name, n in counted.items() if name not in names and name != "SendMessageBatch"}
    told = ", ".join(f"{counted.get(name, 0) / 10:g} {short}" for name, short in names.items())
    return told + (f", {other}" if other else "")


def cpu(turn: Callable[[int], None]) -> float:
    """Milliseconds of CPU for one turn."""
    start = time.process_time()
    for n in range(TURNS):
        turn(n)
    return (time.process_time() - start) * 1000 / TURNS


class Ours:
    """The entries as they are deployed."""

    def __init__(self) -> None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - the log lines are made, and go nowhere
        from functions.webhook import converse, receive

        sys.stdout = sys.__stdout__
        self._receive, self._converse = receive, converse
        self._seen = 0

    def turn(self, n: int) -> None:
        self._seen += 1
        raw = webhook(self._seen, SAID[n % len(SAID)])
        signature = "sha256=" + hmac.new(b"s", raw, hashlib.sha256).hexdigest()
        answer = self._receive.handler(http_event(raw, signature), None)
        assert answer["statusCode"] == 200, answer
        outcome = self._converse.respond(queue_event(raw), self._converse.worker)
        assert outcome == {"batchItemFailures": []}, outcome


class Floor:
    """The same four calls, by hand."""

    def __init__(self) -> None:
        import boto3
        import requests
        from canal.adapters.dynamo_models import CitizenRow, TurnRow
        from pynamodb.connection import Connection
        from pynamodb.transactions import TransactWrite

        self._sqs = boto3.client("sqs")
        self._session = requests.Session()
        self._rows = (CitizenRow, TurnRow)
        self._connection = Connection(region="eu-south-2", host=os.environ["AWS_ENDPOINT_URL"])
        self._transact = TransactWrite
        self._url = f"{os.environ['CANAL_GRAPH_URL']}/v26.0/200000000000002/messages"
        self._headers = {"Authorization": "Bearer t", "Content-Type": "application/json"}
        self._seen = 0

    def turn(self, n: int) -> None:
        citizen_row, turn_row = self._rows
        self._seen += 1
        wamid = f"wamid.floor.{self._seen}"
        self._sqs.send_message_batch(
            QueueUrl=os.environ["CANAL_CONVERSATION_QUEUE_URL"],
            Entries=[{"Id": "0", "MessageBody": QUEUED, "MessageGroupId": "ES.1", "MessageDeduplicationId": wamid}],
        )
        known = citizen_row.get("ES.FLOOR", consistent_read=True) if self._seen > 1 else None
        version = {"version": known.version} if known else {}
        row = citizen_row("ES.FLOOR", **CITIZEN, **version)
        with self._transact(connection=self._connection) as transaction:
            transaction.save(turn_row("ES.FLOOR", wamid, **TURN), condition=turn_row.wamid.does_not_exist())
            transaction.save(row)
        self._session.post(self._url, data=json.dumps(REPLY), headers=self._headers, timeout=10).raise_for_status()


def webhook(number: int, words: str) -> bytes:
    """A signed webhook's body with one text message."""
    message = {
        "from": "34600000099",
        "from_user_id": "ES.1",
        "id": f"wamid.bench.{number}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": words},
    }
    contact = {"profile": {"name": "Aina"}, "wa_id": "34600000099", "user_id": "ES.1"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "34600000001", "phone_number_id": "200000000000002"},
        "contacts": [contact],
        "messages": [message],
    }
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "100000000000001", "changes": [{"field": "messages", "value": value}]}],
    }
    return json.dumps(body).encode()


def http_event(raw: bytes, signature: str) -> dict[str, Any]:
    return {
        "requestContext": {"http": {"method": "POST"}},
        "headers": {"content-type": "application/json", "x-hub-signature-256": signature},
        "body": raw.decode(),
        "isBase64Encoded": False,
    }


def queue_event(raw: bytes) -> dict[str, Any]:
    value = json.loads(raw)["entry"][0]["changes"][0]["value"]
    body = {
        "phone_number_id": "200000000000002",
        "message": value["messages"][0],
        "contact": value["contacts"][0],
    }
    attributes = {
        "MessageGroupId": "ES.1",
        "ApproximateReceiveCount": "1",
        "SentTimestamp": str(int(time.time() * 1000)),
    }
    return {"Records": [{"messageId": "1", "receiptHandle": "r", "body": json.dumps(body), "attributes": attributes}]}


# What a turn of ours writes and sends, in the same sizes (a main menu: the longest usual reply).
QUEUED = json.dumps(queue_event(webhook(0, "on puc tirar un sofà?"))["Records"][0]["body"])
REPLY = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": "+34600000099",
    "type": "interactive",
    "interactive": {
        "type": "list",
        "body": {"text": "Què necessites? " + "1 Telèfons d'interés\n" * 16},
        "footer": {"text": "0 menú · arrere · ajuda"},
        "action": {
            "button": "Triar",
            "sections": [{"rows": [{"id": f"place{n}", "title": f"Opció {n}"} for n in range(10)]}],
        },
    },
}
CITIZEN: dict[str, Any] = {
    "user_id": "ES.1",
    "phone": "34600000099",
    "language": "ca",
    "place": "menu",
    "dialogue": {
        "offered": [[f"place{n}", "Telèfons d'interés"] for n in range(16)],
        "trail": ["menu"],
        "notes": {},
        "missed": 0,
    },
    "wants_marketing": True,
    "since": "2026-11-23T11:00:00+00:00",
    "last_inbound_at": "2026-11-23T11:00:00+00:00",
}
TURN: dict[str, Any] = {
    "at": "2026-11-23T11:00:00+00:00",
    "replies": [REPLY],
    "events": [{"type": "ScreenShown", "address": "menu"}],
    "state": "answered",
    "expires_at": datetime(2030, 1, 1, tzinfo=UTC),
}
