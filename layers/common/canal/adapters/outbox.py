"""Replies on their way out: rendered for WhatsApp when the turn is saved, sent after it."""

from __future__ import annotations

from hashlib import blake2b

from canal.adapters.whatsapp_client import WhatsAppClient
from canal.adapters.whatsapp_rendering import outbound
from canal.dialogue.citizen import Citizen
from canal.dialogue.messages import Reply
from canal.ports import Body


class WhatsAppOutbox:
    """The ``Outbox`` port on the Graph API."""

    def __init__(self, client: WhatsAppClient) -> None:
        self._client = client

    def send(self, body: Body) -> str:
        return self._client.send(body)


def render(reply: Reply, citizen: Citizen, message_id: str, quote: bool) -> Body:
    """The Graph API's body for ``reply``; statuses will carry a digest of the message that it answers."""
    mark = blake2b(message_id.encode(), digest_size=12).hexdigest()
    return outbound(reply, citizen, f"turn#{mark}", message_id if quote else "")
