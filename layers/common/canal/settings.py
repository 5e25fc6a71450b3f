"""The environment, read once by each entry: one frozen dataclass per function, every missing name told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

from canal.errors import BadInput

T = TypeVar("T")


class BadSettings(BadInput):
    """Variables are missing; the message names all of them."""


@dataclass(frozen=True, slots=True)
class ReceiveSettings:
    """What ``functions/webhook/receive.py`` needs."""

    conversation_queue_url: str
    events_queue_url: str
    phone_number_id: str  # the town's number; messages to others are not ours
    webhook_secret_arn: str  # JSON: app_secret, verify_token, previous_app_secret (optional)


@dataclass(frozen=True, slots=True)
class ConverseSettings:
    """What ``functions/webhook/converse.py`` needs."""

    conversation_queue_url: str
    phone_number_id: str
    access_token_secret_arn: str  # JSON: access_token
    citizens_table: str
    turns_table: str
    incidents_table: str
    content_bucket: str
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v26.0"
    content_file: str = "/opt/content/town.json"  # the edition that was deployed with the code


def variable(field: str) -> str:
    """The environment variable of a setting: ``citizens_table`` is CANAL_CITIZENS_TABLE."""
    return f"CANAL_{field.upper()}"


def read(kind: type[T], environment: Mapping[str, str]) -> T:
    """The settings of ``kind`` from ``environment``. Raises BadSettings naming every missing variable."""
    values: dict[str, Any] = {}
    missing = []
    for field in fields(kind):  # type: ignore[arg-type]  # T is one of the dataclasses above
        name = variable(field.name)
        if environment.get(name):
            values[field.name] = environment[name]
        elif field.default is MISSING:
            missing.append(name)
    if missing:
        raise BadSettings(f"missing environment variables: {', '.join(missing)}")
    return kind(**values)
