"""One CAP alert meets what the town has made of earlier ones: a new draft, a changed draft, one less, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from canal.broadcasts import changes
from canal.broadcasts.campaign import Campaign, Estimate
from canal.broadcasts.outside import Campaigns
from canal.broadcasts.states import EDITABLE, RUNNING, State
from canal.cap import drafting
from canal.cap.alert import Alert, reaches, severer
from canal.cap.drafting import WHO, NotForUs
from canal.cap.watched import Feed, Watch
from canal.dialogue.town import Town
from canal.errors import Temporary
from canal.services.notices.objections import of_words

UNSENT = EDITABLE | {State.APPROVED}
WENT_OUT = RUNNING | {State.PAUSED, State.DONE}
LOOKED_BACK = 200  # campaigns among which an alert's predecessor is looked for

Start = Callable[[Campaign, datetime], object]  # queues the planning of a campaign that is approved


class Became(StrEnum):
    """What an alert became."""

    DRAFT = "draft"
    CHANGED = "changed"  # a draft that nobody had touched says what is known now
    SENT = "sent"  # out without anybody's approval, as the town wants it for its severity
    CANCELLED = "cancelled"  # a draft that is not needed any more
    KNOWN = "known"
    NOTHING = "nothing"


class Arrivals:
    """Deals with alerts, one at a time. The same alert, brought twice or by two at once, counts once: its campaign's
    id follows from it, and it is kept in one transaction with the note that it was told.
    """

    def __init__(self, campaigns: Campaigns, start: Start, town: Town, now: datetime) -> None:
        self._campaigns = campaigns
        self._start = start
        self._town = town
        self._watch = Watch.from_content(town.notices.cap)
        self._now = now

    @property
    def watch(self) -> Watch:
        return self._watch

    def take(self, alert: Alert, feed: Feed, who: str = WHO) -> tuple[Became, Campaign | None]:
        """What became of ``alert``, and its campaign. Raises NotForUs, Temporary."""
        if alert.kind == "Cancel":
            return self._cancel(alert, who)
        before: Campaign | None = None
        try:
            fresh = drafting.draft(alert, self._town, self._watch, feed, self._now, who)
        except NotForUs:
            if alert.kind == "Update" and (gone := self._no_longer(alert, who)):
                return Became.CANCELLED, gone
            raise
        if self._known(alert):
            return Became.KNOWN, self._latest({alert.reference.item}, alert.status)
        if alert.kind == "Update":
            before = self._before(alert)
        return self._arrive(fresh, before, alert, feed, who)

    def _arrive(
        self, fresh: Campaign, before: Campaign | None, alert: Alert, feed: Feed, who: str
    ) -> tuple[Became, Campaign | None]:
        became = Became.DRAFT
        campaign = fresh
        if before and untouched(before):
            campaign, became = drafting.renewed(before, fresh, self._now, who), Became.CHANGED
        elif before and before.state in WENT_OUT | UNSENT:
            campaign = drafting.following(fresh, before, self._town)
        if by_itself(campaign, before, alert, feed):
            saved = self._campaigns.save(self._approved(campaign, feed), told=[alert.reference.item])
            with suppress(Temporary):  # it is approved and due: ``tend`` starts it within a minute
                self._start(saved, self._now)
            return Became.SENT, saved
        return became, self._campaigns.save(campaign, told=[alert.reference.item])

    def _approved(self, campaign: Campaign, feed: Feed) -> Campaign:
        """Past checking: an alert of this severity is not kept waiting while its readers are counted."""
        none = Estimate(self._now, 0, 0, {}, {}, 0, None, 1, 0, None, warnings=(("cap.not_counted", {}),))
        checked = changes.checked(campaign, none, self._now, WHO)
        return changes.approved(checked, self._now, WHO, reason=f"{feed.name}: {campaign.cap['severity']}")

    def _cancel(self, alert: Alert, who: str) -> tuple[Became, Campaign | None]:
        """What has not gone out is cancelled; of what has, a draft says that it is over, for staff to decide."""
        before = self._before(alert)
        if before is None or self._known(alert):
            return Became.NOTHING, None
        if before.state in UNSENT:
            return Became.CANCELLED, self._drop(before, alert, who)
        if before.state in WENT_OUT and (before.until is None or before.until > self._now):
            over = drafting.over(before, alert, self._town, self._now, who)
            return Became.DRAFT, self._campaigns.save(over, told=[alert.reference.item])
        return Became.NOTHING, None

    def _no_longer(self, alert: Alert, who: str) -> Campaign | None:
        """A draft that nobody has touched, and that an Update takes away from our town."""
        before = self._before(alert)
        if before is None or not untouched(before) or self._known(alert):
            return None
        return self._drop(before, alert, who)

    def _drop(self, before: Campaign, alert: Alert, who: str) -> Campaign:
        item = alert.reference.item
        kept = replace(before, items=(*before.items, item))
        return self._campaigns.save(changes.cancelled(kept, self._now, who), told=[item])

    def _known(self, alert: Alert) -> bool:
        return bool(self._campaigns.told(self._watch.topic, [alert.reference.item]))

    def _before(self, alert: Alert) -> Campaign | None:
        """The latest campaign of what ``alert`` refers to: by the same sender, and as real as it is."""
        wanted = {each.item for each in alert.references if each.sender == alert.sender}
        return self._latest(wanted, alert.status) if wanted else None

    def _latest(self, items: set[str], status: str) -> Campaign | None:
        """The last campaign that tells of one of ``items``, one that is alive before one that is not."""
        found = [
            each
            for each in self._campaigns.page(limit=LOOKED_BACK)
            if items & set(each.items) and each.cap.get("status") == status
        ]
        return max(found, key=lambda each: (each.state in WENT_OUT | UNSENT, each.created_at, each.id), default=None)


def untouched(campaign: Campaign) -> bool:
    """Whether it is a draft that still says what the alert said, in nobody else's words."""
    return campaign.state in EDITABLE and campaign.written_by == WHO


def by_itself(campaign: Campaign, before: Campaign | None, alert: Alert, feed: Feed) -> bool:
    """Whether it goes out without approval: real, as severe as the town said, in words that the town's people read and
    that fit; an Update of what went out already only if it has become worse.
    """
    severity = campaign.cap["severity"]
    if alert.status != "Actual" or not reaches(severity, feed.send_from) or campaign.cap["urgency"] == "Past":
        return False
    if before and before.state in WENT_OUT and not severer(severity, before.cap.get("severity", "Unknown")):
        return False
    return campaign.cap.get("untranslated", "") != drafting.NEITHER and not list(of_words(campaign))
