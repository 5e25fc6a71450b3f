"""A WhatsApp number with its limit a second, its faults, and statuses for what it took."""

from __future__ import annotations

import heapq
import random
import threading
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from datetime import timedelta

from canal.adapters.whatsapp_errors import Problem
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Language, Reply
from canal.errors import Temporary, Throttled

from bench.notices.virtual import VirtualClock

LATENCY = (0.08, 0.35)  # seconds that an answer takes
SERVER_ERROR, LOST, STORM = 0.001, 0.0005, 20_000  # shares of calls; a storm of refusals once in so many
STORM_CALLS = 5


class Killed(BaseException):
    """The worker is no more. Nothing in the code may catch it, as nothing catches a power cut."""


class Number:
    """The ``Channel`` port. Over the limit it refuses with 130429, as WhatsApp does."""

    def __init__(self, clock: VirtualClock, limit: int, seed: int = 1) -> None:
        self._clock = clock
        self._limit = limit
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._last: deque[float] = deque()  # when each call of the last second came
        self._storm = 0
        self._due: list[tuple[float, int, str, str]] = []
        self.calls = 0
        self.over = 0  # refused for the limit: never of our own making
        self.faults: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()  # by reference
        self.first: dict[str, float] = {}  # when the first message of a campaign came, by campaign
        self.moments: list[float] = []  # when each message was taken

    def write(self, reply: Reply, to: Citizen, reference: str) -> str:
        return self._call(reference)

    def fill_in(
        self,
        name: str,
        language: Language,
        values: Mapping[str, str],
        payloads: Sequence[str],
        to: Citizen,
        reference: str,
    ) -> str:
        return self._call(reference)

    def _call(self, reference: str) -> str:
        with self._lock:
            now = self._clock.monotonic()
            fault = self._fault(now)
            seconds = self._random.uniform(*LATENCY)
            wamid = "" if fault in ("429", "storm", "500", "lost before") else self._take(reference, now)
        self._clock.sleep(10.0 if fault.startswith("lost") else seconds)
        match fault:
            case "429" | "storm":
                raise Throttled(Problem(130429, status=429, retry_after=1))
            case "500":
                raise Temporary(Problem(131016, status=500))
            case "lost before" | "lost after":
                raise Temporary(Problem(details="no answer", uncertain=True))
        return wamid

    def _fault(self, now: float) -> str:
        """What goes wrong with this call, if anything."""
        self.calls += 1
        while self._last and self._last[0] <= now - 1:
            self._last.popleft()
        if len(self._last) >= self._limit:
            self.over += 1
            return "429"
        self._last.append(now)
        if self.calls % STORM == 0:
            self._storm = STORM_CALLS
        if self._storm:
            self._storm -= 1
            self.faults["storm"] += 1
            return "storm"
        drawn = self._random.random()
        if drawn < SERVER_ERROR:
            self.faults["500"] += 1
            return "500"
        if drawn < SERVER_ERROR + LOST:
            kind = self._random.choice(("lost before", "lost after"))
            self.faults[kind] += 1
            return kind
        return ""

    def _take(self, reference: str, now: float) -> str:
        self.taken[reference] += 1
        self.moments.append(now)
        self.first.setdefault(reference.split("#")[1], now)
        for seconds, state in ((1.0, "sent"), (2.5, "delivered")):
            at = now + seconds + self._random.random()
            heapq.heappush(self._due, (at, len(self.moments), state, reference))
        return f"wamid.{len(self.moments)}"

    def share(self, most: float = 0.99) -> float:
        """How much of what was permitted was used, until ``most`` of all messages had been taken."""
        taken = sorted(self.moments)
        count = int(len(taken) * most)
        return count / (taken[count] - taken[0]) / self._limit

    def count(self, campaign: str) -> int:
        """Messages of a campaign that were taken."""
        with self._lock:
            return sum(count for reference, count in self.taken.items() if f"#{campaign}#" in reference)

    def statuses(self) -> list[dict[str, object]]:
        """The statuses that are due by now, as the events queue has them."""
        now = self._clock.monotonic()
        found: list[dict[str, object]] = []
        with self._lock:
            while self._due and self._due[0][0] <= now:
                at, number, state, reference = heapq.heappop(self._due)
                moment = self._clock.now() - timedelta(seconds=now - at)
                status = {
                    "id": f"wamid.{number}",
                    "status": state,
                    "timestamp": str(int(moment.timestamp())),
                    "biz_opaque_callback_data": reference,
                }
                found.append({"field": "messages", "value": {"phone_number_id": "2", "status": status}})
        return found
