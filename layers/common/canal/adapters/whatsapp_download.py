"""Media files from Meta's hosts, streamed: any size, any redirect and any host may be at the other end."""

from __future__ import annotations

from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from canal.adapters.whatsapp_errors import Problem
from canal.adapters.whatsapp_graph import HEADERS, Graph
from canal.errors import Oversized, Refused, Temporary

MAX_REDIRECTS = 3
CHUNK = 64 * 1024
FILE_HEADERS = HEADERS | {"Accept-Encoding": "identity"}
GRAPH_HOST = "graph.facebook.com"
MEDIA_HOSTS = (".fbsbx.com", ".fbcdn.net")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def download(graph: Graph, url: str, into: BinaryIO, max_bytes: int) -> int:
    """Stream a file to ``into`` and give its size in bytes.

    Raises Refused for a host that is not Meta's, Oversized for more than ``max_bytes`` (``into`` then holds a
    part), else as ``Graph.call``. The URL lives five minutes: an expired one is Refused with status 404.
    """
    with _follow(graph, url) as response:
        return _copy(response, into, max_bytes)


def may_see_token(url: str, base_url: str) -> bool:
    """Whether ``url`` is on one of Meta's hosts, or on that of ``base_url``."""
    parts, base = urlsplit(url), urlsplit(base_url)
    host, own = parts.hostname or "", base.hostname or ""
    if "@" in parts.netloc:
        return False
    if parts.scheme == "https" and parts.port in (None, 443):
        return host in (GRAPH_HOST, own) or host.endswith(MEDIA_HOSTS)
    # A Graph API of one's own, for development: on any port, and loopback under any of its names.
    return parts.scheme == base.scheme and (host == own or {host, own} <= LOOPBACK)


def _follow(graph: Graph, url: str) -> requests.Response:
    """GET ``url``, and where it leads, as long as that is Meta's."""
    for _ in range(MAX_REDIRECTS + 1):
        request = _prepared(url)
        # The prepared address is what will be connected to; the one given may only look like it.
        if not may_see_token(request.url or "", graph.base_url):
            raise Refused(Problem(details="the file is not on a host of Meta's"))
        response = graph.authorised(request, stream=True)
        if not response.is_redirect:
            return response
        response.close()
        url = urljoin(request.url or "", response.headers["location"])
    raise Refused(Problem(details="the file is behind too many redirects"))


def _prepared(url: str) -> requests.PreparedRequest:
    try:
        return requests.Request("GET", url, FILE_HEADERS).prepare()
    except (requests.RequestException, ValueError):
        raise Refused(Problem(details="the address of the file cannot be read")) from None


def _copy(response: requests.Response, into: BinaryIO, max_bytes: int) -> int:
    """Write the answer to ``into``, as long as it stays within ``max_bytes``."""
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise _too_large(max_bytes)
    size = 0
    try:
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            into.write(chunk)
    except (requests.RequestException, HTTPError) as error:
        raise Temporary(Problem(details=type(error).__name__)) from error
    return size


def _too_large(max_bytes: int) -> Oversized:
    return Oversized(Problem(details=f"the file has more than {max_bytes} bytes"))
