"""All that the staff API of notices works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.outside import Account, Allowance, Campaigns, Deliveries, People, Queues, Subscribers
from canal.desk.campaigns.counting import Counts
from canal.desk.outside import Log
from canal.dialogue.town import Town
from canal.ports import Towns
from canal.services.channel import Channel
from canal.services.notices.preflight import Preflight


@dataclass(frozen=True, slots=True)
class Room:
    """``start`` begins the planning of an approved campaign; it raises Temporary when it cannot, and ``tend`` finds
    the campaign anyway. ``per_second``: what the number may send.
    """

    campaigns: Campaigns
    deliveries: Deliveries
    subscribers: Subscribers
    people: People
    account: Account
    allowance: Allowance
    queues: Queues
    channel: Channel
    preflight: Preflight
    counts: Counts
    start: Callable[[Campaign, datetime], object]
    towns: Towns
    clock: Callable[[], datetime]
    warn: Log
    per_second: float

    @property
    def town(self) -> Town:
        return self.towns.current()
