"""Meta on a bad day, on request: errors, silence and broken lines, before or after the message was taken."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from local.whatsapp.errors import GraphError

MODES = ("error", "hang", "close", "status")
PATHS = ("messages", "media", "templates", "*")
CODE_OF_HTTP = {401: 190, 403: 10, 404: 100, 429: 4, 500: 1, 503: 2}


@dataclass(slots=True)
class Fault:
    """``times`` and ``until`` end it, whichever comes first; one that names neither happens once."""

    id: int
    code: int | None = None
    http: int | None = None
    details: str = "A fault that was asked for."
    body: str | None = None  # answered as it is, when a proxy speaks instead of Meta
    mode: str = "error"
    when: str = "before"
    hang: float = 60.0
    path: str = "messages"
    to: str | None = None  # only messages to this address
    times: int | None = None
    until: float | None = None
    happened: int = 0

    def error(self) -> GraphError:
        http = self.http
        code = self.code if self.code is not None else CODE_OF_HTTP.get(http or 500, 2 if (http or 500) >= 500 else 1)
        return GraphError(code, self.details, http=http)

    def public(self) -> dict[str, Any]:
        return asdict(self)


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._faults: list[Fault] = []

    def add(self, wanted: Mapping[str, Any], now: float) -> Fault:
        """From JSON; raises ValueError naming what is wrong with it."""
        known = {item.name for item in fields(Fault)} - {"id", "until", "happened"} | {"seconds"}
        if unknown := set(wanted) - known:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
        mode, path, when = wanted.get("mode", "error"), wanted.get("path", "messages"), wanted.get("when", "before")
        if mode not in MODES or path not in PATHS or when not in ("before", "after"):
            raise ValueError(f"mode is one of {MODES}, path one of {PATHS}, when before or after")
        if mode == "status" and wanted.get("code") is None:
            raise ValueError("a status fault needs a code")
        given = {key: value for key, value in wanted.items() if key != "seconds"}
        seconds = wanted.get("seconds")
        if seconds is None and given.get("times") is None:
            given["times"] = 1
        until = now + float(seconds) if seconds is not None else None
        with self._lock:
            fault = Fault(next(self._numbers), until=until, **given)
            self._faults.append(fault)
            return fault

    def take(self, path: str, when: str, now: float, to: str | None = None) -> Fault | None:
        """The fault that happens now, if any; counts it."""
        with self._lock:
            self._faults = [
                item for item in self._faults if item.times != 0 and (item.until is None or now < item.until)
            ]
            for fault in self._faults:
                moment = "after" if fault.mode == "status" else fault.when
                if fault.path in (path, "*") and moment == when and fault.to in (None, to):
                    fault.happened += 1
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault
            return None

    def all(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
