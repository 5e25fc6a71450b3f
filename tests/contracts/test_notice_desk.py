"""The staff API of notices on DynamoDB (moto): what the fakes promise holds for a notice from draft to recipients."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from canal.adapters.dynamo import DynamoConversations
from canal.adapters.dynamo_account import DynamoAccount
from canal.adapters.dynamo_allowance import DynamoAllowance
from canal.adapters.dynamo_campaigns import DynamoCampaigns
from canal.adapters.dynamo_deliveries import DynamoDeliveries
from canal.adapters.dynamo_people import DynamoPeople
from canal.adapters.dynamo_subscribers import DynamoSubscribers
from canal.broadcasts.delivery import Delivery, State
from canal.broadcasts.outside import Limits
from canal.desk.app import StaffApi
from canal.desk.campaigns.counting import Counts
from canal.desk.campaigns.subject import notices
from canal.ports import TurnRecord
from canal.services.notices.preflight import Preflight

from tests.contracts.tables import NOTICES, TABLES, dynamodb
from tests.notice_desk import GOOD, PER_SECOND, Station
from tests.noticeboard import MONDAY, a_subscriber


def on_dynamodb(citizens: int) -> Station:
    """The API on the real stores, with so many subscribers, one of whom has just written."""
    there, conversations = Station(), DynamoConversations(TABLES)
    for number in range(citizens):
        key = f"ES.{number:04}" if number % 2 else f"34600{number:06}"
        wrote = MONDAY if number == 0 else MONDAY - timedelta(days=2)
        citizen = a_subscriber(key, version=0, last_inbound_at=wrote, phone=f"34600{number:06}")
        conversations.save(None, citizen, TurnRecord(key, "wamid.1", MONDAY, ()), [])
    account = DynamoAccount(TABLES)
    account.save_limits(Limits(None, "GREEN", True, MONDAY))
    for health in GOOD:
        account.save_template(replace(health, at=MONDAY))
    allowance = DynamoAllowance(TABLES)
    deliveries, people, subscribers = DynamoDeliveries(TABLES), DynamoPeople(TABLES), DynamoSubscribers(TABLES)
    there.campaigns = DynamoCampaigns(TABLES)  # type: ignore[assignment]
    there.room = replace(
        there.room,
        campaigns=there.campaigns,
        deliveries=deliveries,
        people=people,
        subscribers=subscribers,
        account=account,
        allowance=allowance,
        preflight=Preflight(subscribers, people, account, allowance, there.clock, PER_SECOND),
        counts=Counts(deliveries, there.clock, lambda: there.seconds),
    )
    there.api = StaffApi(notices(there.room), str)
    return there


def test_a_notice_goes_its_way_from_draft_to_recipients() -> None:
    with dynamodb(*NOTICES, "incidents"):
        there = on_dynamodb(6)
        campaign = there.checked()
        found = there.get(f"/api/campaigns/{campaign}").json["estimate"]
        assert (found["recipients"], found["outside"], found["tier"]) == (6, 5, None)
        there.email = "boss@alzira.test"
        assert there.act(campaign, "approve", {}).json["state"] == "planning"
        assert [row["state"] for row in there.get("/api/campaigns").json["campaigns"]] == ["planning"]
        assert there.act(campaign, "pause").json["state"] == "paused"
        assert there.act(campaign, "resume").json["state"] == "planning"
        assert there.act(campaign, "cancel").json["state"] == "cancelled"
        consents = there.get("/api/citizens/+34600000000/consents").json["consents"]
        assert [each["wording"] for each in consents] == ["Vull rebre avisos."]


def test_who_writes_with_an_id_is_found_by_their_phone() -> None:
    with dynamodb(*NOTICES, "incidents"):
        there = on_dynamodb(2)
        assert there.act(there.written(), "test", {"to": "600 00 00 01"}).json["mode"] == "template"
        (sent,) = there.channel.sent
        assert "ES.0001" in str(sent)
        (consent,) = there.get("/api/citizens/%2B34600000001/consents").json["consents"]
        assert consent["wording"] == "Vull rebre avisos."


def test_recipients_are_paged_to_the_last_with_the_cursors_that_the_store_gives() -> None:
    with dynamodb(*NOTICES, "incidents"):
        there = on_dynamodb(30)
        campaign = there.checked()
        keys = [f"ES.{number:04}" if number % 2 else f"34600{number:06}" for number in range(30)]
        there.room.deliveries.plan([Delivery(campaign, key, "ca", "template", MONDAY, State.SENT) for key in keys])
        path, cursor, seen = f"/api/campaigns/{campaign}/recipients", "", 0
        while True:
            told = there.get(path, ("limit", "7"), ("cursor", cursor))
            assert told.status == 200, told.text
            seen, cursor = seen + len(told.json["recipients"]), told.json["cursor"]
            if not cursor:
                break
        assert seen == 30
        assert there.get(f"{path}.csv").text.count("\r\n") == 31
        refused = there.get(path, ("cursor", "nonsense"))
        assert (refused.status, refused.error) == (400, "bad_cursor")
