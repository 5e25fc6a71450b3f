"""The ``People`` port on DynamoDB: many citizens at once, one by their phone, and what WhatsApp tells of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pynamodb.connection.base import BOTOCORE_EXCEPTIONS
from pynamodb.exceptions import QueryError

from canal.adapters.citizen_rows import citizen_of
from canal.adapters.dynamo_batches import AT_ONCE, rows_at
from canal.adapters.dynamo_citizens import MOVES, note
from canal.adapters.dynamo_errors import translated
from canal.adapters.dynamo_models import CitizenRow, Tables, bind
from canal.adapters.moments import text
from canal.dialogue.citizen import Citizen

BY_PHONE = "by_phone"  # not on CitizenRow, whose indexes every cold start of converse would build


class DynamoPeople:
    """The citizens in ``citizens``, for those who send notices."""

    def __init__(self, tables: Tables) -> None:
        self._connection = bind(tables)
        self.session = self._connection.session

    def load_many(self, keys: Sequence[str]) -> dict[str, Citizen]:
        """See ``People.load_many``. The signs of all who moved are followed together, one more round for each move."""
        where = {key: key for key in keys if key}
        found: dict[str, CitizenRow] = {}
        for _ in range(MOVES + 1):
            found |= rows_by_key(key for key in where.values() if key not in found)
            ahead = {key: row.moved_to for key, row in found.items() if row.moved_to}
            if not any(at in ahead for at in where.values()):
                break
            where = {key: ahead.get(at, at) for key, at in where.items()}
        people = {at: citizen_of(row) for at, row in found.items() if not row.moved_to}
        return {key: people[at] for key, at in where.items() if at in people}

    def known_by(self, phone: str) -> str | None:
        """See ``People.known_by``. The index lags behind by some milliseconds: what it shows is read again, and who
        wrote for the first time just now is found at the next look.
        """
        rows = [row for row in rows_by_key(self._shown(phone)).values() if row.phone == phone]
        return max(rows, key=lambda row: row.last_inbound_at or "").citizen if rows else None

    def _shown(self, phone: str) -> list[str]:
        """The keys that the index has under a phone."""
        wanted = {
            "TableName": CitizenRow.Meta.table_name,
            "IndexName": BY_PHONE,
            "KeyConditionExpression": "phone = :phone",
            "ExpressionAttributeValues": {":phone": {"S": phone}},
            "Limit": AT_ONCE,
        }
        with translated():
            try:
                answer = self._connection.dispatch("Query", wanted)
            except BOTOCORE_EXCEPTIONS as error:
                raise QueryError(f"Failed to query: {error}", error) from error
        return [item["citizen"]["S"] for item in answer["Items"]]

    def stop_marketing(self, key: str) -> bool:
        return note(key, lambda row: row.wants_marketing is False, CitizenRow.wants_marketing.set(False))

    def told(self, key: str, at: datetime) -> None:
        """See ``People.told``. Past the model, whose update would count the version up: a turn that runs meanwhile
        must not lose its race for this.
        """
        noted = CitizenRow.told_at.set(at.isoformat())
        with translated():
            CitizenRow._get_connection().update_item(key, actions=[noted], condition=CitizenRow.citizen.exists())

    def rest(self, key: str, until: datetime) -> bool:
        """See ``People.rest``. A later moment that is noted already stands."""
        moment = text(until) or ""
        return note(key, lambda row: (row.rest_until or "") >= moment, CitizenRow.rest_until.set(moment))


def rows_by_key(keys: Iterable[str]) -> dict[str, CitizenRow]:
    wanted = [{"citizen": key} for key in dict.fromkeys(keys)]
    return {row.citizen: row for row in rows_at(CitizenRow, wanted)}
