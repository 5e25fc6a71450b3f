"""The local stack as a test drives it: started on free ports, spoken to over HTTP, ended with the test."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import requests

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 90
PASSWORD = "Canal-local-1"

T = TypeVar("T")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Stack:
    """``make run`` in a process of its own."""

    def __init__(self, **variables: str) -> None:
        """``variables``: more of the environment."""
        self.variables = variables
        self.port, self.graph_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.graph = f"http://127.0.0.1:{self.graph_port}"
        self.folder = ROOT / ".canal" / str(self.port)

    def __enter__(self) -> Stack:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CANAL_"))}
        environment |= {"CANAL_PORT": str(self.port), "CANAL_GRAPH_PORT": str(self.graph_port)}
        environment |= self.variables
        environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'layers' / 'common'}"
        command = [sys.executable, "-m", "local.serve"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            eventually(self.healthy, seconds=START_SECONDS)
        except AssertionError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def healthy(self) -> bool:
        try:
            return requests.get(f"{self.url}/_local/health", timeout=3).status_code == 200
        except requests.ConnectionError:
            assert self.process.poll() is None, "make run ended"
            return False

    # --- what a citizen sends -------------------------------------------------------------------

    def post(self, body: bytes, secret: str = "local-app-secret") -> requests.Response:
        """A webhook, signed as Meta signs."""
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature}
        return requests.post(f"{self.url}/webhook", data=body, headers=headers, timeout=10)

    def say(self, *texts: str, phone: str = "34600000099", user: str = "ES.1001", name: str = "x") -> list[str]:
        """Messages posted one after another without waiting for the replies; their wamids."""
        ids = []
        for text in texts:
            wamid = f"wamid.{name}.{time.time_ns()}"
            response = self.post(webhook(text, wamid, phone, user))
            assert response.status_code == 200, response.text
            ids.append(wamid)
        return ids

    # --- what came of it ------------------------------------------------------------------------

    def sent(self, after: int = 0) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = requests.get(
            f"{self.graph}/_sim/messages", params={"after": str(after)}, timeout=5
        ).json()
        return messages

    def replies(self, phone: str, after: int = 0) -> list[dict[str, Any]]:
        return [m["request"] for m in self.sent(after) if m["request"].get("to") == f"+{phone}"]

    def converse(self, text: str, phone: str, user: str) -> str:
        """Say something, wait for the answer, and give its words."""
        before = len(self.replies(phone))
        self.say(text, phone=phone, user=user)
        replies = eventually(lambda: self.replies(phone)[before:])
        return words(replies[0])

    def citizen(self, key: str) -> dict[str, Any]:
        response = requests.get(f"{self.url}/_local/citizens/{key}", timeout=5)
        return response.json() if response.status_code == 200 else {}

    def signed_in(self, email: str) -> dict[str, str]:
        """The header of a member of staff."""
        account = {"email": email, "password": PASSWORD}
        tokens = requests.post(f"{self.url}/_local/sign-in", json=account, timeout=10).json()
        return {"Authorization": f"Bearer {tokens['id_token']}"}

    def kill(self, name: str) -> None:
        """End one process of the stack as a crash would."""
        os.kill(int((self.folder / f"{name}.pid").read_text()), signal.SIGKILL)


def webhook(text: str, wamid: str, phone: str, user: str, at: float | None = None) -> bytes:
    contact = {"profile": {"name": "Aina"}, "wa_id": phone, "user_id": user}
    message = {
        "from": phone,
        "from_user_id": user,
        "id": wamid,
        "timestamp": str(int(at or time.time())),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "34600000001", "phone_number_id": "200000000000002"},
        "contacts": [contact],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "100000000000001", "changes": [change]}]}
    return json.dumps(body).encode()


def words(request: dict[str, Any]) -> str:
    """The text of a sent message, whatever its type."""
    if request["type"] == "text":
        return str(request["text"]["body"])
    if request["type"] == "interactive":
        return str(request["interactive"]["body"]["text"])
    return json.dumps(request[request["type"]], ensure_ascii=False)


def eventually(look: Callable[[], T], seconds: float = 20) -> T:
    """What ``look`` gives as soon as it is something. Waiting is bounded; nothing here measures speed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.05)
    raise AssertionError(f"not seen within {seconds} seconds")
