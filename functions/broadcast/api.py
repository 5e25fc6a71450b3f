"""The staff API of notices: write, check, approve, follow, stop. Everything is in ``canal/desk/campaigns/``."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger
from canal import bootstrap_notices
from canal.desk.app import StaffApi
from canal.desk.campaigns.subject import notices
from canal.services.logged import told

logger = Logger()
api = StaffApi(notices(bootstrap_notices.for_broadcast_api(os.environ, logger.warning)), told)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return respond(event, api)


def respond(event: dict[str, Any], deps: StaffApi) -> dict[str, Any]:
    """Answer one HTTP API event (payload 2.0) whose token API Gateway has checked."""
    return deps.answer(event)
