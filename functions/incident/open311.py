"""Open311 GeoReport v2, open to everybody: one HTTP API event in, one answer out."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger
from canal import bootstrap
from canal.open311 import router
from canal.open311.asked import Outside

logger = Logger()
outside = bootstrap.for_open311(os.environ)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return respond(event, outside)


def respond(event: dict[str, Any], deps: Outside) -> dict[str, Any]:
    """Answer one event (payload 2.0); what went wrong on our side is logged, what was sent is not."""
    told = router.respond(event, deps)
    status = told.response["statusCode"]
    if told.trouble:
        logger.error("open311 had trouble", extra={"reason": told.trouble, "status": status})
    logger.info("open311 answered", extra={"status": status})
    return told.response
