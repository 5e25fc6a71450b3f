"""Recipients whom nobody works on any more: claimed by a worker that died, or waiting for what will not come.

The documented rule: an alert rather reaches somebody twice than not at all. Everything else is sent again only when
WhatsApp surely never took it: it reports every message that it took, so if its reports have reached us without a gap
from then until well after, and none of this one, there was no message. Where there was a gap (our webhook was away, or
the tables), or no report within a day, we do not know, and say that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from canal.broadcasts.campaign import ALERTS, Campaign
from canal.broadcasts.delivery import UNKNOWN, Delivery, State, Step
from canal.broadcasts.outside import SILENCE, Deliveries, Seen
from canal.broadcasts.states import RUNNING

WELL_AFTER = timedelta(minutes=20)  # a report that could not be kept is tried five times, three minutes apart
GIVE_UP = timedelta(hours=24)
MOST_CLAIMS = 12  # somebody at whom a worker dies each time must not be tried for ever
CANCELLED, EXPIRED = "cancelled", "expired"  # reasons of those who were let go

Figures = Counter[str]


def mend(deliveries: Deliveries, campaign: Campaign, row: Delivery, now: datetime, seen: Seen | None) -> Figures:
    """What becomes of a claimed row whose worker must be dead. ``seen``: when WhatsApp's reports reached us."""
    step = decision(row, now, seen, repeat=campaign.lane == ALERTS and goes_on(campaign, now))
    if step is None or not deliveries.take(row.campaign, row.citizen, step):
        return Figures()
    return Figures({"DeliveriesUnknown" if step.state == State.FAILED else "DeliveriesFreed": 1})


def goes_on(campaign: Campaign, now: datetime) -> bool:
    """Whether whoever is free again will be written to."""
    return campaign.state in RUNNING and not (campaign.until and campaign.until <= now)


def decision(row: Delivery, now: datetime, seen: Seen | None, *, repeat: bool) -> Step | None:
    """None: wait. ``repeat``: rather twice than not at all. Only as it was read: a report may come at this moment."""
    certain = seen is not None and seen.since - row.at <= SILENCE and seen.until - row.at >= WELL_AFTER
    if (repeat or certain) and row.tries < MOST_CLAIMS:
        return Step(State.QUEUED, now, look_at=now, reason=row.reason, seen=row)
    if now - row.at >= GIVE_UP or row.tries >= MOST_CLAIMS:
        return Step(State.FAILED, now, reason=UNKNOWN, seen=row)
    return None


def let_go(deliveries: Deliveries, rows: Iterable[Delivery], reason: str, now: datetime) -> Figures:
    """Those who wait are skipped; who was claimed meanwhile is not."""
    steps = ((row, Step(State.SKIPPED, now, reason=reason, seen=row)) for row in rows if row.state == State.QUEUED)
    count = sum(deliveries.take(row.campaign, row.citizen, step) for row, step in steps)
    return Figures({"DeliveriesSkipped": count})
