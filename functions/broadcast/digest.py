"""On their schedules: the weekly agenda, new job offers and tax reminders become campaigns, each item once."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from canal import bootstrap_notices
from canal.services.notices.digesting import MADE, NOT_LOADED, Digesting

logger = Logger()
metrics = Metrics()
digesting = bootstrap_notices.for_digest(os.environ)


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    return respond(event, digesting)


def respond(event: dict[str, Any], deps: Digesting) -> dict[str, str]:
    """One run; the event is ``{"digest": "agenda"}``, or offers, offers_weekly, taxes. What fails raises: the schedule
    calls again, and nothing is told twice for it.
    """
    asked = event.get("digest")
    done = deps.run(asked)
    fields = {"digest": asked, "result": done.result, "campaign": done.campaign, "started": done.started}
    if done.result == MADE:
        count("DigestsMade")
    if done.result == NOT_LOADED:
        count("AgendaNotLoaded")
        logger.warning("digest not written, since the agenda of these days is not in the content", extra=fields)
    else:
        logger.info("digest run", extra=fields)
    return {"result": done.result, "campaign": done.campaign}


def count(name: str) -> None:
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)
    metrics.flush_metrics()
