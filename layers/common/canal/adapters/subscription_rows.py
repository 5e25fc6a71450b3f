"""Subscriptions as rows: for planning one at the topic, as proof one at the citizen; and what a change of them writes.

The citizen's own row is the truth, and is written in the same transaction as these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pynamodb.transactions import TransactWrite

from canal.adapters.moments import moment, text
from canal.adapters.notice_models import SubscriptionRow
from canal.broadcasts.subscription import EACH, Consent, Subscriber, Subscription, shard_of

KEEP_WITHDRAWN = timedelta(days=365)  # the town may have to show that it was allowed to write
SCREEN, CHANGED = "screen", "changed"

Subscriptions = Mapping[str, Subscription]  # by topic


def topic_part(topic: str, shard: int) -> str:
    return f"{topic}#{shard}"


def citizen_part(citizen: str) -> str:
    return f"citizen#{citizen}"


# --- rows and values --------------------------------------------------------------------------------


def row_of_subscriber(citizen: str, subscription: Subscription) -> SubscriptionRow:
    return SubscriptionRow(
        topic_part(subscription.topic, shard_of(citizen)),
        citizen,
        zones=list(subscription.zones) or None,
        frequency=subscription.frequency if subscription.frequency != EACH else None,
    )


def subscriber_of(row: SubscriptionRow) -> Subscriber:
    return Subscriber(row.name, tuple(row.zones or ()), row.frequency or EACH)


def consent_to(citizen: str, given: Subscription) -> Consent:
    return Consent(citizen, given.topic, given.since, given.wamid, given.wording)


def row_of_consent(consent: Consent) -> SubscriptionRow:
    """Its name has the moment too, so that a consent that is given again does not overwrite the one before."""
    return SubscriptionRow(
        citizen_part(consent.citizen),
        consent_name(consent),
        given_at=text(consent.given_at),
        wamid=consent.wamid or None,
        wording=consent.wording or None,
        withdrawn_at=text(consent.withdrawn_at),
        withdrawn_wamid=consent.withdrawn_wamid or None,
        withdrawn_how=consent.withdrawn_how or None,
        expires_at=consent.withdrawn_at + KEEP_WITHDRAWN if consent.withdrawn_at else None,
    )


def consent_name(consent: Consent) -> str:
    return f"{consent.topic}#{text(consent.given_at)}"


def consent_of(row: SubscriptionRow) -> Consent:
    return Consent(
        citizen=row.part.removeprefix(citizen_part("")),
        topic=row.name.rpartition("#")[0],
        given_at=datetime.fromisoformat(row.given_at or ""),
        wamid=row.wamid or "",
        wording=row.wording or "",
        withdrawn_at=moment(row.withdrawn_at),
        withdrawn_wamid=row.withdrawn_wamid or "",
        withdrawn_how=row.withdrawn_how or "",
    )


# --- changes ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cause:
    """What ended subscriptions: when, by which message, and how, by topic."""

    at: datetime
    wamid: str = ""
    how: Mapping[str, str] | None = None


class Writes:
    """Rows to put and to delete, no row twice: a transaction would refuse it."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], SubscriptionRow] = {}
        self._gone: set[tuple[str, str]] = set()

    @property
    def deletes(self) -> int:
        return len(self._gone)

    def put(self, row: SubscriptionRow) -> None:
        self._rows[row.part, row.name] = row
        self._gone.discard((row.part, row.name))

    def delete(self, row: SubscriptionRow) -> None:
        self._rows.pop((row.part, row.name), None)
        self._gone.add((row.part, row.name))

    def add_to(self, transaction: TransactWrite) -> None:
        for part, name in sorted(self._gone):
            transaction.delete(SubscriptionRow(part, name))
        for row in self._rows.values():
            transaction.save(row)


def changed(citizen: str, before: Subscriptions, after: Subscriptions, cause: Cause) -> Writes:
    """What the rows of ``citizen`` need when their subscriptions change."""
    writes = Writes()
    change(writes, citizen, before, after, cause)
    return writes


def change(writes: Writes, citizen: str, before: Subscriptions, after: Subscriptions, cause: Cause) -> None:
    for topic in before.keys() | after.keys():
        old, new = before.get(topic), after.get(topic)
        if old == new:
            continue
        if old is not None and new is None:
            writes.delete(row_of_subscriber(citizen, old))
        if new is not None:
            writes.put(row_of_subscriber(citizen, new))
        if old is not None and (new is None or not same_consent(old, new)):
            writes.put(row_of_consent(withdrawn(consent_to(citizen, old), cause, superseded=new is not None)))
        if new is not None and (old is None or not same_consent(old, new)):
            writes.put(row_of_consent(consent_to(citizen, new)))


def moved(
    old: str, subscribed: Subscriptions, new: str, before: Subscriptions, after: Subscriptions, cause: Cause
) -> Writes:
    """What a change of key needs: the rows of ``old`` go, those of ``new`` become what ``after`` says.

    ``subscribed`` is what stood under the old key, ``before`` under the new one. A consent that the joined
    subscriptions do not name any more is kept as a withdrawn one.
    """
    writes = Writes()
    for each in subscribed.values():
        consent = consent_to(new, each)
        writes.delete(row_of_subscriber(old, each))
        writes.delete(row_of_consent(replace(consent, citizen=old)))
        writes.put(row_of_consent(withdrawn(consent, cause, superseded=each.topic in after)))
    change(writes, new, before, after, cause)
    for each in after.values():
        writes.put(row_of_consent(consent_to(new, each)))
    return writes


def same_consent(old: Subscription, new: Subscription) -> bool:
    """Whether they agreed once: zones and frequency change without another consent."""
    return (old.since, old.wamid, old.wording) == (new.since, new.wamid, new.wording)


def withdrawn(consent: Consent, cause: Cause, *, superseded: bool) -> Consent:
    how = CHANGED if superseded else (cause.how or {}).get(consent.topic, SCREEN)
    return replace(consent, withdrawn_at=cause.at, withdrawn_wamid=cause.wamid, withdrawn_how=how)


def said(events: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """How each topic was left, by a turn's events."""
    return {event["topic"]: event["how"] for event in events if event["type"] == "Unsubscribed"}
