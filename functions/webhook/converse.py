"""The conversation queue: each message of a citizen is run and answered; failed ones go back to the queue."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger
from canal import bootstrap
from canal.services.worker import Worker

logger = Logger()
worker = bootstrap.for_converse(os.environ)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return respond(event, worker)


def respond(event: dict[str, Any], deps: Worker) -> dict[str, Any]:
    """Run the records of one SQS event; the answer names those that the queue must give again."""
    outcome = deps.run(event["Records"])
    for message_id, error in outcome.errors:
        logger.error(
            "message not answered, the queue gives it again",
            extra={"message_id": message_id, "error": type(error).__name__, "reason": str(error)[:300]},
        )
    logger.info("messages answered", extra={"answered": outcome.answered, "failed": len(outcome.failed)})
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in outcome.failed]}
