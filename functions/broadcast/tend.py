"""Every minute: campaigns begin at their hour, interrupted ones go on, finished ones are called done."""

from __future__ import annotations

import os
from collections.abc import Callable
from math import inf
from typing import Any, Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from canal import bootstrap_notices
from canal.services.logged import told
from canal.services.notices.tending import Tending


class Context(Protocol):
    """The part of Lambda's context that matters here."""

    def get_remaining_time_in_millis(self) -> int: ...


logger = Logger()
metrics = Metrics()
tending = bootstrap_notices.for_tend(os.environ)


def handler(event: dict[str, Any], context: Context) -> dict[str, int]:
    return respond(event, tending, lambda: context.get_remaining_time_in_millis() / 1000)


def respond(event: dict[str, Any], deps: Tending, seconds_left: Callable[[], float] = lambda: inf) -> dict[str, int]:
    """One run. What fails raises once all campaigns had their turn: the next minute tries again, an alarm counts."""
    tended = deps.run(seconds_left)
    figures = {name: count for name, count in tended.figures.items() if count}
    for name, count in figures.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    if figures:
        metrics.flush_metrics()
        logger.info("campaigns tended", extra=figures)
    for campaign, error in tended.faults:
        fields = {"campaign": campaign, "error": type(error).__name__, "reason": told(error)}
        logger.error("campaign not tended", extra=fields)
    if tended.faults:
        raise tended.faults[0][1]
    return figures
