"""Files: uploaded by the town or sent by citizens, with ids that live for days and addresses that live for minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from local.whatsapp.errors import GraphError

MB = 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCUMENTS = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    f"{OFFICE}wordprocessingml.document",
    f"{OFFICE}spreadsheetml.sheet",
    f"{OFFICE}presentationml.presentation",
)
# kind: (MIME types that the town may send, bytes at most)
SENDABLE: dict[str, tuple[tuple[str, ...], int]] = {
    "image": (("image/jpeg", "image/png"), 5 * MB),
    "audio": (("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MB),
    "video": (("video/mp4", "video/3gpp"), 16 * MB),
    "document": (DOCUMENTS, 100 * MB),
    "sticker": (("image/webp",), 500 * 1024),
}
DOWNLOAD_PATH = "/whatsapp_business/attachments/"


@dataclass(frozen=True, slots=True)
class Media:
    id: str
    mime_type: str
    data: bytes
    until: float  # the id is unknown from then on

    @property
    def base_type(self) -> str:
        return self.mime_type.partition(";")[0].strip().lower()

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.data).digest()


def kind_of(mime_type: str) -> str | None:
    """What the town may send a file of this type as."""
    base = mime_type.partition(";")[0].strip().lower()
    return next((kind for kind, (types, _) in SENDABLE.items() if base in types), None)


def check_upload(mime_type: str, size: int) -> None:
    """Meta's limits for what the town uploads (131053)."""
    kind = kind_of(mime_type)
    if kind is None:
        raise GraphError(131053, f"Unsupported Media mime type {mime_type!r}.")
    if size > SENDABLE[kind][1]:
        raise GraphError(131053, f"Media file size too big: {size} bytes. Max for {kind}: {SENDABLE[kind][1]}.")
    if not size:
        raise GraphError(131053, "Media file is empty.")


class MediaStore:
    """Files by id, bounded in bytes: the oldest go first."""

    def __init__(self, keep_bytes: int) -> None:
        self._keep_bytes = keep_bytes
        self._lock = threading.Lock()
        self._files: OrderedDict[str, Media] = OrderedDict()
        self._numbers = itertools.count(1)
        self._bytes = 0
        self._secret = secrets.token_bytes(16)  # makes the addresses unguessable

    def reset(self) -> None:
        with self._lock:
            self._files.clear()
            self._bytes = 0

    def add(self, data: bytes, mime_type: str, until: float) -> Media:
        with self._lock:
            media = Media(str(900_000_000_000_000 + next(self._numbers)), mime_type, data, until)
            self._files[media.id] = media
            self._bytes += len(data)
            while self._bytes > self._keep_bytes and len(self._files) > 1:
                self._bytes -= len(self._files.popitem(last=False)[1].data)
            return media

    def find(self, media_id: str, now: float) -> Media | None:
        with self._lock:
            media = self._files.get(media_id)
            return media if media and now < media.until else None

    def delete(self, media_id: str) -> bool:
        with self._lock:
            media = self._files.pop(media_id, None)
            self._bytes -= len(media.data) if media else 0
            return media is not None

    def url(self, base: str, media_id: str, source: str, expires: float) -> str:
        """A download address; ``source`` is "getMedia" or "webhook", as at Meta."""
        query = {"mid": media_id, "source": source, "ext": int(expires), "hash": self._hash(media_id, int(expires))}
        return f"{base}{DOWNLOAD_PATH}?{urlencode(query)}"

    def download(self, media_id: str, expires: str, given_hash: str, now: float) -> Media | None:
        """The file behind a download address; None when it is wrong, too old, or the file is gone."""
        if not expires.isdecimal() or not hmac.compare_digest(self._hash(media_id, int(expires)), given_hash):
            return None
        return self.find(media_id, now) if now < int(expires) else None

    def _hash(self, media_id: str, expires: int) -> str:
        return hmac.new(self._secret, f"{media_id}.{expires}".encode(), hashlib.sha256).hexdigest()[:32]


def described(media: Media, url: str) -> dict[str, Any]:
    """The answer to ``GET /{media-id}``: the digest in hexadecimal, unlike in webhooks."""
    return {
        "messaging_product": "whatsapp",
        "url": url,
        "mime_type": media.mime_type,
        "sha256": media.digest.hex(),
        "file_size": len(media.data),
        "id": media.id,
    }


def webhook_fields(media: Media, url: str) -> dict[str, Any]:
    """What a webhook says of a citizen's file: the digest in base64."""
    return {
        "mime_type": media.mime_type,
        "sha256": base64.b64encode(media.digest).decode(),
        "id": media.id,
        "url": url,
    }
