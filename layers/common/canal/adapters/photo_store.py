"""The private bucket of citizens' files: put, get, delete, and a link for a while. Signed calls, no client.

Keys are ``files/<case>/<random>``: the case, so that all of a case can be found and deleted; chance, so that one who
knows a case, or another file of it, knows no key.
"""

from __future__ import annotations

import re
import secrets
from xml.sax.saxutils import unescape

from canal.adapters.signed import Response, SignedCalls
from canal.errors import Permanent, Temporary

FOLDER = "files"
DAY = 24 * 3600
LONGEST_LINK = 7 * DAY  # S3's own limit
PAGES = 50  # of 1,000 keys; a case has forty

_KEY = re.compile(rb"<Key>([^<]*)</Key>")


def new_key(case: str) -> str:
    """A key that nobody can guess for a file of ``case``."""
    return f"{folder(case)}{secrets.token_urlsafe(24)}"


def folder(case: str) -> str:
    return f"{FOLDER}/{case}/"


class PhotoStore:
    """The ``PhotoLinks`` port, and what ``route`` and the staff API need besides. Raises Temporary and Permanent."""

    def __init__(self, calls: SignedCalls, bucket: str) -> None:
        self._calls = calls
        self._bucket = bucket

    def link(self, key: str, seconds: int = 3600) -> str:
        """See ``PhotoLinks``. No call is made: a link to what is not there is a 404 for whoever opens it."""
        return self._calls.presigned_s3(self._bucket, key, min(max(seconds, 1), LONGEST_LINK))

    def put(self, key: str, content: bytes, mime_type: str, filename: str = "") -> None:
        """Store an object, over the one that is there. With ``filename`` browsers save it and never show it."""
        headers = {"Content-Type": mime_type}
        if filename:
            headers["Content-Disposition"] = f'attachment; filename="{filename}"'
        _expect(self._calls.s3(self._bucket, key, headers, "PUT", content), 200)

    def get(self, key: str) -> bytes:
        """An object's bytes. Raises Permanent when it is not there."""
        answer = self._calls.s3(self._bucket, key, {})
        if answer.status == 404:
            raise Permanent("S3: there is no such object")
        return _expect(answer, 200).body

    def delete(self, key: str) -> None:
        """Delete an object, or nothing if it is not there."""
        _expect(self._calls.s3(self._bucket, key, {}, "DELETE"), 204, 200, 404)

    def delete_case(self, case: str) -> None:
        """Delete everything that was ever stored for a case, whether the case knows of it or not."""
        for _ in range(PAGES):
            keys = self._keys(folder(case))
            for key in keys:
                self.delete(key)
            if not keys:
                return
        raise Temporary("S3: the case has more objects than can be deleted at once")

    def _keys(self, prefix: str) -> list[str]:
        """The first thousand keys with ``prefix``, which ends with a slash."""
        params = {"list-type": "2", "prefix": prefix}
        answer = _expect(self._calls.s3(self._bucket, "", {}, params=params), 200)
        return [unescape(key.decode()) for key in _KEY.findall(answer.body)]


def _expect(answer: Response, *good: int) -> Response:
    if answer.status not in good:
        raise Temporary(f"S3: {answer.status}")
    return answer
