"""The bucket in which editions of the content are published."""

from __future__ import annotations

from canal.adapters.signed import SignedCalls
from canal.errors import Temporary


class S3Bucket:
    """Reads from one bucket."""

    def __init__(self, calls: SignedCalls, name: str) -> None:
        self._calls = calls
        self._name = name

    def newer(self, key: str, etag: str) -> tuple[bytes, str] | None:
        """See ``content_store.Bucket``."""
        answer = self._calls.s3(self._name, key, {"If-None-Match": etag} if etag else {})
        if answer.status == 200:
            return answer.body, answer.headers["ETag"]
        if answer.status in (304, 404):
            return None
        raise Temporary(f"S3: {answer.status}")
