"""The two sending queues: chunks of recipients are claimed and written to; what could not be done goes back."""

from __future__ import annotations

import os
from collections.abc import Callable
from math import inf
from typing import Any, Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from canal import bootstrap_notices
from canal.services.logged import told
from canal.services.notices.send_batch import Outcome, SendBatch


class Context(Protocol):
    """The part of Lambda's context that matters here."""

    def get_remaining_time_in_millis(self) -> int: ...


logger = Logger()
metrics = Metrics()
batch = bootstrap_notices.for_send(os.environ)


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    return respond(event, batch, lambda: context.get_remaining_time_in_millis() / 1000)


def respond(event: dict[str, Any], deps: SendBatch, seconds_left: Callable[[], float] = lambda: inf) -> dict[str, Any]:
    """Run the records of one SQS event; the answer names those that the queue must give again."""
    outcome = deps.run(event["Records"], seconds_left)
    report(outcome)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in outcome.failed]}


def report(outcome: Outcome) -> None:
    """Log and figures: message ids and our own words, nothing of a citizen's."""
    for message_id, error in outcome.errors:
        fields = {"message_id": message_id, "error": type(error).__name__, "reason": told(error)}
        logger.error("notices not sent, the queue gives them again", extra=fields)
    for message_id, reason in outcome.dropped:
        logger.warning("message about nothing dropped", extra={"message_id": message_id, "reason": reason})
    for campaign, reason in outcome.stopped:
        logger.error("campaign stopped", extra={"campaign": campaign, "reason": reason})
    figures = {name: count for name, count in outcome.figures.items() if count}
    for name, count in figures.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    if figures:
        metrics.flush_metrics()
        logger.info("notices sent", extra=figures)
