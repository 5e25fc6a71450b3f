"""The adapters, chosen once: one plain function per entry. Each imports only what its entry uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from canal import settings

if TYPE_CHECKING:
    from canal.adapters.signed import SignedCalls
    from canal.services.intake import Intake
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
    from canal.adapters.secrets import Secret
    from canal.adapters.visibility import Patience
    from canal.adapters.whatsapp_client import WhatsAppClient
    from canal.adapters.whatsapp_payload import inbound
    from canal.services.conversation import Conversation
    from canal.services.worker import Worker

    wanted = settings.read(settings.ConverseSettings, environment)
    names = (wanted.citizens_table, wanted.turns_table, wanted.incidents_table)
    conversations = DynamoConversations(Tables(*names, environment["AWS_REGION"], environment.get("AWS_ENDPOINT_URL")))
    calls = signed(conversations.session, environment)
    secret = Secret(calls, wanted.access_token_secret_arn, monotonic)
    whatsapp = WhatsAppClient(
        wanted.graph_url,
        wanted.graph_version,
        wanted.phone_number_id,
        lambda refresh=False: secret.value(refresh=refresh)["access_token"],
    )
    conversation = Conversation(
        conversations=conversations,
        outbox=WhatsAppOutbox(whatsapp),
        towns=ContentStore(S3Bucket(calls, wanted.content_bucket), wanted.content_file, monotonic),
        render=render,
        clock=lambda: datetime.now(UTC),
    )
    sqs = cache(lambda: client(conversations.session, "sqs"))  # only a failure needs it
    return Worker(conversation, inbound, Patience(sqs, wanted.conversation_queue_url))


def botocore_session() -> Any:
    """botocore's session; boto3 on top of it would cost start-up time and bring nothing that is used."""
    import botocore.session

    return botocore.session.Session()


def client(session: Any, service: str) -> Any:
    """A client of one AWS service, with time-outs that a citizen would bear."""
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    return session.create_client(service, config=config)


def signed(session: Any, environment: Mapping[str, str]) -> SignedCalls:
    """Calls that need no client."""
    from canal.adapters.signed import SignedCalls

    return SignedCalls(session, environment["AWS_REGION"], environment.get("AWS_ENDPOINT_URL"))
