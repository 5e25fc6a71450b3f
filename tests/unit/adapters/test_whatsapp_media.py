"""Files to and from Meta: streamed, capped, and from Meta's own hosts only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import responses
from canal.adapters.whatsapp_client import WhatsAppClient
from canal.adapters.whatsapp_download import download, may_see_token
from canal.adapters.whatsapp_errors import problem_of
from canal.adapters.whatsapp_media import WhatsAppMedia
from canal.errors import CanalError, Refused, Stopped, Temporary

GRAPH = "https://graph.facebook.com"
FILE = f"{GRAPH}/v26.0/900000000000001"
URL = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=900000000000001&hash=x"
LOCATED = {"url": URL, "mime_type": "image/jpeg", "sha256": "abc", "file_size": "6", "id": "900000000000001"}


def token(*, refresh: bool = False) -> str:
    return "a-token"


def client(graph: str = GRAPH) -> WhatsAppClient:
    return WhatsAppClient(graph, "v26.0", "200000000000002", token)


@pytest.fixture
def meta() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def with_token() -> list[Any]:
    return [responses.matchers.header_matcher({"Authorization": "Bearer a-token", "User-Agent": "canal/1.0"})]


def fetched(max_bytes: int = 100) -> bytes:
    into = io.BytesIO()
    WhatsAppMedia(client()).fetch("900000000000001", into, max_bytes)
    return into.getvalue()


# --- finding and fetching -------------------------------------------------------------------------


def test_a_file_is_found_by_its_id_and_fetched_with_the_token(meta: responses.RequestsMock) -> None:
    meta.get(FILE, json=LOCATED)
    meta.get(URL, body=b"\xff\xd8jpeg", match=with_token())
    into = io.BytesIO()
    found = WhatsAppMedia(client()).fetch("900000000000001", into, 6)
    assert into.getvalue() == b"\xff\xd8jpeg"
    assert (found.mime_type, found.size) == ("image/jpeg", 6)
    told: Any = meta.calls[1].request
    assert told.req_kwargs["stream"] is True
    assert told.req_kwargs["timeout"] == (3.0, 10.0)


@pytest.mark.parametrize(("told", "size"), [("6", 6), (6, 6), (None, None), ("many", None)])
def test_the_size_is_a_number_or_a_text_or_missing(
    meta: responses.RequestsMock, told: object, size: int | None
) -> None:
    meta.get(FILE, json=LOCATED | {"file_size": told})
    assert WhatsAppMedia(client()).locate("900000000000001").size == size


def test_an_id_is_no_path(meta: responses.RequestsMock) -> None:
    meta.get(f"{GRAPH}/v26.0/..%2F..%2Fme%3Fx", json=LOCATED)
    WhatsAppMedia(client()).locate("../../me?x")
    assert "..%2F..%2Fme%3Fx" in str(meta.calls[0].request.url)


def test_an_expired_url_is_asked_for_once_more(meta: responses.RequestsMock) -> None:
    meta.get(FILE, json=LOCATED)
    meta.get(URL, status=404)
    meta.get(FILE, json=LOCATED | {"url": URL + "2"})
    meta.get(URL + "2", body=b"jpeg")
    assert fetched() == b"jpeg"


def test_a_file_that_is_gone_is_gone(meta: responses.RequestsMock) -> None:
    meta.get(FILE, json=LOCATED)
    meta.get(URL, status=404)
    with pytest.raises(Refused) as caught:
        fetched()
    problem = problem_of(caught.value)
    assert problem
    assert problem.status == 404
    assert len(meta.calls) == 4


@pytest.mark.parametrize(("status", "kind"), [(401, Stopped), (403, Refused), (429, Temporary), (503, Temporary)])
def test_a_media_host_that_refuses_is_understood(
    meta: responses.RequestsMock, status: int, kind: type[CanalError]
) -> None:
    meta.get(FILE, json=LOCATED)
    meta.get(URL, status=status, body="x" * 100_000)
    with pytest.raises(kind):
        fetched()


def test_an_answer_without_url_is_temporary(meta: responses.RequestsMock) -> None:
    meta.get(FILE, json={"id": "900000000000001"})
    with pytest.raises(Temporary):
        fetched()


# --- the cap --------------------------------------------------------------------------------------


def test_a_file_that_says_it_is_too_large_is_not_begun(meta: responses.RequestsMock) -> None:
    meta.get(URL, body=b"x" * 101, headers={"Content-Length": "101"}, auto_calculate_content_length=False)
    into = io.BytesIO()
    with pytest.raises(Refused, match="more than 100 bytes"):
        download(client(), URL, into, 100)
    assert into.getvalue() == b""


def test_a_file_that_does_not_say_is_cut_off(meta: responses.RequestsMock) -> None:
    meta.get(URL, body=b"x" * 1_000_000)
    into = io.BytesIO()
    with pytest.raises(Refused, match="more than 100000 bytes"):
        download(client(), URL, into, 100_000)
    assert len(into.getvalue()) <= 100_000


def test_a_file_of_just_the_size_is_taken(meta: responses.RequestsMock) -> None:
    meta.get(URL, body=b"x" * 100_000)
    assert download(client(), URL, io.BytesIO(), 100_000) == 100_000


def test_a_download_that_breaks_off_is_temporary(meta: responses.RequestsMock) -> None:
    meta.get(URL, body=b"x" * 10, headers={"Content-Length": "50"}, auto_calculate_content_length=False)
    with pytest.raises(Temporary):
        download(client(), URL, io.BytesIO(), 100)


# --- the token ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "base", "may"),
    [
        (URL, GRAPH, True),
        ("https://graph.facebook.com/v26.0/1", GRAPH, True),
        ("https://scontent.xx.fbcdn.net/v/t1", GRAPH, True),
        ("https://lookaside.fbsbx.com:443/x", GRAPH, True),
        ("https://LOOKASIDE.FBSBX.COM/x", GRAPH, True),
        ("http://lookaside.fbsbx.com/x", GRAPH, False),
        ("https://lookaside.fbsbx.com:8443/x", GRAPH, False),
        ("https://fbsbx.com.evil.example/x", GRAPH, False),
        ("https://evilfbsbx.com/x", GRAPH, False),
        ("https://evil.example/lookaside.fbsbx.com", GRAPH, False),
        ("https://lookaside.fbsbx.com@evil.example/x", GRAPH, False),
        ("https://evil.example@lookaside.fbsbx.com/x", GRAPH, False),
        ("http://127.0.0.1:8001/media/1", GRAPH, False),
        ("ftp://lookaside.fbsbx.com/x", GRAPH, False),
        ("", GRAPH, False),
        ("http://127.0.0.1:8001/media/1", "http://127.0.0.1:8001", True),
        ("http://localhost:8001/media/1", "http://127.0.0.1:8001", True),
        ("http://evil.example/media/1", "http://127.0.0.1:8001", False),
        ("https://graph.example/media/1", "https://graph.example", True),
        ("http://graph.example/media/1", "https://graph.example", False),
        (URL, "http://127.0.0.1:8001", True),
    ],
)
def test_the_token_is_for_metas_hosts_and_for_the_configured_one(url: str, base: str, may: bool) -> None:
    assert may_see_token(url, base) is may


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "https://evil.example\\@lookaside.fbsbx.com/x",
        "https:///lookaside.fbsbx.com",
        "lookaside.fbsbx.com/x",
        "file:///etc/passwd",
        "https://[::1",
        "https://lookaside.fbsbx.com:99999/x",
        "",
    ],
)
def test_a_file_anywhere_else_is_not_even_asked_for(meta: responses.RequestsMock, url: str) -> None:
    with pytest.raises(Refused):
        download(client(), url, io.BytesIO(), 100)
    assert len(meta.calls) == 0


def test_a_redirect_to_another_host_of_metas_is_followed(meta: responses.RequestsMock) -> None:
    meta.get(URL, status=302, headers={"Location": "https://scontent.xx.fbcdn.net/v/t1"})
    meta.get("https://scontent.xx.fbcdn.net/v/t1", body=b"jpeg", match=with_token())
    assert download(client(), URL, io.BytesIO(), 100) == 4


def test_a_redirect_away_from_meta_is_not(meta: responses.RequestsMock) -> None:
    meta.get(URL, status=302, headers={"Location": "//evil.example/x"})
    with pytest.raises(Refused, match="host"):
        download(client(), URL, io.BytesIO(), 100)
    assert len(meta.calls) == 1


def test_a_redirect_in_circles_ends(meta: responses.RequestsMock) -> None:
    meta.get(URL, status=302, headers={"Location": URL})
    with pytest.raises(Refused, match="redirects"):
        download(client(), URL, io.BytesIO(), 100)
    assert len(meta.calls) == 4


# --- giving Meta a file ---------------------------------------------------------------------------


def test_a_file_is_uploaded_with_its_type(meta: responses.RequestsMock) -> None:
    meta.post(f"{GRAPH}/v26.0/200000000000002/media", json={"id": "900000000000010"}, match=with_token())
    assert WhatsAppMedia(client()).upload(b"png", "image/png", "planol.png") == "900000000000010"
    request = meta.calls[0].request
    assert isinstance(request.body, bytes)
    assert b'name="messaging_product"\r\n\r\nwhatsapp' in request.body
    assert b'name="type"\r\n\r\nimage/png' in request.body
    assert b'name="file"; filename="planol.png"\r\nContent-Type: image/png\r\n\r\npng' in request.body
    assert request.headers["Content-Type"].startswith("multipart/form-data")


def test_an_upload_that_tells_no_id_is_uncertain(meta: responses.RequestsMock) -> None:
    meta.post(f"{GRAPH}/v26.0/200000000000002/media", json={})
    with pytest.raises(Temporary) as caught:
        WhatsAppMedia(client()).upload(io.BytesIO(b"png"), "image/png")
    problem = problem_of(caught.value)
    assert problem
    assert problem.uncertain


def test_a_file_is_deleted(meta: responses.RequestsMock) -> None:
    meta.delete(FILE, json={"success": True})
    WhatsAppMedia(client()).delete("900000000000001")
    assert len(meta.calls) == 1
