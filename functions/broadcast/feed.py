"""The public feeds of notices, RSS and CAP, open to everybody: one HTTP API event in, one answer out."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger
from canal import bootstrap_notices
from canal.feeds import router
from canal.feeds.outside import Outside

logger = Logger()
outside = bootstrap_notices.for_feed(os.environ)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return respond(event, outside)


def respond(event: dict[str, Any], deps: Outside) -> dict[str, Any]:
    """Answer one event (payload 2.0); what went wrong on our side is logged."""
    told = router.respond(event, deps)
    status = told.response["statusCode"]
    if told.trouble:
        logger.error("the feeds had trouble", extra={"reason": told.trouble, "status": status})
    logger.info("feed answered", extra={"status": status})
    return told.response
