"""Somebody who asked for a topic, and an approved campaign: what lies between that and the tick on the phone."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import boto3
from canal.adapters.dynamo_campaigns import DynamoCampaigns
from canal.adapters.dynamo_deliveries import DynamoDeliveries
from canal.adapters.dynamo_models import Tables
from canal.broadcasts.campaign import Campaign, Kind, Words
from canal.broadcasts.delivery import REFERENCE, Delivery
from canal.broadcasts.states import State

from tests.crashes.reports import Reporter
from tests.crashes.world import REST, World

TALK = timedelta(minutes=2)
TEMPLATES = {Kind.ALERT: ("alerts", "town_alert"), Kind.NEWS: ("news", "town_news")}


class TalkingWorld(World):
    """WhatsApp reports what it took, and of conversations that go on meanwhile: it shows that reports arrive."""

    _told = 0

    def report(self) -> bool:
        taken = self.sent()
        fresh, self._told = taken[self._told :], len(taken)
        references = [each.get("biz_opaque_callback_data", "") for each in fresh]
        notices = [each for each in references if each.startswith(REFERENCE)]
        if notices:
            self.post(statuses(notices, self.now(), f"wamid.out.{self._told}"))
        return bool(notices)

    def rest(self) -> None:
        """Others converse with the town every two minutes, and WhatsApp reports that at once."""
        for _ in range(REST // TALK):
            self.clock.shift(TALK)
            self.post(statuses(["turn#others"], self.now(), "wamid.others"))
            for name, url in self.queues:
                if name == "CollectFunction":
                    self.drain(name, url)

    def unfinished(self) -> bool:
        return bool(Office(self).campaigns.active())


def statuses(references: list[str], now: datetime, wamid: str) -> dict[str, object]:
    """The webhook that says that all of them were delivered."""
    told = [
        {
            "id": f"{wamid}.{number}",
            "status": "delivered",
            "timestamp": str(int(now.timestamp())),
            "recipient_id": "34600000000",
            "biz_opaque_callback_data": reference,
        }
        for number, reference in enumerate(references)
    ]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "34600000001", "phone_number_id": "200000000000002"},
        "statuses": told,
    }
    entry = {"id": "100000000000001", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


class Office:
    """The town's notices, on the tables that the entries use."""

    def __init__(self, world: World) -> None:
        self.world = world
        region, host = os.environ["AWS_REGION"], os.environ["AWS_ENDPOINT_URL"]
        self._campaigns_table = os.environ["CANAL_CAMPAIGNS_TABLE"]
        tables = Tables(
            "",
            "",
            "",
            region,
            host,
            campaigns=self._campaigns_table,
            deliveries=os.environ["CANAL_DELIVERIES_TABLE"],
        )
        self.campaigns = DynamoCampaigns(tables)
        self.deliveries = DynamoDeliveries(tables)

    def forget_the_future(self) -> None:
        """What was noted in an earlier run lies ahead of this one, whose clock begins anew."""
        table = boto3.resource("dynamodb").Table(self._campaigns_table)
        for name in ("statuses", "lane", "allowance"):
            table.delete_item(Key={"part": "account", "name": name})

    def approve(self, kind: Kind, number: int) -> str:
        """A campaign that ``tend`` will find and start; its id."""
        topic, template = TEMPLATES[kind]
        words = Words("Prova de notícia", "Una línia per a tots.")
        at = datetime.now(UTC)
        campaign = Campaign(
            f"20261123-{kind}-{number}", kind, topic, {"ca": words, "es": words}, template, at, "admin", State.APPROVED
        )
        self.campaigns.save(campaign)
        return campaign.id

    def delivery(self, campaign: str, who: Reporter) -> Delivery | None:
        return self.deliveries.load(campaign, [who.user]).get(who.user)


def times_told(who: Reporter) -> int:
    return sum("Prova de notícia" in words for words in who.replies())
