"""The staff API: lists, reads and changes cases for the people of the town hall. Everything is in ``canal/desk/``."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools import Logger
from canal import bootstrap
from canal.desk.app import StaffApi
from canal.desk.cases import cases
from canal.services.logged import told

logger = Logger()
api = StaffApi(cases(bootstrap.for_api(os.environ, logger.warning)), told)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return respond(event, api)


def respond(event: dict[str, Any], deps: StaffApi) -> dict[str, Any]:
    """Answer one HTTP API event (payload 2.0) whose token API Gateway has checked."""
    return deps.answer(event)
