"""Notices as staff see them: from the domain's values to the shapes of ``views.py``."""

from __future__ import annotations

from math import ceil

from canal.broadcasts.campaign import Campaign, Progress
from canal.broadcasts.delivery import State as Delivered
from canal.broadcasts.states import RUNNING, State
from canal.broadcasts.subscription import SHARDS
from canal.cap.drafting import untranslated
from canal.desk.bilingual import words
from canal.desk.campaigns.allowed import is_alert, may, needs_second
from canal.desk.campaigns.changing import version
from canal.desk.campaigns.counting import Counted
from canal.desk.campaigns.estimates import estimate
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.reasons import happened
from canal.desk.campaigns.views import (
    CampaignRow,
    CampaignView,
    CapView,
    PlanningView,
    RateView,
    WordsView,
)
from canal.desk.roles import Person
from canal.dialogue.town import Town

UNPLANNED = frozenset({State.DRAFT, State.CHECKED, State.APPROVED})  # no recipient is written down yet


def row(town: Town, campaign: Campaign) -> CampaignRow:
    return CampaignRow(
        id=campaign.id,
        kind=campaign.kind,
        topic=campaign.topic,
        state=campaign.state,
        state_name=words(town, f"notices.state.{campaign.state}"),
        headline={language: each.headline for language, each in campaign.words.items()},
        zones=list(campaign.zones),
        created_at=campaign.created_at,
        created_by=campaign.created_by,
        approved_by=campaign.approved_by,
        approved_at=campaign.approved_at,
        not_before=campaign.not_before,
        until=campaign.until,
        source=campaign.source,
        recipients=campaign.estimate.recipients if campaign.estimate else None,
        demo=campaign.demo,
    )


def whole(room: Room, person: Person, campaign: Campaign) -> CampaignView:
    """One notice with its history, what was found out before it went, and how far it has come."""
    town = room.town
    counted = None if campaign.state in UNPLANNED else room.counts.of(campaign.id)
    shards = () if counted is None else room.campaigns.progress(campaign.id)
    return CampaignView(
        **dict(row(town, campaign)),
        version=version(campaign),
        words={
            language: WordsView(headline=each.headline, text=each.text, summary=each.summary)
            for language, each in campaign.words.items()
        },
        template=campaign.template,
        frequency=campaign.frequency,
        opens=campaign.opens,
        image=campaign.image,
        written_by=campaign.written_by,
        items=list(campaign.items),
        cap=alert(campaign) if is_alert(campaign) else None,
        estimate=estimate(town, campaign.estimate) if campaign.estimate else None,
        second_person=needs_second(town, campaign),
        history=[happened(town, event) for event in campaign.history],
        counts={state.value: number for state, number in counted.states.items()} if counted else {},
        counted_at=counted.at if counted else None,
        planning=planning(shards) if counted else None,
        rate=rate(counted, room.per_second) if counted and campaign.state in RUNNING else None,
        may=may(person, campaign),
    )


def alert(campaign: Campaign) -> CapView:
    said = {name: campaign.cap.get(name, "") for name in ("status", "severity", "urgency", "certainty", "updates")}
    return CapView(**said, untranslated=list(untranslated(campaign)))


def planning(shards: tuple[Progress, ...]) -> PlanningView:
    return PlanningView(
        shards=SHARDS,
        done=sum(each.done for each in shards),
        planned=sum(each.planned for each in shards),
        left=sum(each.left for each in shards),
    )


def rate(counted: Counted, per_second: float) -> RateView:
    open_ones = counted.states.get(Delivered.QUEUED, 0) + counted.states.get(Delivered.SENDING, 0)
    pace = counted.per_second or per_second
    return RateView(per_second=counted.per_second, seconds_left=ceil(open_ones / pace))
