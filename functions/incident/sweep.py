"""Every few minutes: what was interrupted, put off or is overdue is queued again for ``route``."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from canal import bootstrap
from canal.services.sweeping import Sweeping

logger = Logger()
metrics = Metrics()
sweeping = bootstrap.for_sweep(os.environ)


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    return respond(event, sweeping)


def respond(event: dict[str, Any], deps: Sweeping) -> dict[str, int]:
    """One run. What fails raises: the schedule calls again in a few minutes, and an alarm counts the errors."""
    swept = deps.run()
    found = {"CasesInterrupted": swept.work, "CasesOverdue": swept.overdue}
    if any(found.values()):
        for name, count in found.items():
            metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
        metrics.flush_metrics()
        logger.info("cases queued again", extra=found)
    return found
