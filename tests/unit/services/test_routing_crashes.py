"""A crash before or after every call that a worker makes: delivered again, the case ends as if nothing had been."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from canal.incidents.case import What
from canal.incidents.watch import Watch, has_work

from tests.builders import citizen
from tests.fakes import FakeCases
from tests.office import Office, joined_to, picture, record, report

NUMBER = "VXK4M2P9"


class Crash(BaseException):
    """The process ends here."""


class Calls:
    """Counts a worker's calls and crashes at number ``at``, before or after it is carried out."""

    def __init__(self, at: int = -1, after: bool = False) -> None:
        self.names: list[str] = []
        self._at = at
        self._after = after

    def tap(self, name: str, fake: Any) -> Any:
        return Tapped(self, name, fake)

    def carry_out(self, name: str, call: Any, arguments: Any, named: Any) -> Any:
        number = len(self.names)
        self.names.append(name)
        if number == self._at and not self._after:
            raise Crash
        answer = call(*arguments, **named)
        if number == self._at:
            raise Crash
        return answer


class Tapped:
    def __init__(self, calls: Calls, name: str, fake: Any) -> None:
        self._calls = calls
        self._name = name
        self._fake = fake

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._fake, method)
        return lambda *a, **named: self._calls.carry_out(f"{self._name}.{method}", call, a, named)


def office() -> Office:
    """A new case with two photos, which somebody else follows already."""
    hall = Office(FakeCases(report(NUMBER, picture(1), picture(2)), joined_to(NUMBER, "OTHER222", "ES.3")))
    hall.citizens.add(citizen("es", key="ES.3", user_id="ES.3", phone="34600000003"))
    return hall.with_files(1, 2)


def calm() -> list[str]:
    calls = Calls()
    office().errands(calls.tap).run([record({"case": NUMBER})])
    return calls.names


def crashed(at: int, after: bool) -> Office:
    """The office after a crash and all that brings the case back: the queue, then the sweep when the lease is over."""
    hall = office()
    with pytest.raises(Crash):
        hall.errands(Calls(at, after).tap).run([record({"case": NUMBER})])
    hall.later(seconds=10).errands().run([record({"case": NUMBER})])
    hall.later(minutes=5)
    while hall.cases.waiting(Watch.WORK, hall.now, 10):
        hall.sweeping().run()
        waiting, hall.queue.messages = hall.queue.messages, []
        assert hall.errands().run([record(message) for message in waiting]).failed == []
        hall.later(minutes=5)
    return hall


def test_a_look_at_a_new_case_makes_all_kinds_of_calls() -> None:
    assert {name.split(".")[0] for name in calm()} == {"cases", "citizens", "media", "store", "mail", "outbox"}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(len(calm())), ids=calm())
def test_a_crash_at_any_call_loses_nothing_and_repeats_at_most_what_was_under_way(at: int, after: bool) -> None:
    hall = crashed(at, after)
    case = hall.cases.rows[NUMBER]
    assert not has_work(case)
    assert case.lease_until is None
    assert [event.what for event in case.history] == [What.FILED, What.ROUTED]
    assert case.history[1].told == {NUMBER: "sent", "OTHER222": "sent"}
    stored = {file.key for file in case.files} | {file.thumbnail for file in case.files}
    assert stored == hall.store.objects.keys()
    assert len(stored) == 4
    sent = [len(hall.mail.sent), *(sum(one["to"] == to for one in hall.outbox.sent) for to in people())]
    assert min(sent) == 1
    assert sum(sent) <= 4  # three, and what was under way


def people() -> tuple[str, ...]:
    return "+34600000099", "+34600000003"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(4))
def test_a_crash_while_a_case_is_erased_leaves_no_file_behind(at: int, after: bool) -> None:
    hall = office()
    hall.errands().run([record({"case": NUMBER})])
    hall.cases.save(replace(hall.cases.rows[NUMBER], citizen="", erased=True))
    try:
        hall.errands(Calls(at, after).tap).run([record({"case": NUMBER})])
    except Crash:
        hall.later(minutes=5).errands().run([record({"case": NUMBER})])
    assert (NUMBER in hall.cases.rows, hall.store.objects) == (False, {})
