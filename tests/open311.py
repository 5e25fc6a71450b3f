"""Open311 as another program sees it: ``Window`` asks and reads what comes back, in either format."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from canal.dialogue.town import Town
from canal.incidents import changes
from canal.incidents.case import Case, Kind, Position
from canal.open311 import router
from canal.open311.asked import Outside
from canal.ports import CaseQueue, Cases, Towns
from defusedxml.ElementTree import fromstring

from tests.fakes import FakeCaseQueue, FakeCases, FakeSecret, FakeTowns
from tests.towns import alzira_with, section

if TYPE_CHECKING:
    from canal.subjects.categories import Category

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # Monday, 12:00 in Alzira
KEY = "a-key-of-the-neighbours-app"
OTHER_KEY = "a-key-of-somebody-else"
SECRET: Any = {"keys": {KEY: "neighbours", OTHER_KEY: "others"}}
LISTS = {"services", "service_requests", "service_request_updates", "attributes", "endpoints", "formats", "errors"}


@cache
def town() -> Town:
    return town_with()


def town_with(**other: Any) -> Town:
    """Alzira, with a category of each kind: listed, listed without its exact place, and not listed."""
    incidents = section("incidents")
    for category, (public, private) in zip(incidents["categories"], [(1, 0), (1, 1), (0, 1)], strict=False):
        category |= {"public": bool(public), "private": bool(private)}
    return alzira_with(incidents=incidents, **other)


class FakeLinks:
    """Links that say which file they lead to."""

    def link(self, key: str, seconds: int = 3600) -> str:
        return f"https://photos.test/{key}?seconds={seconds}"


@dataclass(frozen=True)
class Reply:
    """What came back; ``content`` is its JSON, or its XML read to the same shape with all values as text."""

    status: int
    headers: dict[str, str]
    body: str
    root: str
    content: Any


@dataclass
class Window:
    """The API with fakes behind it; the clock stands still until somebody moves it."""

    cases: Cases = field(default_factory=FakeCases)
    queue: CaseQueue = field(default_factory=FakeCaseQueue)
    towns: Towns = field(default_factory=lambda: FakeTowns(town()))
    keys: FakeSecret = field(default_factory=lambda: FakeSecret(SECRET))
    now: datetime = NOON

    def get(self, path: str, headers: dict[str, str] | None = None, method: str = "GET", **query: Any) -> Reply:
        return self.ask(event(method, path, urlencode(query), headers=headers))

    def post(self, path: str, headers: dict[str, str] | None = None, **form: Any) -> Reply:
        given = {"content-type": "application/x-www-form-urlencoded; charset=utf-8", **(headers or {})}
        return self.ask(event("POST", path, body=urlencode(form), headers=given))

    def ask(self, asked: dict[str, Any]) -> Reply:
        return read(router.respond(asked, self.outside).response)

    @property
    def outside(self) -> Outside:
        return Outside(self.cases, self.queue, self.towns, FakeLinks(), self.keys, lambda: self.now)

    def kept(self, case: Case) -> Case:
        return self.cases.save(case)


def event(
    method: str, path: str, query: str = "", body: str | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """An HTTP API event, payload 2.0, for a path below /open311/v2/."""
    return {
        "version": "2.0",
        "rawPath": f"/open311/v2/{path}",
        "rawQueryString": query,
        "headers": {"host": "api.canal.test", **(headers or {})},
        "requestContext": {"domainName": "api.canal.test", "http": {"method": method, "path": f"/open311/v2/{path}"}},
        **({"body": body, "isBase64Encoded": False} if body is not None else {}),
    }


def read(response: dict[str, Any]) -> Reply:
    headers, body = response["headers"], response["body"]
    root, content = "", None
    if body and headers["content-type"].startswith("text/xml"):
        tree = fromstring(body)
        root, content = tree.tag, plain(tree)
    elif body:
        content = json.loads(body)
    return Reply(response["statusCode"], headers, body, root, content)


def plain(element: Element) -> Any:
    """An element as Python values: lists by name, rows, and text (None where it is empty)."""
    if element.tag in LISTS:
        return [plain(each) for each in element]
    if len(element):
        return {each.tag: plain(each) for each in element}
    return element.text


def as_text(value: Any) -> Any:
    """JSON's values as XML would say them, to compare the two."""
    if isinstance(value, list):
        return [as_text(each) for each in value]
    if isinstance(value, dict):
        return {name: as_text(each) for name, each in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None or value == "" else str(value)


@cache
def street() -> Category:
    """A category that anybody may see, place and photo included."""
    return next(each for each in town().incidents.categories if each.public and not each.private)


@cache
def private() -> Category:
    """A category that is listed, but without its exact place."""
    return next(each for each in town().incidents.categories if each.public and each.private)


@cache
def secret() -> Category:
    """A category that is not listed at all."""
    return next(each for each in town().incidents.categories if not each.public)


CENTRE = Position(39.15127, -0.43512)
IN_TOWN = {"lat": "39.15127", "long": "-0.43512"}


def incident(id: str = "AAAA2222", at: datetime = NOON - timedelta(days=2), **other: Any) -> Case:
    """A citizen's incident in the middle of the town, with what nobody else may know planted in it."""
    plain = Case(
        id=id,
        kind=Kind.INCIDENT,
        citizen="ES.1001",
        language="ca",
        created_at=at,
        words="Soc Empar, 600123456",
        category=street().id,
        position=CENTRE,
        address="davant de casa d'Empar",
        contact={"phone": "600123456", "first_name": "Empar"},
    )
    return changes.filed(replace(plain, **other))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
