"""Job offers, from a CSV that staff fill in or from the RSS or Atom feed of a job portal.

CSV columns: id, title, title_es, company, company_es, place, about, about_es, published, closes, url, demo,
source, source_date, verified_at; the ``_es`` columns only where Spanish differs. A feed's texts are
somebody else's HTML: they become plain text, and what has no title or no web address is left out.
"""

from __future__ import annotations

import hashlib
import io
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from canal.content.importers.files import bounded
from canal.content.importers.plain import plain, web_address
from canal.content.importers.table import Row, raise_all, read_day, read_flag, read_table
from canal.content.yamlfile import checked
from canal.errors import BadContent

MAX_BYTES = 5_000_000
MAX_OFFERS = 1_000
TITLE, ABOUT = 200, 800  # characters
BILINGUAL = ("title", "company", "place", "about")
HEADINGS = {
    "id": ("codi", "codigo", "referencia"),
    "title": ("titol", "titulo", "lloc de treball", "puesto", "oferta"),
    "title_es": ("titol es", "titulo es"),
    "company": ("empresa",),
    "company_es": ("empresa es",),
    "place": ("lloc", "lugar", "localitat", "localidad"),
    "place_es": ("lloc es", "lugar es"),
    "about": ("descripcio", "descripcion"),
    "about_es": ("descripcio es", "descripcion es"),
    "published": ("publicada", "publicat", "fecha", "data"),
    "closes": ("fins", "fins a", "hasta", "tanca", "cierra", "plazo"),
    "url": ("enllaç", "enlace", "web"),
    "demo": (),
    "source": ("font", "fuente"),
    "source_date": (),
    "verified_at": (),
}


def compile_offers(folder: Path, zone: ZoneInfo, retrieved: date) -> dict[str, Any]:
    """The ``offers`` section of a folder with ``links.yaml``, ``offers.csv`` and feeds (``*.xml``), if any.

    ``retrieved`` is the day the feeds were fetched: it dates the entries that carry no date.
    """
    problems: list[str] = []
    offers: list[dict[str, Any]] = []
    for path in (*sorted(folder.glob("*.csv")), *sorted(folder.glob("*.xml"))):
        try:
            offers += read_offers(path) if path.suffix == ".csv" else read_feed(path, zone, retrieved)
        except BadContent as fault:
            problems += fault.problems
    raise_all(problems)
    return {"offers": offers, "links": read_links(folder / "links.yaml")}


def read_links(path: Path) -> list[dict[str, Any]]:
    """The pages where to go on."""
    seen: set[str] = set()
    with checked(path) as top:
        return [
            {"id": each.identifier(seen), "name": each.both("name"), "url": each.url("url"), **each.origin()}
            for each in top.records("links")
        ]


def read_offers(path: Path) -> list[dict[str, Any]]:
    """The offers of a CSV file."""
    problems: list[str] = []
    seen: set[str] = set()
    rows = read_table(path, HEADINGS, ("id", "title", "published"))
    offers = [_offer(row, seen, problems) for row in rows]
    raise_all(problems)
    return offers


def _offer(row: Row, seen: set[str], problems: list[str]) -> dict[str, Any]:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", row["id"]) or row["id"] in seen:
        problems.append(row.fault(f"id «{row['id']}» must be new and made of letters, digits, «.», «-» or «_»"))
    seen.add(row["id"])
    if not row["title"]:
        problems.append(row.fault("the title is empty; write the job's name"))
    if not row["source"] and not read_flag(row["demo"]):
        problems.append(row.fault("the source is empty; say where the offer comes from, or demo = yes"))
    if row["url"] and not web_address(row["url"]):
        problems.append(row.fault(f"«{row['url'][:60]}» is no web address; start it with https://"))
    offer: dict[str, Any] = {"id": row["id"], **_texts(row), **_days(row, problems)}
    offer |= {key: row[key] for key in ("url", "source", "source_date", "verified_at") if row[key]}
    return offer | {"demo": True} if read_flag(row["demo"]) else offer


def _texts(row: Row) -> dict[str, Mapping[str, str]]:
    limits = {"about": ABOUT}
    return {
        column: {
            "ca": plain(row[column], limits.get(column, TITLE)),
            "es": plain(row[f"{column}_es"] or row[column], limits.get(column, TITLE)),
        }
        for column in BILINGUAL
        if row[column]
    }


def _days(row: Row, problems: list[str]) -> dict[str, str]:
    """``published``, and ``closes`` where the row says it."""
    days = {key: read_day(row[key]) for key in ("published", "closes") if row[key] or key == "published"}
    for key, day in days.items():
        if day is None:
            problems.append(row.fault(f"{key} «{row[key]}» is no date; write it as 23/11/2026 or 2026-11-23"))
    published, closes = days["published"], days.get("closes")
    if published and closes and closes < published:
        problems.append(row.fault("it closes before it is published; mend one of the two dates"))
    return {key: day.isoformat() for key, day in days.items() if day}


def read_feed(path: Path, zone: ZoneInfo, retrieved: date) -> list[dict[str, Any]]:
    """The offers of an RSS or Atom file that was fetched on the day ``retrieved``."""
    raw = bounded(path, MAX_BYTES, "ask the portal for a shorter feed")
    if b"<!ENTITY" in raw:
        raise BadContent([f"{path.name}: declares XML entities, which no feed needs; fetch it again"])
    feed = feedparser.parse(io.BytesIO(raw), sanitize_html=True, resolve_relative_uris=False)
    if not feed.get("version"):
        raise BadContent([f"{path.name}: neither RSS nor Atom; is it a web page?"])
    found = [_entry(entry, zone, retrieved) for entry in feed.entries[:MAX_OFFERS]]
    return list({offer["id"]: offer for offer in found if offer}.values())


def _entry(entry: Any, zone: ZoneInfo, retrieved: date) -> dict[str, Any] | None:
    """One entry; None where nothing could be shown of it."""
    title, url = plain(entry.get("title", ""), TITLE), web_address(entry.get("link", ""))
    if not title or not url:
        return None
    published = _day(entry.get("published_parsed") or entry.get("updated_parsed"), zone)
    closes = _day(entry.get("expired_parsed"), zone)
    offer: dict[str, Any] = {
        "id": hashlib.sha256(str(entry.get("id") or url).encode()).hexdigest()[:10],
        "title": _same(title),
        "published": (published or retrieved).isoformat(),
        "url": url,
        "source": url,
        "source_date": (published or retrieved).isoformat(),
    }
    for key, name in (("company", "author"), ("about", "summary")):
        if text := plain(entry.get(name, ""), ABOUT if key == "about" else TITLE):
            offer[key] = _same(text)
    return offer | {"closes": closes.isoformat()} if closes else offer


def _same(text: str) -> dict[str, str]:
    """A feed speaks one language, and nobody translates it."""
    return {"ca": text, "es": text}


def _day(moment: Any, zone: ZoneInfo) -> date | None:
    """The town's day of a moment that feedparser read, which is in UTC."""
    try:
        return datetime.fromtimestamp(timegm(moment), UTC).astimezone(zone).date() if moment else None
    except (ValueError, OverflowError, OSError):
        return None
