"""The ``Subscribers`` port on DynamoDB: a topic's subscribers for planning, a citizen's consents to show."""

from __future__ import annotations

from canal.adapters.dynamo_errors import translated
from canal.adapters.dynamo_models import Tables
from canal.adapters.notice_models import SubscriptionRow, bind
from canal.adapters.subscription_rows import citizen_part, consent_of, subscriber_of, topic_part
from canal.broadcasts.subscription import Consent, Subscriber


class DynamoSubscribers:
    """The subscribers in ``subscriptions``; only a turn of the conversation writes them."""

    def __init__(self, tables: Tables) -> None:
        self.session = bind(tables).session

    def page(self, topic: str, shard: int, after: str = "", limit: int = 500) -> tuple[Subscriber, ...]:
        behind = SubscriptionRow.name > after if after else None
        with translated():
            rows = SubscriptionRow.query(topic_part(topic, shard), behind, consistent_read=True, limit=limit)
            return tuple(subscriber_of(row) for row in rows)

    def consents(self, citizen: str) -> tuple[Consent, ...]:
        with translated():
            rows = SubscriptionRow.query(citizen_part(citizen), consistent_read=True)
            found = [consent_of(row) for row in rows]
        return tuple(sorted(found, key=lambda consent: consent.given_at, reverse=True))
