"""The ``People`` port on DynamoDB: many citizens at once, and what WhatsApp tells of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from canal.adapters.citizen_rows import citizen_of
from canal.adapters.dynamo_batches import rows_at
from canal.adapters.dynamo_citizens import MOVES, note
from canal.adapters.dynamo_models import CitizenRow, Tables, bind
from canal.adapters.moments import text
from canal.dialogue.citizen import Citizen


class DynamoPeople:
    """The citizens in ``citizens``, for those who send notices."""

    def __init__(self, tables: Tables) -> None:
        self.session = bind(tables).session

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

    def stop_marketing(self, key: str) -> bool:
        return note(key, lambda row: row.wants_marketing is False, CitizenRow.wants_marketing.set(False))

    def rest(self, key: str, until: datetime) -> bool:
        """See ``People.rest``. A later moment that is noted already stands."""
        moment = text(until) or ""
        return note(key, lambda row: (row.rest_until or "") >= moment, CitizenRow.rest_until.set(moment))


def rows_by_key(keys: Iterable[str]) -> dict[str, CitizenRow]:
    wanted = [{"citizen": key} for key in dict.fromkeys(keys)]
    return {row.citizen: row for row in rows_at(CitizenRow, wanted)}
