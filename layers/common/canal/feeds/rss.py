"""RSS 2.0: what a feed reader, the town's site or a journalist follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement

from canal.broadcasts.campaign import Campaign, Kind
from canal.broadcasts.message import words_in
from canal.cap.ours import TAGS, began, sender
from canal.dialogue.messages import Language
from canal.dialogue.town import Town
from canal.feeds.public import title
from canal.feeds.xml import ATOM, CAP, put, text_of

MINUTES = "5"  # that a reader may keep it
# WhatsApp's bold and italics: a pair of marks around words, none of them inside a word.
EMPHASIS = tuple(re.compile(rf"(?<!\w)\{mark}(?=\S)([^\n{mark}]*[^\s{mark}])\{mark}(?!\w)") for mark in "*_")


def rss(town: Town, language: Language, found: Sequence[Campaign], address: str) -> bytes:
    root = Element("rss", {"version": "2.0"})
    channel = SubElement(root, "channel")
    put(channel, "title", town.text("feeds.title", language, town=town.name))
    put(channel, "link", str(town.facts.get("site", "")) or address)
    put(channel, "description", town.text("feeds.about", language))
    put(channel, "language", TAGS[language])
    own = {"rel": "self", "type": "application/rss+xml", "href": f"{address}/notices.rss?lang={language}"}
    SubElement(channel, f"{{{ATOM}}}link", own)
    if found:
        put(channel, "lastBuildDate", _when(began(found[0]) or found[0].created_at))
    put(channel, "ttl", MINUTES)
    for campaign in found:
        _item(SubElement(channel, "item"), campaign, town, language, address)
    return text_of(root)


def _item(item: Element, campaign: Campaign, town: Town, language: Language, address: str) -> None:
    words = words_in(campaign, language)
    topic = town.notices.topic(campaign.topic)
    put(item, "title", plain(title(campaign, town, words.headline, language)))
    if campaign.kind == Kind.ALERT:
        put(item, "link", f"{address}/notices/{campaign.id}.cap")
    elif site := str(town.facts.get("site", "")):
        put(item, "link", site)
    put(item, "description", plain(words.text))
    put(item, "category", topic.name[language] if topic else campaign.topic)
    if campaign.kind == Kind.ALERT:
        url = f"{address}/notices/{campaign.id}.cap"
        SubElement(item, f"{{{ATOM}}}link", {"rel": "alternate", "type": CAP, "href": url})
    put(item, "guid", f"{sender(town)}:{campaign.id}").set("isPermaLink", "false")
    put(item, "pubDate", _when(began(campaign) or campaign.created_at))


def plain(text: str) -> str:
    """``text`` without the marks that only WhatsApp turns into bold and italics."""
    for marked in EMPHASIS:
        text = marked.sub(r"\1", text)
    return text


def _when(moment: datetime) -> str:
    return format_datetime(moment.replace(microsecond=0))
