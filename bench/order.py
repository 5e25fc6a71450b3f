"""Twenty numbered messages at once from one citizen while a thousand others write: complete, and in order?

On the local stack, through signed webhooks, the FIFO queue, DynamoDB and the simulated WhatsApp. The thousand are
spread over a few connections, as Meta does it. Figures of messages a second here are moto's, not AWS's.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

from bench.report import Row
from tests.integration.stack import Stack, eventually, webhook

CITIZENS = 1000
NUMBERED = 20
CONNECTIONS = 10
PHONE, USER = "34600009999", "ES.9999"


def measure() -> list[Row]:
    with Stack() as stack:
        for text in ("Hola", "1"):
            stack.converse(text, PHONE, USER)
        before = max(message["seq"] for message in stack.sent())
        start = time.monotonic()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            crowd = [pool.submit(stack.post, hola(n)) for n in range(CITIZENS // 2)]
            numbered_at_once(stack)
            crowd += [pool.submit(stack.post, hola(n)) for n in range(CITIZENS // 2, CITIZENS)]
            assert all(each.result().status_code == 200 for each in crowd)
        wanted = CITIZENS + NUMBERED
        eventually(lambda: len(stack.sent(before)) >= wanted, seconds=600)
        replies = stack.sent(before)
        seconds = time.monotonic() - start
        return [verdict([message["request"] for message in replies], seconds)]


def hola(n: int) -> bytes:
    return webhook("Hola", f"wamid.crowd.{n}", f"3461{n:07}", f"ES.C{n}")


def numbered_at_once(stack: Stack) -> None:
    """One webhook with the twenty, as Meta batches what waited."""
    batch = json.loads(webhook("", "", PHONE, USER))
    value = batch["entry"][0]["changes"][0]["value"]
    first = value["messages"][0]
    value["messages"] = [{**first, "id": f"wamid.n.{n:02}", "text": {"body": f"{n} missatge"}} for n in range(NUMBERED)]
    assert stack.post(json.dumps(batch).encode()).status_code == 200


def verdict(replies: list[dict[str, object]], seconds: float) -> Row:
    mine = [str(reply["context"]["message_id"]) for reply in replies if reply.get("to") == f"+{PHONE}"]  # type: ignore[index]  # JSON
    in_order = mine == [f"wamid.n.{n:02}" for n in range(NUMBERED)]
    others = len({reply.get("to") for reply in replies}) - 1
    figure = f"{len(mine)} {'in order' if in_order else 'NOT in order'}, {others} others"
    return Row(f"20 at once beside 1,000 citizens ({seconds:.0f} s)", figure, "20, 1000", None, None)
