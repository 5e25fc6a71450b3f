"""Secrets from Secrets Manager, kept for a few minutes so that a rotation is picked up without a restart."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from canal.errors import Temporary

KEEP_SECONDS = 300.0
AT_MOST_EVERY = 10.0  # seconds between two fetches, however often a wrong signature asks for one


class Secret:
    """One secret, a JSON object of strings."""

    def __init__(self, client: Callable[[], Any], arn: str, clock: Callable[[], float]) -> None:
        self._client = client
        self._arn = arn
        self._clock = clock
        self._value: dict[str, str] = {}
        self._fetched = float("-inf")

    def value(self, *, refresh: bool = False) -> dict[str, str]:
        """The secret; with ``refresh`` fetched anew, unless that was just done. Raises Temporary."""
        age = self._clock() - self._fetched
        if age > KEEP_SECONDS or (refresh and age > AT_MOST_EVERY):
            self._fetch()
        return self._value

    def _fetch(self) -> None:
        try:
            answer = self._client().get_secret_value(SecretId=self._arn)
        except (BotoCoreError, ClientError) as error:
            if self._value:
                return  # the last one we knew is better than none
            raise Temporary(f"secret: {type(error).__name__}") from error
        self._value = json.loads(answer["SecretString"])
        self._fetched = self._clock()
