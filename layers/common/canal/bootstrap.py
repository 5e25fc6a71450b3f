"""The adapters, chosen once: one plain function per entry. Each imports only what its entry uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from canal import settings

if TYPE_CHECKING:
    from canal.adapters.signed import SignedCalls
    from canal.adapters.whatsapp_client import WhatsAppClient
    from canal.desk.outside import Desk, Log
    from canal.open311.asked import Outside
    from canal.services.answers import Answers
    from canal.services.errands import Errands
    from canal.services.intake import Intake
    from canal.services.sweeping import Sweeping
    from canal.services.worker import Worker

CONNECT_SECONDS = 2
READ_SECONDS = 5


def for_receive(environment: Mapping[str, str]) -> Intake:
    """What ``receive`` needs: two queues and the webhook's secret. No DynamoDB, no content, no requests."""
    from time import monotonic

    from canal.adapters import whatsapp_webhook
    from canal.adapters.queues import ConversationQueue, EventsQueue
    from canal.adapters.secrets import Secret
    from canal.services.intake import Intake

    wanted = settings.read(settings.ReceiveSettings, environment)
    session = botocore_session()
    sqs = client(session, "sqs")
    return Intake(
        webhook=whatsapp_webhook,
        conversations=ConversationQueue(sqs, wanted.conversation_queue_url),
        events=EventsQueue(sqs, wanted.events_queue_url),
        secret=Secret(signed(session, environment), wanted.webhook_secret_arn, monotonic),
        phone_number_id=wanted.phone_number_id,
    )


def for_converse(environment: Mapping[str, str]) -> Worker:
    """What ``converse`` needs: the tables, the town's content and the way to WhatsApp."""
    from datetime import UTC, datetime
    from functools import cache
    from time import monotonic

    from canal.adapters.bucket import S3Bucket
    from canal.adapters.content_store import ContentStore
    from canal.adapters.dynamo import DynamoConversations
    from canal.adapters.dynamo_models import Tables
    from canal.adapters.outbox import WhatsAppOutbox, render
    from canal.adapters.queues import IncidentsQueue
    from canal.adapters.visibility import Patience
    from canal.adapters.whatsapp_payload import inbound
    from canal.services.conversation import Conversation
    from canal.services.worker import Worker

    wanted = settings.read(settings.ConverseSettings, environment)
    names = (wanted.citizens_table, wanted.turns_table, wanted.incidents_table)
    place = (environment["AWS_REGION"], environment.get("AWS_ENDPOINT_URL"))
    tables = Tables(*names, *place, subscriptions=wanted.subscriptions_table)
    conversations = DynamoConversations(tables)
    calls = signed(conversations.session, environment)
    whatsapp = whatsapp_client(wanted, calls)
    # Only a failure or a case needs it, and a citizen waits meanwhile: the sweep does what one try did not.
    sqs = cache(lambda: client(conversations.session, "sqs", tries=1))

    @cache
    def answers() -> Answers:
        """Most messages ask nothing, and load nothing for it."""
        from canal.adapters.dynamo_cases import DynamoCases
        from canal.adapters.photo_store import PhotoStore
        from canal.services.answers import Answers

        return Answers(DynamoCases(tables), PhotoStore(calls, wanted.photos_bucket))

    conversation = Conversation(
        conversations=conversations,
        outbox=WhatsAppOutbox(whatsapp),
        towns=ContentStore(S3Bucket(calls, wanted.content_bucket), wanted.content_file, monotonic),
        render=render,
        clock=lambda: datetime.now(UTC),
        look_up=lambda question: answers()(question),
        routing=IncidentsQueue(sqs, wanted.incidents_queue_url),
    )
    return Worker(conversation, inbound, Patience(sqs, wanted.conversation_queue_url))


def for_route(environment: Mapping[str, str]) -> Errands:
    """What ``route`` needs: the cases and who brought them, Meta's files and our bucket, the ways to tell of a case."""
    from datetime import UTC, datetime
    from functools import cache
    from time import monotonic

    from canal.adapters.bucket import S3Bucket
    from canal.adapters.content_store import ContentStore
    from canal.adapters.dynamo_cases import DynamoCases
    from canal.adapters.dynamo_citizens import DynamoCitizens
    from canal.adapters.dynamo_models import Tables
    from canal.adapters.mail import SesMail
    from canal.adapters.outbox import WhatsAppOutbox
    from canal.adapters.photo_store import PhotoStore, new_key
    from canal.adapters.whatsapp_media import WhatsAppMedia
    from canal.adapters.whatsapp_news import WhatsAppNews
    from canal.services.errands import Errands
    from canal.services.files import Files, Photo
    from canal.services.held import HeldNews
    from canal.services.routing import Routing
    from canal.services.telling import Teller
    from canal.services.work import Workshop

    wanted = settings.read(settings.RouteSettings, environment)
    names = (wanted.citizens_table, "", wanted.incidents_table)  # what was said in the chat is no business of this one
    tables = Tables(*names, environment["AWS_REGION"], environment.get("AWS_ENDPOINT_URL"))
    cases, citizens = DynamoCases(tables), DynamoCitizens(tables)
    session = botocore_session()
    calls = signed(session, environment)
    whatsapp = whatsapp_client(wanted, calls)
    ses = cache(lambda: client(session, "sesv2"))  # its model is large, and most departments' mail may be switched off

    def now() -> datetime:
        return datetime.now(UTC)

    def prepared(source: BinaryIO) -> Photo:
        """Most looks at a case find no new photo, and need no Pillow."""
        from canal.adapters import photos

        return photos.prepared(source)

    towns = ContentStore(S3Bucket(calls, wanted.content_bucket), wanted.content_file, monotonic)
    channel = WhatsAppNews(WhatsAppOutbox(whatsapp))
    files = Files(WhatsAppMedia(whatsapp), PhotoStore(calls, wanted.photos_bucket), prepared, now, monotonic)
    workshop = Workshop(
        teller=Teller(cases, citizens, channel),
        mail=SesMail(ses, wanted.mail_from) if wanted.mail_from else None,
        departments_mail=wanted.departments_mail,
        staff_url=wanted.staff_url,
    )
    return Errands(Routing(cases, towns, files, workshop, now, new_key), HeldNews(cases, citizens, towns, channel, now))


def for_sweep(environment: Mapping[str, str]) -> Sweeping:
    """What ``sweep`` needs: the index of cases that wait, and their queue."""
    from datetime import UTC, datetime
    from functools import cache

    from canal.adapters.dynamo_cases import DynamoCases
    from canal.adapters.dynamo_models import Tables
    from canal.adapters.queues import IncidentsQueue
    from canal.services.sweeping import Sweeping

    wanted = settings.read(settings.SweepSettings, environment)
    tables = Tables("", "", wanted.incidents_table, environment["AWS_REGION"], environment.get("AWS_ENDPOINT_URL"))
    session = botocore_session()
    sqs = cache(lambda: client(session, "sqs"))  # most runs find nothing
    return Sweeping(DynamoCases(tables), IncidentsQueue(sqs, wanted.incidents_queue_url), lambda: datetime.now(UTC))


def for_api(environment: Mapping[str, str], warn: Log) -> Desk:
    """What ``api`` needs: the cases and who brought them, their queue and photos, the content. No way to WhatsApp."""
    from datetime import UTC, datetime
    from functools import cache
    from time import monotonic

    from canal.adapters.bucket import S3Bucket
    from canal.adapters.content_store import ContentStore
    from canal.adapters.dynamo_cases import DynamoCases
    from canal.adapters.dynamo_citizens import DynamoCitizens
    from canal.adapters.dynamo_models import Tables
    from canal.adapters.photo_store import PhotoStore
    from canal.adapters.queues import IncidentsQueue
    from canal.adapters.redaction import StoredPhotos
    from canal.desk.outside import Desk

    wanted = settings.read(settings.ApiSettings, environment)
    names = (wanted.citizens_table, "", wanted.incidents_table)  # what was said in the chat is no business of staff
    tables = Tables(*names, environment["AWS_REGION"], environment.get("AWS_ENDPOINT_URL"))
    session = botocore_session()
    calls = signed(session, environment)
    sqs = cache(lambda: client(session, "sqs"))  # only a change needs it
    store = PhotoStore(calls, wanted.photos_bucket)
    return Desk(
        cases=DynamoCases(tables),
        citizens=DynamoCitizens(tables),
        queue=IncidentsQueue(sqs, wanted.incidents_queue_url),
        links=store,
        photos=StoredPhotos(store),
        towns=ContentStore(S3Bucket(calls, wanted.content_bucket), wanted.content_file, monotonic),
        clock=lambda: datetime.now(UTC),
        warn=warn,
    )


def for_open311(environment: Mapping[str, str]) -> Outside:
    """What ``open311`` needs: the cases, their queue, the content, links to photos and the clients' keys."""
    from datetime import UTC, datetime
    from functools import cache
    from time import monotonic

    from canal.adapters.bucket import S3Bucket
    from canal.adapters.content_store import ContentStore
    from canal.adapters.dynamo_cases import DynamoCases
    from canal.adapters.dynamo_models import Tables
    from canal.adapters.photo_store import PhotoStore
    from canal.adapters.queues import IncidentsQueue
    from canal.adapters.secrets import Secret
    from canal.open311.asked import Outside

    wanted = settings.read(settings.Open311Settings, environment)
    names = ("", "", wanted.incidents_table)  # the citizens are no business of this function
    cases = DynamoCases(Tables(*names, environment["AWS_REGION"], environment.get("AWS_ENDPOINT_URL")))
    calls = signed(cases.session, environment)
    sqs = cache(lambda: client(cases.session, "sqs"))  # only a new report needs it
    return Outside(
        cases=cases,
        queue=IncidentsQueue(sqs, wanted.incidents_queue_url),
        towns=ContentStore(S3Bucket(calls, wanted.content_bucket), wanted.content_file, monotonic),
        links=PhotoStore(calls, wanted.photos_bucket),
        keys=Secret(calls, wanted.open311_secret_arn, monotonic),
        clock=lambda: datetime.now(UTC),
    )


def whatsapp_client(
    wanted: settings.ConverseSettings | settings.RouteSettings | settings.SendSettings | settings.BroadcastApiSettings,
    calls: SignedCalls,
    connections: int = 10,
) -> WhatsAppClient:
    """The way to the Graph API; the token is fetched when it is first needed, and again when Meta refuses it."""
    from time import monotonic

    from canal.adapters.secrets import Secret
    from canal.adapters.whatsapp_client import WhatsAppClient

    secret = Secret(calls, wanted.access_token_secret_arn, monotonic)
    return WhatsAppClient(
        wanted.graph_url,
        wanted.graph_version,
        wanted.phone_number_id,
        lambda refresh=False: secret.value(refresh=refresh)["access_token"],
        connections,
    )


def botocore_session() -> Any:
    """botocore's session; boto3 on top of it would cost start-up time and bring nothing that is used."""
    import botocore.session

    return botocore.session.Session()


def client(session: Any, service: str, tries: int = 3) -> Any:
    """A client of one AWS service, with time-outs that a citizen would bear."""
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": tries},
    )
    return session.create_client(service, config=config)


def signed(session: Any, environment: Mapping[str, str]) -> SignedCalls:
    """Calls that need no client."""
    from canal.adapters.signed import SignedCalls

    return SignedCalls(session, environment["AWS_REGION"], environment.get("AWS_ENDPOINT_URL"))
