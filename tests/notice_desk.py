"""The staff API of notices with fakes around it: sign in as somebody, call a route, look at what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.outside import Health, Limits
from canal.desk.app import StaffApi
from canal.desk.campaigns.counting import Counts
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.subject import notices
from canal.dialogue.citizen import Citizen
from canal.dialogue.town import Town
from canal.errors import CanalError
from canal.services.logged import told
from canal.services.notices.preflight import Preflight
from canal.services.notices.starting import start

from functions.broadcast import api
from tests.desk import ADMINISTRATOR, COMMUNICATIONS, LIGHTING, Told, http_event
from tests.fakes import FakeTowns
from tests.noticeboard import (
    MONDAY,
    Board,
    FakeAccount,
    FakeAllowance,
    FakeCampaigns,
    FakeChannel,
    FakeDeliveries,
    FakePeople,
    FakeQueues,
    FakeSubscribers,
    a_subscriber,
)
from tests.towns import alzira_with, section

__all__ = ["ADMINISTRATOR", "COMMUNICATIONS", "LIGHTING"]

WORDS = {
    "ca": {
        "headline": "Pluja forta",
        "text": "Evita els barrancs.\nFins a les 20 h.",
        "summary": "Evita els barrancs.",
    },
    "es": {"headline": "Lluvia fuerte", "text": "Evita los barrancos.", "summary": ""},
}
DRAFT = {"topic": "alerts", "words": WORDS}
GOOD = (Health("town_alert", "ca", "APPROVED", "UTILITY"), Health("town_alert", "es", "APPROVED", "UTILITY"))
PER_SECOND = 70.0


def town(**changed: Any) -> Town:
    """Alzira, with prices and small numbers for the second person; ``changed`` replaces parts of its notices."""
    usual = {"prices": {"service": 0.02, "utility": 0.03, "marketing": 0.06}, "second_person_from": {"alert": 3}}
    return alzira_with(notices={**section("notices"), "prices_demo": False, **usual, **changed})


class Station:
    """The API, what stands around it, and who is signed in."""

    def __init__(self, *citizens: Citizen, groups: Any = COMMUNICATIONS, town_: Town | None = None) -> None:
        self.board = Board(*citizens)
        self.campaigns, self.deliveries = FakeCampaigns(self.board), FakeDeliveries(self.board)
        self.people, self.subscribers = FakePeople(self.board), FakeSubscribers(self.board)
        self.account = FakeAccount(*GOOD, limits=Limits(2_000, "GREEN", True, MONDAY))
        self.allowance = FakeAllowance()
        self.queues, self.channel = FakeQueues(), FakeChannel()
        self.groups: Any = groups
        self.email = "anna@alzira.test"
        self.now = MONDAY
        self.seconds = 0.0  # of the process's own clock
        self.logged: list[tuple[str, Mapping[str, object]]] = []
        self.failing: CanalError | None = None  # raised when planning is to begin
        self.room = Room(
            campaigns=self.campaigns,
            deliveries=self.deliveries,
            subscribers=self.subscribers,
            people=self.people,
            account=self.account,
            allowance=self.allowance,
            queues=self.queues,
            channel=self.channel,
            preflight=Preflight(self.subscribers, self.people, self.account, self.allowance, self.clock, PER_SECOND),
            counts=Counts(self.deliveries, self.clock, lambda: self.seconds),
            start=self.start,
            towns=FakeTowns(town_ or town()),
            clock=self.clock,
            warn=self.warn,
            per_second=PER_SECOND,
        )
        self.api = StaffApi(notices(self.room), told)

    def clock(self) -> datetime:
        return self.now

    def warn(self, sentence: str, /, *, extra: Mapping[str, object]) -> None:
        self.logged.append((sentence, extra))

    def start(self, campaign: Campaign, now: datetime) -> None:
        if self.failing:
            raise self.failing
        start(self.campaigns, self.queues, campaign, now)

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        if_match: str | None = None,
        query: tuple[tuple[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Told:
        sent = json.dumps(body) if body is not None else None
        event = http_event(self.email, self.groups, method, path, sent, if_match, query, headers)
        answer = api.respond(event, self.api)
        return Told(answer["statusCode"], answer["headers"], answer["body"])

    def get(self, path: str, *query: tuple[str, str]) -> Told:
        return self.call("GET", path, query=query)

    def act(self, campaign: str, what: str, body: Any = None) -> Told:
        """An act on what is there now, by whoever is signed in."""
        etag = self.get(f"/api/campaigns/{campaign}").etag
        return self.call("POST", f"/api/campaigns/{campaign}/{what}", body, etag)

    def written(self, **changed: Any) -> str:
        """A draft by whoever is signed in."""
        answer = self.call("POST", "/api/campaigns", {**DRAFT, **changed})
        assert answer.status == 201, answer.text
        return str(answer.json["id"])

    def checked(self, **changed: Any) -> str:
        """One that may be approved."""
        campaign = self.written(**changed)
        answer = self.act(campaign, "check")
        assert answer.json["state"] == "checked", answer.text
        return campaign

    def sending(self, **changed: Any) -> str:
        """One that somebody else has approved, which is being planned."""
        campaign, mine = self.checked(**changed), self.email
        self.email = "boss@alzira.test"
        answer = self.act(campaign, "approve", {})
        self.email = mine
        assert answer.json["state"] == "planning", answer.text
        return campaign


def station(*citizens: Citizen, **given: Any) -> Station:
    """With four subscribers in two languages, of whom one wrote an hour ago; and whoever else is given."""
    four = (
        a_subscriber("34600000001", zones=("zone-a",)),
        a_subscriber("34600000002", language="es"),
        a_subscriber("34600000003", last_inbound_at=MONDAY - timedelta(hours=1)),
        a_subscriber("ES.1004", language=None, phone="34600000004"),
    )
    return Station(*four, *citizens, **given)


def moment(hour: int, day: int = 23) -> str:
    return datetime(2026, 11, day, hour, tzinfo=UTC).isoformat()
