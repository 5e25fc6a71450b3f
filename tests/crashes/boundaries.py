"""Every call that leaves the process, found where the libraries put bytes on the wire, and a crash at any of them.

botocore (PynamoDB and the signed calls included) and requests each have one function through which every request
goes. Wrapping those two finds the boundaries by itself: nobody keeps a list that a new call could be missing from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from botocore.httpsession import URLLib3Session
from requests.adapters import HTTPAdapter

When = Literal["before", "after"]


class Crash(BaseException):
    """The process ends here. No ``except Exception`` may catch it, as none catches a real end."""


@dataclass(slots=True)
class Wire:
    """Counts the calls made while an entry runs, and crashes at number ``at``, before or after it was answered."""

    at: int | None = None
    when: When = "before"
    calls: list[str] = field(default_factory=list)
    running: str = ""  # the entry at work; nothing is counted outside of one
    crashed: bool = False

    def expect(self, at: int | None, when: When = "before") -> None:
        """Count anew, and crash at call ``at``; None lets all of them through."""
        self.at, self.when, self.calls, self.crashed = at, when, [], False

    def pass_on(self, name: str, send: Callable[[], Any]) -> Any:
        if not self.running:
            return send()
        number = len(self.calls)
        self.calls.append(f"{self.running}: {name}")
        hit = number == self.at and not self.crashed
        if hit and self.when == "before":
            self.crashed = True
            raise Crash
        answer = send()
        if hit:
            self.crashed = True
            raise Crash
        return answer

    @contextmanager
    def inside(self, entry: str) -> Iterator[None]:
        self.running = entry
        try:
            yield
        finally:
            self.running = ""


@contextmanager
def tapped(wire: Wire) -> Iterator[None]:
    """The two functions, led through ``wire``."""
    to_aws, to_http = URLLib3Session.send, HTTPAdapter.send

    def aws(self: URLLib3Session, request: Any) -> Any:
        return wire.pass_on(described(request), lambda: to_aws(self, request))

    def http(self: HTTPAdapter, request: Any, *args: Any, **more: Any) -> Any:
        path = urlsplit(request.url).path.split("/")
        return wire.pass_on(f"{request.method} …/{path[-1][:12]}", lambda: to_http(self, request, *args, **more))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(URLLib3Session, "send", aws)
        patch.setattr(HTTPAdapter, "send", http)
        yield


def described(request: Any) -> str:
    """What an AWS request does, for the report of a failure."""
    target = request.headers.get("X-Amz-Target", b"")
    name = target.decode() if isinstance(target, bytes) else str(target)
    return name.rpartition(".")[2] or f"{request.method} {urlsplit(request.url).path}"[:60]
