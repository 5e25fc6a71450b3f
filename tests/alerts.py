"""CAP alerts to test with: built as XML, so that every test goes through the reader; and the rules of the schema."""

from __future__ import annotations

import gzip
import re
import tarfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from canal.broadcasts.outside import Page
from canal.cap.alert import (
    CATEGORIES,
    CERTAINTIES,
    NAMESPACE,
    RESPONSES,
    SCOPES,
    SEVERITIES,
    STATUSES,
    TYPES,
    URGENCIES,
    Alert,
    Area,
    Info,
)
from canal.cap.writing import written
from canal.dialogue.town import Town
from canal.errors import CanalError, Refused
from defusedxml.ElementTree import fromstring

from tests.noticeboard import MONDAY
from tests.towns import alzira_with, section

DATA = Path(__file__).resolve().parent / "data" / "cap"
EVENING = MONDAY + timedelta(hours=12)
AROUND = ((39.0, -0.7), (39.3, -0.7), (39.3, -0.2), (39.0, -0.2))  # all of the municipality
FAR = ((43.0, -8.0), (43.1, -8.0), (43.1, -7.9))  # Galicia


def sample(name: str) -> bytes:
    return (DATA / name).read_bytes()


def an_info(language: str = "es-ES", **changes: Any) -> Info:
    plain = Info(
        language=language,
        event="Lluvias",
        categories=("Met",),
        urgency="Expected",
        severity="Severe",
        certainty="Likely",
        expires=EVENING,
        headline="Aviso de lluvias" if language.startswith("es") else "Avís de pluges",
        description="Más de 40 mm en una hora." if language.startswith("es") else "Més de 40 mm en una hora.",
        areas=(Area("Ribera", (AROUND,)),),
    )
    return replace(plain, **changes)


def an_alert(identifier: str = "A1", *infos: Info, **changes: Any) -> Alert:
    plain = Alert(identifier, "avisos.example", MONDAY, infos=infos or (an_info(),))
    return replace(plain, **changes)


def update(of: Alert, identifier: str = "A2", *infos: Info, **changes: Any) -> Alert:
    later = {"kind": "Update", "sent": of.sent + timedelta(minutes=30), "references": (of.reference,)}
    return replace(an_alert(identifier, *infos), **{**later, **changes})


def cancel(of: Alert, identifier: str = "A9", **changes: Any) -> Alert:
    later = {"kind": "Cancel", "sent": of.sent + timedelta(hours=1), "references": (of.reference,), "infos": ()}
    return replace(an_alert(identifier), **{**later, **changes})


def packed(*files: bytes, names: Sequence[str] = ()) -> bytes:
    """A tar.gz of files."""
    into = BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz") as archive:
        for number, raw in enumerate(files):
            member = tarfile.TarInfo(names[number] if names else f"alert-{number}.xml")
            member.size = len(raw)
            archive.addfile(member, BytesIO(raw))
    return into.getvalue()


def bomb(size: int) -> bytes:
    """A tar.gz that holds ``size`` zeros."""
    header = tarfile.TarInfo("zeros.xml")
    header.size = size
    return gzip.compress(header.tobuf() + bytes(size))


def rss_of(*links: str) -> bytes:
    items = "".join(f"<item><title>x</title><link>{escape(link)}</link></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


FEED = {"url": "https://avisos.example/feed", "name": "Avisos", "draft_from": "Unknown", "send_from": ""}


def watching_town(*feeds: Mapping[str, str], areas: Mapping[str, list[str]] | None = None) -> Town:
    """Alzira, which watches ``feeds``: each says what it has beyond FEED."""
    notices = section("notices")
    notices["cap"] = {"topic": "alerts", "feeds": [{**FEED, **feed} for feed in feeds], "areas": areas or {}}
    return alzira_with(notices=notices)


class FakeWeb:
    """The web as a table: bytes, an alert, or what is raised. ``asked``: what was fetched, with its tag."""

    def __init__(self, files: Mapping[str, bytes | Alert | CanalError] | None = None) -> None:
        self.files = dict(files or {})
        self.tags: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.waits: Callable[[str], None] = lambda url: None

    def get(self, url: str, tag: str = "", near: str = "") -> Page | None:
        self.asked.append((url, tag))
        self.waits(url)
        found = self.files.get(url, Refused("it answers 404"))
        if isinstance(found, CanalError):
            raise found
        if tag and tag == self.tags.get(url):
            return None
        return Page(written(found) if isinstance(found, Alert) else found, self.tags.get(url, ""))


# --- the rules of CAP-v1.2.xsd ------------------------------------------------------------------------

MOMENT = re.compile(r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
# Elements in the schema's order: at least and at most how many (None: any number).
ALERT: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(("identifier", "sender", "sent", "status", "msgType"), (1, 1)),
    "source": (0, 1),
    "scope": (1, 1),
    **dict.fromkeys(("restriction", "addresses"), (0, 1)),
    "code": (0, None),
    **dict.fromkeys(("note", "references", "incidents"), (0, 1)),
    "info": (0, None),
}
INFO: dict[str, tuple[int, int | None]] = {
    "language": (0, 1),
    "category": (1, None),
    "event": (1, 1),
    "responseType": (0, None),
    **dict.fromkeys(("urgency", "severity", "certainty"), (1, 1)),
    "audience": (0, 1),
    "eventCode": (0, None),
    **dict.fromkeys(("effective", "onset", "expires", "senderName", "headline", "description"), (0, 1)),
    **dict.fromkeys(("instruction", "web", "contact"), (0, 1)),
    **dict.fromkeys(("parameter", "resource", "area"), (0, None)),
}
AREA: dict[str, tuple[int, int | None]] = {
    "areaDesc": (1, 1),
    **dict.fromkeys(("polygon", "circle", "geocode"), (0, None)),
    **dict.fromkeys(("altitude", "ceiling"), (0, 1)),
}
ONE_OF = {
    "status": STATUSES,
    "msgType": TYPES,
    "scope": SCOPES,
    "category": (*CATEGORIES, "Other"),
    "responseType": RESPONSES,
    "urgency": URGENCIES,
    "severity": SEVERITIES,
    "certainty": CERTAINTIES,
}
MOMENTS = ("sent", "effective", "onset", "expires")


def check_schema(raw: bytes) -> Element:
    """The root of a message that follows the rules of the schema; fails where it does not."""
    root: Element = fromstring(raw, forbid_dtd=True)
    assert root.tag == f"{{{NAMESPACE}}}alert"
    _check(root, ALERT)
    assert re.fullmatch(r"[^\s,<&]+", _text(root, "identifier"))
    assert re.fullmatch(r"[^\s,<&]+", _text(root, "sender"))
    for info in root.iter(f"{{{NAMESPACE}}}info"):
        _check(info, INFO)
    for area in root.iter(f"{{{NAMESPACE}}}area"):
        _check(area, AREA)
    for polygon in root.iter(f"{{{NAMESPACE}}}polygon"):
        points = (polygon.text or "").split()
        assert len(points) >= 4
        assert points[0] == points[-1]
        assert all(re.fullmatch(r"-?\d+(\.\d+)?,-?\d+(\.\d+)?", point) for point in points)
    return root


def _check(node: Element, rules: Mapping[str, tuple[int, int | None]]) -> None:
    names = [each.tag.removeprefix(f"{{{NAMESPACE}}}") for each in node]
    order = list(rules)
    assert names == sorted(names, key=order.index), names
    for name, (least, most) in rules.items():
        count = names.count(name)
        assert least <= count <= (count if most is None else most), f"{count} times {name}"
    for child, name in zip(node, names, strict=True):
        if name in MOMENTS:
            assert MOMENT.fullmatch(child.text or ""), child.text
        assert name not in ONE_OF or child.text in ONE_OF[name], (name, child.text)


def _text(root: Element, name: str) -> str:
    return root.findtext(f"{{{NAMESPACE}}}{name}") or ""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
