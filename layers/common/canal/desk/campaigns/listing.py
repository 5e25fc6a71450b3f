"""The list of notices, the newest first, page by page."""

from __future__ import annotations

from canal.broadcasts.campaign import Campaign
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.present import row
from canal.desk.campaigns.requests import CampaignsWanted
from canal.desk.campaigns.views import CampaignRows

PAGE, MOST_READ = 100, 1_000  # notices read for one answer: a filter that finds few must not read years


def page(room: Room, wanted: CampaignsWanted) -> CampaignRows:
    """At most ``wanted.limit`` notices; with a cursor where there are more, or may be."""
    found: list[Campaign] = []
    before, read = wanted.cursor, 0
    while True:
        some = room.campaigns.page(before, PAGE)
        for number, campaign in enumerate(some):
            if len(found) == wanted.limit:
                return rows(room, found, some[number - 1].id if number else before)
            if fits(campaign, wanted):
                found.append(campaign)
        read += len(some)
        if len(some) < PAGE:
            return rows(room, found, "")
        before = some[-1].id
        if read >= MOST_READ:
            return rows(room, found, before)


def fits(campaign: Campaign, wanted: CampaignsWanted) -> bool:
    return (not wanted.state or campaign.state in wanted.state) and (not wanted.kind or campaign.kind in wanted.kind)


def rows(room: Room, found: list[Campaign], cursor: str) -> CampaignRows:
    town = room.town
    return CampaignRows(campaigns=[row(town, campaign) for campaign in found], cursor=cursor)
