"""The last station of a message: ``send`` takes a body of ``whatsapp_rendering`` and gives its wamid.

Files and templates are in ``whatsapp_media`` and ``whatsapp_templates``, which call through a client.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from canal.adapters.whatsapp_graph import JSON_HEADERS, Graph, Json, Token, answered, encoded
from canal.adapters.whatsapp_rendering import read_and_typing

__all__ = ["Token", "WhatsAppClient"]


class WhatsAppClient(Graph):
    """The Graph API for one phone number."""

    def __init__(
        self,
        base_url: str,
        version: str,
        phone_number_id: str,
        token: Token,
        connections: int = 10,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``connections`` is how many are kept open, for those who send from several threads."""
        super().__init__(base_url, version, token, connections, clock)
        self.phone_number_id = phone_number_id
        # Prepared once: working out URL and headers costs more than any other part of a call.
        url = self.url(f"{phone_number_id}/messages")
        self._message = requests.Request("POST", url, JSON_HEADERS).prepare()

    def send(self, body: Mapping[str, Any]) -> str:
        """Send one message and give its wamid (empty if Meta took it and told none).

        Raises Temporary, Permanent or Stopped, with a Problem; ``uncertain`` if it may have gone out.
        """
        messages = self._post_message(body).get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        wamid = first.get("id") if isinstance(first, dict) else None
        return wamid if isinstance(wamid, str) else ""

    def mark_read_and_typing(self, wamid: str) -> None:
        """Blue ticks and "typing", for at most 25 seconds. Raises as ``send``."""
        self._post_message(read_and_typing(wamid))

    def _post_message(self, body: Mapping[str, Any]) -> Json:
        request = self._message.copy()
        request.body = encoded(body)
        request.headers["Content-Length"] = str(len(request.body))
        return answered(self.authorised(request))
