"""The adapters, chosen once: one plain function per entry. Each imports only what its entry uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from canal import settings

if TYPE_CHECKING:
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
    clients = Clients()
    sqs = clients("sqs")
    return Intake(
        webhook=whatsapp_webhook,
        conversations=ConversationQueue(sqs, wanted.conversation_queue_url),
        events=EventsQueue(sqs, wanted.events_queue_url),
        secret=Secret(lambda: clients("secretsmanager"), wanted.webhook_secret_arn, monotonic),
        phone_number_id=wanted.phone_number_id,
    )


def for_converse(environment: Mapping[str, str]) -> Worker:
    """What ``converse`` needs: the tables, the town's content and the way to WhatsApp."""
    from datetime import UTC, datetime
    from time import monotonic

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
    clients = Clients()
    secret = Secret(lambda: clients("secretsmanager"), wanted.access_token_secret_arn, monotonic)
    tables = Tables(
        wanted.citizens_table,
        wanted.turns_table,
        wanted.incidents_table,
        region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "eu-west-1"),
        host=environment.get("AWS_ENDPOINT_URL_DYNAMODB") or environment.get("AWS_ENDPOINT_URL"),
    )
    client = WhatsAppClient(
        wanted.graph_url,
        wanted.graph_version,
        wanted.phone_number_id,
        lambda refresh=False: secret.value(refresh=refresh)["access_token"],
    )
    conversation = Conversation(
        conversations=DynamoConversations(tables),
        outbox=WhatsAppOutbox(client),
        towns=ContentStore(lambda: clients("s3"), wanted.content_bucket, wanted.content_file, monotonic),
        render=render,
        clock=lambda: datetime.now(UTC),
    )
    return Worker(conversation, inbound, Patience(lambda: clients("sqs"), wanted.conversation_queue_url))


class Clients:
    """AWS clients, each made when first used. botocore directly: boto3 on top of it costs start-up time."""

    def __init__(self) -> None:
        import botocore.session
        from botocore.config import Config

        self._session = botocore.session.Session()
        self._config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 3},
        )
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            self._made[service] = self._session.create_client(service, config=self._config)
        return self._made[service]
