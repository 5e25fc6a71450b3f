"""What time says of a campaign: that shards must have got lost, that it is late, that it has come to rest. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from canal.broadcasts.campaign import ALERTS, Campaign, What

LOST = timedelta(minutes=1)  # a shard that nobody has begun by then was not queued
GOES_ON = 5  # minutes; one that was begun goes on by itself, unless the queue has given up on it
LATE = timedelta(minutes=15)  # an alert that is not out by then is for an operator: the alarm names this time


def since(campaign: Campaign, now: datetime) -> timedelta:
    """For how long the campaign has been what it is."""
    return now - campaign.history[-1].at if campaign.history else timedelta.max


def settled(campaign: Campaign, now: datetime, enough: timedelta) -> bool:
    return since(campaign, now) >= enough


def is_lost(campaign: Campaign, now: datetime, *, begun: bool) -> bool:
    """Whether the job of a shard that is not planned yet must be queued again. In bulk it may only wait for its turn,
    so that is done less and less eagerly. When a campaign is paused all its jobs are dropped.
    """
    waited = since(campaign, now)
    minutes = waited // timedelta(minutes=1)
    resumed = bool(campaign.history) and campaign.history[-1].what == What.RESUMED
    if waited < LOST or (begun and not resumed and minutes < GOES_ON):
        return False
    return campaign.lane == ALERTS or minutes < LOST // timedelta(minutes=1) + 2 or minutes % GOES_ON == 0


def late(campaign: Campaign, now: datetime) -> Counter[str]:
    """The figure of an alert that runs for longer than it should, since it began or was resumed."""
    began = [event.at for event in campaign.history if event.what in (What.PLANNING, What.RESUMED)]
    is_late = campaign.lane == ALERTS and bool(began) and now - max(began) >= LATE
    return Counter(AlertLate=1) if is_late else Counter()
