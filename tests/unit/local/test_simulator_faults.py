"""Meta's bad days on request, through real sockets where the line itself is what breaks."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from local.whatsapp import Config, Server
from tests.unit.local.meta import NUMBER, Meta, code


def test_a_fault_happens_as_often_as_it_was_asked_for(meta: Meta) -> None:
    meta.sim("POST", "faults", json={"code": 131000, "http": 500, "times": 2})
    answers = [meta.say() for _ in range(3)]
    assert [(code(answer), answer.status_code) for answer in answers] == [(131000, 500), (131000, 500), (0, 200)]
    assert len(meta.sim("GET", "messages")) == 1


def test_a_fault_lasts_as_long_as_it_was_asked_for(meta: Meta) -> None:
    meta.sim("POST", "faults", json={"http": 503, "seconds": 60})
    assert [(code(meta.say()), meta.say().status_code)] == [(2, 503)]
    meta.now += 60
    assert code(meta.say()) == 0


def test_a_fault_can_answer_what_is_no_json(meta: Meta) -> None:
    meta.sim("POST", "faults", json={"http": 502, "body": "<h1>Bad gateway</h1>"})
    response = meta.say()
    assert (response.status_code, response.get_data(as_text=True)) == (502, "<h1>Bad gateway</h1>")


def test_a_fault_afterwards_hides_that_the_message_was_taken(meta: Meta) -> None:
    meta.sim("POST", "faults", json={"code": 131016, "when": "after"})
    assert code(meta.say()) == 131016
    assert len(meta.sim("GET", "messages")) == 1


def test_a_message_can_fail_later_in_a_status(meta: Meta) -> None:
    meta.sim("POST", "faults", json={"code": 131026, "mode": "status"})
    assert code(meta.say()) == 0
    meta.pass_time(3)
    status = meta.statuses()[0]
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131026)
    assert "recipient_user_id" not in status  # it was sent to a number
    assert "contacts" not in meta.posted[0].values[0]


def test_a_fault_can_be_for_one_person_or_for_files_only(meta: Meta) -> None:
    meta.sim("POST", "faults", json={"code": 131026, "to": "+34600000098", "times": 9})
    meta.sim("POST", "faults", json={"code": 131016, "path": "media", "times": 9})
    assert code(meta.say()) == 0
    assert code(meta.say(to="+34600000098")) == 131026
    assert code(meta.graph("POST", f"{NUMBER}/media", data={})) == 131016
    meta.sim("DELETE", "faults")
    assert code(meta.say(to="+34600000098")) == 0


@pytest.mark.parametrize("asked", [{"kode": 1}, {"mode": "slow"}, {"path": "x"}, {"when": "x"}, {"mode": "status"}, []])
def test_a_fault_that_makes_no_sense_is_explained(meta: Meta, asked: Any) -> None:
    assert meta.http.post("/_sim/faults", json=asked).status_code == 400


# --- on a real line ---------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Config(port=0, webhook_url="http://127.0.0.1:9/webhook")) as running:
        yield running


def connect(server: Server, timeout: float = 5) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=timeout)


def say(line: http.client.HTTPConnection) -> http.client.HTTPResponse:
    message = {"messaging_product": "whatsapp", "to": "+34600000099", "type": "text", "text": {"body": "a"}}
    headers = {"Authorization": "Bearer local-access-token", "Content-Type": "application/json"}
    line.request("POST", f"{NUMBER}/messages", json.dumps(message), headers)
    return line.getresponse()


def test_a_connection_stays_open_for_the_next_request(server: Server) -> None:
    line = connect(server)
    assert say(line).read()
    socket = line.sock
    assert say(line).read()
    assert line.sock is socket
    line.close()


@pytest.mark.parametrize(("when", "taken"), [("before", 0), ("after", 1)])
def test_the_line_can_break_before_or_after_the_message_was_taken(server: Server, when: str, taken: int) -> None:
    server.simulator.faults.add({"mode": "close", "when": when}, time.time())
    line = connect(server)
    with pytest.raises(http.client.RemoteDisconnected):
        say(line)
    line.close()
    assert server.simulator.journal.last_seq == taken


def test_it_can_take_a_message_and_then_keep_silent(server: Server) -> None:
    server.simulator.faults.add({"mode": "hang", "when": "after", "hang": 30}, time.time())
    line = connect(server, timeout=0.2)
    with pytest.raises(TimeoutError):
        say(line)
    line.close()
    assert server.simulator.journal.last_seq == 1


def test_a_town_that_does_not_answer_holds_nobody_up(server: Server) -> None:
    line = connect(server)
    asked = json.dumps({"from": "34600000099", "messages": [{"text": str(n)} for n in range(5)]})
    line.request("POST", "/_sim/inbound", asked)
    assert len(json.loads(line.getresponse().read())["ids"]) == 5
    assert say(line).status == 200
    line.close()


@pytest.mark.parametrize("length", ["-1", "x", str(10**12)])
def test_a_length_that_cannot_be_is_refused(server: Server, length: str) -> None:
    line = connect(server)
    line.putrequest("POST", "/_sim/reset")
    line.putheader("Content-Length", length)
    line.endheaders()
    assert line.getresponse().status in (400, 413)
    line.close()
