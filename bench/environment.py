"""The environment in which both sides of a comparison run: every service is the stub."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def variables(url: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "eu-south-2",
        "AWS_DEFAULT_REGION": "eu-south-2",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CANAL_ACCESS_TOKEN_SECRET_ARN": "arn:aws:secretsmanager:eu-south-2:000000000000:secret:token",
        "CANAL_WEBHOOK_SECRET_ARN": "arn:aws:secretsmanager:eu-south-2:000000000000:secret:webhook",
        "CANAL_CITIZENS_TABLE": "citizens",
        "CANAL_TURNS_TABLE": "turns",
        "CANAL_INCIDENTS_TABLE": "incidents",
        "CANAL_SUBSCRIPTIONS_TABLE": "subscriptions",
        "CANAL_CONTENT_BUCKET": "content",
        "CANAL_INCIDENTS_QUEUE_URL": f"{url}/000000000000/incidents",
        "CANAL_PHOTOS_BUCKET": "photos",
        "CANAL_CONVERSATION_QUEUE_URL": f"{url}/000000000000/conversation.fifo",
        "CANAL_EVENTS_QUEUE_URL": f"{url}/000000000000/events",
        "CANAL_PHONE_NUMBER_ID": "200000000000002",
        "CANAL_GRAPH_URL": url,
        "CANAL_CONTENT_FILE": str(ROOT / "build" / "content" / "alzira.json"),
        "POWERTOOLS_SERVICE_NAME": "bench",
        "POWERTOOLS_METRICS_NAMESPACE": "Canal",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
