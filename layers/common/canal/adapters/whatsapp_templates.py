"""The message templates of an account: Meta reviews each before it may be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from canal.adapters.whatsapp_client import WhatsAppClient

FIELDS = "id,name,status,language,category,components,rejected_reason,quality_score"
PAGE = "100"

Template = dict[str, Any]  # in Meta's own shape: name, language, category, components ...


class WhatsAppTemplates:
    """The templates of one WhatsApp Business Account. Every method raises as ``WhatsAppClient.send``."""

    def __init__(self, client: WhatsAppClient, account_id: str) -> None:
        self._client = client
        self._path = f"{quote(account_id, safe='')}/message_templates"

    def list_templates(self) -> Iterator[Template]:
        """All templates, page by page."""
        params = {"fields": FIELDS, "limit": PAGE}
        while True:
            answer = self._client.call("GET", self._path, params=params)
            yield from answer.get("data") or []
            # The cursor and not the "next" address, which holds the access token.
            after = _next_page(answer.get("paging"))
            if not after or after == params.get("after"):
                return
            params["after"] = after

    def create_template(self, template: Mapping[str, Any]) -> Template:
        """Hand in a template for review; gives its ``id``, ``status`` and ``category``."""
        return self._client.call("POST", self._path, body=template)

    def edit_template(self, template_id: str, changes: Mapping[str, Any]) -> None:
        """Replace parts of a template that is approved, rejected or paused. It is reviewed again."""
        self._client.call("POST", quote(template_id, safe=""), body=changes)

    def delete_template(self, name: str, template_id: str = "") -> None:
        """Delete one language of a template, or all of them; the name stays blocked for weeks."""
        params = {"name": name} | ({"hsm_id": template_id} if template_id else {})
        self._client.call("DELETE", self._path, params=params)


def _next_page(paging: object) -> str:
    """The cursor of the next page; empty on the last."""
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""
