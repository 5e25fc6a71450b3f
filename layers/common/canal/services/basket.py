"""Where a citizen's file lands when it is fetched: bounded in size and in time, whatever is at the other end."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import Any

from canal.errors import Oversized, Temporary

MB = 1024 * 1024
# Meta takes pictures of 5 MB, voice and video of 16 MB from citizens, documents of 100 MB. A picture sent "as a
# document" keeps the camera's size, which is below 16; a department needs no larger document from a street.
MAX_BYTES = 16 * MB
IN_MEMORY = 2 * MB
FETCH_SECONDS = 20  # however slowly it trickles in


class Basket:
    """A temporary file that takes neither too much nor too long."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by ``__exit__``
        self._seconds = seconds
        self._until = seconds() + FETCH_SECONDS
        self._size = 0

    def write(self, chunk: bytes) -> int:
        self._size += len(chunk)
        if self._size > MAX_BYTES:
            raise Oversized(f"the file has more than {MAX_BYTES} bytes")
        if self._seconds() > self._until:
            raise Temporary("the file comes too slowly")
        return self.file.write(chunk)

    def __enter__(self) -> Basket:
        return self

    def __exit__(self, *failure: Any) -> None:
        self.file.close()
