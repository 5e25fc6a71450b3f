"""Photos, voice notes and documents: from Meta's store to ours and back.

A citizen's file lives seven days at Meta under its media id; the URL that leads to it, five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

from canal.adapters.whatsapp_client import WhatsAppClient
from canal.adapters.whatsapp_download import download
from canal.adapters.whatsapp_errors import Problem, problem_of
from canal.errors import Permanent, Temporary


@dataclass(frozen=True, slots=True)
class MediaFile:
    """Where a file is to be had. ``mime_type`` is the sender's claim; ``size`` in bytes, None if not told."""

    url: str
    mime_type: str
    size: int | None
    sha256: str


class WhatsAppMedia:
    """The files of one phone number. Every method raises as ``WhatsAppClient.send``."""

    def __init__(self, client: WhatsAppClient) -> None:
        self._client = client

    def locate(self, media_id: str) -> MediaFile:
        """A fresh URL of a file."""
        answer = self._client.call("GET", quote(media_id, safe=""))
        url, size = answer.get("url"), str(answer.get("file_size"))
        if not isinstance(url, str):
            raise Temporary(Problem(details="the answer tells no URL"))
        return MediaFile(
            url=url,
            mime_type=str(answer.get("mime_type") or ""),
            size=int(size) if size.isascii() and size.isdecimal() else None,
            sha256=str(answer.get("sha256") or ""),
        )

    def fetch(self, media_id: str, into: BinaryIO, max_bytes: int) -> MediaFile:
        """Stream a file to ``into``; a URL that expired on the way is asked for once more.

        Raises Oversized for more than ``max_bytes``; ``into`` may then hold a part.
        """
        found = self.locate(media_id)
        try:
            download(self._client, found.url, into, max_bytes)
        except Permanent as error:
            problem = problem_of(error)
            if problem is None or problem.status != 404:
                raise
            found = self.locate(media_id)
            download(self._client, found.url, into, max_bytes)
        return found

    def upload(self, content: BinaryIO | bytes, mime_type: str, filename: str = "file") -> str:
        """Give Meta a file to send, and get its media id, good for 30 days."""
        answer = self._client.call(
            "POST",
            f"{self._client.phone_number_id}/media",
            form={"messaging_product": "whatsapp", "type": mime_type},
            file=(filename, content, mime_type),
        )
        media_id = answer.get("id")
        if not isinstance(media_id, str) or not media_id:
            raise Temporary(Problem(details="the answer tells no media id", uncertain=True))
        return media_id

    def delete(self, media_id: str) -> None:
        """Take a file off Meta's store."""
        self._client.call("DELETE", quote(media_id, safe=""))
