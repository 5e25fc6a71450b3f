"""The ``Campaigns`` port on DynamoDB: campaigns, how far their planning is, and what they have told already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from canal.adapters.dynamo_batches import rows_at
from canal.adapters.dynamo_errors import translated
from canal.adapters.dynamo_models import Tables
from canal.adapters.notice_models import CampaignRow, PlanRow, ToldRow, bind
from canal.adapters.notice_rows import (
    ACTIVE_ONES,
    CAMPAIGN,
    campaign_of,
    plan_part,
    progress_of,
    row_of_campaign,
    row_of_progress,
)
from canal.broadcasts.campaign import Campaign, Progress
from canal.errors import BadInput, LostRace

MOST_TOLD = 99  # items of one campaign: a transaction takes a hundred rows
LONGEST_ID = 100  # characters; nothing longer was ever given to a campaign


class DynamoCampaigns:
    """The campaigns in ``campaigns``."""

    def __init__(self, tables: Tables) -> None:
        self._connection = bind(tables)
        self.session = self._connection.session

    def load(self, campaign: str) -> Campaign | None:
        if not 0 < len(campaign) <= LONGEST_ID:  # typed by anybody; DynamoDB takes no such key
            return None
        with translated():
            try:
                return campaign_of(CampaignRow.get(CAMPAIGN, campaign, consistent_read=True))
            except DoesNotExist:
                return None

    def save(self, campaign: Campaign, told: Sequence[str] = ()) -> Campaign:
        """See ``Campaigns.save``. A write whose answer got lost is known again: it is no lost race.

        Raises BadInput for more than ``MOST_TOLD`` items.
        """
        items = sorted(set(told))
        if len(items) > MOST_TOLD:
            raise BadInput(f"a campaign tells of {MOST_TOLD} items at most, and not of {len(items)}")
        saved = replace(campaign, version=campaign.version + 1)
        try:
            with translated():
                self._write(campaign, items)
        except LostRace:
            if self.load(campaign.id) != saved:
                raise
        return saved

    def _write(self, campaign: Campaign, items: Sequence[str]) -> None:
        row = row_of_campaign(campaign)
        if not items:
            row.save(condition=unchanged(campaign))
            return
        with TransactWrite(connection=self._connection) as transaction:
            transaction.save(row, condition=unchanged(campaign))
            for item in items:
                told = ToldRow(told_part(campaign.topic), item, campaign=campaign.id)
                transaction.save(told, condition=ToldRow.part.does_not_exist())

    def told(self, topic: str, items: Sequence[str]) -> frozenset[str]:
        keys = [{"part": told_part(topic), "name": item} for item in dict.fromkeys(items) if item]
        return frozenset(row.name for row in rows_at(ToldRow, keys))

    def active(self) -> tuple[Campaign, ...]:
        """See ``Campaigns.active``. The index lags by some milliseconds: each is read again, consistently, and a
        campaign that was approved in this very moment may be missing until the next look.
        """
        with translated():
            keys = [{"part": CAMPAIGN, "name": row.name} for row in CampaignRow.by_active.query(ACTIVE_ONES)]
        found = [campaign_of(row) for row in rows_at(CampaignRow, keys)]
        return tuple(sorted((each for each in found if each.tended), key=lambda each: each.id))

    def page(self, before: str = "", limit: int = 50) -> tuple[Campaign, ...]:
        older = CampaignRow.name < before[:LONGEST_ID] if before else None
        with translated():
            rows = CampaignRow.query(CAMPAIGN, older, consistent_read=True, scan_index_forward=False, limit=limit)
            return tuple(campaign_of(row) for row in rows)

    def progress(self, campaign: str) -> tuple[Progress, ...]:
        with translated():
            rows = [progress_of(row) for row in PlanRow.query(plan_part(campaign), consistent_read=True)]
        return tuple(sorted(rows, key=lambda each: each.shard))

    def save_progress(self, campaign: str, before: Progress | None, after: Progress) -> None:
        """See ``Campaigns.save_progress``. A write whose answer got lost is known again by its mark: no lost race."""
        try:
            with translated():
                row_of_progress(campaign, after).save(condition=still(before))
        except LostRace:
            written = {(each.shard, each.cursor, each.mark) for each in self.progress(campaign)}
            if not after.mark or (after.shard, after.cursor, after.mark) not in written:
                raise


def unchanged(campaign: Campaign) -> Condition:
    """That the stored row is still the one this campaign was made of; that there is none, for a new one."""
    return CampaignRow.version == campaign.version if campaign.version else CampaignRow.part.does_not_exist()


def still(progress: Progress | None) -> Condition:
    """That the stored progress is this one."""
    if progress is None:
        return PlanRow.part.does_not_exist()
    same: Condition = (
        (PlanRow.cursor == progress.cursor)
        & (PlanRow.done == progress.done)
        & (PlanRow.planned == progress.planned)
        & (PlanRow.left == progress.left)
    )
    return same


def told_part(topic: str) -> str:
    return f"told#{topic}"
