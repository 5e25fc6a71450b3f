"""Job offers out of CSV and out of feeds, whose HTML is not to be trusted."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from canal.content.importers import offers as importer
from canal.content.importers.offers import compile_offers, read_feed, read_offers
from canal.content.importers.plain import plain, web_address
from canal.errors import BadContent
from canal.subjects.offers import Offers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MADRID = ZoneInfo("Europe/Madrid")
TODAY = date(2026, 11, 23)
ALZIRA = Path(__file__).parents[3] / "content" / "alzira" / "jobs"
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Portal</title>
<item><guid>1</guid><title>Cambrer &amp;amp; cambrera</title><link>https://jobs.example/1</link>
<pubDate>Sun, 22 Nov 2026 23:30:00 GMT</pubDate><dc:creator>Bar Nou</dc:creator>
<description>&lt;p&gt;Jornada &lt;b&gt;completa&lt;/b&gt;&lt;/p&gt;
&lt;script&gt;alert(1)&lt;/script&gt;</description></item>
<item><guid>2</guid><title>Forner</title><link>https://jobs.example/2</link></item>
<item><guid>3</guid><title></title><link>https://jobs.example/3</link></item>
<item><guid>4</guid><title>Trampa</title><link>javascript:alert(1)</link></item>
<item><guid>2</guid><title>Forner de nit</title><link>https://jobs.example/2</link></item>
</channel></rss>"""


def feed(folder: Path, text: str | bytes) -> list[dict[str, Any]]:
    path = folder / "portal.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_feed(path, MADRID, TODAY)


def table(folder: Path, *rows: str) -> list[dict[str, Any]]:
    path = folder / "offers.csv"
    path.write_text("\n".join(["id;títol;titol_es;empresa;publicada;fins;url;demo;source", *rows]), "utf-8")
    return read_offers(path)


def test_a_row_is_an_offer_in_both_languages(tmp_path: Path) -> None:
    (offer,) = table(tmp_path, "a1;Forner;Panadero;Forn;01/11/2026;2027-01-31;https://x.example;;a page")
    assert offer == {
        "id": "a1",
        "title": {"ca": "Forner", "es": "Panadero"},
        "company": {"ca": "Forn", "es": "Forn"},
        "published": "2026-11-01",
        "closes": "2027-01-31",
        "url": "https://x.example",
        "source": "a page",
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("b;;;;01/11/2026;;;yes;", "the title is empty"),
        ("b;Nom;;;;;;yes;", "published «» is no date"),
        ("b;Nom;;;01/11/2026;never;;yes;", "closes «never» is no date"),
        ("b;Nom;;;01/11/2026;31/10/2026;;yes;", "closes before it is published"),
        ("b;Nom;;;01/11/2026;;x.example;yes;", "no web address"),
        ("b;Nom;;;01/11/2026;;;;", "the source is empty"),
        ("a:b;Nom;;;01/11/2026;;;yes;", "id «a:b»"),
        ("a;Nom;;;01/11/2026;;;yes;", "id «a»"),
    ],
)
def test_a_faulty_row_is_told_with_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(BadContent) as caught:
        table(tmp_path, "a;Nom;;;01/11/2026;;;yes;", row)
    (fault,) = caught.value.problems
    assert fault.startswith("offers.csv, line 3:")
    assert sentence in fault


def test_a_feed_gives_plain_text_and_the_towns_dates(tmp_path: Path) -> None:
    first, second = feed(tmp_path, FEED)
    assert first["title"] == {"ca": "Cambrer & cambrera", "es": "Cambrer & cambrera"}
    assert first["about"]["ca"] == "Jornada completa"
    assert first["company"]["es"] == "Bar Nou"
    assert first["published"] == "2026-11-23"  # half past eleven in London is tomorrow here
    assert second["published"] == "2026-11-23"  # the day it was fetched, for want of better
    assert second["title"]["ca"] == "Forner de nit"  # the same entry twice: the last one holds


def test_an_atom_feed_is_read_too(tmp_path: Path) -> None:
    text = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Portal</title><entry><id>1</id>
    <title>Forner</title><link href="https://jobs.example/1"/><updated>2026-11-20T10:00:00Z</updated>
    <summary type="html">Torn &lt;i&gt;de nit&lt;/i&gt;</summary></entry></feed>"""
    (offer,) = feed(tmp_path, text)
    assert (offer["published"], offer["about"]["es"]) == ("2026-11-20", "Torn de nit")


def test_ids_stay_the_same_when_the_feed_is_fetched_again(tmp_path: Path) -> None:
    assert [each["id"] for each in feed(tmp_path, FEED)] == [each["id"] for each in feed(tmp_path, FEED)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "neither RSS nor Atom"),
        ("<html><body>Error 500</body></html>", "neither RSS nor Atom"),
        (b"\x89PNG\r\n\x00", "neither RSS nor Atom"),
        ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"/>', "entities"),
        (b" " * (importer.MAX_BYTES + 1), "bytes"),
    ],
)
def test_what_is_no_feed_is_refused(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    with pytest.raises(BadContent, match=sentence):
        feed(tmp_path, text)


def test_all_sources_of_a_folder_come_together_and_all_their_faults(tmp_path: Path) -> None:
    (tmp_path / "links.yaml").write_text(
        "links:\n  - {id: portal, name: {ca: P, es: P}, url: 'https://x.example', source: x}\n"
    )
    table(tmp_path, "a;Nom;;;01/11/2026;;;yes;")
    feed(tmp_path, FEED)
    data = compile_offers(tmp_path, MADRID, TODAY)
    assert len(data["offers"]) == 3
    assert data["links"][0]["url"] == "https://x.example"
    (tmp_path / "offers.csv").write_text("id\n")
    (tmp_path / "portal.xml").write_text("x")
    with pytest.raises(BadContent) as caught:
        compile_offers(tmp_path, MADRID, TODAY)
    assert {fault.split(",")[0].split(":")[0] for fault in caught.value.problems} == {"offers.csv", "portal.xml"}


def test_text_without_tags_is_left_as_it_is() -> None:
    assert plain("menys de 5 < 10 i més", 50) == "menys de 5 < 10 i més"
    assert plain("A  &amp;\tB", 50) == "A & B"
    assert plain("a\u202eb\u0007", 50) == "ab"
    assert plain("<p>u</p><p>dos</p>", 50) == "u\ndos"
    assert plain("x" * 60, 50) == "x" * 49 + "…"


@pytest.mark.parametrize("text", ["", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b"])
def test_only_addresses_of_the_web_are_links(text: str) -> None:
    assert web_address(text) == ""
    assert web_address("https://x.example/a?b=1") == "https://x.example/a?b=1"


def test_alziras_offers_are_demonstrations_some_of_them_over_and_some_open_all_through_2027() -> None:
    data = compile_offers(ALZIRA, MADRID, TODAY)
    assert all(each["demo"] for each in data["offers"])
    assert any(each["closes"] < TODAY.isoformat() for each in data["offers"])
    found = Offers.from_content(data)
    for month in range(1, 13):
        assert len(found.open(datetime(2027, month, 15, 12, tzinfo=MADRID))) >= 4
    assert found.page(datetime(2026, 11, 23, 12, tzinfo=MADRID)).pages > 1


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(FEED)), st.binary(max_size=20))
def test_no_broken_feed_crashes_the_import(tmp_path: Path, cut: int, junk: bytes) -> None:
    try:
        found = feed(tmp_path, FEED.encode()[:cut] + junk)
    except BadContent:
        found = []
    assert all(each["title"] and each["url"].startswith("https://") for each in found)
