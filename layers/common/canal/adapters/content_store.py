"""The town's content: what was last published to S3, else the edition deployed with the code.

Looked at once a minute at most, with its ETag, so that an unchanged edition costs no download. An edition that
cannot be read, or is not one, leaves the last good one standing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from canal.dialogue.town import Town, sections
from canal.errors import Temporary

KEY = "content/current.json"
LOOK_EVERY = 60.0  # seconds


class Bucket(Protocol):
    """Where editions are published."""

    def newer(self, key: str, etag: str) -> tuple[bytes, str] | None:
        """Bytes and ETag of ``key`` if it is not the edition of ``etag``; None if it is, or there is none.

        Raises Temporary when the bucket cannot be reached.
        """
        ...


class ContentStore:
    """The ``Towns`` port on a bucket and a file."""

    def __init__(self, bucket: Bucket, file: str, clock: Callable[[], float]) -> None:
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
        try:
            found = self._bucket.newer(KEY, self._etag)
            if found:
                compiled, etag = found
                self._town, self._etag = Town(sections(compiled), etag), etag
        except (Temporary, ValueError, KeyError, TypeError, IndexError):
            return  # out of reach or broken: what we have stands

    def _deployed(self) -> Town:
        try:
            return Town(sections(self._file.read_bytes()), "deployed")
        except (OSError, ValueError, KeyError) as error:
            raise Temporary(f"no content: {type(error).__name__}") from error
