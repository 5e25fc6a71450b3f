"""What WhatsApp reports, kept: what became of each notice, how the templates are, what the account may do.

Every report can come twice, late, in any order, and before our own note that we sent. A delivery takes only steps
forward (``broadcasts/delivery.py``), templates and account keep the newest word, so a record that is run again changes
nothing. That statuses reach us at all is noted last: ``tend`` concludes from it what was never sent.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from canal.broadcasts.delivery import State, Step, referred
from canal.broadcasts.outside import SILENCE, Account, Deliveries, Health, People
from canal.broadcasts.reported import DeliveryStatus, News, NumberError, TemplateNews, Update
from canal.broadcasts.tiers import NoTier, tier_of
from canal.errors import BadInput, Stopped
from canal.services.notices.outcomes import STOPPING

STATES = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.READ,
    "played": State.READ,
    "failed": State.FAILED,
}
# WhatsApp's codes that say something of the citizen, beyond the one message.
ENOUGH_MARKETING, STOPPED_MARKETING = 131049, 131050
REST = timedelta(hours=24)  # trying sooner makes it worse
TIER_FIELDS = ("max_daily_conversations_per_business", "current_limit")
ACCOUNT_FIELDS = frozenset({"business_capability_update", "phone_number_quality_update"})
OF_QUALITY = {"FLAGGED": "RED", "UNFLAGGED": "GREEN"}

Read = Callable[[Mapping[str, Any]], Update]  # one update of an event


class Stop(Protocol):
    """Pauses a campaign that nothing can go out of; see ``Running.stop``."""

    def __call__(self, name: str, code: int | None, reason: str, told_at: datetime | None = None) -> bool: ...


@dataclass(slots=True)
class Outcome:
    """What became of a batch: message ids to give back, failures and oddities for the log, figures."""

    failed: list[str] = field(default_factory=list)
    errors: list[tuple[str, Exception]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    told: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # what an operator should read
    figures: Counter[str] = field(default_factory=Counter)


class Collector:
    """Runs records of the events queue."""

    def __init__(
        self,
        deliveries: Deliveries,
        people: People,
        account: Account,
        read: Read,
        clock: Callable[[], datetime],
        stop: Stop,
    ) -> None:
        self._deliveries = deliveries
        self._people = people
        self._account = account
        self._read = read
        self._clock = clock
        self._stop = stop

    def run(self, records: Iterable[Mapping[str, Any]]) -> Outcome:
        """Each record alone; one that failed comes back whole, which is harmless."""
        outcome = Outcome()
        seen: list[datetime] = []
        for record in records:
            try:
                seen += self._run_one(record["body"], outcome)
            except BadInput as reason:
                outcome.dropped.append((record["messageId"], str(reason)))
            except Exception as error:  # whatever failed, the record must go back to the queue
                outcome.failed.append(record["messageId"])
                outcome.errors.append((record["messageId"], error))
        ahead = self._clock() + SILENCE  # by a clock that is wrong: it would prove what is yet to come
        if seen := [at for at in seen if at <= ahead]:
            self._see(max(seen), outcome)
        return outcome

    def _run_one(self, body: str, outcome: Outcome) -> list[datetime]:
        """Everything in one event; gives the moments of its statuses."""
        seen = []
        for update in map(self._read, updates(body)):
            match update:
                case DeliveryStatus():
                    self._status(update, outcome)
                    seen += [update.at] if update.at else []
                case TemplateNews():
                    self._template(update, outcome)
                case NumberError():
                    outcome.told.append(("WhatsApp reports a problem with the number", {"code": str(update.code)}))
                case News():
                    self._news(update, outcome)
        return seen

    def _status(self, status: DeliveryStatus, outcome: Outcome) -> None:
        about, state = referred(status.reference), STATES.get(status.state)
        if about is None or state is None:
            return  # an answer in a conversation, or a state that WhatsApp has yet to explain
        campaign, citizen = about
        if self._deliveries.take(campaign, citizen, step_of(status, state, self._clock())):
            outcome.figures[f"Notices{state.value.capitalize()}"] += 1
        if status.code == STOPPED_MARKETING:
            self._people.stop_marketing(citizen)
        elif status.code == ENOUGH_MARKETING:
            self._people.rest(citizen, (status.at or self._clock()) + REST)
        elif isinstance(status.failure, Stopped) or status.code in STOPPING:
            self._stopped(campaign, status, outcome)

    def _stopped(self, campaign: str, status: DeliveryStatus, outcome: Outcome) -> None:
        """WhatsApp takes a message and says only afterwards that nothing goes out: the payment is missing, say. Those
        whom it took have failed; nobody else is written to until somebody mends it and resumes the campaign.
        """
        reason = str(status.code)
        if self._stop(campaign, status.code, reason, status.at):
            outcome.figures["CampaignStopped"] += 1
            outcome.told.append(("campaign stopped", {"campaign": campaign, "reason": reason}))

    def _template(self, news: TemplateNews, outcome: Outcome) -> None:
        health = Health(news.name, news.language, news.event, news.category, news.quality, news.reason, news.at)
        self._account.save_template(health)
        if news.event and news.event != "APPROVED":
            fields = {"template": news.name, "language": news.language, "status": news.event, "reason": news.reason}
            outcome.told.append(("a template cannot be sent as it is", fields))
            outcome.figures["TemplatesNotUsable"] += news.event in ("PAUSED", "DISABLED", "REJECTED", "FLAGGED")

    def _news(self, news: News, outcome: Outcome) -> None:
        """The account: what it may do, and anything that an operator should know of."""
        value = news.value if isinstance(news.value, dict) else {}
        if news.field in ACCOUNT_FIELDS:
            self._limits(value, news.event, news.at or self._clock())
        outcome.told.append(("WhatsApp tells of the account", {"field": news.field, "event": news.event}))
        outcome.figures["AccountNews"] += 1

    def _limits(self, value: Mapping[str, Any], event: str, at: datetime) -> None:
        known = self._account.limits()
        limits = replace(known, at=at, quality=OF_QUALITY.get(event, known.quality))
        for name in TIER_FIELDS:
            if name in value:
                try:
                    limits = replace(limits, tier=tier_of(value[name]), known=True)
                    break
                except NoTier:
                    continue
        if known.at is None or at >= known.at:
            self._account.save_limits(limits)

    def _see(self, at: datetime, outcome: Outcome) -> None:
        """Not a reason to run the batch again: the next one says it too."""
        try:
            self._account.see_statuses(at)
        except Exception as error:
            outcome.errors.append(("", error))


def updates(body: str) -> list[Mapping[str, Any]]:
    """The updates of an event as ``receive`` queued it. Raises BadInput for anything else."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput("not JSON") from None
    found = event.get("updates") if isinstance(event, dict) else None
    if not isinstance(found, list):
        raise BadInput("not an event")
    return [each for each in found if isinstance(each, dict)]


def step_of(status: DeliveryStatus, state: State, now: datetime) -> Step:
    failed = state == State.FAILED
    return Step(
        state,
        status.at or now,
        wamid=status.wamid,
        code=status.code if failed else None,
        reason=(str(status.code) if status.code is not None else "failed") if failed else "",
        category=status.category,
        reported=True,
    )
