"""Files of others over HTTP: with time-outs, never more than a limit, and never out of a private network.

The addresses that the town watches are its own choice. What those lead to, by redirects or as links in an index, is
somebody else's, and may not point at what only we can reach.
"""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Callable
from ipaddress import ip_address
from time import monotonic
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from canal.broadcasts.outside import Page
from canal.errors import Oversized, Refused, Temporary

MOST_BYTES = 10_000_000
SECONDS = (3.05, 6)  # to connect, between two pieces
WHOLE = 10.0  # for all of it: a server may send a byte every five seconds
REDIRECTS = 3
CHUNK = 64 * 1024
HEADERS = {"User-Agent": "Canal (municipal notices)", "Accept": "*/*"}

Resolve = Callable[[str], list[str]]


def addresses_of(host: str) -> list[str]:
    """The IP addresses of a host. Raises OSError."""
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None)})


class RequestsWeb:
    """The ``Web`` port."""

    def __init__(self, session: requests.Session | None = None, resolve: Resolve = addresses_of) -> None:
        self._session = session or requests.Session()
        self._session.trust_env = False  # a .netrc is no business of a feed
        self._resolve = resolve

    def get(self, url: str, tag: str = "", near: str = "") -> Page | None:
        """See ``Web.get``."""
        trusted = near or url
        headers = {**HEADERS, **asking(tag)}
        for _ in range(REDIRECTS + 1):
            self._check(url, trusted)
            with self._ask(url, headers) as response:
                if not response.is_redirect:
                    return _page(response)
                url = _next(url, response.headers["location"])
        raise Refused("it is behind too many redirects")

    def _check(self, url: str, trusted: str) -> None:
        """Raises Refused for an address that is not on the web, Temporary if its host is not known."""
        try:
            parts, own = urlsplit(url), urlsplit(trusted)
            place, home = (parts.hostname, parts.port), (own.hostname, own.port)
        except ValueError:
            raise Refused("its address cannot be read") from None
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise Refused("its address is not on the web")
        if place == home:
            return
        try:
            found = self._resolve(parts.hostname)
        except (OSError, UnicodeError):
            raise Temporary("its host is not known") from None
        if not found or not all(ip_address(each.partition("%")[0]).is_global for each in found):
            raise Refused("its address leads into a private network")

    def _ask(self, url: str, headers: dict[str, str]) -> requests.Response:
        try:
            return self._session.get(url, headers=headers, timeout=SECONDS, stream=True, allow_redirects=False)
        except ValueError:  # of the address itself, or of where it says to go on
            raise Refused("its address cannot be read") from None
        except (requests.RequestException, HTTPError) as error:
            raise Temporary(f"it does not answer ({type(error).__name__})") from error


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Refused("it leads to no address") from None


def _page(response: requests.Response) -> Page | None:
    if response.status_code == 304:
        return None
    if response.status_code in (408, 425, 429) or response.status_code >= 500:
        raise Temporary(f"it answers {response.status_code}")
    if response.status_code != 200:
        raise Refused(f"it answers {response.status_code}")
    return Page(_body(response), tag_of(response))


def _body(response: requests.Response) -> bytes:
    """All of it, counted after it is unpacked: a small answer may be a large file."""
    found, until = bytearray(), monotonic() + WHOLE
    try:
        for chunk in response.iter_content(CHUNK):
            found += chunk
            if len(found) > MOST_BYTES:
                raise Oversized(f"it has more than {MOST_BYTES:,} bytes")
            if monotonic() > until:
                raise Temporary("it comes too slowly")
    except (requests.RequestException, HTTPError, zlib.error) as error:
        raise Temporary(f"it breaks off ({type(error).__name__})") from error
    return bytes(found)


def tag_of(response: requests.Response) -> str:
    """What the server calls this edition: its ETag and its date, in one text."""
    named = [response.headers.get(name, "")[:300] for name in ("etag", "last-modified")]
    return json.dumps(named) if any(named) else ""


def asking(tag: str) -> dict[str, str]:
    """The headers that ask for another edition only."""
    etag, modified = json.loads(tag) if tag else ("", "")
    pairs = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in pairs.items() if value}
