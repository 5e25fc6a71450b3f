"""Fakes of the ports: small, in memory, and as strict as the real ones (tests/contracts runs both)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.errors import AlreadyRun, LostRace
from canal.ports import Body, Case, TurnRecord


class FakeConversations:
    """Citizens and turns in two dicts."""

    def __init__(self) -> None:
        self.citizens: dict[str, Citizen] = {}
        self.turns: dict[tuple[str, str], TurnRecord] = {}
        self.cases: dict[str, Case] = {}
        self.moved: dict[str, str] = {}
        self.calls: list[str] = []

    def load(self, key: str) -> Citizen | None:
        self.calls.append("load")
        while key in self.moved:
            key = self.moved[key]
        return self.citizens.get(key)

    def turn(self, key: str, wamid: str) -> TurnRecord | None:
        self.calls.append("turn")
        return self.turns.get((key, wamid))

    def save(self, before: Citizen | None, after: Citizen, turn: TurnRecord, cases: Sequence[Case]) -> None:
        self.calls.append("save")
        self._check(after, turn)
        self.turns[turn.citizen, turn.wamid] = turn
        self.moved.pop(after.key, None)
        self.citizens[after.key] = replace(after, version=after.version + 1)
        self.cases |= {case.id: case for case in cases}

    def erase(self, citizen: Citizen, turn: TurnRecord) -> None:
        self.calls.append("erase")
        self._check(citizen, turn)
        for key, old in self.turns.items():
            if key[0] in (citizen.key, citizen.phone, turn.citizen):
                self.turns[key] = replace(old, replies=(), events=(), state="erased")
        self.cases = {id: case for id, case in self.cases.items() if case.citizen != citizen.key}
        self.turns[turn.citizen, turn.wamid] = turn
        self.citizens.pop(citizen.key, None)

    def move(self, old: Citizen, new: Citizen | None, after: Citizen) -> None:
        self.calls.append("move")
        stored = [self.citizens.get(key) for key in (old.key, after.key)]
        if [row.version if row else 0 for row in stored] != [old.version, new.version if new else 0]:
            raise LostRace("one of them changed in between")
        self.citizens.pop(old.key)
        self.moved.pop(after.key, None)
        self.moved[old.key] = after.key
        self.cases = {
            id: replace(case, citizen=after.key) if case.citizen == old.key else case for id, case in self.cases.items()
        }
        self.citizens[after.key] = replace(after, version=(new.version if new else 0) + 1)

    def mark_undeliverable(self, key: str, wamid: str, reason: str) -> None:
        self.calls.append("mark")
        self.turns[key, wamid] = replace(self.turns[key, wamid], state="undeliverable", reason=reason)

    def _check(self, citizen: Citizen, turn: TurnRecord) -> None:
        if (turn.citizen, turn.wamid) in self.turns:
            raise AlreadyRun("the message has a turn")
        stored = self.citizens.get(citizen.key)
        if (stored.version if stored else 0) != citizen.version:
            raise LostRace("the citizen changed in between")


class FakeOutbox:
    """Keeps what is sent; ``failures`` are raised first, one a call."""

    def __init__(self, *failures: Exception) -> None:
        self.sent: list[Body] = []
        self.failures = list(failures)

    def send(self, body: Body) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(body)
        return f"wamid.OUT{len(self.sent)}"


class FakeQueue:
    """Keeps what is put; raises ``failure`` instead, if there is one."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.messages: list[Any] = []
        self.failure = failure

    def put(self, messages: Sequence[Any]) -> None:
        if self.failure:
            raise self.failure
        self.messages += messages


class FakeTowns:
    """Always the same town."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def current(self) -> Town:
        return self.town


class FakeSecret:
    """A secret that changes to ``next`` when it is fetched anew."""

    def __init__(self, value: Mapping[str, str], next: Mapping[str, str] | None = None) -> None:
        self._value = value
        self._next = next
        self.refreshed = 0

    def value(self, *, refresh: bool = False) -> Mapping[str, str]:
        if refresh:
            self.refreshed += 1
            self._value = self._next or self._value
        return self._value


class FakePatience:
    """Notes what was told to wait, and after how many tries."""

    def __init__(self) -> None:
        self.waits: list[tuple[str, int]] = []

    def wait(self, record: Mapping[str, Any], tries: int) -> None:
        self.waits.append((record["messageId"], tries))
