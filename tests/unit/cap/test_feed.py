"""What a watched address gives: the content itself says what it is."""

from __future__ import annotations

import pytest
from canal.cap.alert import BadAlert
from canal.cap.feed import contents
from canal.cap.writing import written

from tests.alerts import an_alert, rss_of, sample

HERE = "https://avisos.example/rss/feed.xml"


def test_a_cap_file_is_its_own_feed() -> None:
    assert contents(written(an_alert()), HERE).alerts == (an_alert(),)


def test_an_rss_index_leads_to_whole_addresses_each_once() -> None:
    found = contents(rss_of("/a.xml", "b.xml", "https://o.example/c.xml", "/a.xml", "ftp://x/y", "", "http://["), HERE)
    assert found.links == (
        "https://avisos.example/a.xml",
        "https://avisos.example/rss/b.xml",
        "https://o.example/c.xml",
    )


def test_an_item_without_a_link_may_have_it_elsewhere() -> None:
    items = (
        '<item><guid>/g.xml</guid></item><item><link>/p</link><enclosure type="application/cap+xml" url="/e"/></item>'
    )
    found = contents(f"<rss><channel>{items}<item/></channel></rss>".encode(), HERE)
    assert found.links == ("https://avisos.example/g.xml", "https://avisos.example/e")


def test_an_atom_entry_links_to_its_alert_or_holds_it() -> None:
    inside = written(an_alert()).decode().partition("?>")[2]
    raw = f"""<feed xmlns="http://www.w3.org/2005/Atom">
      <entry><link rel="self" href="/self"/><link href="/page"/><link type="application/cap+xml" href="/1.cap"/></entry>
      <entry><link href="/2.cap"/></entry>
      <entry/>
      <entry><content type="application/cap+xml">{inside}</content></entry>
      <entry><content><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/></content></entry>
    </feed>""".encode()
    found = contents(raw, HERE)
    assert found.links == ("https://avisos.example/1.cap", "https://avisos.example/2.cap")
    assert found.alerts == (an_alert(),)
    assert found.faults == ("it has no identifier",)


@pytest.mark.parametrize("raw", [b"", b"<html/>", b'{"datos": "https://x"}', sample("entity-bomb.xml")])
def test_anything_else_is_told(raw: bytes) -> None:
    with pytest.raises(BadAlert):
        contents(raw, HERE)


def test_an_index_may_be_larger_than_an_alert_but_not_endless() -> None:
    with pytest.raises(BadAlert, match="3,000,000"):
        contents(b"<rss>" + b" " * 3_000_000 + b"</rss>", HERE)
    with pytest.raises(BadAlert, match="1,000,000"):
        contents(written(an_alert()) + b" " * 1_000_000, HERE)
