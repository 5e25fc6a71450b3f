"""The public feeds as a reader or another program sees them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, Kind
from canal.broadcasts.states import State
from canal.cap.feed import contents
from canal.cap.reading import read
from canal.errors import Temporary
from canal.feeds import router
from canal.feeds.outside import Outside
from defusedxml.ElementTree import fromstring

from tests.alerts import check_schema
from tests.fakes import FakeTowns
from tests.noticeboard import MONDAY, Board, FakeCampaigns, a_campaign
from tests.towns import alzira

EVENING = MONDAY + timedelta(hours=10)
ATOM = "{http://www.w3.org/2005/Atom}"


def sent(id: str = "20261123-prova", at: datetime = MONDAY, **changed: Any) -> Campaign:
    ready = replace(a_campaign(id=id, until=EVENING, state=State.APPROVED, created_at=at), **changed)
    return changes.planning(ready, at)


def news(id: str = "20261120-fira", at: datetime = MONDAY - timedelta(days=3), **changed: Any) -> Campaign:
    return sent(id, at, **{"kind": Kind.NEWS, "topic": "news", "until": None, **changed})


@dataclass
class Site:
    campaigns: list[Campaign] = field(default_factory=list)
    now: datetime = MONDAY + timedelta(minutes=5)
    board: Board = field(default_factory=Board)

    def __post_init__(self) -> None:
        self.board.campaigns = {each.id: each for each in self.campaigns}

    def ask(self, path: str, query: str = "", method: str = "GET", **headers: str) -> dict[str, Any]:
        outside = Outside(FakeCampaigns(self.board), FakeTowns(alzira()), lambda: self.now)
        return router.respond(event(path, query, method, headers), outside).response

    def tree(self, path: str, query: str = "") -> Element:
        answer = self.ask(path, query)
        assert answer["statusCode"] == 200
        root: Element = fromstring(answer["body"])
        return root


def event(path: str, query: str = "", method: str = "GET", headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name.replace("_", "-"): value for name, value in (headers or {}).items()},
        "requestContext": {"domainName": "api.canal.test", "http": {"method": method}},
    }


def titles(root: Element) -> list[str]:
    return [item.findtext("title") or "" for item in root.iter("item")]


def test_the_rss_holds_what_went_out_the_newest_first() -> None:
    root = Site([news(), sent()]).tree("/notices.rss")
    assert titles(root) == ["Pluja forta", "Pluja forta"]
    first, second = root.iter("item")
    assert first.findtext("link") == "https://api.canal.test/notices/20261123-prova.cap"
    assert second.findtext("link") == "https://www.alzira.es"
    assert first.findtext("guid") == "www.alzira.es:20261123-prova"
    assert parsedate_to_datetime(first.findtext("pubDate") or "") == MONDAY
    assert first.findtext("description") == "Eviteu els barrancs fins a les 20 h."
    assert first.findtext("category") == "Alertes"


def test_the_rss_speaks_both_languages() -> None:
    root = Site([sent()]).tree("/notices.rss", "lang=es")
    assert titles(root) == ["Lluvia fuerte"]
    assert root.findtext("channel/language") == "es-ES"
    assert root.findtext("channel/title") == "Avisos del Ayuntamiento (Alzira)"


def test_an_empty_feed_is_a_feed() -> None:
    assert titles(Site().tree("/notices.rss")) == []
    assert Site().tree("/notices.cap.atom").findtext(f"{ATOM}updated") == "2000-01-01T00:00:00-00:00"


@pytest.mark.parametrize("state", [State.DRAFT, State.CHECKED, State.APPROVED, State.CANCELLED])
def test_what_has_not_gone_out_is_nowhere(state: State) -> None:
    site = Site([a_campaign(state=state, until=EVENING)])
    assert titles(site.tree("/notices.rss")) == []
    assert list(site.tree("/notices.cap.atom").iter(f"{ATOM}entry")) == []
    assert site.ask("/notices/20261123-prova.cap")["statusCode"] == 404


def test_an_alert_is_there_until_it_ends_and_news_for_a_month() -> None:
    site = Site([sent(), news()])
    site.now = EVENING
    assert len(titles(site.tree("/notices.rss"))) == 1
    assert list(site.tree("/notices.cap.atom").iter(f"{ATOM}entry")) == []
    site.now = MONDAY + timedelta(days=27, seconds=1)
    assert titles(site.tree("/notices.rss")) == []


def test_what_is_paused_or_done_counts_as_sent_and_what_failed_does_not() -> None:
    running = sent()
    for after in (changes.paused(running, MONDAY, "x"), changes.done(changes.sending(running, MONDAY), MONDAY)):
        assert len(titles(Site([after]).tree("/notices.rss"))) == 1
    assert titles(Site([changes.failed(running, MONDAY, "x")]).tree("/notices.rss")) == []


def test_what_was_written_long_ago_and_still_runs_is_found() -> None:
    assert len(titles(Site([sent("20250101-vell")]).tree("/notices.rss"))) == 1


def test_many_campaigns_are_looked_through_page_by_page() -> None:
    drafts = [a_campaign(id=f"20261123-{number:03}", state=State.DRAFT) for number in range(120)]
    done = changes.done(changes.sending(sent("20261101-fet", MONDAY), MONDAY), MONDAY)
    assert len(titles(Site([*drafts, done]).tree("/notices.rss"))) == 1


def test_a_demonstration_is_marked_in_every_feed() -> None:
    site = Site([sent(demo=True)])
    assert titles(site.tree("/notices.rss")) == ["[Demostració] Pluja forta"]
    assert read(site.ask("/notices/20261123-prova.cap")["body"].encode()).status == "Test"


def test_nothing_of_staff_is_public() -> None:
    campaign = replace(sent(), written_by="empar@alzira.test", approved_by="pere@alzira.test")
    site = Site(
        [changes.cancelled(campaign, MONDAY, "pere@alzira.test"), sent("20261123-b", written_by="empar@alzira.test")]
    )
    for path in ("/notices.rss", "/notices.cap.atom", "/notices/20261123-prova.cap", "/notices/20261123-b.cap"):
        body = site.ask(path)["body"]
        assert "@" not in body
        assert "comunicacio" not in body


def test_the_index_leads_our_own_reader_to_the_alert() -> None:
    site = Site([sent(), news()])
    (link,) = contents(site.ask("/notices.cap.atom")["body"].encode(), "").links
    assert link == "https://api.canal.test/notices/20261123-prova.cap"
    answer = site.ask("/notices/20261123-prova.cap")
    check_schema(answer["body"].encode())
    assert answer["headers"]["content-type"] == "application/cap+xml; charset=utf-8"
    assert read(answer["body"].encode()).infos[0].headline == "Pluja forta"


def test_what_was_called_off_is_a_cancel_in_the_index_for_a_day() -> None:
    site = Site([changes.cancelled(sent(until=MONDAY + timedelta(days=3)), MONDAY + timedelta(minutes=1), "x")])
    (entry,) = site.tree("/notices.cap.atom").iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Anul·lat: Pluja forta"
    assert read(site.ask("/notices/20261123-prova.cap")["body"].encode()).kind == "Cancel"
    assert titles(site.tree("/notices.rss")) == []
    site.now = MONDAY + timedelta(days=1, minutes=1)
    assert list(site.tree("/notices.cap.atom").iter(f"{ATOM}entry")) == []


def test_an_update_refers_to_the_notice_before_it() -> None:
    site = Site([sent(), sent("20261123-segon", cap={"updates": "20261123-prova"})])
    alert = read(site.ask("/notices/20261123-segon.cap")["body"].encode())
    assert (alert.kind, alert.references[0].identifier) == ("Update", "20261123-prova")


def test_news_is_no_cap_alert() -> None:
    assert Site([news()]).ask("/notices/20261120-fira.cap")["statusCode"] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/notices",
        "/notices.cap",
        "/notices/.cap",
        "/notices/a/b.cap",
        f"/notices/{'x' * 90}.cap",
        "/notices/%00.cap",
    ],
)
def test_another_path_is_told_in_words(path: str) -> None:
    answer = Site().ask(path)
    assert answer["statusCode"] == 404
    assert "no" in answer["body"]
    assert answer["headers"]["content-type"].startswith("text/plain")


def test_another_language_and_another_method_are_told_in_words() -> None:
    assert Site().ask("/notices.rss", "lang=fr")["statusCode"] == 400
    refused = Site().ask("/notices.rss", method="POST")
    assert (refused["statusCode"], refused["headers"]["allow"]) == (405, "GET, HEAD")


def test_caches_may_keep_it_and_ask_whether_it_changed() -> None:
    site = Site([sent()])
    answer = site.ask("/notices.rss")
    assert answer["headers"]["cache-control"] == "public, max-age=300"
    assert site.ask("/notices.cap.atom")["headers"]["cache-control"] == "public, max-age=60"
    tag = answer["headers"]["etag"]
    same = site.ask("/notices.rss", If_None_Match=f'"other", W/{tag}')
    assert (same["statusCode"], same["body"], same["headers"]["etag"]) == (304, "", tag)
    site.now += timedelta(minutes=1)
    assert site.ask("/notices.rss")["headers"]["etag"] == tag
    site.board.campaigns.clear()
    assert site.ask("/notices.rss", If_None_Match=tag)["statusCode"] == 200


def test_head_is_get_without_a_body() -> None:
    site = Site([sent()])
    head, get = site.ask("/notices.rss", method="HEAD"), site.ask("/notices.rss")
    assert (head["statusCode"], head["headers"], head["body"]) == (200, get["headers"], "")
    assert site.ask("/nothing", method="HEAD")["body"] == ""


def test_a_path_below_a_stage_keeps_it_in_its_links() -> None:
    assert "https://api.canal.test/prod/notices/20261123-prova.cap" in Site([sent()]).ask("/prod/notices.rss")["body"]


def test_a_store_that_does_not_answer_is_said_and_not_kept() -> None:
    site = Site([sent()])

    def broken(call: str) -> None:
        raise Temporary("DynamoDB")

    site.board.tap = broken
    told = router.respond(
        event("/notices/20261123-prova.cap"),
        Outside(FakeCampaigns(site.board), FakeTowns(alzira()), lambda: site.now),
    )
    assert (told.response["statusCode"], told.trouble) == (503, "DynamoDB")
    assert told.response["headers"]["cache-control"] == "no-store"
    assert "DynamoDB" not in told.response["body"]


def test_content_that_cannot_be_had_is_said_too() -> None:
    class NoTowns:
        def current(self) -> Any:
            raise Temporary("S3")

    told = router.respond(event("/notices.rss"), Outside(FakeCampaigns(Board()), NoTowns(), lambda: MONDAY))
    assert (told.response["statusCode"], told.trouble) == (503, "S3")
