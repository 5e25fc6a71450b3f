"""An Atom index of the alerts in force, each entry with the address of its CAP message."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.message import words_in
from canal.cap.alert import Alert
from canal.cap.ours import TAGS, sender
from canal.cap.writing import moment
from canal.dialogue.messages import Language
from canal.dialogue.town import Town
from canal.feeds.public import title
from canal.feeds.xml import ATOM, CAP, put, text_of

NEVER = "2000-01-01T00:00:00-00:00"  # when an index changed that was always empty

Entry = tuple[Campaign, Alert]


def atom(town: Town, language: Language, found: Sequence[Entry], address: str) -> bytes:
    """``found``: the campaigns and what is to be said of each now, the newest first."""
    root = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": TAGS[language]})
    own = f"{address}/notices.cap.atom"
    _put(root, "id", own)
    _put(root, "title", town.text("feeds.alerts", language, town=town.name))
    _put(root, "updated", max((moment(alert.sent) for _, alert in found), default=NEVER))
    _put(_put(root, "author"), "name", town.text("cap.sender", language, town=town.name))
    SubElement(root, f"{{{ATOM}}}link", {"rel": "self", "type": "application/atom+xml", "href": own})
    for campaign, alert in found:
        _entry(_put(root, "entry"), campaign, alert, town, language, address)
    return text_of(root)


def _entry(node: Element, campaign: Campaign, alert: Alert, town: Town, language: Language, address: str) -> None:
    words = words_in(campaign, language)
    _put(node, "id", f"tag:{sender(town)},{alert.sent:%Y-%m-%d}:{alert.identifier}")
    _put(node, "title", title(campaign, town, words.headline, language))
    _put(node, "published", moment(alert.sent))
    _put(node, "updated", moment(alert.sent))
    url = f"{address}/notices/{campaign.id}.cap"
    SubElement(node, f"{{{ATOM}}}link", {"rel": "alternate", "type": CAP, "href": url})
    _put(node, "summary", words.line)


def _put(node: Element, name: str, text: str = "") -> Element:
    return put(node, f"{{{ATOM}}}{name}", text)
