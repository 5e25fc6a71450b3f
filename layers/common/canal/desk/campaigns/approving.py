"""Letting a notice go: a mass alert by a second person, or, in an emergency, by its author, which leaves its trace."""

from __future__ import annotations

from datetime import datetime, timedelta

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, What
from canal.desk.campaigns.allowed import Act, is_alert, needs_second, wrote
from canal.desk.campaigns.changing import changed
from canal.desk.campaigns.outside import Room
from canal.desk.refusals import Forbidden, Refusal
from canal.desk.roles import Person
from canal.dialogue.town import Town
from canal.errors import CanalError

GOOD_FOR = timedelta(hours=24)  # people come and go, windows close


def approve(room: Room, person: Person, identifier: str, if_match: str | None, emergency: str) -> Campaign:
    """Approved; planning begins at once, or at its hour. Raises Forbidden where a second person must do it."""
    now = room.clock()

    def change(campaign: Campaign) -> Campaign:
        refuse_old(campaign, now)
        reason = override(room.town, person, campaign, emergency)
        return changes.approved(campaign, now, person.name, reason)

    saved = changed(room, person, identifier, if_match, Act.APPROVE, change)
    if saved.history[-1].what == What.OVERRIDDEN:
        room.warn("mass alert approved by its author alone", extra={"campaign": saved.id})
    return saved if saved.not_before and saved.not_before > now else started(room, saved, now)


def refuse_old(campaign: Campaign, now: datetime) -> None:
    """Raises a Refusal where what was checked is no longer so."""
    if campaign.estimate is None or now - campaign.estimate.at > GOOD_FOR:
        raise Refusal("check_too_old", [{"field": "estimate", "reason": "too_old"}])
    if campaign.until and campaign.until <= now:
        raise Refusal("notice_over", [{"field": "until", "reason": "passed"}])


def override(town: Town, person: Person, campaign: Campaign, emergency: str) -> str:
    """The reason for which its author approves it alone; empty where that needs none."""
    if not (needs_second(town, campaign) and wrote(person, campaign)):
        return ""
    if not emergency:
        raise Forbidden("second_person")
    if not is_alert(campaign):
        raise Forbidden("emergency_for_alerts", [{"field": "emergency", "reason": "alerts_only"}])
    return emergency


def started(room: Room, campaign: Campaign, now: datetime) -> Campaign:
    """The notice with its planning begun. If that fails ``tend`` does it: what was decided stands."""
    try:
        room.start(campaign, now)
        return room.campaigns.load(campaign.id) or campaign
    except CanalError as error:
        extra = {"campaign": campaign.id, "error": type(error).__name__}
        room.warn("planning not begun, tend will find the notice", extra=extra)
        return campaign
