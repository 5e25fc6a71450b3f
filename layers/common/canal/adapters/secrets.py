"""Secrets from Secrets Manager, kept for a few minutes so that a rotation is picked up without a restart."""

from __future__ import annotations

import json
from collections.abc import Callable

from canal.adapters.signed import SignedCalls
from canal.errors import Temporary

KEEP_SECONDS = 300.0
AT_MOST_EVERY = 10.0  # seconds between two fetches, however often a wrong signature asks for one


class Secret:
    """One secret, a JSON object of strings."""

    def __init__(self, calls: SignedCalls, arn: str, clock: Callable[[], float]) -> None:
        self._calls = calls
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
            self._value = self._asked()
            self._fetched = self._clock()
        except Temporary:
            if not self._value:
                raise  # the last one we knew is better than none
            # Not asked again at once: a manager that does not answer would hold up every message by its time-outs.
            self._fetched = self._clock() - KEEP_SECONDS + AT_MOST_EVERY

    def _asked(self) -> dict[str, str]:
        request = json.dumps({"SecretId": self._arn}).encode()
        answer = self._calls.json("secretsmanager", "secretsmanager.GetSecretValue", request)
        if answer.status != 200:
            raise Temporary(f"secret: {answer.status}")
        try:
            value = json.loads(json.loads(answer.body)["SecretString"])
        except (ValueError, KeyError):
            raise Temporary("secret: not JSON") from None  # without the original, which holds the secret
        if not isinstance(value, dict):
            raise Temporary("secret: not a JSON object")
        return value
