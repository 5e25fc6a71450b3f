"""The whole path on one machine: signed webhook, queue, DynamoDB, dialogue, Graph API."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import requests

from tests.integration.stack import Stack, eventually, webhook, words


def test_a_signed_hola_is_answered_at_the_graph_api(stack: Stack) -> None:
    answer = stack.converse("Hola", "34600000101", "ES.101")
    assert "Valencià" in answer
    assert "Castellano" in answer
    assert stack.citizen("ES.101")["place"] == "welcome"
    assert stack.citizen("34600000101")["language"] is None


def test_all_nine_options_answer_by_number_in_both_languages(stack: Stack) -> None:
    for choice, language in (("1", "ca"), ("2", "es")):
        phone, user = f"3460000020{choice}", f"ES.20{choice}"
        stack.converse("Hola", phone, user)
        stack.converse(choice, phone, user)
        seen = set()
        for option in "123456789":
            seen.add(stack.converse(option, phone, user))
            stack.converse("menu", phone, user)
        assert len(seen) == 9
        assert stack.citizen(user)["language"] == language


def test_twenty_messages_posted_at_once_are_answered_completely_and_in_order(stack: Stack) -> None:
    phone, user = "34600000301", "ES.301"
    for text in ("Hola", "1"):
        stack.converse(text, phone, user)
    bodies = [webhook(f"{n} missatge", f"wamid.burst.{n:02}", phone, user) for n in range(20)]
    before = len(stack.replies(phone))
    with ThreadPoolExecutor(20) as pool:
        arrived = list(pool.map(stack.post, bodies))
    assert all(response.status_code == 200 for response in arrived)
    eventually(lambda: len(stack.replies(phone)[before:]) >= 20, seconds=60)
    replies = stack.replies(phone)[before:]
    quoted = [reply["context"]["message_id"] for reply in replies]
    assert sorted(quoted) == sorted(f"wamid.burst.{n:02}" for n in range(20))


def test_twenty_messages_of_one_webhook_are_answered_in_the_order_of_the_webhook(stack: Stack) -> None:
    phone, user = "34600000302", "ES.302"
    for text in ("Hola", "1"):
        stack.converse(text, phone, user)
    batch = json.loads(webhook("0 missatge", "wamid.batch.00", phone, user))
    value = batch["entry"][0]["changes"][0]["value"]
    value["messages"] = [
        {**value["messages"][0], "id": f"wamid.batch.{n:02}", "text": {"body": f"{n} missatge"}} for n in range(20)
    ]
    before = len(stack.replies(phone))
    assert stack.post(json.dumps(batch).encode()).status_code == 200
    eventually(lambda: len(stack.replies(phone)[before:]) >= 20, seconds=60)
    replies = stack.replies(phone)[before:]
    quoted = [reply["context"]["message_id"] for reply in replies]
    assert quoted == [f"wamid.batch.{n:02}" for n in range(20)]


def test_a_webhook_posted_three_times_changes_nothing_after_the_first(stack: Stack) -> None:
    phone, user = "34600000303", "ES.303"
    stack.converse("Hola", phone, user)
    body = webhook("2", "wamid.thrice", phone, user)
    for _ in range(3):
        assert stack.post(body).status_code == 200
    eventually(lambda: len(stack.replies(phone)) == 2)
    assert stack.citizen(user)["language"] == "es"
    version = stack.citizen(user)["version"]
    stack.converse("menu", phone, user)
    assert len(stack.replies(phone)) == 3
    assert stack.citizen(user)["version"] == version + 1


def test_a_graph_api_that_fails_for_a_while_loses_no_reply_and_keeps_the_order(stack: Stack) -> None:
    citizens = [(f"3460000050{n}", f"ES.50{n}") for n in range(3)]
    for phone, user in citizens:
        stack.converse("Hola", phone, user)
    requests.post(f"{stack.graph}/_sim/faults", json={"seconds": 5, "http": 503}, timeout=5)
    for phone, user in citizens:
        stack.say("1", "8", "castellano", phone=phone, user=user)
    for phone, _ in citizens:
        eventually(partial(all_replied, stack, phone), seconds=60)
        _, chosen, offers, spanish = map(words, stack.replies(phone))
        assert ("valencià" in chosen, "Ofertes" in offers, "castellano" in spanish) == (True, True, True)


def all_replied(stack: Stack, phone: str) -> bool:
    return len(stack.replies(phone)) == 4


@pytest.mark.parametrize("process", ["worker", "api"])
def test_a_process_killed_in_the_middle_loses_nothing(stack: Stack, process: str) -> None:
    phone, user = f"3460000040{len(process)}", f"ES.40{len(process)}"
    for text in ("Hola", "1"):
        stack.converse(text, phone, user)
    wanted = {f"wamid.kill.{process}.{n}" for n in range(10)}
    at = time.time()  # of all of them: answers to a bunch quote what they answer, which tells which are missing
    for wamid in sorted(wanted)[:5]:
        stack.post(webhook("menu", wamid, phone, user, at))
    stack.kill(process)
    for wamid in sorted(wanted)[5:]:
        eventually(partial(accepted, stack, webhook("menu", wamid, phone, user, at)), seconds=60)
    eventually(lambda: wanted <= {reply.get("context", {}).get("message_id") for reply in stack.replies(phone)}, 180)


def accepted(stack: Stack, body: bytes) -> bool:
    """Whether a webhook was taken; Meta tries again while it is not."""
    try:
        return stack.post(body).status_code == 200
    except requests.ConnectionError:
        return False


def test_a_wrong_signature_is_refused_and_leaves_no_trace(stack: Stack) -> None:
    body = webhook("Hola", "wamid.forged", "34600000305", "ES.305")
    assert stack.post(body, secret="guessed").status_code == 401
    assert stack.citizen("ES.305") == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"not json", 400), (b"[]", 400), (b"{}", 400), (b'{"object":"page"}', 400), (b" " * 3_200_000, 413)],
    ids=["no json", "a list", "empty", "another object", "over 3 MB"],
)
def test_a_body_that_is_no_webhook_gets_a_defined_answer(stack: Stack, body: bytes, status: int) -> None:
    assert stack.post(body).status_code == status


def test_meta_can_verify_the_address(stack: Stack) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "local-verify-token"}
    answer = requests.get(f"{stack.url}/webhook", params=query, timeout=5)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    query["hub.verify_token"] = "wrong"
    assert requests.get(f"{stack.url}/webhook", params=query, timeout=5).status_code == 403
