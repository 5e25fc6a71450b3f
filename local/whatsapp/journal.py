"""What happened, in memory and bounded: messages sent, refusals, receipts, and each citizen's conversation."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any

from local.whatsapp.scheduler import Clock

Json = dict[str, Any]
EVERYBODY = ""
KEEP_ASIDE = 2_000  # refusals, receipts


@dataclass(frozen=True, slots=True)
class Known:
    """A message whose id the simulator has given out."""

    user_id: str
    at: float
    inbound: bool
    kind: str


class Journal:
    def __init__(self, clock: Clock, keep_messages: int, keep_events: int, keep_citizens: int) -> None:
        self._clock = clock
        self._keep = (keep_messages, keep_events, keep_citizens)
        self._changed = threading.Condition()
        self._event_numbers = itertools.count(int(clock() * 1000))  # higher after each restart
        self._last_event = 0
        self._closed = False
        self._empty()

    def _empty(self) -> None:
        keep_messages, keep_events, _ = self._keep
        self._messages: deque[Json] = deque(maxlen=keep_messages)
        self._refused: deque[Json] = deque(maxlen=KEEP_ASIDE)
        self._receipts: deque[Json] = deque(maxlen=KEEP_ASIDE)
        self._conversations: OrderedDict[str, deque[Json]] = OrderedDict({EVERYBODY: deque(maxlen=keep_events)})
        self._wamids: OrderedDict[str, Known] = OrderedDict()
        self._seq = 0

    def reset(self) -> None:
        with self._changed:
            self._empty()
            self._add_event(EVERYBODY, {"kind": "reset"})

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    def wait_closed(self, seconds: float) -> None:
        """Sleep, but not beyond the simulator's end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, seconds)

    # --- what the town sent --------------------------------------------------------------------------

    def sent(self, request: Json, wamid: str, to_user: str) -> int:
        with self._changed:
            self._seq += 1
            entry = {"seq": self._seq, "at": self._clock(), "request": request, "wamid": wamid, "to_user": to_user}
            self._messages.append(entry)
            self._changed.notify_all()
            return self._seq

    def refused(self, request: object, error: Json, http: int) -> None:
        with self._changed:
            self._refused.append({"at": self._clock(), "request": request, "http": http, "error": error})

    def receipt(self, request: Json, user_id: str | None) -> None:
        with self._changed:
            self._receipts.append({"at": self._clock(), "request": request, "user": user_id})

    def messages(self, after: int, wait: float, limit: int, to_user: str | None) -> list[Json]:
        """Those with a higher ``seq``, oldest first; waits up to ``wait`` seconds for one."""
        with self._changed:
            if wait > 0:
                self._changed.wait_for(lambda: self._closed or bool(self._after(after, to_user)), wait)
            return self._after(after, to_user)[:limit]

    def _after(self, after: int, to_user: str | None) -> list[Json]:
        newer = list(itertools.takewhile(lambda entry: entry["seq"] > after, reversed(self._messages)))
        return [entry for entry in reversed(newer) if to_user in (None, entry["to_user"])]

    def aside(self, which: str) -> list[Json]:
        with self._changed:
            return list(self._refused if which == "refused" else self._receipts)

    @property
    def last_seq(self) -> int:
        return self._seq

    # --- ids -----------------------------------------------------------------------------------------

    def know(self, wamid: str, user_id: str, kind: str, *, inbound: bool) -> None:
        with self._changed:
            self._wamids[wamid] = Known(user_id, self._clock(), inbound, kind)
            while len(self._wamids) > self._keep[0]:
                self._wamids.popitem(last=False)

    def known(self, wamid: str) -> Known | None:
        with self._changed:
            return self._wamids.get(wamid)

    # --- conversations, for the phone page -----------------------------------------------------------

    def event(self, user_id: str, event: Json) -> None:
        """Something that the citizen's phone shows; ``EVERYBODY`` for what all phones must know."""
        with self._changed:
            self._add_event(user_id, event)

    def _add_event(self, user_id: str, event: Json) -> None:
        _, keep_events, keep_citizens = self._keep
        conversation = self._conversations.setdefault(user_id, deque(maxlen=keep_events))
        self._last_event = next(self._event_numbers)
        conversation.append({"n": self._last_event, "at": self._clock(), **event})
        if user_id != EVERYBODY:
            self._conversations.move_to_end(user_id)
            self._conversations.move_to_end(EVERYBODY)
        while len(self._conversations) > keep_citizens + 1:
            self._conversations.popitem(last=False)
        self._changed.notify_all()

    def move(self, user_id: str, to: str) -> None:
        """A conversation goes with its citizen to the new user id."""
        with self._changed:
            if user_id in self._conversations:
                self._conversations[to] = self._conversations.pop(user_id)

    def events(self, user_id: str, after: int, wait: float) -> list[Json]:
        """The events of one conversation and of everybody, in their order."""
        with self._changed:
            if wait > 0:
                self._changed.wait_for(lambda: self._closed or bool(self._newer(user_id, after)), wait)
            return self._newer(user_id, after)

    def _newer(self, user_id: str, after: int) -> list[Json]:
        if self._last_event <= after:
            return []
        both = (self._conversations.get(key, ()) for key in {user_id, EVERYBODY})
        newer = [
            event
            for events in both
            for event in itertools.takewhile(lambda event: event["n"] > after, reversed(events))
        ]
        return sorted(newer, key=lambda event: int(event["n"]))

    def last_activity(self, user_id: str) -> float:
        with self._changed:
            events = self._conversations.get(user_id)
            return float(events[-1]["at"]) if events else 0.0
