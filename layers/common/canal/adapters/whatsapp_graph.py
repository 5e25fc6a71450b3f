"""The connection to Meta's Graph API: one kept-alive session, time-outs on every call, our own errors.

The access token goes to the configured Graph host, for files to Meta's media hosts (``whatsapp_download``), and
nowhere else; it is taken off each request once that is sent, so that no error, log or traceback can show it.
No request is repeated unless it surely did not arrive: Meta has no idempotency key, and a repeated message is
a second message.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util import Retry

from canal.adapters.whatsapp_errors import TOKEN_EXPIRED, Problem, from_response, problem_of, safe
from canal.errors import CanalError, Refused, Stopped, Temporary

TIMEOUT = (3.0, 10.0)  # seconds to connect, and between two pieces of the answer
MAX_IDLE = 60.0  # seconds; an older connection may be dead without our knowing, above all after Lambda slept
CHUNK = 64 * 1024
HEADERS = {"User-Agent": "canal/1.0"}  # the media host refuses some default agents
JSON_HEADERS = HEADERS | {"Content-Type": "application/json"}

# Only a connection that could not be opened is tried again: then nothing was sent.
_RETRY = Retry(total=None, connect=1, read=False, redirect=0, status=0, other=0)

Json = dict[str, Any]


class Token(Protocol):
    """Gives the access token; with ``refresh`` the newest one, because Meta refused the last."""

    def __call__(self, *, refresh: bool = False) -> str: ...


class Graph:
    """Calls to the Graph API. Safe to share between threads."""

    def __init__(
        self,
        base_url: str,
        version: str,
        token: Token,
        connections: int = 10,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``connections`` is how many are kept open, for those who send from several threads."""
        self._graph = f"{base_url.rstrip('/')}/{version}"
        self.base_url = base_url
        self._token = token
        self._clock = clock
        self._used_at = clock()
        self._adapter = HTTPAdapter(pool_maxsize=connections, max_retries=_RETRY)
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc would replace our token, a proxy would see it
        self._session.mount("https://", self._adapter)
        self._session.mount("http://", self._adapter)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._graph!r})"

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        file: tuple[str, BinaryIO | bytes, str] | None = None,
    ) -> Json:
        """Call ``path`` (below the version) and give the answer's JSON object.

        ``file`` is name, content and MIME type of an upload, ``form`` its other parts. Raises Temporary,
        Permanent or Stopped, with a Problem: its ``uncertain`` says that the call may have been carried out.
        """
        request = requests.Request(
            method,
            self.url(path),
            HEADERS if body is None else JSON_HEADERS,
            files={"file": file} if file else None,
            data=encoded(body) if body is not None else form,
            params=params,
        )
        return answered(self.authorised(request.prepare()))

    def url(self, path: str) -> str:
        """The address of ``path``, version included."""
        return f"{self._graph}/{path}"

    def authorised(self, request: requests.PreparedRequest, stream: bool = False) -> requests.Response:
        """Send with the token; if it is refused, once more with the newest one. Raises as ``call``.

        Gives only good answers and, to one who streams, redirects, which are not followed.
        """
        try:
            return self._once(request, self._token(), stream)
        except Stopped as error:
            problem = problem_of(error)
            if problem is None or (problem.code != TOKEN_EXPIRED and problem.status != 401):
                raise
        return self._once(request, self._token(refresh=True), stream)

    def _once(self, request: requests.PreparedRequest, token: str, stream: bool) -> requests.Response:
        """Send once."""
        token = token.strip()
        if not token or not (token.isascii() and token.isprintable()):
            raise Stopped(Problem(details="there is no usable access token"))
        self._leave_idle_connections()
        request.headers["Authorization"] = f"Bearer {token}"
        try:
            # All settings are given, so that requests need not look for them in the environment.
            response = self._session.send(
                request,
                timeout=TIMEOUT,
                allow_redirects=False,
                proxies={},
                verify=True,
                cert=None,
                stream=stream,
            )
        except (requests.RequestException, HTTPError) as error:
            raise translated(error) from error
        finally:
            del request.headers["Authorization"]
        if 200 <= response.status_code < 300 or (stream and response.is_redirect):
            return response
        with response:
            raise from_response(response.status_code, _beginning(response), hide=token)

    def _leave_idle_connections(self) -> None:
        """A message written to a dead connection is lost or not, nobody knows: rather open a new one."""
        now = self._clock()
        if now - self._used_at > MAX_IDLE:
            self._adapter.close()
        self._used_at = now


def answered(response: requests.Response) -> Json:
    """The JSON object of a good answer. Raises Temporary for anything else: Meta's, then, it was not."""
    answer = _parsed(response.content)
    if isinstance(answer, dict):
        return answer
    status = response.status_code
    raise Temporary(Problem(status=status, details="the answer is not JSON", uncertain=True))


def translated(error: Exception) -> CanalError:
    """A failure on the way, in Canal's words; the text of ``error`` itself is not repeated."""
    name = type(error).__name__
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Refused(Problem(details=name))
    return Temporary(Problem(details=name, uncertain=not _was_not_sent(error)))


def _was_not_sent(error: Exception) -> bool:
    """Whether it failed before the request left."""
    early = requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError
    if isinstance(error, early):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def encoded(body: Mapping[str, Any]) -> bytes:
    """``body`` as compact JSON."""
    try:
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
    except ValueError:
        raise Refused(Problem(details="a number that JSON does not know")) from None


def _parsed(content: bytes) -> object:
    """The JSON of an answer; its text where it is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return safe(content[:1000].decode(errors="replace"))


def _beginning(response: requests.Response) -> object:
    """What a refusal says; of a streamed one only the beginning, whoever sent it."""
    try:
        return _parsed(next(response.iter_content(CHUNK), b""))
    except (requests.RequestException, HTTPError):
        return ""
