"""The staff API with fakes around it: sign in as somebody, call a route, look at what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import yaml
from canal.desk.app import StaffApi
from canal.desk.cases import cases
from canal.desk.outside import Boxes, Desk
from canal.dialogue.town import Town
from canal.errors import Permanent
from canal.incidents import changes
from canal.incidents.case import Case, File, Kind
from canal.services.logged import told

from functions.incident import api
from tests.builders import NOON, a_case, citizen
from tests.fakes import FakeCaseQueue, FakeCases, FakeCitizens, FakeTowns
from tests.towns import ROOT

ADMINISTRATOR, COMMUNICATIONS, LIGHTING, PARKS = (
    "[administrator]",
    "[communications]",
    "[department:lighting]",
    "[department:parks]",
)


def small_town() -> Town:
    """The staff's words as they are, and of the rest as much as a test can overlook."""
    told = yaml.safe_load((ROOT / "content" / "alzira" / "words" / "desk.yaml").read_text("utf-8"))
    words = {f"desk.{key}": both for key, both in told["desk"].items()}
    facts = {"name": "Prova", "languages": ["ca", "es"], "timezone": "Europe/Madrid", "session_hours": 24}
    return Town({"words": words, "town": {**facts, "holidays": [{"date": "2026-12-08"}]}, "incidents": INCIDENTS})


def named(id: str, ca: str, es: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": {"ca": ca, "es": es}, **more}


def category(id: str, ca: str, es: str, department: str, **more: Any) -> dict[str, Any]:
    usual = {"group": "street", "hint": {}, "words": [], "days": 5, "radius": 50}
    return named(id, ca, es, department=department, **usual, **more)


def box(south: float, north: float) -> list[tuple[float, float]]:
    return [(south, -1), (south, 0), (north, 0), (north, -1)]


INCIDENTS = {
    "departments": [named("lighting", "Enllumenat", "Alumbrado"), named("parks", "Parcs", "Parques")],
    "groups": [named("street", "Carrer", "Calle")],
    "categories": [
        category("streetlight", "Fanal", "Farola", "lighting"),
        category("nuisance", "Molèsties", "Molestias", "parks", private=True),
    ],
    "kinds": {kind: {"department": "parks", "days": 5} for kind in Kind},
    "reopen_days": 15,
    "escalate_after_days": 3,
    "tell": ["in_progress", "waiting", "resolved", "rejected"],
    "municipality": [named("town", "Prova", "Prova", outline=box(39, 40))],
    "zones": [
        named("centre", "Centre", "Centro", words=[], pieces=[box(39.1, 40)]),
        named("south", "Sud", "Sur", words=[], pieces=[box(39, 39.1)]),
    ],
}


class FakeLinks:
    """Links that say what they lead to and for how long."""

    def link(self, key: str, seconds: int = 3600) -> str:
        return f"https://photos.test/{key}?for={seconds}"


@dataclass
class FakePhotos:
    """Objects by key; a black copy says what it is made of. ``failure`` is raised by every drop."""

    objects: dict[str, str] = field(default_factory=dict)
    failure: Exception | None = None

    def blackened(self, case: str, file: File, boxes: Boxes) -> File:
        if file.key not in self.objects:
            raise Permanent("there is no such object")
        number = len(self.objects)
        black = replace(file, key=f"{case}/full{number}", thumbnail=f"{case}/small{number}")
        self.objects[black.key] = f"{self.objects[file.key]}, {len(boxes)} boxes black"
        self.objects[black.thumbnail] = "small"
        return black

    def drop(self, file: File) -> None:
        if self.failure:
            raise self.failure
        for key in (file.key, file.thumbnail):
            self.objects.pop(key, None)


@dataclass
class Told:
    """An answer of the API."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> str:
        return str(self.json["error"])

    @property
    def fields(self) -> list[str]:
        return [detail["field"] for detail in self.json["details"]]

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


class Office:
    """The API, what stands around it, and who is signed in."""

    def __init__(self, *cases: Case, groups: Any = ADMINISTRATOR, town: Town | None = None) -> None:
        self.cases = FakeCases(*cases, now=NOON)
        self.citizens = FakeCitizens()
        self.queue = FakeCaseQueue()
        self.photos = FakePhotos()
        self.groups = groups
        self.email = "anna@alzira.test"
        self.now = NOON
        self.logged: list[tuple[str, Mapping[str, object]]] = []
        self.desk = Desk(
            cases=self.cases,
            citizens=self.citizens,
            queue=self.queue,
            links=FakeLinks(),
            photos=self.photos,
            towns=FakeTowns(town or small_town()),
            clock=self.clock,
            warn=self.warn,
        )

    def clock(self) -> datetime:
        return self.now

    def warn(self, sentence: str, /, *, extra: Mapping[str, object]) -> None:
        self.logged.append((sentence, extra))

    def call(self, method: str, path: str, body: Any = None, if_match: str | None = None, **more: Any) -> Told:
        """One request; ``query`` as pairs, ``headers`` and ``raw`` body as they are."""
        event = self.event(method, path, body, if_match, **more)
        answer = api.respond(event, StaffApi(cases(self.desk), told))
        return Told(answer["statusCode"], answer["headers"], answer["body"])

    def get(self, path: str, *query: tuple[str, str], **more: Any) -> Told:
        return self.call("GET", path, query=query, **more)

    def change(self, method: str, path: str, body: Any = None) -> Told:
        """A change of what is there now."""
        number = path.split("/")[3]
        return self.call(method, path, body, f'"{len(self.cases.rows[number].history)}"')

    def event(
        self,
        method: str,
        path: str,
        body: Any = None,
        if_match: str | None = None,
        query: tuple[tuple[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
        raw: str | None = None,
    ) -> dict[str, Any]:
        sent = raw if raw is not None else json.dumps(body) if body is not None else None
        return http_event(self.email, self.groups, method, path, sent, if_match, query, headers)


def http_event(
    email: str,
    groups: Any,
    method: str,
    path: str,
    body: str | None = None,
    if_match: str | None = None,
    query: tuple[tuple[str, str], ...] = (),
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What API Gateway makes of a request of somebody who is signed in."""
    sent = {"content-type": "application/json", **({"if-match": if_match} if if_match else {}), **(headers or {})}
    claims = {"sub": "u-1", "email": email, "cognito:groups": groups}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": urlencode(query),
        "headers": sent,
        "queryStringParameters": dict(joined(query)),
        "requestContext": {
            "stage": "$default",
            "http": {"method": method, "path": path},
            "authorizer": {"jwt": {"claims": claims}},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def joined(query: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """As API Gateway gives repeated parameters: their values with commas between."""
    for name in dict.fromkeys(name for name, _ in query):
        yield name, ",".join(value for each, value in query if each == name)


PHOTO = File("f1", "image", "m1", NOON, "image/jpeg", state="stored", key="old/full", thumbnail="old/small")


def routed(number: str = "K7Q2M4XA", department: str = "lighting", **given: Any) -> Case:
    """A case that its department has, saved."""
    case = changes.filed(a_case(id=number, history=(), version=1, **given))
    return changes.routed(case, NOON, department, "centre", NOON + timedelta(days=7), tell=True)


def office(*cases: Case, groups: Any = ADMINISTRATOR) -> Office:
    """With the citizen who brought them, who wrote a moment ago."""
    there = Office(*cases, groups=groups)
    there.citizens.add(citizen())
    return there


BODIES: dict[str, tuple[str, str, Any]] = {
    "move": ("POST", "moves", {"state": "in_progress"}),
    "reroute": ("POST", "reroute", {"department": "parks", "reason": "És d'un arbre"}),
    "answer": ("POST", "answers", {"words": "Hui hi anirem"}),
    "note": ("POST", "notes", {"words": "Falta material"}),
    "merge": ("POST", "merge", {"original": "ORIGINAL"}),
    "correct": ("PATCH", "", {"address": "c/ Major, 1"}),
    "redact": ("POST", "redactions", {"words": True}),
    "allow": ("PUT", "files/f1/public", {"public": True}),
    "block": ("PUT", "block", {"reason": "Insults"}),
    "unblock": ("DELETE", "block", None),
}
SPEAKS = {"answer", "note"}
WORKS = set(BODIES) - {"block", "unblock"}


def attempt(there: Office, what: str, if_match: str | None = '"2"') -> Told:
    method, path, body = BODIES[what]
    return there.call(method, f"/api/cases/K7Q2M4XA/{path}".rstrip("/"), body, if_match)


def busy(groups: str = ADMINISTRATOR) -> Office:
    return office(routed(files=(PHOTO,)), routed("ORIGINAL"), groups=groups)
