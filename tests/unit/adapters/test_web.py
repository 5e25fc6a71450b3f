"""Files of others over real sockets on loopback: what is too large, too slow, elsewhere, or private."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from canal.adapters import web
from canal.adapters.web import RequestsWeb
from canal.broadcasts.outside import Page
from canal.errors import Oversized, Refused, Temporary

Answer = tuple[int, dict[str, str], bytes]


class Site(ThreadingHTTPServer):
    """A site whose pages the test writes; ``asked`` are the paths and headers that came."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Tests are silent."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def fetcher() -> RequestsWeb:
    """Every host but the watched one is a private address, unless it is called public."""
    return RequestsWeb(resolve=lambda host: ["93.184.216.34" if host == "public.example" else "10.0.0.1"])


def test_a_file_comes_with_its_tag_and_is_not_sent_twice(site: Site, fetcher: RequestsWeb) -> None:
    date = "Mon, 23 Nov 2026 09:00:00 GMT"
    site.pages["/feed"] = (200, {"ETag": '"v1"', "Last-Modified": date}, b"<rss/>")
    page = fetcher.get(f"{site.url}/feed")
    assert page
    assert page.body == b"<rss/>"
    site.pages["/feed"] = (304, {}, b"")
    assert fetcher.get(f"{site.url}/feed", page.tag) is None
    headers = site.asked[1][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"v1"', date)


def test_without_a_tag_there_is_none(site: Site, fetcher: RequestsWeb) -> None:
    site.pages["/feed"] = (200, {}, b"x")
    assert fetcher.get(f"{site.url}/feed") == Page(b"x")


def test_a_packed_answer_is_unpacked_and_its_size_is_what_it_unpacks_to(
    site: Site, fetcher: RequestsWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "MOST_BYTES", 100_000)
    site.pages["/good"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"good"))
    site.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(1_000_000)))
    assert fetcher.get(f"{site.url}/good") == Page(b"good")
    with pytest.raises(Oversized):
        fetcher.get(f"{site.url}/bomb")


def test_what_is_too_large_is_given_up(site: Site, fetcher: RequestsWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST_BYTES", 1_000)
    site.pages["/large"] = (200, {}, bytes(2_000))
    with pytest.raises(Oversized):
        fetcher.get(f"{site.url}/large")


def test_what_comes_too_slowly_is_given_up(site: Site, fetcher: RequestsWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "WHOLE", -1.0)
    site.pages["/slow"] = (200, {}, b"x")
    with pytest.raises(Temporary, match="slowly"):
        fetcher.get(f"{site.url}/slow")


@pytest.mark.parametrize(
    ("status", "error"), [(404, Refused), (401, Refused), (204, Refused), (429, Temporary), (503, Temporary)]
)
def test_a_status_says_whether_to_try_again(
    site: Site, fetcher: RequestsWeb, status: int, error: type[Exception]
) -> None:
    site.pages["/feed"] = (status, {}, b"")
    with pytest.raises(error):
        fetcher.get(f"{site.url}/feed")


def test_an_answer_that_breaks_off_is_temporary(site: Site, fetcher: RequestsWeb) -> None:
    site.pages["/cut"] = (200, {"Content-Length": "1000"}, b"<alert")
    with pytest.raises(Temporary):
        fetcher.get(f"{site.url}/cut")


def test_nobody_at_home_is_temporary(fetcher: RequestsWeb) -> None:
    with pytest.raises(Temporary):
        fetcher.get("http://127.0.0.1:1/feed")


def test_a_redirect_on_the_same_site_is_followed(site: Site, fetcher: RequestsWeb) -> None:
    site.pages["/old"] = (301, {"Location": "/new"}, b"")
    site.pages["/new"] = (200, {}, b"x")
    assert fetcher.get(f"{site.url}/old") == Page(b"x")


def test_redirects_do_not_go_on_for_ever(site: Site, fetcher: RequestsWeb) -> None:
    site.pages["/round"] = (302, {"Location": "/round"}, b"")
    with pytest.raises(Refused, match="redirects"):
        fetcher.get(f"{site.url}/round")
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:8000/",
        "http://inside.example/",
        "file:///etc/passwd",
        "ftp://public.example/",
        "http://[::1",
        "http://",
    ],
)
def test_a_redirect_or_link_into_a_private_network_is_not_followed(
    site: Site, fetcher: RequestsWeb, target: str
) -> None:
    site.pages["/away"] = (302, {"Location": target}, b"")
    with pytest.raises(Refused):
        fetcher.get(f"{site.url}/away")
    with pytest.raises(Refused):
        fetcher.get(target, near="https://avisos.example/feed")


def test_another_port_of_the_same_host_is_another_site(site: Site, fetcher: RequestsWeb) -> None:
    with pytest.raises(Refused, match="private"):
        fetcher.get("http://127.0.0.1:1/", near=f"{site.url}/feed")


def test_a_host_that_is_not_known_may_be_tomorrow() -> None:
    def unknown(host: str) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(Temporary, match="host"):
        RequestsWeb(resolve=unknown).get("https://x.example/", near="https://y.example/")


def test_a_real_look_up_of_this_machine_is_private() -> None:
    with pytest.raises(Refused, match="private"):
        RequestsWeb().get("http://localhost/", near="https://avisos.example/")
