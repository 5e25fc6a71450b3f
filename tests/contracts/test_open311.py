"""A report's life by Open311 on the real adapter: filed, listed, moved, told, remarked, and each of it once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from canal.adapters.dynamo_cases import DynamoCases
from canal.incidents import changes
from canal.incidents.states import State

from tests.contracts.tables import TABLES, dynamodb
from tests.open311 import IN_TOWN, KEY, NOON, Window, street


def test_a_report_lives_on_dynamodb() -> None:
    with dynamodb():
        cases = DynamoCases(TABLES, lambda: NOON)
        window = Window(cases)
        form: dict[str, Any] = {"api_key": KEY, "service_code": street().id, "description": "Un forat", **IN_TOWN}
        number = window.post("requests.json", **form, phone="600123456").content[0]["service_request_id"]
        assert window.post("requests.json", **form, phone="600123456").content[0]["service_request_id"] == number

        case = cases.load(number)
        assert case
        assert case.contact == {"phone": "600123456", "client": "neighbours"}
        routed = changes.routed(case, NOON, "works", "", NOON + timedelta(days=3), tell=True)
        moved = changes.moved(cases.save(routed), NOON + timedelta(hours=1), "staff@town.test", State.IN_PROGRESS)
        cases.save(moved)
        window.now = NOON + timedelta(hours=2)

        (row,) = window.get("requests.json", status="open").content
        assert (row["service_request_id"], row["lat"]) == (number, float(IN_TOWN["lat"]))
        assert window.get("requests.json", status="closed").content == []
        statuses = [update["status"] for update in window.get("servicerequestupdates.json").content]
        assert statuses == ["open", "in_progress"]

        remark: dict[str, Any] = {"api_key": KEY, "service_request_id": number, "description": "Més", "update_id": "1"}
        for _ in range(2):
            assert window.post("servicerequestupdates.xml", **remark).status == 200
        stored = cases.load(number)
        assert stored
        assert [event.words for event in stored.history if event.by == "open311"] == ["", "Més"]


def test_numbers_that_no_case_ever_had_are_not_found() -> None:
    with dynamodb():
        window = Window(DynamoCases(TABLES, lambda: NOON))
        for number in ("A" * 40, "A" * 41, "%20", "-", "é"):
            assert window.get(f"requests/{number}.json").status == 404
