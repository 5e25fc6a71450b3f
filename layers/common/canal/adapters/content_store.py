"""The town's content: what was last published to S3, else the edition deployed with the code.

Looked at once a minute at most, with its ETag, so that an unchanged edition costs no download. An edition that
cannot be read, or is not one, leaves the last good one standing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from canal.dialogue.town import Town
from canal.errors import Temporary

KEY = "content/current.json"
LOOK_EVERY = 60.0  # seconds


class ContentStore:
    """The ``Towns`` port on a bucket and a file."""

    def __init__(self, s3: Callable[[], Any], bucket: str, file: str, clock: Callable[[], float]) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._file = Path(file)
        self._clock = clock
        self._town: Town | None = None
        self._etag = ""
        self._looked = float("-inf")

    def current(self) -> Town:
        """The newest edition, at most a minute old. Raises Temporary when there is none at all."""
        if self._clock() - self._looked > LOOK_EVERY:
            self._look()
            self._looked = self._clock()
        if self._town is None:
            self._town = self._deployed()
        return self._town

    def _look(self) -> None:
        """Take over a newer edition, if there is one that can be used."""
        unless = {"IfNoneMatch": self._etag} if self._etag else {}
        try:
            answer = self._s3().get_object(Bucket=self._bucket, Key=KEY, **unless)
            self._town = Town(json.load(answer["Body"]), answer["ETag"])
            self._etag = answer["ETag"]
        except (BotoCoreError, ClientError, ValueError, KeyError):
            return  # unchanged, not published yet, out of reach or broken: what we have stands

    def _deployed(self) -> Town:
        try:
            return Town(json.loads(self._file.read_text("utf-8")), "deployed")
        except (OSError, ValueError, KeyError) as error:
            raise Temporary(f"no content: {type(error).__name__}") from error
