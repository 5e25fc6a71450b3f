"""Meta's webhook: GET proves the address, POST brings messages. Signature, parse, one call, status."""

from __future__ import annotations

import base64
import os
from typing import Any

from aws_lambda_powertools import Logger
from canal import bootstrap
from canal.errors import BadInput, BadSignature, Temporary, TooLarge
from canal.services.intake import Intake

Answer = dict[str, Any]

logger = Logger()
intake = bootstrap.for_receive(os.environ)


def handler(event: dict[str, Any], context: object) -> Answer:
    return respond(event, intake)


def respond(event: dict[str, Any], deps: Intake) -> Answer:
    """Answer one HTTP API event (payload 2.0). 200 only when everything is safely queued."""
    if event["requestContext"]["http"]["method"] == "GET":
        return confirm(event, deps)
    try:
        taken = deps.take(raw_body(event), event["headers"].get("x-hub-signature-256"))
    except BadSignature:
        logger.warning("webhook with a wrong signature refused")
        return status(401)
    except TooLarge:
        logger.warning("webhook over 3 MB refused")
        return status(413)
    except BadInput as reason:
        logger.warning("webhook that cannot be read refused", extra={"reason": type(reason).__name__})
        return status(400)
    except Temporary as reason:
        logger.error("webhook not queued, Meta will send it again", extra={"reason": str(reason)})
        return status(503)
    if taken.unknown_numbers:
        logger.warning("webhook for a number that is not ours", extra={"numbers": taken.unknown_numbers})
    logger.info("webhook queued", extra={"messages": taken.messages, "events": taken.events})
    return status(200)


def confirm(event: dict[str, Any], deps: Intake) -> Answer:
    answer = deps.confirm(event.get("queryStringParameters") or {})
    return status(403) if answer is None else {**status(200), "body": answer}


def raw_body(event: dict[str, Any]) -> bytes:
    """The bytes that Meta signed. Raises BadInput when they cannot be had."""
    body = event.get("body") or ""
    try:
        return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    except ValueError as error:
        raise BadInput("the body cannot be decoded") from error


def status(code: int) -> Answer:
    return {"statusCode": code, "headers": {"content-type": "text/plain"}, "body": ""}
