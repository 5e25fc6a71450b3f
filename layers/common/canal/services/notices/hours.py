"""When a recipient may be written to, and when somebody must look whether they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from canal.broadcasts.campaign import ALERTS, BULK, Campaign
from canal.broadcasts.message import passes_quiet_hours
from canal.broadcasts.subscription import SHARDS
from canal.dialogue.town import Town

GRACE = {ALERTS: timedelta(minutes=3), BULK: timedelta(minutes=15)}  # longer than a chunk should wait for its turn


def allowed(town: Town, campaign: Campaign, when: datetime) -> datetime:
    """``when``, or the end of the quiet hours that it falls into; alerts know none."""
    if passes_quiet_hours(campaign.kind):
        return when
    end = town.notices.quiet.ends_after(town.local(when))
    return end.astimezone(UTC) if end else when


def look_at(campaign: Campaign, now: datetime, ahead: int, per_second: float) -> datetime:
    """When a recipient who is queued now should surely have been taken, with ``ahead`` of the same shard before them.

    All shards are queued side by side. A fixed time would have a large campaign queued again and again while it waits.
    """
    return now + GRACE[campaign.lane] + timedelta(seconds=(ahead + 1) * SHARDS / per_second)
