"""What Meta says of an account when it is asked. Webhooks tell of changes only, so a town that begins has to ask."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from canal.adapters.whatsapp_client import WhatsAppClient
from canal.broadcasts.outside import Limits
from canal.broadcasts.tiers import NoTier, tier_of

TIER, QUALITY = "whatsapp_business_manager_messaging_limit", "quality_rating"
QUALITIES = frozenset({"GREEN", "YELLOW", "RED"})


def limits(client: WhatsAppClient, account_id: str, now: datetime) -> Limits | None:
    """The tier, which all numbers of a business share; the quality where the account has one number. None where Meta
    names no tier. Raises as ``WhatsAppClient.send``.
    """
    path = f"{quote(account_id, safe='')}/phone_numbers"
    data = client.call("GET", path, params={"fields": f"{TIER},{QUALITY}"}).get("data")
    numbers = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    quality = str(numbers[0].get(QUALITY)) if len(numbers) == 1 else ""
    for number in numbers:
        try:
            tier = tier_of(number.get(TIER))
        except NoTier:
            continue
        return Limits(tier, quality if quality in QUALITIES else "", known=True, at=now)
    return None
