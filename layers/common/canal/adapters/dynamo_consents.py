"""What becomes of a citizen's rows in ``subscriptions`` when they are forgotten or their key changes.

What the citizen's own row says goes in the transaction that changes that row. Consents that were withdrawn before are
only evidence and may be many: they go first, one after the other, and a crash in the middle leaves the message to run
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from canal.adapters.dynamo_errors import translated
from canal.adapters.dynamo_models import Tables
from canal.adapters.notice_models import SubscriptionRow, bind
from canal.adapters.subscription_rows import Cause, Writes, citizen_part, consent_of, moved, row_of_consent, topic_part
from canal.broadcasts.subscription import Consent, shard_of
from canal.dialogue.citizen import Citizen


class DynamoConsents:
    """The rows of one citizen, found by the consents they gave."""

    def __init__(self, tables: Tables) -> None:
        bind(tables)

    def forgotten(self, citizen: Citizen) -> Writes:
        """What the transaction of an erasure has to delete: all that stands in ``subscriptions`` of ``citizen``.

        By the consents too, not only by the citizen's row, of which the dialogue may have emptied its copy.
        """
        writes = Writes()
        topics = set(citizen.subscriptions)
        for consent in self._of(citizen.key):
            if consent.withdrawn_at:
                self._delete(consent)
                continue
            topics.add(consent.topic)
            writes.delete(row_of_consent(consent))
        for topic in topics:
            writes.delete(SubscriptionRow(topic_part(topic, shard_of(citizen.key)), citizen.key))
        return writes

    def moved(self, old: Citizen, new: Citizen | None, after: Citizen) -> Writes:
        """What the transaction of a move has to write."""
        for consent in self._of(old.key):
            if consent.withdrawn_at:
                with translated():
                    row_of_consent(replace(consent, citizen=after.key)).save()
                self._delete(consent)
        before = new.subscriptions if new else {}
        cause = Cause(datetime.now(UTC))
        return moved(old.key, old.subscriptions, after.key, before, after.subscriptions, cause)

    def _of(self, key: str) -> Iterator[Consent]:
        with translated():
            yield from (consent_of(row) for row in SubscriptionRow.query(citizen_part(key), consistent_read=True))

    def _delete(self, consent: Consent) -> None:
        with translated():
            row_of_consent(consent).delete()
