"""Several CAP files in one tar.gz, as AEMET gives its warnings. Read as a stream in memory; nothing is ever written,
and the names inside mean nothing.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from canal.cap.alert import BadAlert
from canal.cap.xml import MOST_BYTES

MAGIC = b"\x1f\x8b"
MOST_MEMBERS = 2_000
MOST_UNPACKED = 40_000_000


class _Limited:
    """What is unpacked, as long as it stays within ``most``."""

    def __init__(self, raw: bytes, most: int) -> None:
        self._stream = gzip.GzipFile(fileobj=BytesIO(raw))
        self._left = self._most = most

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(found)
        if self._left < 0:
            raise BadAlert(f"it unpacks to more than {self._most:,} bytes", "too_large")
        return found


def is_packed(raw: bytes) -> bool:
    return raw.startswith(MAGIC)


def files(raw: bytes, most: int = MOST_UNPACKED) -> Iterator[bytes]:
    """The plain files in it, each at most one byte longer than an alert may be.

    Raises BadAlert once something is wrong with the archive; what came before that is good.
    """
    try:
        with tarfile.open(fileobj=_Limited(raw, most), mode="r|") as archive:  # type: ignore[call-overload]  # it has read
            for number, member in enumerate(archive):
                if number >= MOST_MEMBERS:
                    raise BadAlert(f"it holds more than {MOST_MEMBERS:,} files", "too_large")
                if member.isreg() and (file := archive.extractfile(member)):
                    yield file.read(MOST_BYTES + 1)
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError):
        raise BadAlert("it is no whole tar.gz", "not_cap") from None
