"""The rows of ``campaigns``, ``subscriptions`` and ``deliveries``: what notices need, and most turns of a chat do not.

Keys and access paths stand in docs/data.md; ``notice_rows`` and ``subscription_rows`` make rows of values and back.
"""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from canal.adapters import dynamo_models
from canal.adapters.dynamo_models import Json, Tables

# --- campaigns: four kinds of rows in one table -----------------------------------------------------


class ByActive(GlobalSecondaryIndex["CampaignRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """The campaigns that something may still become of, by age. Sparse."""

    class Meta:
        index_name = "by_active"
        projection = KeysOnlyProjection()

    active = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)


class CampaignRow(Model):
    """A campaign: part "campaign", name its id."""

    class Meta:
        table_name = "campaigns"

    part = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    active = UnicodeAttribute(null=True)
    body = Json()
    version = NumberAttribute()

    by_active = ByActive()


class PlanRow(Model):
    """How far the planning of a shard has come: part "plan#<campaign>", name the shard."""

    class Meta:
        table_name = "campaigns"

    part = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    cursor = UnicodeAttribute()
    done = BooleanAttribute()
    planned = NumberAttribute()
    left = NumberAttribute()
    mark = UnicodeAttribute(null=True)


class ToldRow(Model):
    """That a campaign of a topic has told of an item: part "told#<topic>", name the item."""

    class Meta:
        table_name = "campaigns"

    part = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    campaign = UnicodeAttribute()


class NoteRow(Model):
    """What WhatsApp tells of a template (part "template") or the account ("account"), and what is reserved of it."""

    class Meta:
        table_name = "campaigns"

    part = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    body = Json(null=True)
    since = UnicodeAttribute(null=True)  # of the statuses, as the next
    at = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)


# --- subscriptions ----------------------------------------------------------------------------------


class SubscriptionRow(Model):
    """A subscriber of a topic, for planning, or a citizen's consent; see ``subscription_rows``."""

    class Meta:
        table_name = "subscriptions"

    part = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)

    # Of a subscriber.
    zones = Json(null=True)
    frequency = UnicodeAttribute(null=True)

    # Of a consent.
    given_at = UnicodeAttribute(null=True)
    wamid = UnicodeAttribute(null=True)
    wording = UnicodeAttribute(null=True)
    withdrawn_at = UnicodeAttribute(null=True)
    withdrawn_wamid = UnicodeAttribute(null=True)
    withdrawn_how = UnicodeAttribute(null=True)
    expires_at = TTLAttribute(null=True)


# --- deliveries -------------------------------------------------------------------------------------


class ByLook(GlobalSecondaryIndex["DeliveryRow"]):  # type: ignore[no-untyped-call]  # PynamoDB's own
    """The open deliveries of a shard by the hour when somebody must look at them. Sparse."""

    class Meta:
        index_name = "by_look"
        projection = KeysOnlyProjection()

    look = UnicodeAttribute(hash_key=True)
    look_at = UnicodeAttribute(range_key=True)


class DeliveryRow(Model):
    """One campaign to one citizen."""

    class Meta:
        table_name = "deliveries"

    part = UnicodeAttribute(hash_key=True)  # "<campaign>#<shard>"
    citizen = UnicodeAttribute(range_key=True)
    language = UnicodeAttribute(null=True)
    mode = UnicodeAttribute(null=True)
    at = UnicodeAttribute()
    state = UnicodeAttribute()
    release_at = UnicodeAttribute(null=True)
    look_at = UnicodeAttribute(null=True)
    look = UnicodeAttribute(null=True)  # the part, while it is open and has a look_at
    tries = NumberAttribute(null=True)
    wamid = UnicodeAttribute(null=True)
    code = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    category = UnicodeAttribute(null=True)
    sent_at = UnicodeAttribute(null=True)
    delivered_at = UnicodeAttribute(null=True)
    read_at = UnicodeAttribute(null=True)
    expires_at = TTLAttribute(null=True)

    by_look = ByLook()


def bind(tables: Tables) -> Connection:
    """As ``dynamo_models.bind``, and these too. CampaignRow comes first of its table: it knows the index."""
    return dynamo_models.bind(
        tables,
        (
            (CampaignRow, tables.campaigns),
            (PlanRow, tables.campaigns),
            (ToldRow, tables.campaigns),
            (NoteRow, tables.campaigns),
            (SubscriptionRow, tables.subscriptions),
            (DeliveryRow, tables.deliveries),
        ),
    )
