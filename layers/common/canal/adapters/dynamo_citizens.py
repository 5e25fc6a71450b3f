"""Finding a citizen's row, and the ``Citizens`` port: what others than the conversation may note on it."""

from __future__ import annotations

from collections.abc import Callable

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.update import Action

from canal.adapters.citizen_rows import citizen_of
from canal.adapters.dynamo_errors import translated
from canal.adapters.dynamo_models import CitizenRow, Tables, bind
from canal.dialogue.citizen import Citizen
from canal.errors import LostRace

MOVES = 4  # signs that are followed; nobody changes their number more often within eight days
RACES = 5  # tries beside a citizen who writes one message after another


class DynamoCitizens:
    """Citizens for ``route`` and the staff."""

    def __init__(self, tables: Tables) -> None:
        self.session = bind(tables).session

    def load(self, key: str) -> Citizen | None:
        row = find(key) if key else None
        return citizen_of(row) if row is not None else None

    def hold(self, key: str) -> bool:
        return note(key, lambda row: bool(row.held), CitizenRow.held.set(True))

    def block(self, key: str, blocked: bool) -> bool:
        return note(key, lambda row: bool(row.blocked) == blocked, CitizenRow.blocked.set(blocked))


def note(key: str, stands: Callable[[CitizenRow], bool], action: Action) -> bool:
    """Write one attribute and a new version, so that a turn that runs meanwhile loses the race and is run again.

    What ``stands`` already is left as it is. False where nobody is known under ``key``.
    """
    for _ in range(RACES):
        row = find(key) if key else None
        if row is None:
            return False
        if stands(row):
            return True
        try:
            with translated():
                row.update(actions=[action])
            return True
        except LostRace:
            continue
    raise LostRace("the citizen's row changed at each of several tries")


def find(key: str) -> CitizenRow | None:
    """The row of the citizen known under ``key``, read consistently; a moved one costs a read more for each move.

    A sign that leads to nobody any more is taken down: it would stand in the way of whoever writes under its key.
    """
    sign, row = None, row_at(key)
    for _ in range(MOVES):
        if row is None or not row.moved_to:
            break
        sign, row = row, row_at(row.moved_to)
    if row is None and sign is not None:
        take_down(sign)
    return row if row is not None and not row.moved_to else None


def row_at(key: str) -> CitizenRow | None:
    """What stands under ``key`` itself: a citizen, a sign to where they moved, or nothing."""
    with translated():
        try:
            return CitizenRow.get(key, consistent_read=True)
        except DoesNotExist:
            return None


def take_down(sign: CitizenRow) -> None:
    with translated():
        CitizenRow(sign.citizen).delete(condition=CitizenRow.moved_to == sign.moved_to, add_version_condition=False)
