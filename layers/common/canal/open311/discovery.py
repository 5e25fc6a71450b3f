"""Where the API is and what it speaks."""

from __future__ import annotations

from canal.open311.asked import Answer, Asked, Outside
from canal.open311.formats import TYPES, Document, Row

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-23T00:00:00Z"  # when the API itself changed last
KEEP = 3_600


def discovery(asked: Asked, outside: Outside) -> Answer:
    site = str(asked.town.facts.get("site", ""))
    endpoint: Row = {
        "specification": SPECIFICATION,
        "url": asked.call.address,
        "changeset": CHANGESET,
        "type": "production",
        "formats": [kind.partition(";")[0] for kind in TYPES.values()],
    }
    content: Row = {
        "changeset": CHANGESET,
        "contact": asked.town.text("public.contact", asked.language, town=asked.town.name, site=site),
        "key_service": asked.town.text("public.key_service", asked.language, site=site),
        "endpoints": [endpoint],
    }
    return Answer(Document("discovery", content), KEEP)
