"""The way in: which feed a path is, and how it becomes HTTP. Open to everybody, kept by caches for a short while."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs

from canal.broadcasts.campaign import Kind
from canal.cap.ours import message
from canal.cap.writing import written
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.errors import Temporary
from canal.feeds import public
from canal.feeds.atom import atom
from canal.feeds.outside import Outside
from canal.feeds.rss import rss
from canal.feeds.xml import CAP

PATH = re.compile(
    r"(?P<before>.*?)/(?P<name>notices\.rss|notices\.cap\.atom|notices/(?P<id>[\w.-]{1,80})\.cap)", re.ASCII
)
KEEP = {"rss": 300, "atom": 60, "cap": 60}  # seconds
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "cap": CAP}
PLAIN = "text/plain"
SHARED = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
METHODS = ("GET", "HEAD")

Response = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The response, and what the log should know of it."""

    response: Response
    trouble: str = ""


class NotFound(Exception):
    """Holds the status and the key of the words that say what is wrong."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


def respond(event: Mapping[str, Any], outside: Outside) -> Told:
    """Answer one HTTP API event (payload 2.0). Whatever is asked, nothing but a fault of ours is raised."""
    method = event["requestContext"]["http"]["method"]
    try:
        town = outside.towns.current()
    except Temporary as error:
        return Told(_plain("503", 503, method), str(error)[:300])
    try:
        if method not in METHODS:
            raise NotFound(405, "feeds.method")
        return Told(_fresh(event, *_feed(event, town, outside)))
    except NotFound as fault:
        return Told(_plain(_both(town, fault.key), fault.status, method))
    except Temporary as error:
        return Told(_plain(_both(town, "feeds.trouble"), 503, method), str(error)[:300])


def _feed(event: Mapping[str, Any], town: Town, outside: Outside) -> tuple[str, bytes]:
    """Which kind of feed it is, and its body. Raises NotFound, Temporary."""
    found = PATH.fullmatch(str(event["rawPath"]))
    if not found:
        raise NotFound(404, "feeds.unknown_path")
    address = f"{_host(event)}{found['before']}"
    if found["id"]:
        return "cap", _cap(found["id"], town, outside)
    language, now = _language(event, town), outside.clock()
    if found["name"].endswith(".rss"):
        return "rss", rss(town, language, public.for_readers(outside.campaigns, now), address)
    told = (
        (each, message(each, town, now, public.earlier(outside.campaigns, each)))
        for each in public.for_programs(outside.campaigns, now)
    )
    return "atom", atom(town, language, [(each, alert) for each, alert in told if alert], address)


def _cap(name: str, town: Town, outside: Outside) -> bytes:
    """What is to be said of one alert now. Raises NotFound for what is no alert, or has not gone out."""
    campaign = outside.campaigns.load(name)
    if campaign is None or campaign.kind != Kind.ALERT:
        raise NotFound(404, "feeds.unknown_notice")
    alert = message(campaign, town, outside.clock(), public.earlier(outside.campaigns, campaign))
    if alert is None:
        raise NotFound(404, "feeds.unknown_notice")
    return written(alert)


def _language(event: Mapping[str, Any], town: Town) -> Language:
    wanted = parse_qs(str(event.get("rawQueryString") or "")[:1000]).get("lang", [town.language])[-1]
    language = next((each for each in LANGUAGES if each == wanted), None)
    if language is None:
        raise NotFound(400, "feeds.unknown_language")
    return language


def _host(event: Mapping[str, Any]) -> str:
    scheme = "http" if _headers(event).get("x-forwarded-proto") == "http" else "https"
    return f"{scheme}://{event['requestContext']['domainName']}"


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}


def _fresh(event: Mapping[str, Any], kind: str, body: bytes) -> Response:
    """The feed, or nothing where the other side has this very one."""
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {**SHARED, "etag": tag, "cache-control": f"public, max-age={KEEP[kind]}"}
    seen = [each.strip().removeprefix("W/") for each in _headers(event).get("if-none-match", "").split(",")]
    if tag in seen or "*" in seen:
        return {"statusCode": 304, "headers": headers, "body": ""}
    silent = event["requestContext"]["http"]["method"] == "HEAD"
    typed = {**headers, "content-type": f"{TYPES[kind]}; charset=utf-8"}
    return {"statusCode": 200, "headers": typed, "body": "" if silent else body.decode()}


def _plain(words: str, status: int, method: str) -> Response:
    """An answer in words. That a notice is unknown may change within a minute; trouble is not to be kept."""
    keep = "public, max-age=30" if status == 404 else "no-store"
    headers = {**SHARED, "content-type": f"{PLAIN}; charset=utf-8", "cache-control": keep}
    if status == 405:
        headers["allow"] = ", ".join(METHODS)
    if status == 503:
        headers["retry-after"] = "30"
    return {"statusCode": status, "headers": headers, "body": "" if method == "HEAD" else words}


def _both(town: Town, key: str) -> str:
    return "\n".join(town.text(key, language) for language in LANGUAGES) + "\n"
