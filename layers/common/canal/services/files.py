"""Citizens' files: fetched from Meta, made safe and put into our own bucket, each on its own.

A file that cannot be had just now is tried again, ever more seldom, as long as Meta keeps it. The keys were chosen when
the case was claimed, so a file that is stored twice is stored over itself, and one whose case was never saved again
can be found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Protocol, cast

from canal.errors import BadInput, Oversized, Permanent, Stopped, Temporary
from canal.incidents.case import Case, File, What
from canal.incidents.changes import MOST_EVENTS, file_failed, with_file
from canal.incidents.watch import DAYS_AT_META, FORGOTTEN
from canal.services.basket import MAX_BYTES, Basket
from canal.services.progress import Change

FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)
JPEG = "image/jpeg"

# What is kept under its own name, with the ending of its file. Anything else is bytes that nothing opens by itself.
KINDS = {
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "video/3gpp": ".3gp",
    "video/mp4": ".mp4",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "text/plain": ".txt",
}
BYTES = "application/octet-stream"


class Fetched(Protocol):
    """What Meta says of a file."""

    @property
    def mime_type(self) -> str: ...


class Media(Protocol):
    """Meta's store."""

    def fetch(self, media_id: str, into: BinaryIO, max_bytes: int) -> Fetched:
        """Write the file to ``into``. Raises Oversized, another Permanent, Temporary or Stopped."""
        ...


class FileStore(Protocol):
    """Our bucket. Raises Temporary."""

    def put(self, key: str, content: bytes, mime_type: str, filename: str = "") -> None: ...

    def delete(self, key: str) -> None: ...

    def delete_case(self, case: str) -> None: ...


class Photo(Protocol):
    """A picture made safe, as JPEG in two sizes."""

    @property
    def full(self) -> bytes: ...
    @property
    def thumbnail(self) -> bytes: ...


class Files:
    """Fetches one file after another. ``seconds`` is a clock that only goes forward."""

    def __init__(
        self,
        media: Media,
        store: FileStore,
        prepared: Callable[[BinaryIO], Photo],
        clock: Callable[[], datetime],
        seconds: Callable[[], float],
    ) -> None:
        self._media = media
        self._store = store
        self._prepared = prepared
        self._clock = clock
        self._seconds = seconds

    def settle(self, case: Case, file: File) -> Change:
        """What becomes of a pending file. Raises Temporary only when it cannot even be given up."""
        try:
            return self._stored(case, file)
        except (Temporary, Stopped):
            return self._later(file)
        except Oversized:
            return self._given_up(file, What.FILE_REFUSED, "too_large")
        except Permanent:  # Meta does not have it any more, or never had
            return self._given_up(file, What.FILE_LOST, "gone")
        except BadInput as reason:
            return self._given_up(file, What.FILE_REFUSED, str(reason))

    def forget(self, file: File) -> Change:
        """One that went with its citizen leaves the bucket, then the case. Raises Temporary."""
        self._delete(file)
        return lambda case: replace(case, files=tuple(each for each in case.files if not is_forgotten(each, file.id)))

    def _delete(self, file: File) -> None:
        for key in filter(None, (file.key, file.thumbnail)):
            self._store.delete(key)

    def delete_case(self, case: str) -> None:
        """Everything that was ever stored for a case."""
        self._store.delete_case(case)

    def _stored(self, case: Case, file: File) -> Change:
        with Basket(self._seconds) as basket:
            told = self._media.fetch(file.media_id, cast(BinaryIO, basket), MAX_BYTES).mime_type or file.mime_type
            basket.file.seek(0)
            if file.is_photo:
                mime_type = self._store_photo(file, cast(BinaryIO, basket.file))
            else:
                mime_type = self._store_as_it_is(case, file, told, basket.file.read())
        return in_place_of(
            file.id,
            lambda pending: replace(pending, state="stored", mime_type=mime_type, retry_at=None, **keys(file)),
        )

    def _store_photo(self, file: File, content: BinaryIO) -> str:
        photo = self._prepared(content)
        self._store.put(file.thumbnail, photo.thumbnail, JPEG)
        self._store.put(file.key, photo.full, JPEG)
        return JPEG

    def _store_as_it_is(self, case: Case, file: File, told: str, content: bytes) -> str:
        claim = told.split(";")[0].strip().lower()
        mime_type = claim if claim in KINDS else BYTES
        self._store.put(file.key, content, mime_type, f"{case.id}-{file.kind}{KINDS.get(mime_type, '.bin')}")
        return mime_type

    def _later(self, file: File) -> Change:
        """Tried again after 1, 2, 4 ... 60 minutes, until Meta throws it away."""
        now = self._clock()
        if now >= file.sent_at + DAYS_AT_META:
            return self._given_up(file, What.FILE_LOST, "expired")
        wait = min(FIRST_RETRY * 2 ** min(file.tries, 10), LONGEST_RETRY)
        return in_place_of(file.id, lambda pending: replace(pending, tries=file.tries + 1, retry_at=now + wait))

    def _given_up(self, file: File, what: What, reason: str) -> Change:
        self._delete(file)  # an earlier try may have come as far as this
        now = self._clock()
        return lambda case: failed(case, now, file.id, what, reason)


def is_due(file: File, now: datetime) -> bool:
    """Whether a file is to be fetched now."""
    return file.state == "pending" and (file.retry_at is None or file.retry_at <= now)


def is_forgotten(file: File, identifier: str) -> bool:
    return file.id == identifier and file.state == FORGOTTEN


def with_keys(case: Case, new_key: Callable[[str], str]) -> Case:
    """The case with places in the bucket for the files that have none."""
    return replace(case, files=tuple(_with_key(file, case.id, new_key) for file in case.files))


def in_place_of(identifier: str, change: Callable[[File], File]) -> Change:
    """A change of one pending file; nothing where it is pending no more."""

    def apply(case: Case) -> Case:
        found = pending(case, identifier)
        return with_file(case, change(found)) if found else case

    return apply


def failed(case: Case, at: datetime, identifier: str, what: What, reason: str) -> Case:
    """The case with a file given up; its history may be too full to tell so."""
    found = pending(case, identifier)
    if found is None:
        return case
    if len(case.history) >= MOST_EVENTS:
        return with_file(case, replace(found, state="lost", reason=reason, key="", thumbnail="", retry_at=None))
    return file_failed(case, at, found, what, reason)


def pending(case: Case, identifier: str) -> File | None:
    return next((file for file in case.files if file.id == identifier and file.state == "pending"), None)


def keys(file: File) -> dict[str, Any]:
    return {"key": file.key, "thumbnail": file.thumbnail}


def _with_key(file: File, case: str, new_key: Callable[[str], str]) -> File:
    if file.state != "pending" or file.key:
        return file
    return replace(file, key=new_key(case), thumbnail=new_key(case) if file.is_photo else "")
