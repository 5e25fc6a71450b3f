"""Calls to the Graph API: what is sent, what is never sent twice, and where the token never goes."""

from __future__ import annotations

import json
import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests
import responses
from canal.adapters.whatsapp_client import WhatsAppClient
from canal.adapters.whatsapp_errors import problem_of
from canal.adapters.whatsapp_graph import MAX_IDLE
from canal.adapters.whatsapp_templates import WhatsAppTemplates
from canal.errors import CanalError, Refused, Stopped, Temporary, Throttled, Undeliverable
from urllib3.exceptions import ProtocolError

GRAPH = "https://graph.facebook.com"
MESSAGES = f"{GRAPH}/v26.0/200000000000002/messages"
ACCEPTED = {"messaging_product": "whatsapp", "messages": [{"id": "wamid.OUT"}]}
HOLA = {"messaging_product": "whatsapp", "to": "+34600000099", "type": "text", "text": {"body": "Què?"}}


class Tokens:
    """A secret that is ``first`` until it is asked for anew."""

    def __init__(self, first: str = "token-of-yesterday", then: str = "token-of-today") -> None:
        self.tokens = [first, then]
        self.refreshed = 0

    def __call__(self, *, refresh: bool = False) -> str:
        self.refreshed += refresh
        return self.tokens[min(self.refreshed, 1)]


def client(tokens: Tokens | None = None, graph: str = GRAPH, **more: Any) -> WhatsAppClient:
    return WhatsAppClient(graph, "v26.0", "200000000000002", tokens or Tokens(), **more)


def refusal(code: int, details: str = "No.") -> dict[str, Any]:
    return {"error": {"message": "no", "code": code, "error_data": {"details": details}, "fbtrace_id": "Az8"}}


def failing(meta: responses.RequestsMock, tokens: Tokens | None = None) -> CanalError:
    """The error of a send."""
    with pytest.raises(CanalError) as caught:
        client(tokens).send(HOLA)
    assert len(meta.calls) >= 1
    return caught.value


@pytest.fixture
def meta() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def sent(meta: responses.RequestsMock, call: int = 0) -> Any:
    """A request as it left. The token is taken off afterwards, so it is looked for in another test."""
    return meta.calls[call].request


# --- sending --------------------------------------------------------------------------------------


def test_a_message_is_posted_as_compact_json_and_its_wamid_given(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, json=ACCEPTED)
    assert client().send(HOLA) == "wamid.OUT"
    request = sent(meta)
    assert json.loads(request.body) == HOLA
    assert b": " not in request.body
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Content-Length"] == str(len(request.body))
    assert request.headers["User-Agent"] == "canal/1.0"


def test_every_call_has_its_time_outs(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, json=ACCEPTED)
    meta.get(f"{GRAPH}/v26.0/me", json={})
    client().send(HOLA)
    client().call("GET", "me")
    for call in (0, 1):
        assert sent(meta, call).req_kwargs["timeout"] == (3.0, 10.0)
        assert sent(meta, call).req_kwargs["verify"] is True


def test_one_client_sends_many_messages_without_mixing_them(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, json=ACCEPTED)
    one = client()
    for words in ("u", "un text més llarg", "dos"):
        one.send({"text": words})
    assert [json.loads(call.request.body or b"") for call in meta.calls] == [
        {"text": "u"},
        {"text": "un text més llarg"},
        {"text": "dos"},
    ]


def test_reading_and_typing_are_told_in_one_call(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, json={"success": True})
    client().mark_read_and_typing("wamid.IN")
    told = json.loads(sent(meta).body)
    assert (told["status"], told["message_id"]) == ("read", "wamid.IN")


@pytest.mark.parametrize("answer", [{}, {"messages": []}, {"messages": [7]}, {"messages": [{"id": 7}]}])
def test_a_message_that_meta_took_without_a_word_is_sent(meta: responses.RequestsMock, answer: dict[str, Any]) -> None:
    meta.post(MESSAGES, json=answer)
    assert client().send(HOLA) == ""


def test_a_number_that_json_does_not_know_is_not_sent() -> None:
    with pytest.raises(Refused):
        client().send({"latitude": float("nan")})


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [(131026, Undeliverable), (130429, Throttled), (131000, Temporary), (100, Refused), (131042, Stopped)],
)
def test_a_refusal_is_the_error_of_its_code(meta: responses.RequestsMock, code: int, kind: type[CanalError]) -> None:
    meta.post(MESSAGES, json=refusal(code), status=400)
    error = failing(meta)
    assert type(error) is kind
    problem = problem_of(error)
    assert problem
    assert (problem.code, problem.details, problem.trace_id, problem.status) == (code, "No.", "Az8", 400)
    assert not problem.uncertain
    assert len(meta.calls) == 1, "a refusal is not argued with"


def test_a_gateway_that_answers_in_html_is_temporary(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, body="<html>Bad Gateway</html>", status=502)
    assert type(failing(meta)) is Temporary


def test_a_good_answer_that_is_not_metas_leaves_it_uncertain(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, body="<html>Welcome to the hotel</html>")
    error = failing(meta)
    problem = problem_of(error)
    assert type(error) is Temporary
    assert problem
    assert problem.uncertain


def test_a_redirect_is_not_followed(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, status=307, headers={"Location": "https://evil.example/"})
    assert type(failing(meta)) is Temporary
    assert len(meta.calls) == 1


# --- the token ------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [refusal(190), refusal(0), {}])
def test_a_refused_token_is_fetched_anew_and_tried_once_more(
    meta: responses.RequestsMock, answer: dict[str, Any]
) -> None:
    today = [responses.matchers.header_matcher({"Authorization": "Bearer token-of-today"})]
    yesterday = [responses.matchers.header_matcher({"Authorization": "Bearer token-of-yesterday"})]
    meta.post(MESSAGES, json=answer, status=401, match=yesterday)
    meta.post(MESSAGES, json=ACCEPTED, match=today)
    tokens = Tokens()
    assert client(tokens).send(HOLA) == "wamid.OUT"
    assert tokens.refreshed == 1


def test_a_token_refused_twice_stops_everything(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, json=refusal(190), status=401)
    tokens = Tokens()
    assert type(failing(meta, tokens)) is Stopped
    assert len(meta.calls) == 2
    assert tokens.refreshed == 1


def test_another_reason_to_stop_is_no_reason_to_fetch_the_token(meta: responses.RequestsMock) -> None:
    meta.post(MESSAGES, json=refusal(131031), status=403)
    tokens = Tokens()
    assert type(failing(meta, tokens)) is Stopped
    assert tokens.refreshed == 0


def test_the_line_end_after_a_secret_is_no_part_of_it(meta: responses.RequestsMock) -> None:
    match = [responses.matchers.header_matcher({"Authorization": "Bearer abc"})]
    meta.post(MESSAGES, json=ACCEPTED, match=match)
    assert client(Tokens("abc\r\n")).send(HOLA) == "wamid.OUT"


@pytest.mark.parametrize("token", ["", " ", "two\nlines", "españa", "null\x00"])
def test_a_token_that_is_none_stops_everything_and_is_not_told(token: str) -> None:
    with pytest.raises(Stopped) as caught:
        client(Tokens(token)).send(HOLA)
    assert "two" not in str(caught.value)


def quoting(code: int) -> Any:
    """Meta, quoting the token in its refusal."""

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        return 401, {}, json.dumps(refusal(code, f"Malformed access token {token}"))

    return answer


def breaking(failure: Exception) -> Any:
    def answer(request: Any) -> tuple[int, dict[str, str], Exception]:
        failure.request = request  # type: ignore[attr-defined]  # as requests does
        return 500, {}, failure

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        quoting(190),
        quoting(100),
        breaking(requests.ReadTimeout("read timed out")),
        breaking(requests.ConnectionError(ProtocolError("Connection aborted"))),
    ],
)
def test_the_token_is_in_no_error_traceback_log_or_representation(
    meta: responses.RequestsMock, caplog: pytest.LogCaptureFixture, answer: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    meta.add_callback("POST", MESSAGES, callback=answer)
    one = client()
    with pytest.raises(CanalError) as caught:
        one.send(HOLA)
    error = caught.value
    told = [*traceback.format_exception(error), repr(error), str(problem_of(error)), repr(one), str(vars(one))]
    told += [caplog.text, str(sent(meta).headers), str(getattr(error.__cause__, "request", sent(meta)).headers)]
    assert "token-of" not in " ".join(told)


# --- failures on the way --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "uncertain"),
    [
        (requests.ConnectTimeout("no"), False),
        (requests.exceptions.SSLError("no"), False),
        (requests.ReadTimeout("no"), True),
        (requests.ConnectionError(ProtocolError("Connection aborted")), True),
        (requests.ConnectionError(), True),
        (requests.exceptions.ChunkedEncodingError("no"), True),
    ],
)
def test_a_failure_on_the_way_is_temporary_and_tells_whether_it_may_have_arrived(
    meta: responses.RequestsMock, failure: Exception, uncertain: bool
) -> None:
    meta.post(MESSAGES, body=failure)
    error = failing(meta)
    problem = problem_of(error)
    assert type(error) is Temporary
    assert error.__cause__ is failure
    assert problem
    assert problem.uncertain is uncertain
    assert len(meta.calls) == 1


class Listener:
    """A server on loopback that counts connections and requests, and answers as it is told to."""

    def __init__(self, *, answers: bool = True) -> None:
        self.answers = answers
        self.connections = 0
        self.requests: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a connection
        self.socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with closing(connection), connection.makefile("rb") as lines:
            while request := self._read(lines):
                self.requests.append(request)
                if not self.answers:
                    return
                body = json.dumps(ACCEPTED).encode()
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(head.encode() + body)

    @staticmethod
    def _read(lines: Any) -> bytes:
        head = b""
        while (line := lines.readline()) not in (b"\r\n", b""):
            head += line
        length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), b":0")
        return head + bytes(lines.read(int(length.split(b":")[1]))) if head else b""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with closing(Listener()) as server:
        yield server


def test_one_connection_serves_many_messages(listener: Listener) -> None:
    one = client(graph=listener.url)
    assert [one.send(HOLA) for _ in range(3)] == ["wamid.OUT"] * 3
    assert listener.connections == 1


def test_a_connection_that_was_idle_for_long_is_left_for_a_new_one(listener: Listener) -> None:
    now = [0.0]
    one = client(graph=listener.url, clock=lambda: now[0])
    one.send(HOLA)
    now[0] += MAX_IDLE - 1
    one.send(HOLA)
    assert listener.connections == 1
    now[0] += MAX_IDLE + 1
    one.send(HOLA)
    assert listener.connections == 2


def test_a_message_whose_answer_was_lost_is_not_sent_again() -> None:
    with closing(Listener(answers=False)) as server:
        with pytest.raises(Temporary) as caught:
            client(graph=server.url).send(HOLA)
        problem = problem_of(caught.value)
        assert problem
        assert problem.uncertain
        assert len(server.requests) == 1


def test_a_server_that_is_not_there_was_surely_not_reached() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with pytest.raises(Temporary) as caught:
        client(graph=f"http://127.0.0.1:{port}").send(HOLA)
    problem = problem_of(caught.value)
    assert problem
    assert not problem.uncertain


def test_neither_a_proxy_nor_a_netrc_of_the_environment_gets_between(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    client(graph=listener.url).send(HOLA)
    assert b"Authorization: Bearer token-of-yesterday" in listener.requests[0]


# --- templates ------------------------------------------------------------------------------------

TEMPLATES = f"{GRAPH}/v26.0/100000000000001/message_templates"


def test_templates_are_listed_page_by_page(meta: responses.RequestsMock) -> None:
    following = {"cursors": {"after": "QQ"}, "next": f"{TEMPLATES}?access_token=token-of-yesterday&after=QQ"}
    query = {"fields": "id,name,status,language,category,components,rejected_reason,quality_score", "limit": "100"}
    matchers = responses.matchers
    meta.get(
        TEMPLATES, json={"data": [{"name": "a"}], "paging": following}, match=[matchers.query_param_matcher(query)]
    )
    last = [matchers.query_param_matcher(query | {"after": "QQ"})]
    meta.get(TEMPLATES, json={"data": [{"name": "b"}], "paging": {"cursors": {"after": "RR"}}}, match=last)
    found = WhatsAppTemplates(client(), "100000000000001").list_templates()
    assert [template["name"] for template in found] == ["a", "b"]


def test_templates_are_made_changed_and_deleted(meta: responses.RequestsMock) -> None:
    meta.post(TEMPLATES, json={"id": "5", "status": "PENDING", "category": "UTILITY"})
    meta.post(f"{GRAPH}/v26.0/5", json={"success": True})
    meta.delete(f"{TEMPLATES}?name=avis&hsm_id=5", json={"success": True})
    templates = WhatsAppTemplates(client(), "100000000000001")
    assert templates.create_template({"name": "avis"})["status"] == "PENDING"
    templates.edit_template("5", {"components": []})
    templates.delete_template("avis", "5")
    assert [call.request.method for call in meta.calls] == ["POST", "POST", "DELETE"]
    assert json.loads(sent(meta).body) == {"name": "avis"}
