"""The entry of the digests: what the schedules send it, and what it answers."""

from __future__ import annotations

from typing import Any

import pytest
from canal.errors import Temporary
from canal.services.notices.digesting import UnknownDigest

from functions.broadcast.digest import handler, respond
from tests.towns import alzira_with, section
from tests.unit.services.test_digesting import Office


def answer(event: dict[str, Any], office: Office | None = None) -> dict[str, str]:
    return respond(event, (office or Office()).digesting())


def test_a_schedule_makes_its_campaign(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer({"digest": "agenda"}) == {"result": "made", "campaign": "20261126-agenda-w48"}
    assert "DigestsMade" in capsys.readouterr().out


def test_an_agenda_that_is_not_loaded_is_counted_and_warned_of(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    office = Office(alzira_with(agenda={**section("agenda"), "until": "2026-11-27"}))
    assert answer({"digest": "agenda"}, office)["campaign"] == ""
    assert "AgendaNotLoaded" in capsys.readouterr().out
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize("event", [{}, {"digest": "horoscope"}, {"source": "aws.scheduler", "detail": {}}])
def test_an_event_that_asks_for_nothing_known_fails_aloud(event: dict[str, Any]) -> None:
    with pytest.raises(UnknownDigest):
        answer(event)


def test_what_fails_is_raised_so_that_it_is_tried_again() -> None:
    office = Office()

    def fail(call: str) -> None:
        raise Temporary("no answer")

    office.board.tap = fail
    with pytest.raises(Temporary):
        answer({"digest": "agenda"}, office)


def test_the_handler_passes_on_what_was_built_for_it() -> None:
    with pytest.raises(UnknownDigest):
        handler({}, None)
