"""``route`` and ``sweep`` as Lambda calls them: what goes back to the queue, what the log and the figures say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from canal.errors import Temporary
from canal.incidents.watch import has_work

from functions.incident import route, sweep
from tests.builders import NOON
from tests.fakes import FakeCases
from tests.office import Office, picture, record, report

NUMBER = "VXK4M2P9"


def office() -> Office:
    return Office(FakeCases(report(NUMBER, picture()), report("SECOND22"))).with_files(1)


def figures(printed: str) -> dict[str, float]:
    """The metrics that CloudWatch would read out of the log."""
    lines = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    return {name: value[0] for line in lines for name, value in line.items() if isinstance(value, list)}


def test_a_batch_is_worked_off_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    hall = office()
    records = [record({"case": NUMBER}, "1"), record({"case": "SECOND22"}, "2"), record({"citizen": "ES.1001"}, "3")]
    assert route.respond({"Records": records}, hall.errands()) == {"batchItemFailures": []}
    assert not any(has_work(case) for case in hall.cases.rows.values())
    assert figures(capsys.readouterr().out) == {"CasesRouted": 2, "FilesStored": 1, "MailsSent": 2, "ToldSent": 2}


def test_a_batch_delivered_twice_changes_nothing_and_counts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    hall = office()
    batch = {"Records": [record({"case": NUMBER})]}
    route.respond(batch, hall.errands())
    rows, sent = dict(hall.cases.rows), list(hall.outbox.sent)
    capsys.readouterr()
    route.respond(batch, hall.errands())
    assert (hall.cases.rows, hall.outbox.sent) == (rows, sent)
    assert figures(capsys.readouterr().out) == {}


def test_one_record_that_fails_goes_back_alone() -> None:
    hall = office()
    hall.media.failures = [KeyError("a fault of ours")]
    records = [record({"case": NUMBER}, "1"), record("{", "2"), record({"case": "NOBODY99"}, "3")]
    records.append(record({"case": "SECOND22"}, "4"))
    answer = route.respond({"Records": records}, hall.errands())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert hall.cases.rows["SECOND22"].department


def test_the_log_names_messages_and_never_what_a_citizen_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = office()
    hall.cases.rows[NUMBER] = replace(hall.cases.rows[NUMBER], words="els secrets de Aina", address="c/ d'Aina, 3")
    hall.media.failures = [ValueError("els secrets de Aina")]
    hall.mail.failures = [Temporary("SES: 503")]
    noted: list[tuple[str, Any]] = []
    for level in ("error", "warning", "info"):
        monkeypatch.setattr(route.logger, level, lambda sentence, extra: noted.append((sentence, extra)))
    records = [record({"case": NUMBER}, "1"), record('{"words": "Aina"}', "2")]
    route.respond({"Records": records}, hall.errands())
    assert [fields.get("message_id") for _, fields in noted] == ["1", "2", "1", None]
    assert "Aina" not in str(noted)
    assert noted[0][1]["error"] == "ValueError"
    assert "files.py" in noted[0][1]["reason"]


def test_a_function_that_is_about_to_be_stopped_gives_all_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return 5_000

    hall = office()
    monkeypatch.setattr(route, "errands", hall.errands())
    answer = route.handler({"Records": [record({"case": NUMBER}, "1")]}, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_an_empty_batch_is_answered() -> None:
    assert route.respond({"Records": []}, office().errands()) == {"batchItemFailures": []}


def test_the_sweep_queues_what_waits_and_counts_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = office()
    monkeypatch.setattr(sweep, "sweeping", hall.sweeping())
    assert sweep.handler({}, None) == {"CasesInterrupted": 2, "CasesOverdue": 0}
    assert {message["case"] for message in hall.queue.messages} == {NUMBER, "SECOND22"}
    assert figures(capsys.readouterr().out) == {"CasesInterrupted": 2, "CasesOverdue": 0}
    answer = route.respond({"Records": [record(message) for message in hall.queue.messages]}, hall.errands())
    assert answer == {"batchItemFailures": []}
    capsys.readouterr()
    hall.later(minutes=5)
    assert sweep.respond({}, hall.sweeping()) == {"CasesInterrupted": 0, "CasesOverdue": 0}
    assert figures(capsys.readouterr().out) == {}


def test_a_sweep_that_cannot_queue_fails_so_that_somebody_hears_of_it() -> None:
    hall = office()
    hall.queue.failure = Temporary("SQS: 503")
    with pytest.raises(Temporary):
        sweep.respond({}, hall.sweeping())


def test_an_overdue_case_goes_from_the_sweep_to_the_departments_mail() -> None:
    hall = Office(FakeCases(report()))
    due = hall.look().due_at
    assert due is not None
    assert due > NOON
    hall.now = due
    assert sweep.respond({}, hall.sweeping()) == {"CasesInterrupted": 0, "CasesOverdue": 1}
    route.respond({"Records": [record(message) for message in hall.queue.messages]}, hall.errands())
    assert "Fora de termini" in hall.mail.sent[-1][1]
