"""The entries of the public feeds and of the watched ones: an event in, an answer or figures out, and the log."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from canal.broadcasts import changes
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS
from canal.errors import Temporary
from canal.feeds.outside import Outside
from canal.services.notices.sources import Sources
from canal.services.notices.starting import start
from canal.services.notices.watching import Watching

from functions.broadcast import feed, watch
from tests.alerts import FEED, FakeWeb, rss_of, sample, watching_town
from tests.fakes import FakeTowns
from tests.noticeboard import MONDAY, Board, FakeCampaigns, FakeQueues, a_campaign
from tests.towns import alzira

RAIN = "https://avisos.example/rain.xml"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    stream = StringIO()
    for entry in (feed, watch):
        for handler in entry.logger.handlers:
            monkeypatch.setattr(handler, "stream", stream)
    return stream


def event(path: str) -> dict[str, Any]:
    return {"rawPath": path, "headers": {}, "requestContext": {"domainName": "api.test", "http": {"method": "GET"}}}


def watching(board: Board, web: FakeWeb) -> Watching:
    towns = FakeTowns(watching_town({}))
    return Watching(FakeCampaigns(board), towns, Sources(web), lambda campaign, now: None, lambda: MONDAY)


def test_a_feed_is_answered() -> None:
    board = Board()
    board.campaigns["a"] = changes.planning(a_campaign(state=State.APPROVED), MONDAY)
    outside = Outside(FakeCampaigns(board), FakeTowns(alzira()), lambda: MONDAY + timedelta(hours=1))
    answer = feed.respond(event("/notices.rss"), outside)
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "application/rss+xml; charset=utf-8")
    assert "Pluja forta" in answer["body"]


def test_a_store_that_does_not_answer_is_logged(log: StringIO) -> None:
    board = Board()

    def broken(call: str) -> None:
        raise Temporary("DynamoDB is away")

    board.tap = broken
    outside = Outside(FakeCampaigns(board), FakeTowns(alzira()), lambda: MONDAY)
    assert feed.respond(event("/notices/a.cap"), outside)["statusCode"] == 503
    assert "DynamoDB is away" in log.getvalue()


def test_a_run_makes_a_draft_and_counts_what_is_wrong(log: StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    board = Board()
    web = FakeWeb({FEED["url"]: rss_of(RAIN, "https://avisos.example/gone.xml"), RAIN: sample("rain-orange.xml")})
    assert watch.respond({}, watching(board, web)) == {"CapFaults": 1, "CapDraft": 1}
    (campaign,) = board.campaigns.values()
    assert campaign.words["es"].headline == "Aviso de lluvias de nivel naranja. La Ribera"
    assert "it answers 404" in log.getvalue()
    assert "CapFaults" in capsys.readouterr().out


def test_an_alert_that_goes_out_by_itself_is_planned_at_once() -> None:
    board, queues = Board(), FakeQueues()
    campaigns, towns = FakeCampaigns(board), FakeTowns(watching_town({"send_from": "Severe"}))
    sources = Sources(FakeWeb({FEED["url"]: sample("rain-orange.xml")}))
    deps = Watching(campaigns, towns, sources, partial(start, campaigns, queues), lambda: MONDAY)
    assert watch.respond({}, deps) == {"CapSent": 1}
    (campaign,) = board.campaigns.values()
    assert campaign.state == State.PLANNING
    assert len(queues.jobs) == SHARDS
    assert {lane for lane, _ in queues.jobs} == {"alerts"}


def test_a_run_that_finds_nothing_says_nothing(log: StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    assert watch.respond({}, watching(Board(), FakeWeb({FEED["url"]: rss_of()}))) == {}
    assert log.getvalue() == ""
    assert capsys.readouterr().out == ""
