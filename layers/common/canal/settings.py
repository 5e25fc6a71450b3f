"""The environment, read once by each entry: one tuple of names per function, every missing name told at once.

Named tuples, since all of these are made at every cold start and each reads one: six dataclasses would cost 7 ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from canal.errors import BadInput

T = TypeVar("T")


class BadSettings(BadInput):
    """Variables are missing; the message names all of them."""


class ReceiveSettings(NamedTuple):
    """What ``functions/webhook/receive.py`` needs."""

    conversation_queue_url: str
    events_queue_url: str
    phone_number_id: str  # the town's number; messages to others are not ours
    webhook_secret_arn: str  # JSON: app_secret, verify_token, previous_app_secret (optional)


class ConverseSettings(NamedTuple):
    """What ``functions/webhook/converse.py`` needs."""

    conversation_queue_url: str
    phone_number_id: str
    access_token_secret_arn: str  # JSON: access_token
    citizens_table: str
    turns_table: str
    incidents_table: str
    subscriptions_table: str
    incidents_queue_url: str
    photos_bucket: str
    content_bucket: str
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v26.0"
    content_file: str = "/opt/content/town.json"  # the edition that was deployed with the code


class RouteSettings(NamedTuple):
    """What ``functions/incident/route.py`` needs."""

    incidents_table: str
    citizens_table: str
    photos_bucket: str
    phone_number_id: str
    access_token_secret_arn: str  # JSON: access_token
    content_bucket: str
    mail_from: str = ""  # verified in SES; empty: departments get no mail
    departments_mail: str = ""  # for departments whose address the content does not name
    staff_url: str = ""  # for the links in mails
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v26.0"
    content_file: str = "/opt/content/town.json"


class SweepSettings(NamedTuple):
    """What ``functions/incident/sweep.py`` needs."""

    incidents_table: str
    incidents_queue_url: str


class ApiSettings(NamedTuple):
    """What ``functions/incident/api.py`` needs."""

    incidents_table: str
    citizens_table: str
    incidents_queue_url: str
    photos_bucket: str
    content_bucket: str
    content_file: str = "/opt/content/town.json"


class Open311Settings(NamedTuple):
    """What ``functions/incident/open311.py`` needs."""

    incidents_table: str
    incidents_queue_url: str
    photos_bucket: str
    content_bucket: str
    open311_secret_arn: str  # JSON: {"keys": {"<api_key>": "<name of the client>"}}
    content_file: str = "/opt/content/town.json"


# --- notices ------------------------------------------------------------------------------------------


class PlanSettings(NamedTuple):
    """What ``functions/broadcast/plan.py`` needs."""

    campaigns_table: str
    deliveries_table: str
    subscriptions_table: str
    citizens_table: str
    plan_alerts_queue_url: str
    plan_bulk_queue_url: str
    send_alerts_queue_url: str
    send_bulk_queue_url: str
    content_bucket: str
    messages_per_second: str = "70"
    content_file: str = "/opt/content/town.json"


class SendSettings(NamedTuple):
    """What ``functions/broadcast/send.py`` needs."""

    campaigns_table: str
    deliveries_table: str
    citizens_table: str
    send_alerts_queue_url: str
    send_bulk_queue_url: str
    phone_number_id: str
    access_token_secret_arn: str  # JSON: access_token
    content_bucket: str
    messages_per_second: str = "70"  # of the number's 80: conversations need some
    alert_workers: str = "2"  # how many of each run at most; each takes its share of the rate
    bulk_workers: str = "2"
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v26.0"
    content_file: str = "/opt/content/town.json"


class TendSettings(NamedTuple):
    """What ``functions/broadcast/tend.py`` needs: every minute it starts, finishes and mends campaigns."""

    campaigns_table: str
    deliveries_table: str
    plan_alerts_queue_url: str
    plan_bulk_queue_url: str


class DigestSettings(NamedTuple):
    """What ``functions/broadcast/digest.py`` needs."""

    campaigns_table: str
    plan_alerts_queue_url: str
    plan_bulk_queue_url: str
    content_bucket: str
    content_file: str = "/opt/content/town.json"


class BroadcastApiSettings(NamedTuple):
    """What ``functions/broadcast/api.py`` needs."""

    campaigns_table: str
    deliveries_table: str
    subscriptions_table: str
    citizens_table: str
    plan_alerts_queue_url: str
    plan_bulk_queue_url: str
    phone_number_id: str
    access_token_secret_arn: str  # JSON: access_token; for "send to me first"
    content_bucket: str
    messages_per_second: str = "70"
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v26.0"
    content_file: str = "/opt/content/town.json"


class FeedSettings(NamedTuple):
    """What ``functions/broadcast/feed.py`` needs: the public feeds of active notices."""

    campaigns_table: str
    content_bucket: str
    content_file: str = "/opt/content/town.json"


class WatchSettings(NamedTuple):
    """What ``functions/broadcast/watch.py`` needs: it reads CAP feeds of others."""

    campaigns_table: str
    plan_alerts_queue_url: str
    plan_bulk_queue_url: str
    content_bucket: str
    content_file: str = "/opt/content/town.json"


class CollectSettings(NamedTuple):
    """What ``functions/stats/collect.py`` needs: what WhatsApp tells of messages, templates and the account."""

    campaigns_table: str
    deliveries_table: str
    citizens_table: str


def variable(field: str) -> str:
    """The environment variable of a setting: ``citizens_table`` is CANAL_CITIZENS_TABLE."""
    return f"CANAL_{field.upper()}"


def read(kind: type[T], environment: Mapping[str, str]) -> T:
    """The settings of ``kind`` from ``environment``. Raises BadSettings naming every missing variable."""
    names, defaults = kind._fields, kind._field_defaults  # type: ignore[attr-defined]  # T is one of the tuples above
    found = {name: environment[variable(name)] for name in names if environment.get(variable(name))}
    missing = [variable(name) for name in names if name not in found and name not in defaults]
    if missing:
        raise BadSettings(f"missing environment variables: {', '.join(missing)}")
    return kind(**found)
