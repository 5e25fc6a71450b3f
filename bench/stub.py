"""DynamoDB, SQS, Secrets Manager, S3 and WhatsApp in one process that answers at once: what is left is our own cost.

It keeps rows, so that a conversation goes on, and counts calls by what they are. Both sides of a comparison talk to
it. Plain asyncio: one connection after another, no framework between a client and its answer.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import urllib.request
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any

HOST = "127.0.0.1"


class Stub:
    """The state behind the answers."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self.calls: Counter[str] = Counter()
        self.content = b"{}"

    def answer(self, path: str, target: str, body: bytes) -> tuple[int, bytes]:
        """Status and JSON for one request."""
        if path == "/_calls":
            counted, self.calls = dict(self.calls), Counter()
            return 200, json.dumps(counted).encode()
        if path.startswith("/content"):
            self.calls["S3"] += 1
            return 404, b""
        if "/messages" in path:
            self.calls["Graph"] += 1
            return 200, b'{"messaging_product":"whatsapp","messages":[{"id":"wamid.STUB"}]}'
        action = target.rpartition(".")[2]
        self.calls[action] += 1
        return 200, json.dumps(self.cloud(action, json.loads(body or b"{}"))).encode()

    def cloud(self, action: str, request: dict[str, Any]) -> dict[str, Any]:
        match action:
            case "GetItem":
                found = self.rows.get(key_of(request["TableName"], request["Key"]))
                return {"Item": found} if found else {}
            case "TransactWriteItems":
                for item in request["TransactItems"]:
                    self.write(item)
                return {}
            case "SendMessageBatch":
                return {"Successful": [self.sent(entry) for entry in request["Entries"]], "Failed": []}
            case "SendMessage":
                return {"MessageId": "1", "MD5OfMessageBody": ""}
            case "GetSecretValue":
                secrets = {"app_secret": "s", "verify_token": "v", "access_token": "t"}
                return {"SecretString": json.dumps(secrets)}
            case _:
                return {}

    def sent(self, entry: dict[str, str]) -> dict[str, str]:
        return {"Id": entry["Id"], "MessageId": "1", "MD5OfMessageBody": ""}

    def write(self, item: dict[str, Any]) -> None:
        """One write of a transaction; both sides write rows whole."""
        if put := item.get("Put"):
            key = {name: value for name, value in put["Item"].items() if name in ("citizen", "wamid")}
            self.rows[key_of(put["TableName"], key)] = put["Item"]
        elif update := item.get("Update"):
            row = self.rows.setdefault(key_of(update["TableName"], update["Key"]), dict(update["Key"]))
            names = update["ExpressionAttributeNames"]
            for clause in update["UpdateExpression"].removeprefix("SET ").split(" REMOVE ")[0].split(", "):
                name, _, value = clause.partition(" = ")
                row[names[name.strip()]] = update["ExpressionAttributeValues"][value.strip()]


def key_of(table: str, key: dict[str, Any]) -> tuple[str, str]:
    return table, json.dumps(key, sort_keys=True)


async def serve(stub: Stub, ready: Connection) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode("latin-1").split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                status, answer = stub.answer(first.split()[1], headers.get("x-amz-target", ""), body)
                kind = "application/x-amz-json-1.0"
                writer.write(
                    f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
                    + answer
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, HOST, 0, limit=2**22)
    ready.send(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


def run(ready: Connection) -> None:
    asyncio.run(serve(Stub(), ready))


class StubProcess:
    """The stub in a process of its own; ``url`` is where it listens."""

    def __enter__(self) -> StubProcess:
        ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=run, args=(theirs,), daemon=True)
        self._process.start()
        self.url = f"http://{HOST}:{ours.recv()}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def calls(self) -> dict[str, int]:
        """What was called since the last time this was asked."""
        with urllib.request.urlopen(f"{self.url}/_calls") as answer:  # noqa: S310 - our own process
            counted: dict[str, int] = json.load(answer)
            return counted
