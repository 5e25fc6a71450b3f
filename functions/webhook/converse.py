"""The conversation queue: each message of a citizen is run and answered; failed ones go back to the queue."""

from __future__ import annotations

import os
from collections.abc import Callable
from math import inf
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from canal import bootstrap
from canal.services.logged import told
from canal.services.worker import Worker


class Context(Protocol):
    """The part of Lambda's context that matters here."""

    def get_remaining_time_in_millis(self) -> int: ...


logger = Logger()
worker = bootstrap.for_converse(os.environ)


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    return respond(event, worker, lambda: context.get_remaining_time_in_millis() / 1000)


def respond(event: dict[str, Any], deps: Worker, seconds_left: Callable[[], float] = lambda: inf) -> dict[str, Any]:
    """Run the records of one SQS event; the answer names those that the queue must give again."""
    outcome = deps.run(event["Records"], seconds_left)
    for message_id, error in outcome.errors:
        logger.error(
            "message not answered, the queue gives it again",
            extra={"message_id": message_id, "error": type(error).__name__, "reason": told(error)},
        )
    for message_id, reason in outcome.undelivered:
        logger.warning("reply that can never arrive", extra={"message_id": message_id, "reason": reason[:300]})
    logger.info("messages answered", extra={"answered": outcome.answered, "failed": len(outcome.failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in outcome.failed]}
