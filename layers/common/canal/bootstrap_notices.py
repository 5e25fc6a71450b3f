"""The adapters of the notices' entries, chosen once: one plain function per entry, as in ``bootstrap.py``.

Each imports only what its entry uses; what several of them share stands at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from canal.adapters.content_store import ContentStore
    from canal.adapters.dynamo_models import Tables
    from canal.broadcasts.campaign import Campaign
    from canal.desk.campaigns.outside import Room
    from canal.desk.outside import Log
    from canal.feeds.outside import Outside
    from canal.services.collecting import Collector
    from canal.services.notices.digesting import Digesting
    from canal.services.notices.plan_batch import PlanBatch
    from canal.services.notices.send_batch import SendBatch
    from canal.services.notices.tending import Tending
    from canal.services.notices.watching import Watching


def for_collect(environment: Mapping[str, str]) -> Collector:
    """What ``collect`` needs: the deliveries that statuses are about, their citizens, the account and its templates,
    and the campaigns, to stop one.
    """
    from datetime import UTC, datetime
    from time import monotonic, sleep

    from canal import settings
    from canal.adapters.dynamo_account import DynamoAccount
    from canal.adapters.dynamo_campaigns import DynamoCampaigns
    from canal.adapters.dynamo_deliveries import DynamoDeliveries
    from canal.adapters.dynamo_people import DynamoPeople
    from canal.adapters.whatsapp_updates import update
    from canal.services.collecting import Collector
    from canal.services.notices.crew import Timing
    from canal.services.notices.running import Running

    wanted = settings.read(settings.CollectSettings, environment)
    found = tables(
        environment,
        citizens=wanted.citizens_table,
        campaigns=wanted.campaigns_table,
        deliveries=wanted.deliveries_table,
    )
    deliveries, people, account = DynamoDeliveries(found), DynamoPeople(found), DynamoAccount(found)
    timing = Timing(lambda: datetime.now(UTC), monotonic, sleep)
    stop = Running(DynamoCampaigns(found), timing).stop
    return Collector(deliveries, people, account, update, timing.now, stop)


def for_plan(environment: Mapping[str, str]) -> PlanBatch:
    """What ``plan`` needs: campaigns, subscribers and their citizens, recipients, all queues. No way to WhatsApp."""
    from datetime import UTC, datetime
    from functools import cache

    from canal import bootstrap, settings
    from canal.adapters.dynamo_account import DynamoLane
    from canal.adapters.dynamo_allowance import DynamoAllowance
    from canal.adapters.dynamo_campaigns import DynamoCampaigns
    from canal.adapters.dynamo_deliveries import DynamoDeliveries
    from canal.adapters.dynamo_people import DynamoPeople
    from canal.adapters.dynamo_subscribers import DynamoSubscribers
    from canal.adapters.queues import NoticeQueues
    from canal.adapters.visibility import Patience
    from canal.broadcasts.campaign import ALERTS, BULK
    from canal.services.notices.plan_batch import PlanBatch
    from canal.services.notices.planning import Planning, Stores
    from canal.services.notices.requeueing import Requeueing

    wanted = settings.read(settings.PlanSettings, environment)
    found = tables(
        environment,
        citizens=wanted.citizens_table,
        campaigns=wanted.campaigns_table,
        subscriptions=wanted.subscriptions_table,
        deliveries=wanted.deliveries_table,
    )
    campaigns = DynamoCampaigns(found)
    session = campaigns.session
    sqs = cache(lambda: bootstrap.client(session, "sqs"))
    planning = {ALERTS: wanted.plan_alerts_queue_url, BULK: wanted.plan_bulk_queue_url}
    sending = {ALERTS: wanted.send_alerts_queue_url, BULK: wanted.send_bulk_queue_url}
    stores = Stores(
        campaigns=campaigns,
        deliveries=DynamoDeliveries(found),
        subscribers=DynamoSubscribers(found),
        people=DynamoPeople(found),
        queues=NoticeQueues(sqs, planning, sending),
        lane=DynamoLane(found),
        allowance=DynamoAllowance(found),
    )
    towns = towns_of(session, environment, wanted.content_bucket, wanted.content_file)
    rest = (stores, towns, lambda: datetime.now(UTC), float(wanted.messages_per_second))
    patience = {url.rpartition("/")[2]: Patience(sqs, url) for url in planning.values()}
    return PlanBatch(Planning(*rest), Requeueing(*rest), patience)


def for_tend(environment: Mapping[str, str]) -> Tending:
    """What ``tend`` needs: campaigns and their recipients, the queues of planning. It knows no citizen."""
    from datetime import UTC, datetime
    from functools import cache

    from canal import bootstrap, settings
    from canal.adapters.dynamo_account import DynamoAccount
    from canal.adapters.dynamo_campaigns import DynamoCampaigns
    from canal.adapters.dynamo_deliveries import DynamoDeliveries
    from canal.adapters.queues import NoticeQueues
    from canal.broadcasts.campaign import ALERTS, BULK
    from canal.services.notices.tending import Tending

    wanted = settings.read(settings.TendSettings, environment)
    found = tables(environment, campaigns=wanted.campaigns_table, deliveries=wanted.deliveries_table)
    campaigns = DynamoCampaigns(found)
    sqs = cache(lambda: bootstrap.client(campaigns.session, "sqs"))  # most runs find nothing
    queues = NoticeQueues(sqs, {ALERTS: wanted.plan_alerts_queue_url, BULK: wanted.plan_bulk_queue_url})
    return Tending(campaigns, DynamoDeliveries(found), queues, DynamoAccount(found), lambda: datetime.now(UTC))


def for_send(environment: Mapping[str, str]) -> SendBatch:
    """What ``send`` needs: campaigns, recipients and citizens, the content, the way to WhatsApp, a pace a lane."""
    from datetime import UTC, datetime
    from functools import cache, partial
    from time import monotonic, sleep

    from canal import bootstrap, settings
    from canal.adapters.bucket import S3Bucket
    from canal.adapters.content_store import ContentStore
    from canal.adapters.dynamo_account import DynamoLane
    from canal.adapters.dynamo_campaigns import DynamoCampaigns
    from canal.adapters.dynamo_deliveries import DynamoDeliveries
    from canal.adapters.dynamo_people import DynamoPeople
    from canal.adapters.outbox import WhatsAppOutbox
    from canal.adapters.visibility import Patience
    from canal.adapters.whatsapp_news import WhatsAppNews
    from canal.broadcasts.campaign import ALERTS, BULK
    from canal.services.notices import crew, lane_watch, send_batch
    from canal.services.notices.running import Running
    from canal.services.notices.sending import Sending

    wanted = settings.read(settings.SendSettings, environment)
    share = partial(send_batch.share_of, wanted.messages_per_second)
    shares = {ALERTS: share(wanted.alert_workers), BULK: share(wanted.bulk_workers)}
    connections = crew.size(max(shares.values()))
    found = tables(
        environment,
        citizens=wanted.citizens_table,
        campaigns=wanted.campaigns_table,
        deliveries=wanted.deliveries_table,
        connections=connections,
    )
    session = bootstrap.botocore_session()
    calls = bootstrap.signed(session, environment)
    sqs = cache(lambda: bootstrap.client(session, "sqs"))  # only what goes back to its queue needs it
    timing = crew.Timing(lambda: datetime.now(UTC), monotonic, sleep)
    channel = WhatsAppNews(WhatsAppOutbox(bootstrap.whatsapp_client(wanted, calls, connections)))
    running = Running(DynamoCampaigns(found), timing)
    lane = DynamoLane(found)
    gates: dict[str, lane_watch.Gate] = {
        ALERTS: lane_watch.Overtake(lane, timing),
        BULK: lane_watch.StandBack(lane, timing),
    }
    queues = {ALERTS: wanted.send_alerts_queue_url, BULK: wanted.send_bulk_queue_url}
    lanes = {
        name: send_batch.kit(url, shares[name], gates[name], Patience(sqs, url), timing) for name, url in queues.items()
    }
    sending = Sending(running, DynamoDeliveries(found), DynamoPeople(found), channel, timing)
    towns = ContentStore(S3Bucket(calls, wanted.content_bucket), wanted.content_file, monotonic)
    return send_batch.SendBatch(sending, running, lanes, towns, timing, crew.start)


def for_feed(environment: Mapping[str, str]) -> Outside:
    """What ``feed`` needs: the campaigns and the content. It knows no citizen, and has no way to WhatsApp."""
    from datetime import UTC, datetime

    from canal import settings
    from canal.adapters.dynamo_campaigns import DynamoCampaigns
    from canal.feeds.outside import Outside

    wanted = settings.read(settings.FeedSettings, environment)
    campaigns = DynamoCampaigns(tables(environment, campaigns=wanted.campaigns_table))
    towns = towns_of(campaigns.session, environment, wanted.content_bucket, wanted.content_file)
    return Outside(campaigns, towns, lambda: datetime.now(UTC))


def for_broadcast_api(environment: Mapping[str, str], warn: Log) -> Room:
    """What ``api`` needs: campaigns and all that is known of their readers, the content, and a way to WhatsApp for
    sending a notice to whoever writes it first.
    """
    from datetime import UTC, datetime
    from functools import cache
    from time import monotonic

    from canal import bootstrap, settings
    from canal.adapters.dynamo_account import DynamoAccount
    from canal.adapters.dynamo_allowance import DynamoAllowance
    from canal.adapters.dynamo_campaigns import DynamoCampaigns
    from canal.adapters.dynamo_deliveries import DynamoDeliveries
    from canal.adapters.dynamo_people import DynamoPeople
    from canal.adapters.dynamo_subscribers import DynamoSubscribers
    from canal.adapters.outbox import WhatsAppOutbox
    from canal.adapters.queues import NoticeQueues
    from canal.adapters.whatsapp_news import WhatsAppNews
    from canal.broadcasts.campaign import ALERTS, BULK
    from canal.desk.campaigns.counting import Counts
    from canal.desk.campaigns.outside import Room
    from canal.services.notices.preflight import Preflight
    from canal.services.notices.starting import start

    wanted = settings.read(settings.BroadcastApiSettings, environment)
    found = tables(
        environment,
        citizens=wanted.citizens_table,
        campaigns=wanted.campaigns_table,
        subscriptions=wanted.subscriptions_table,
        deliveries=wanted.deliveries_table,
    )
    session = bootstrap.botocore_session()
    sqs = cache(lambda: bootstrap.client(session, "sqs"))  # only what begins or goes on needs it
    calls = bootstrap.signed(session, environment)
    queues = NoticeQueues(sqs, {ALERTS: wanted.plan_alerts_queue_url, BULK: wanted.plan_bulk_queue_url})
    campaigns, deliveries, people = DynamoCampaigns(found), DynamoDeliveries(found), DynamoPeople(found)
    subscribers, account, allowance = DynamoSubscribers(found), DynamoAccount(found), DynamoAllowance(found)
    per_second = float(wanted.messages_per_second)

    def now() -> datetime:
        return datetime.now(UTC)

    def begin(campaign: Campaign, at: datetime) -> object:
        return start(campaigns, queues, campaign, at)

    return Room(
        campaigns=campaigns,
        deliveries=deliveries,
        subscribers=subscribers,
        people=people,
        account=account,
        allowance=allowance,
        queues=queues,
        channel=WhatsAppNews(WhatsAppOutbox(bootstrap.whatsapp_client(wanted, calls))),
        preflight=Preflight(subscribers, people, account, allowance, now, per_second),
        counts=Counts(deliveries, now, monotonic),
        start=begin,
        towns=towns_of(session, environment, wanted.content_bucket, wanted.content_file),
        clock=now,
        warn=warn,
        per_second=per_second,
    )


def for_watch(environment: Mapping[str, str]) -> Watching:
    """What ``watch`` needs: the web, the campaigns, the content, and the queues for what goes out by itself."""
    from datetime import UTC, datetime
    from functools import cache

    from canal import bootstrap, settings
    from canal.adapters.dynamo_campaigns import DynamoCampaigns
    from canal.adapters.queues import NoticeQueues
    from canal.adapters.web import RequestsWeb
    from canal.broadcasts.campaign import ALERTS, BULK
    from canal.services.notices.sources import Sources
    from canal.services.notices.watching import Watching

    wanted = settings.read(settings.WatchSettings, environment)
    campaigns = DynamoCampaigns(tables(environment, campaigns=wanted.campaigns_table))
    sqs = cache(lambda: bootstrap.client(campaigns.session, "sqs"))  # most runs find nothing
    queues = NoticeQueues(sqs, {ALERTS: wanted.plan_alerts_queue_url, BULK: wanted.plan_bulk_queue_url})

    def begin(campaign: Campaign, at: datetime) -> object:
        from canal.services.notices.starting import start

        return start(campaigns, queues, campaign, at)

    towns = towns_of(campaigns.session, environment, wanted.content_bucket, wanted.content_file)
    return Watching(campaigns, towns, Sources(RequestsWeb()), begin, lambda: datetime.now(UTC))


def for_digest(environment: Mapping[str, str]) -> Digesting:
    """What ``digest`` needs: the campaigns, the content, the queues of planning. It knows no citizen."""
    from datetime import UTC, datetime
    from functools import cache

    from canal import bootstrap, settings
    from canal.adapters.dynamo_campaigns import DynamoCampaigns
    from canal.adapters.queues import NoticeQueues
    from canal.broadcasts.campaign import ALERTS, BULK
    from canal.services.notices.digesting import Digesting
    from canal.services.notices.starting import start

    wanted = settings.read(settings.DigestSettings, environment)
    campaigns = DynamoCampaigns(tables(environment, campaigns=wanted.campaigns_table))
    towns = towns_of(campaigns.session, environment, wanted.content_bucket, wanted.content_file)
    sqs = cache(lambda: bootstrap.client(campaigns.session, "sqs"))  # most runs have nothing to tell
    queues = NoticeQueues(sqs, {ALERTS: wanted.plan_alerts_queue_url, BULK: wanted.plan_bulk_queue_url})

    def begin(campaign: Campaign, at: datetime) -> object:
        return start(campaigns, queues, campaign, at)

    return Digesting(campaigns, towns, begin, lambda: datetime.now(UTC))


# --- what several entries share -----------------------------------------------------------------------


def tables(
    environment: Mapping[str, str],
    *,
    citizens: str = "",
    campaigns: str = "",
    subscriptions: str = "",
    deliveries: str = "",
    connections: int = 10,
) -> Tables:
    """The tables that an entry names, where its region is; one that is not named cannot be reached."""
    from canal.adapters.dynamo_models import Tables

    return Tables(
        citizens,
        "",
        "",
        environment["AWS_REGION"],
        environment.get("AWS_ENDPOINT_URL"),
        campaigns=campaigns,
        subscriptions=subscriptions,
        deliveries=deliveries,
        connections=connections,
    )


def towns_of(session: Any, environment: Mapping[str, str], bucket: str, file: str) -> ContentStore:
    """The town's content as it was last published; ``file`` is what was deployed with the code."""
    from time import monotonic

    from canal.adapters.bucket import S3Bucket
    from canal.adapters.content_store import ContentStore
    from canal.bootstrap import signed

    return ContentStore(S3Bucket(signed(session, environment), bucket), file, monotonic)
