"""Citizens and turns in DynamoDB: one consistent read and one transaction for a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pynamodb.exceptions import DoesNotExist
from pynamodb.transactions import TransactWrite

from canal.adapters.citizen_rows import citizen_of, row_of, row_of_turn, turn_of
from canal.adapters.dynamo_citizens import find, row_at
from canal.adapters.dynamo_errors import translated
from canal.adapters.dynamo_models import CitizenRow, IncidentRow, Tables, TurnRow, bind
from canal.dialogue.citizen import Citizen
from canal.errors import LostRace
from canal.ports import TurnRecord

if TYPE_CHECKING:
    from canal.adapters.dynamo_consents import DynamoConsents
    from canal.adapters.subscription_rows import Writes
    from canal.broadcasts.subscription import Subscription
    from canal.incidents.case import Case

KEEP_MOVES = timedelta(days=8)
RACES = 5  # tries to change a case that others are changing too
ERASED = "erased"


class DynamoConversations:
    """The ``Conversations`` port on three tables."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._connection = bind(tables)
        self.session = self._connection.session

    def load(self, key: str) -> Citizen | None:
        """See ``Conversations.load``."""
        row = find(key)
        return citizen_of(row) if row is not None else None

    def turn(self, key: str, wamid: str) -> TurnRecord | None:
        with translated():
            try:
                return turn_of(TurnRow.get(key, wamid, consistent_read=True))
            except DoesNotExist:
                return None

    def save(self, before: Citizen | None, after: Citizen, turn: TurnRecord, cases: Sequence[Case]) -> None:
        """See ``Conversations.save``. Of a case that is given twice, the last one counts."""
        prior = before.subscriptions if before else {}
        rows = self._subscribed(after, prior, turn) if after.subscriptions != prior else None
        # PynamoDB puts deletes before saves.
        with translated(rows.deletes if rows else 0), TransactWrite(connection=self._connection) as transaction:
            transaction.save(row_of_turn(turn), condition=TurnRow.wamid.does_not_exist())
            transaction.save(row_of(after))
            if cases:
                add_cases(transaction, cases)
            if rows:
                rows.add_to(transaction)

    def erase(self, citizen: Citizen, turn: TurnRecord) -> None:
        """What the cases and turns say goes first: a crash in the middle leaves the message to run again."""
        from canal.incidents.changes import forgotten

        keys = tuple(dict.fromkeys(filter(None, (citizen.key, citizen.phone, turn.citizen))))
        self._change_cases(citizen.key, keys, forgotten)
        with translated():
            for key in keys:
                self._silence(key)
        rows = self._consents().forgotten(citizen)
        known = bool(citizen.version)
        deletes = rows.deletes + known  # PynamoDB puts them before saves
        with translated(turn_at=deletes), TransactWrite(connection=self._connection) as transaction:
            transaction.save(row_of_turn(turn), condition=TurnRow.wamid.does_not_exist())
            if known:
                transaction.delete(row_of(citizen))
            rows.add_to(transaction)

    def _silence(self, key: str) -> None:
        """Empty the turns under ``key`` of words. Those done already are left, so that each try gets further."""
        for row in TurnRow.query(key, consistent_read=True):
            if row.state != ERASED:
                row.update(actions=[TurnRow.replies.remove(), TurnRow.events.remove(), TurnRow.state.set(ERASED)])

    def move(self, old: Citizen, new: Citizen | None, after: Citizen) -> None:
        """The new row and the sign on the old one that leads to it, together with what they subscribed to; the
        citizen's cases, and consents that were withdrawn, before them.
        """
        self._change_cases(old.key, (old.key,), lambda case: replace(case, citizen=after.key))
        sign = CitizenRow(
            old.key,
            moved_to=after.key,
            expires_at=datetime.now(UTC) + KEEP_MOVES,
            version=old.version or None,
        )
        rows = self._consents().moved(old, new, after)
        version = new.version if new else version_of_sign(after.key)
        with translated(), TransactWrite(connection=self._connection) as transaction:
            transaction.save(row_of(replace(after, version=version)))
            transaction.save(sign)
            rows.add_to(transaction)

    def mark_undeliverable(self, key: str, wamid: str, reason: str) -> None:
        with translated():
            TurnRow(key, wamid).update(
                actions=[TurnRow.state.set("undeliverable"), TurnRow.reason.set(reason[:200])],
                condition=TurnRow.wamid.exists(),
            )

    # --- what a citizen subscribed to: loaded with the first who changes it, since most turns do not --------

    def _subscribed(self, after: Citizen, prior: Mapping[str, Subscription], turn: TurnRecord) -> Writes:
        from canal.adapters.notice_models import bind
        from canal.adapters.subscription_rows import Cause, changed, said

        bind(self._tables)
        cause = Cause(turn.at, turn.wamid, said(turn.events))
        return changed(after.key, prior, after.subscriptions, cause)

    def _consents(self) -> DynamoConsents:
        from canal.adapters.dynamo_consents import DynamoConsents

        return DynamoConsents(self._tables)

    # --- a citizen's cases, one after the other ------------------------------------------------------

    def _change_cases(self, citizen: str, keys: Sequence[str], change: Callable[[Case], Case]) -> None:
        """Change every case of a citizen. Those changed already are left, so that each try gets further."""
        for number in dict.fromkeys(self._numbers(citizen, keys)):
            self._change_case(number, citizen, change)

    def _numbers(self, citizen: str, keys: Sequence[str]) -> Iterator[str]:
        """By the index, which may lag behind, and by the turns of the last days, which do not."""
        with translated():
            for row in IncidentRow.by_citizen.query(citizen, attributes_to_get=["id"]):
                yield row.id
            for key in keys:
                for turn in TurnRow.query(key, consistent_read=True):
                    yield from (event["case"] for event in turn.events or () if "case" in event)

    def _change_case(self, number: str, citizen: str, change: Callable[[Case], Case]) -> None:
        from canal.adapters.dynamo_cases import DynamoCases  # a turn that changes no case of old does without

        cases = DynamoCases(self._tables)
        for _ in range(RACES):
            case = cases.load(number)
            if case is None or case.citizen != citizen:
                return
            try:
                cases.save(change(case))
                return
            except LostRace:
                continue
        raise LostRace("a case changed at each of several tries")


def version_of_sign(key: str) -> int:
    """The version of a sign that stands where a citizen now returns; 0 where there is none."""
    row = row_at(key)
    return int(row.version or 0) if row is not None and row.moved_to else 0


def add_cases(transaction: TransactWrite, cases: Sequence[Case]) -> None:
    """Each as it is given last. What rows of cases are like is loaded with the first one: few turns have any."""
    from canal.adapters.case_rows import row_of_case, unchanged

    for case in {case.id: case for case in cases}.values():
        transaction.save(row_of_case(case), condition=unchanged(case))
