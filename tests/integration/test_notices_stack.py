"""Notices on one machine, from the wish in the chat to the tick on the phone: nothing in between is faked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.integration.stack import Stack, eventually, words
from tests.integration.test_incidents_stack import tap

WORDS = {
    "ca": {"headline": "Creix el barranc de Barxeta", "text": "Eviteu la zona fins a les 20 h."},
    "es": {"headline": "Crece el barranco de Barxeta", "text": "Eviten la zona hasta las 20 h."},
}


@dataclass(frozen=True)
class Person:
    """Somebody with a phone who has chosen a language."""

    stack: Stack
    phone: str
    user: str

    def begin(self, language: str) -> Person:
        self.stack.converse("Hola", self.phone, self.user)
        self.stack.converse(language, self.phone, self.user)
        return self

    def tap(self, address: str) -> str:
        before = len(self.replies())
        tap(self.stack, self.phone, self.user, address)
        eventually(lambda: len(self.replies()) > before)
        return self.replies()[-1]

    def join(self, topic: str, *zones: str) -> None:
        self.tap(f"subscriptions:join:{topic}")
        for zone in zones:
            self.tap(f"subscriptions:zone:{topic}:{zone}")
        assert topic in self.row()["subscriptions"]

    def row(self) -> dict[str, Any]:
        return self.stack.citizen(self.user)

    def replies(self) -> list[str]:
        return [words(each) for each in self.stack.replies(self.phone)]

    def notices(self, headline: str) -> int:
        """How often the notice has reached this phone, as text or in the template."""
        return sum(headline in each for each in self.replies())


class Staff:
    """A member of staff at the API."""

    def __init__(self, stack: Stack, email: str) -> None:
        self._url = f"{stack.url}/api"
        self._headers = stack.signed_in(email)

    def get(self, path: str) -> Any:
        response = requests.get(f"{self._url}/{path}", headers=self._headers, timeout=20)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, body: object = None, version: str = "") -> requests.Response:
        headers = {**self._headers, **({"If-Match": version} if version else {})}
        return requests.post(f"{self._url}/{path}", json=body or {}, headers=headers, timeout=30)

    def version(self, campaign: str) -> str:
        response = requests.get(f"{self._url}/campaigns/{campaign}", headers=self._headers, timeout=20)
        return response.headers["ETag"]

    def does(self, what: str, campaign: str, body: object = None) -> dict[str, Any]:
        response = self.post(f"campaigns/{campaign}/{what}", body, self.version(campaign))
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def draft(self, topic: str, headline: str, **more: Any) -> str:
        told = {language: {**both, "headline": f"{headline} {language}"} for language, both in WORDS.items()}
        response = self.post("campaigns", {"topic": topic, "words": told, **more})
        assert response.status_code == 201, response.text
        identifier: str = response.json()["id"]
        return identifier

    def approved(self, topic: str, headline: str, **more: Any) -> str:
        """Written, checked and approved; these few recipients are no mass alert."""
        campaign = self.draft(topic, headline, **more)
        checked = self.does("check", campaign)
        assert checked["state"] == "checked", checked
        self.does("approve", campaign)
        return campaign


def people(stack: Stack) -> tuple[Person, Person, Person]:
    """Two who read Valencian and one who reads Spanish, in two quarters."""
    aina = Person(stack, "34600000301", "ES.301").begin("1")
    carmen = Person(stack, "34600000302", "ES.302").begin("2")
    vicent = Person(stack, "34600000303", "ES.303").begin("1")
    aina.join("alerts", "alquerieta")
    carmen.join("alerts", "alquerieta")
    vicent.join("alerts", "alborxi")
    return aina, carmen, vicent


@pytest.fixture(scope="module")
def town() -> Any:
    with Stack(CANAL_NEVER_QUIET="1") as stack:  # the test runs at any hour
        yield stack, people(stack)


def fire(stack: Stack, schedule: str) -> None:
    response = requests.post(f"{stack.url}/_local/schedules/{schedule}", timeout=60)
    assert response.status_code == 202, response.text


def test_an_alert_for_one_quarter_reaches_exactly_its_people_and_statuses_come_back(town: Any) -> None:
    stack, (aina, carmen, vicent) = town
    staff = Staff(stack, "comunicacio@canal.test")
    campaign = staff.approved("alerts", "Riuada", zones=["alquerieta"])
    eventually(lambda: aina.notices("Riuada ca") and carmen.notices("Riuada es"), seconds=30)
    eventually(lambda: staff.get(f"campaigns/{campaign}")["counts"].get("read") == 2, seconds=60)
    fire(stack, "tend")
    assert (aina.notices("Riuada"), carmen.notices("Riuada"), vicent.notices("Riuada")) == (1, 1, 0)
    recipients = staff.get(f"campaigns/{campaign}/recipients")["recipients"]
    assert sorted(each["state"] for each in recipients) == ["read", "read"]


def test_who_leaves_while_queued_gets_nothing(town: Any) -> None:
    stack, (aina, carmen, vicent) = town
    staff = Staff(stack, "admin@canal.test")
    stack.kill("worker")  # what is queued stays so for a moment; the stack starts another worker
    campaign = staff.approved("alerts", "Temporal")
    stack.say("baixa", phone=vicent.phone, user=vicent.user)
    eventually(lambda: not vicent.row()["subscriptions"], seconds=60)
    eventually(lambda: aina.notices("Temporal") and carmen.notices("Temporal"), seconds=90)
    eventually(lambda: staff.get(f"campaigns/{campaign}")["counts"].get("skipped", 0) <= 1)
    assert vicent.notices("Temporal") == 0


def test_paused_in_the_middle_it_waits_and_goes_on(town: Any) -> None:
    stack, (aina, carmen, _) = town
    staff = Staff(stack, "admin@canal.test")
    requests.post(f"{stack.graph}/_sim/settings", json={"latency_ms": 0}, timeout=5)
    campaign = staff.approved("alerts", "Vent")
    answer = staff.post(f"campaigns/{campaign}/pause", {}, staff.version(campaign))
    if answer.status_code == 200:
        staff.does("resume", campaign)
    eventually(lambda: aina.notices("Vent") and carmen.notices("Vent"), seconds=60)
    assert (aina.notices("Vent"), carmen.notices("Vent")) == (1, 1)


def test_the_agenda_arrives_in_each_ones_language(town: Any) -> None:
    stack, (aina, carmen, vicent) = town
    for person in (aina, carmen):
        person.join("agenda")
    before = {person: len(person.replies()) for person in (aina, carmen, vicent)}
    fire(stack, "agenda")
    eventually(lambda: len(aina.replies()) > before[aina] and len(carmen.replies()) > before[carmen], seconds=60)
    assert "culture:week" in json.dumps(stack.replies(aina.phone)[-1])
    assert "del " in aina.replies()[-1]
    assert aina.replies()[-1] != carmen.replies()[-1]
    assert len(vicent.replies()) == before[vicent]


def test_a_digest_that_is_fired_twice_is_told_once(town: Any) -> None:
    stack, (aina, *_) = town
    staff = Staff(stack, "admin@canal.test")

    def digests() -> list[dict[str, Any]]:
        return [each for each in staff.get("campaigns")["campaigns"] if each["source"] == "schedule"]

    told = len(aina.replies())
    assert len(digests()) == 1
    fire(stack, "agenda")
    assert len(digests()) == 1
    assert len(aina.replies()) == told
