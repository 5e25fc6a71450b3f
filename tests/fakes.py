"""Fakes of the ports: small, in memory, and as strict as the real ones (tests/contracts runs both)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.dialogue.understanding.text import fold, words
from canal.errors import AlreadyRun, BadInput, LostRace, Refused
from canal.incidents.case import Case, Kind, What
from canal.incidents.changes import forgotten
from canal.incidents.watch import next_look
from canal.ports import Body, Page, Search, TurnRecord
from canal.subjects import geo


class FakeCases:
    """Cases in a dict by number, ``rows``. ``now`` decides what is overdue."""

    def __init__(self, *cases: Case, now: datetime | None = None) -> None:
        self.rows: dict[str, Case] = {case.id: case for case in cases}
        self.now = now or datetime.now(UTC)
        self.calls: list[str] = []

    def load(self, number: str) -> Case | None:
        self.calls.append("load")
        return self.rows.get(number)

    def save(self, case: Case) -> Case:
        self.calls.append("save")
        self.check(case)
        self.rows[case.id] = replace(case, version=case.version + 1)
        return self.rows[case.id]

    def delete(self, case: Case) -> None:
        self.calls.append("delete")
        if case.id in self.rows:  # deleted already: done
            self.check(case)
            del self.rows[case.id]

    def check(self, case: Case) -> None:
        """Raises LostRace unless the stored case has this one's version."""
        stored = self.rows.get(case.id)
        if (stored.version if stored else 0) != case.version:
            raise LostRace("the case changed in between")

    def near(self, category: str, latitude: float, longitude: float, metres: float) -> tuple[Case, ...]:
        self.calls.append("near")
        found = []
        for case in self.rows.values():
            here = case.position
            if here and case.open and (case.kind, case.category) == (Kind.INCIDENT, category):
                found.append((geo.metres(latitude, longitude, here.latitude, here.longitude), case))
        found.sort(key=lambda each: each[0])
        return tuple(case for distance, case in found if distance <= metres)

    def of(self, citizen: str) -> tuple[Case, ...]:
        self.calls.append("of")
        mine = (case for case in self.rows.values() if citizen and case.citizen == citizen)
        return tuple(sorted(mine, key=lambda case: case.created_at, reverse=True)[:20])

    def following(self, number: str) -> tuple[Case, ...]:
        self.calls.append("following")
        found = (without_history(case) for case in self.rows.values() if number and case.duplicate_of == number)
        return tuple(sorted(found, key=lambda case: case.created_at))

    def waiting(self, watch: str, until: datetime, limit: int) -> tuple[str, ...]:
        self.calls.append("waiting")
        looks = [(look[1], case.id, look[0]) for case in self.rows.values() if (look := next_look(case))]
        return tuple(number for at, number, kind in sorted(looks) if kind == watch and at <= until)[:limit]

    def search(self, wanted: Search) -> Page:
        self.calls.append("search")
        if wanted.cursor and not wanted.cursor.isdecimal():
            raise BadInput("this is not a cursor of this list")
        found = [without_history(case) for case in self.rows.values() if self._fits(case, wanted)]
        number = wanted.text.strip().upper()
        if len(number) >= 8 and (named := [case for case in found if case.id == number]):
            return Page(tuple(named))
        if wanted.overdue:
            found.sort(key=lambda case: (case.due_at, case.id))
        else:
            found.sort(key=lambda case: (case.open, case.created_at), reverse=True)
        start = int(wanted.cursor or 0)
        end = start + min(max(wanted.limit, 1), 200)
        return Page(tuple(found[start:end]), str(end) if end < len(found) else "")

    def _fits(self, case: Case, wanted: Search) -> bool:
        remarks = " ".join(event.words for event in case.history if event.what == What.REMARKED)
        text = fold(f"{case.words} {case.address} {case.id} {remarks[:1_000]}")
        return (
            not case.erased
            and (not wanted.departments or case.department in wanted.departments)
            and (not wanted.kinds or case.kind in wanted.kinds)
            and (not wanted.states or case.state in wanted.states)
            and (not wanted.category or case.category == wanted.category)
            and (not wanted.zone or case.zone == wanted.zone)
            and all(word in text for word in words(wanted.text))
            and (wanted.since is None or case.created_at >= wanted.since)
            and (wanted.until is None or case.created_at < wanted.until)
            and (not wanted.overdue or (case.open and case.due_at is not None and case.due_at < self.now))
        )


def without_history(case: Case) -> Case:
    """As lists give it: without history, files and contact."""
    return replace(case, history=(), files=(), contact={})


class FakeConversations:
    """Citizens and turns in two dicts, cases in a FakeCases."""

    def __init__(self, cases: FakeCases | None = None) -> None:
        self.citizens: dict[str, Citizen] = {}
        self.turns: dict[tuple[str, str], TurnRecord] = {}
        self.store = cases or FakeCases()
        self.moved: dict[str, str] = {}
        self.calls: list[str] = []

    @property
    def cases(self) -> dict[str, Case]:
        return self.store.rows

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
        for case in cases:
            self.store.check(case)
        self.turns[turn.citizen, turn.wamid] = turn
        self.moved.pop(after.key, None)
        self.citizens[after.key] = replace(after, version=after.version + 1)
        self.cases.update({case.id: replace(case, version=case.version + 1) for case in cases})

    def erase(self, citizen: Citizen, turn: TurnRecord) -> None:
        self.calls.append("erase")
        for case in self._cases_of(citizen.key):
            self.cases[case.id] = replace(forgotten(case), version=case.version + 1)
        self._check(citizen, turn)
        for key, old in self.turns.items():
            if key[0] in (citizen.key, citizen.phone, turn.citizen):
                self.turns[key] = replace(old, replies=(), events=(), state="erased")
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
        for case in self._cases_of(old.key):
            self.cases[case.id] = replace(case, citizen=after.key, version=case.version + 1)
        self.citizens[after.key] = replace(after, version=(new.version if new else 0) + 1)

    def _cases_of(self, key: str) -> list[Case]:
        return [case for case in self.cases.values() if case.citizen == key]

    def mark_undeliverable(self, key: str, wamid: str, reason: str) -> None:
        self.calls.append("mark")
        self.turns[key, wamid] = replace(self.turns[key, wamid], state="undeliverable", reason=reason)

    def _check(self, citizen: Citizen, turn: TurnRecord) -> None:
        if (turn.citizen, turn.wamid) in self.turns:
            raise AlreadyRun("the message has a turn")
        stored = self.citizens.get(citizen.key)
        if (stored.version if stored else 0) != citizen.version:
            raise LostRace("the citizen changed in between")


class FakeCitizens:
    """The citizens of a FakeConversations, for those outside the conversation."""

    def __init__(self, conversations: FakeConversations | None = None) -> None:
        self.conversations = conversations or FakeConversations()

    def add(self, *citizens: Citizen) -> None:
        """Make them known, as they are."""
        self.conversations.citizens.update({citizen.key: citizen for citizen in citizens})

    def load(self, key: str) -> Citizen | None:
        return self.conversations.load(key)

    def hold(self, key: str) -> bool:
        return self._changed(key, held=True)

    def block(self, key: str, blocked: bool) -> bool:
        return self._changed(key, blocked=blocked)

    def _changed(self, key: str, **values: bool) -> bool:
        known = self.load(key)
        if known is None:
            return False
        changed = replace(known, **values)  # type: ignore[arg-type]
        if changed != known:
            self.conversations.citizens[known.key] = replace(changed, version=known.version + 1)
        return True


class FakeMedia:
    """Meta's files: ``content`` by media id, bytes or an endless stream; ``failures`` are raised first, one a call."""

    def __init__(self, content: Mapping[str, bytes | Iterator[bytes]] | None = None) -> None:
        self.content = dict(content or {})
        self.failures: list[Exception] = []
        self.mime_type = ""
        self.fetched: list[str] = []

    def fetch(self, media_id: str, into: BinaryIO, max_bytes: int) -> FakeMedia:
        self.fetched.append(media_id)
        if self.failures:
            raise self.failures.pop(0)
        if media_id not in self.content:
            raise Refused("there is no such file")
        held = self.content[media_id]
        for chunk in [held] if isinstance(held, bytes) else held:
            into.write(chunk)
        return self


class FakeFileStore:
    """The bucket of files: key -> bytes, and what was said of each. ``failures`` are raised first, one a call."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.mime_types: dict[str, str] = {}
        self.filenames: dict[str, str] = {}
        self.failures: list[Exception] = []

    def put(self, key: str, content: bytes, mime_type: str, filename: str = "") -> None:
        self._fail()
        self.objects[key], self.mime_types[key], self.filenames[key] = content, mime_type, filename

    def delete(self, key: str) -> None:
        self._fail()
        self.objects.pop(key, None)

    def delete_case(self, case: str) -> None:
        self._fail()
        for key in [key for key in self.objects if key.startswith(f"files/{case}/")]:
            del self.objects[key]

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


class FakeMail:
    """Keeps what is sent, as (to, subject, body); ``failures`` are raised first, one a call."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.failures: list[Exception] = []

    def send(self, to: str, subject: str, body: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((to, subject, body))


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


class FakeCaseQueue:
    """Keeps what is put; raises ``failure`` instead, while there is one."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.messages: list[dict[str, str]] = []
        self.failure = failure

    def put(self, messages: Sequence[Mapping[str, str]]) -> None:
        if self.failure:
            raise self.failure
        self.messages += [dict(message) for message in messages]


class FakeLinks:
    """Addresses of stored files."""

    def link(self, key: str, seconds: int = 3600) -> str:
        return f"https://files.test/{key}?seconds={seconds}"


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
