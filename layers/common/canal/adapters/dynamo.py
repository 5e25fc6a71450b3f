"""Citizens and turns in DynamoDB: one consistent read and one transaction for a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist, PynamoDBException, TransactWriteError
from pynamodb.transactions import TransactWrite

from canal.adapters.dynamo_models import CitizenRow, IncidentRow, Tables, TurnRow, bind
from canal.dialogue.citizen import Citizen, Offered, Place
from canal.dialogue.messages import LANGUAGES, Language
from canal.errors import AlreadyRun, LostRace, Temporary, Throttled
from canal.ports import Case, TurnRecord

PLACES = {place.value: place for place in Place}
LANGUAGE: dict[str | None, Language] = {code: code for code in LANGUAGES}

KEEP_TURNS = timedelta(days=8)  # Meta delivers again for seven
KEEP_MOVES = timedelta(days=8)
MOVES = 4  # signs that are followed; nobody changes their number more often within eight days
ERASED = "erased"

THROTTLES = frozenset(
    {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
    }
)


class DynamoConversations:
    """The ``Conversations`` port on three tables."""

    def __init__(self, tables: Tables) -> None:
        bind(tables)
        # One connection, and so one client, for reads and transactions alike: a second one costs a cold start 50 ms.
        self._connection: Connection = CitizenRow._get_connection().connection
        self.session = self._connection.session

    def load(self, key: str) -> Citizen | None:
        """See ``Conversations.load``. A moved citizen costs a read more for each move."""
        sign, row = None, self._row(key)
        for _ in range(MOVES):
            if row is None or not row.moved_to:
                break
            sign, row = row, self._row(row.moved_to)
        if row is None and sign is not None:
            self._take_down(sign)
        return citizen_of(row) if row is not None and not row.moved_to else None

    def _take_down(self, sign: CitizenRow) -> None:
        """A sign that leads to nobody (they were erased) would stand in the way of whoever writes under its key."""
        with translated():
            CitizenRow(sign.citizen).delete(condition=CitizenRow.moved_to == sign.moved_to, add_version_condition=False)

    def _row(self, key: str) -> CitizenRow | None:
        with translated():
            try:
                return CitizenRow.get(key, consistent_read=True)
            except DoesNotExist:
                return None

    def turn(self, key: str, wamid: str) -> TurnRecord | None:
        with translated():
            try:
                return turn_of(TurnRow.get(key, wamid, consistent_read=True))
            except DoesNotExist:
                return None

    def save(self, before: Citizen | None, after: Citizen, turn: TurnRecord, cases: Sequence[Case]) -> None:
        with translated(turn_at=0), TransactWrite(connection=self._connection) as transaction:
            transaction.save(row_of_turn(turn), condition=TurnRow.wamid.does_not_exist())
            transaction.save(row_of(after))
            for case in cases:
                transaction.save(row_of_case(case))

    def erase(self, citizen: Citizen, turn: TurnRecord) -> None:
        """What the turns and requests say goes first: a crash in the middle leaves the message to run again."""
        with translated():
            for key in dict.fromkeys(filter(None, (citizen.key, citizen.phone, turn.citizen))):
                self._silence(key)
            for case in IncidentRow.by_citizen.query(citizen.key):
                IncidentRow(case.id).delete()
        deletes = bool(citizen.version)  # PynamoDB puts deletes before saves
        with translated(turn_at=int(deletes)), TransactWrite(connection=self._connection) as transaction:
            transaction.save(row_of_turn(turn), condition=TurnRow.wamid.does_not_exist())
            if deletes:
                transaction.delete(row_of(citizen))

    def _silence(self, key: str) -> None:
        """Empty the turns under ``key`` of words. Those done already are left, so that each try gets further."""
        for row in TurnRow.query(key, consistent_read=True):
            if row.state != ERASED:
                row.update(actions=[TurnRow.replies.remove(), TurnRow.events.remove(), TurnRow.state.set(ERASED)])

    def move(self, old: Citizen, new: Citizen | None, after: Citizen) -> None:
        """The new row and the sign on the old one that leads to it, together; the citizen's cases before them."""
        with translated():
            for case in IncidentRow.by_citizen.query(old.key):
                IncidentRow(case.id).update(
                    actions=[IncidentRow.citizen.set(after.key)], condition=IncidentRow.id.exists()
                )
        sign = CitizenRow(
            old.key,
            moved_to=after.key,
            expires_at=datetime.now(UTC) + KEEP_MOVES,
            version=old.version or None,
        )
        version = new.version if new else self._version_of_sign(after.key)
        with translated(), TransactWrite(connection=self._connection) as transaction:
            transaction.save(row_of(replace(after, version=version)))
            transaction.save(sign)

    def _version_of_sign(self, key: str) -> int:
        """The version of a sign that stands where a citizen now returns; 0 where there is none."""
        row = self._row(key)
        return int(row.version or 0) if row is not None and row.moved_to else 0

    def mark_undeliverable(self, key: str, wamid: str, reason: str) -> None:
        with translated():
            TurnRow(key, wamid).update(
                actions=[TurnRow.state.set("undeliverable"), TurnRow.reason.set(reason[:200])],
                condition=TurnRow.wamid.exists(),
            )


@contextmanager
def translated(turn_at: int | None = None) -> Iterator[None]:
    """DynamoDB's errors as ours. ``turn_at`` is where the turn stands in a transaction; None where it has none."""
    try:
        yield
    except TransactWriteError as error:
        codes = [reason.code if reason else "None" for reason in error.cancellation_reasons]
        if turn_at is not None and codes[turn_at : turn_at + 1] == ["ConditionalCheckFailed"]:
            raise AlreadyRun("the message has a turn") from error
        if {"ConditionalCheckFailed", "TransactionConflict"} & set(codes):
            raise LostRace("the citizen changed in between") from error
        raise temporary(error) from error
    except PynamoDBException as error:
        raise temporary(error) from error


def temporary(error: PynamoDBException) -> Temporary:
    code = error.cause_response_code or type(error.cause or error).__name__
    return Throttled(code) if code in THROTTLES else Temporary(f"DynamoDB: {code}")


# --- rows and values ----------------------------------------------------------------------------


def citizen_of(row: CitizenRow) -> Citizen:
    dialogue = row.dialogue or {}
    return Citizen(
        key=row.citizen,
        user_id=row.user_id,
        phone=row.phone,
        language=LANGUAGE.get(row.language),
        place=PLACES.get(row.place, Place.MENU),  # a place that a later release took away
        offered=tuple(Offered(*answer) for answer in dialogue.get("offered", ())),
        trail=tuple(dialogue.get("trail", ())),
        notes=dialogue.get("notes", {}),
        missed=dialogue.get("missed", 0),
        wants_marketing=row.wants_marketing,
        since=moment(row.since),
        last_inbound_at=moment(row.last_inbound_at),
        version=int(row.version or 0),
    )


def row_of(citizen: Citizen) -> CitizenRow:
    """The row to save: it fails unless the stored one still has ``citizen.version`` (none for a new one)."""
    return CitizenRow(
        citizen.key,
        user_id=citizen.user_id,
        phone=citizen.phone,
        language=citizen.language,
        place=citizen.place.value,
        dialogue={
            "offered": [[answer.address, answer.label, answer.short] for answer in citizen.offered],
            "trail": list(citizen.trail),
            "notes": dict(citizen.notes),
            "missed": citizen.missed,
        },
        wants_marketing=citizen.wants_marketing,
        since=text(citizen.since),
        last_inbound_at=text(citizen.last_inbound_at),
        **versioned(citizen),
    )


def versioned(citizen: Citizen) -> dict[str, Any]:
    """The version that the stored row must still have; nothing for a row that must not exist yet."""
    return {"version": citizen.version} if citizen.version else {}


def turn_of(row: TurnRow) -> TurnRecord:
    return TurnRecord(
        citizen=row.citizen,
        wamid=row.wamid,
        at=datetime.fromisoformat(row.at),
        replies=tuple(row.replies or ()),
        events=tuple(row.events or ()),
        state=row.state,
        reason=row.reason or "",
    )


def row_of_turn(turn: TurnRecord) -> TurnRow:
    return TurnRow(
        turn.citizen,
        turn.wamid,
        at=turn.at.isoformat(),
        replies=list(turn.replies),
        events=list(turn.events),
        state=turn.state,
        reason=turn.reason or None,
        expires_at=turn.at + KEEP_TURNS,
    )


def row_of_case(case: Case) -> IncidentRow:
    return IncidentRow(
        case.id,
        kind=case.kind,
        citizen=case.citizen,
        language=case.language,
        words=case.words or None,
        state="received",
        created_at=case.created_at.isoformat(),
        version=1,
    )


def moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def text(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
