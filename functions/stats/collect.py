"""The events queue: what WhatsApp reports of our messages, of templates and of the account is kept."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from canal import bootstrap_notices
from canal.services.collecting import Collector, Outcome
from canal.services.logged import told

logger = Logger()
metrics = Metrics()
collector = bootstrap_notices.for_collect(os.environ)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return respond(event, collector)


def respond(event: dict[str, Any], deps: Collector) -> dict[str, Any]:
    """Run the records of one SQS event; the answer names those that the queue must give again."""
    outcome = deps.run(event["Records"])
    report(outcome)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in outcome.failed]}


def report(outcome: Outcome) -> None:
    """Log and figures: ids and our own words, nothing of a citizen's."""
    for message_id, error in outcome.errors:
        fields = {"message_id": message_id, "error": type(error).__name__, "reason": told(error)}
        logger.error("report of WhatsApp not kept", extra=fields)
    for message_id, reason in outcome.dropped:
        logger.warning("message about nothing dropped", extra={"message_id": message_id, "reason": reason})
    for sentence, fields in outcome.told:
        logger.warning(sentence, extra=fields)
    figures = {name: count for name, count in outcome.figures.items() if count}
    for name, count in figures.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    if figures:
        metrics.flush_metrics()
