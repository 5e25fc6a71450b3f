"""A simulator without a network: its clock stands still until it is moved, its webhooks are kept in a list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from werkzeug.test import Client, TestResponse

from local.whatsapp import Config, Simulator, create_app

AINA = "+34600000099"
AINA_ID = "ES.10000000000000000001"
CARMEN_ID = "ES.10000000000000000003"  # no visible phone
NUMBER = "/v25.0/200000000000002"
ACCOUNT = "/v25.0/100000000000001"
NOON = 1_795_420_800.0


@dataclass
class Posted:
    at: float
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def values(self) -> list[dict[str, Any]]:
        return [change["value"] for entry in self.json["entry"] for change in entry["changes"]]


class Meta:
    """The town's and the testers' view of a simulator."""

    def __init__(self, config: Config | None = None) -> None:
        self.now = NOON
        self.answers: list[int] = []  # what the town's webhook answers, then always 200
        self.posted: list[Posted] = []
        self.simulator = Simulator(config, clock=lambda: self.now, post=self._post)
        self.http = Client(create_app(self.simulator))

    def _post(self, url: str, body: bytes, headers: dict[str, str], timeout: float) -> int:
        self.posted.append(Posted(self.now, body, headers))
        return self.answers.pop(0) if self.answers else 200

    def pass_time(self, seconds: float = 0) -> None:
        """Move the clock in small steps, doing what becomes due."""
        end = self.now + seconds
        self.simulator.run_due()
        while self.now < end:
            self.now = min(end, self.now + max(seconds / 2000, 0.05))
            self.simulator.run_due()

    # --- the town ------------------------------------------------------------------------------------

    def graph(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": "Bearer local-access-token"} | more.pop("headers", {})
        return self.http.open(path, method=method, headers=headers, **more)

    def send(self, body: dict[str, Any], to: str = AINA) -> TestResponse:
        """Send a message; ``to`` is a number with "+" or a user id."""
        address = {"to": to} if to.startswith("+") else {"recipient": to}
        return self.graph("POST", f"{NUMBER}/messages", json={"messaging_product": "whatsapp", **address, **body})

    def say(self, words: str = "Hola", to: str = AINA) -> TestResponse:
        return self.send({"type": "text", "text": {"body": words}}, to)

    # --- the tester ----------------------------------------------------------------------------------

    def sim(self, method: str, path: str, **more: Any) -> Any:
        response = self.http.open(f"/_sim/{path}", method=method, **more)
        assert response.status_code < 300, response.get_data(as_text=True)
        return response.get_json()

    def inbound(self, **asked: Any) -> Any:
        return self.sim("POST", "inbound", json={"from": AINA, **asked})

    def statuses(self) -> list[dict[str, Any]]:
        return [item for post in self.posted for value in post.values for item in value.get("statuses", [])]

    def messages(self) -> list[dict[str, Any]]:
        return [item for post in self.posted for value in post.values for item in value.get("messages", [])]


def code(response: TestResponse) -> int:
    """Meta's error code in a refusal; 0 when it was no refusal."""
    body = response.get_json()
    return int(body["error"]["code"]) if "error" in body else 0
