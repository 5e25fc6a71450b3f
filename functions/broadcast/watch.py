"""Every few minutes: the CAP feeds that the town watches are read, and what concerns it becomes a draft."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from canal import bootstrap_notices
from canal.services.notices.watching import Watching

logger = Logger()
metrics = Metrics()
watching = bootstrap_notices.for_watch(os.environ)


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    return respond(event, watching)


def respond(event: dict[str, Any], deps: Watching) -> dict[str, int]:
    """One run. What is wrong with a feed is logged and counted; what fails on our side raises, and is tried again."""
    watched = deps.run()
    for feed, fault in watched.faults:
        logger.warning("a watched feed has a fault", extra={"feed": feed, "fault": fault})
    counts = {"CapFaults": len(watched.faults)}
    counts |= {f"Cap{became.value.capitalize()}": count for became, count in watched.became.items()}
    told = {name: count for name, count in counts.items() if count}
    for name, count in told.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    if told:
        metrics.flush_metrics()
        logger.info("alerts of others were looked at", extra=told)
    return told
