"""Stopping a notice that runs, going on, and ending it for good. Those who have it have it; nobody else gets it."""

from __future__ import annotations

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign
from canal.broadcasts.outside import PlanJob
from canal.broadcasts.subscription import SHARDS
from canal.desk.campaigns.allowed import Act
from canal.desk.campaigns.changing import changed
from canal.desk.campaigns.outside import Room
from canal.desk.refusals import Refusal
from canal.desk.roles import Person
from canal.errors import CanalError


def pause(room: Room, person: Person, identifier: str, if_match: str | None) -> Campaign:
    now = room.clock()
    return changed(room, person, identifier, if_match, Act.PAUSE, lambda each: changes.paused(each, now, person.name))


def resume(room: Room, person: Person, identifier: str, if_match: str | None) -> Campaign:
    """Running again, also after Canal stopped it itself: whoever resumes has mended the reason, or it stops again."""
    now = room.clock()

    def change(campaign: Campaign) -> Campaign:
        if campaign.until and campaign.until <= now:
            raise Refusal("notice_over", [{"field": "until", "reason": "passed"}])
        return changes.resumed(campaign, now, person.name, planned=planned(room, campaign))

    resumed = changed(room, person, identifier, if_match, Act.RESUME, change)
    go_on(room, resumed)
    return resumed


def cancel(room: Room, person: Person, identifier: str, if_match: str | None) -> Campaign:
    """For good, also while it is being sent: whoever was not written to yet is skipped."""
    now = room.clock()
    return changed(
        room, person, identifier, if_match, Act.CANCEL, lambda each: changes.cancelled(each, now, person.name)
    )


def go_on(room: Room, campaign: Campaign) -> None:
    """Let the shards be planned on and what is due be queued again. If that fails ``tend`` does it a little later."""
    try:
        begun = {each.shard: each.done for each in room.campaigns.progress(campaign.id)}
        unplanned = [PlanJob(campaign.id, shard) for shard in range(SHARDS) if not begun.get(shard)]
        due = [PlanJob(campaign.id, shard, again=True) for shard in sorted(begun)]
        room.queues.plan(campaign.lane, unplanned + due)
    except CanalError as error:
        extra = {"campaign": campaign.id, "error": type(error).__name__}
        room.warn("notice not queued again, tend will do it", extra=extra)


def planned(room: Room, campaign: Campaign) -> bool:
    """Whether every recipient is written down."""
    return sum(shard.done for shard in room.campaigns.progress(campaign.id)) == SHARDS
