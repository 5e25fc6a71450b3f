"""Open311's entry: an HTTP API event in, an answer out, and a log that holds nothing of what was sent."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from canal.errors import Temporary

from functions.incident import open311
from tests.fakes import FakeCaseQueue, FakeCases
from tests.open311 import IN_TOWN, KEY, Window, event, street, town

FORM = f"api_key={KEY}&service_code={{code}}&lat={IN_TOWN['lat']}&long={IN_TOWN['long']}&first_name=Empar"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    stream = StringIO()
    for handler in open311.logger.handlers:
        monkeypatch.setattr(handler, "stream", stream)
    return stream


def test_an_event_is_answered() -> None:
    answer = open311.respond(event("GET", "services.json"), Window().outside)
    assert answer["statusCode"] == 200
    public = {category.id for category in town().incidents.categories if category.public}
    assert {row["service_code"] for row in json.loads(answer["body"])} == public


def test_a_report_that_is_not_queued_is_filed_and_logged_without_who_sent_it(log: StringIO) -> None:
    cases = FakeCases()
    window = Window(cases, FakeCaseQueue(Temporary("SQS")))
    answer = open311.respond(event("POST", "requests.xml", body=FORM.format(code=street().id)), window.outside)
    assert answer["statusCode"] == 200
    assert len(cases.rows) == 1
    assert "the sweep will find it" in log.getvalue()
    assert not [word for word in ("Empar", KEY, IN_TOWN["lat"]) if word in log.getvalue()]
