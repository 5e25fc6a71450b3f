"""A campaign that is approved begins to be planned: by whoever approved it, or a little later by ``tend``.

First the campaign is PLANNING, then its shards are queued: a job that came before would find nothing to do. Who dies in
between leaves a campaign that is planned by nobody, and ``tend`` sees that.
"""

from __future__ import annotations

from datetime import datetime

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign
from canal.broadcasts.outside import Campaigns, PlanJob, Queues
from canal.broadcasts.states import State
from canal.broadcasts.subscription import SHARDS
from canal.errors import LostRace


def start(campaigns: Campaigns, queues: Queues, campaign: Campaign, now: datetime) -> Campaign:
    """The campaign as it is then. Where it is not approved any more, or not due yet, nothing happens.

    Raises Temporary when the store or the queue does not answer; to call it again does no harm.
    """
    if campaign.state != State.APPROVED or (campaign.not_before and campaign.not_before > now):
        return campaign
    try:
        begun = campaigns.save(changes.planning(campaign, now))
    except LostRace:  # somebody else began it, or called it off
        return campaigns.load(campaign.id) or campaign
    queues.plan(begun.lane, [PlanJob(begun.id, shard) for shard in range(SHARDS)])
    return begun
