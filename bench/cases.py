"""Life-cycles of a case a second: filed, routed to its department, moved to "in progress", found by a search.

The real entries (``open311``, ``route`` and the staff ``api``) are called with the events that API Gateway and SQS
would bring, against the simulated AWS of the local stack, on an empty table and on one with 100,000 cases. The floor is
the same number of bare DynamoDB calls with one row each. What AWS would charge for a life-cycle is counted beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3

from bench.capacity import Meter, per
from bench.environment import ROOT
from bench.report import Row
from bench.stub import StubProcess

CASES = 100_000
CYCLES = 150
STEP = 0.0007  # degrees between two reports, so that none is near another
EVERYBODY = "[administrator]"

_numbers = count(1)


def measure() -> list[Row]:
    with simulated_aws(), StubProcess() as graph:
        os.environ["CANAL_GRAPH_URL"] = graph.url
        with redirect_stdout(StringIO()):  # the entries print their figures there
            town_hall = TownHall()
            empty = town_hall.measured("on an empty table")
            town_hall.fill(CASES)
            full = town_hall.measured(f"with {CASES:,} cases")
            return [empty, full, *town_hall.bill()]


@contextmanager
def simulated_aws() -> Iterator[None]:
    """moto's server in a process of its own, with the resources of ``template.yaml``."""
    from local import cloud
    from local.serve import free_port, wait_for

    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "local.aws", "-H", "127.0.0.1", "-p", str(port)]
    environment = dict(os.environ, PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'layers' / 'common'}")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"{endpoint}/moto-api/", "cloud")
        os.environ.update(cloud.create(endpoint))
        os.environ |= {
            "CANAL_CONTENT_FILE": str(ROOT / "build" / "content" / "alzira.json"),
            "POWERTOOLS_SERVICE_NAME": "bench",
            "POWERTOOLS_METRICS_NAMESPACE": "Canal",
            "POWERTOOLS_LOG_LEVEL": "ERROR",
        }
        yield
    finally:
        process.terminate()
        process.wait()


class TownHall:
    """The three entries, and what lies around them."""

    def __init__(self) -> None:
        from functions.incident import api, open311, route
        from local.template import load

        self._open311, self._route, self._api = open311, route, api
        self._queue = os.environ["CANAL_INCIDENTS_QUEUE_URL"]
        self._sqs = boto3.client("sqs")
        resources = load()["Resources"]
        names = {"CANAL_INCIDENTS_TABLE": "IncidentsTable", "CANAL_CITIZENS_TABLE": "CitizensTable"}
        self._meter = Meter({os.environ[name]: resources[logical]["Properties"] for name, logical in names.items()})
        self._dynamodb = boto3.client("dynamodb")

    # --- a life-cycle -------------------------------------------------------------------------------

    def cycle(self) -> None:
        """One case from its filing to its being found; anything unexpected ends the measurement."""
        number = self.file()
        self.route()
        version = self.move(number)
        assert version
        found = self.search(number)
        assert [case["id"] for case in found] == [number], found

    def file(self) -> str:
        n = next(_numbers)
        here = {"lat": f"{39.13 + n % 60 * STEP:.5f}", "long": f"{-0.46 + n // 60 % 60 * STEP:.5f}"}
        form = {"service_code": "streetlight", "description": f"fanal {n}", "api_key": open311_key(), **here}
        body = urlencode(form)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = self._open311.respond(event("POST", "/open311/v2/requests.json", headers, body), self._open311.outside)
        told = json.loads(answer["body"])
        assert answer["statusCode"] in (200, 201), told
        return str(told[0]["service_request_id"])

    def route(self) -> None:
        received = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, AttributeNames=["All"])
        records = [queued(message) for message in received.get("Messages", [])]
        answer = self._route.respond({"Records": records}, self._route.errands)
        assert records
        assert answer == {"batchItemFailures": []}
        for record in records:
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=record["receiptHandle"])

    def move(self, number: str) -> str:
        case = self.ask("GET", f"/api/cases/{number}")
        assert case["state"] == "routed", case
        etag = self._headers["ETag"]
        self.ask("POST", f"/api/cases/{number}/moves", {"if-match": etag}, {"state": "in_progress"})
        return str(etag)

    def search(self, number: str) -> list[dict[str, Any]]:
        found = self.ask("GET", "/api/cases", query={"state": "in_progress", "text": number})
        cases: list[dict[str, Any]] = found["cases"]
        return cases

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        asked = event(method, path, headers or {}, json.dumps(body) if body else "", query, EVERYBODY)
        answer = self._api.respond(asked, self._api.api)
        told: dict[str, Any] = json.loads(answer["body"])
        assert answer["statusCode"] < 300, told
        self._headers = {name.title().replace("Etag", "ETag"): value for name, value in headers_of(answer).items()}
        return told

    # --- the measurements ---------------------------------------------------------------------------

    def measured(self, when: str) -> Row:
        """Life-cycles a second beside as many bare calls."""
        for _ in range(10):
            self.cycle()
        with self._meter.reading():
            self._meter.calls.clear()
            self._meter.units.clear()
            self.cycle()
        calls = sum(self._meter.calls.values())
        ours = rate(self.cycle, CYCLES)
        floor = rate(lambda: self.bare(calls), CYCLES)
        return Row(f"case life-cycles a second, {when}", f"{ours:.1f}/s", f"{floor:.1f}/s", floor / ours, None)

    def bare(self, calls: int) -> None:
        """As many calls as a life-cycle makes, each the cheapest there is."""
        for _ in range(calls):
            self._dynamodb.get_item(TableName=os.environ["CANAL_INCIDENTS_TABLE"], Key={"id": {"S": "NOBODY"}})

    def fill(self, wanted: int) -> None:
        """Cases of the demonstration, written to the table as they would be."""
        from canal.adapters.case_rows import row_of_case
        from canal.adapters.dynamo_models import IncidentRow
        from canal.dialogue.town import Town, sections

        from local.demo.cases import demo_cases

        town = Town(sections(Path(os.environ["CANAL_CONTENT_FILE"]).read_bytes()))
        with IncidentRow.batch_write() as batch:
            for number, case in enumerate(demo_cases(town, datetime.now(UTC), wanted), start=1):
                batch.save(row_of_case(case))
                if number % 5_000 == 0:
                    print(f"\r  {number:,} cases", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)

    def bill(self) -> list[Row]:
        """Calls and units of one life-cycle."""
        rounds = 20
        with self._meter.reading():
            self._meter.calls.clear()
            self._meter.units.clear()
            for _ in range(rounds):
                self.cycle()
        units, calls = per(self._meter.units, rounds), per(self._meter.calls, rounds)
        told = ", ".join(f"{value:g} {name}" for name, value in calls.items())
        return [
            Row(
                "DynamoDB units of a life-cycle",
                f"{units['write']:.1f} writes",
                f"{units['read']:.1f} reads",
                None,
                None,
            ),
            Row(f"its calls: {told}", "", "", None, None),
        ]


def rate(once: Any, rounds: int) -> float:
    start = time.perf_counter()
    for _ in range(rounds):
        once()
    return rounds / (time.perf_counter() - start)


def event(
    method: str,
    path: str,
    headers: dict[str, str],
    body: str,
    query: dict[str, str] | None = None,
    groups: str = "",
) -> dict[str, Any]:
    """An HTTP API event, payload 2.0; ``groups`` are those of the token that API Gateway has checked."""
    claims = {"cognito:groups": groups, "email": "admin@canal.test", "sub": "1"}
    authorizer = {"authorizer": {"jwt": {"claims": claims, "scopes": None}}} if groups else {}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"host": "127.0.0.1", **headers},
        **({"queryStringParameters": query} if query else {}),
        "requestContext": {
            "requestId": "1",
            "domainName": "127.0.0.1",
            "stage": "$default",
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            **authorizer,
        },
        **({"body": body} if body else {}),
        "isBase64Encoded": False,
    }


def headers_of(answer: dict[str, Any]) -> dict[str, str]:
    found = {**(answer.get("headers") or {}), **(answer.get("multiValueHeaders") or {})}
    return {name: value[0] if isinstance(value, list) else value for name, value in found.items()}


def queued(message: dict[str, Any]) -> dict[str, Any]:
    from local.worker import record

    return record(message)


def open311_key() -> str:
    from local import addresses

    return addresses.OPEN311_KEY
