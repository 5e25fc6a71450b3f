"""The ``Cases`` port on DynamoDB. The keys of each look-up stand in docs/data.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from pynamodb.exceptions import DoesNotExist

from canal.adapters.case_rows import case_of, cell_key, row_of_case, unchanged
from canal.adapters.case_search import search
from canal.adapters.dynamo_errors import translated
from canal.adapters.dynamo_models import IncidentRow, Tables, bind
from canal.adapters.moments import text
from canal.errors import LostRace
from canal.incidents import geohash
from canal.incidents.case import Case
from canal.ports import Page, Search
from canal.subjects import geo

MOST_OF_ONE = 20  # cases that a citizen is shown
MOST_IN_A_CELL = 200  # open incidents of one category in half a square kilometre; the newest are looked at
MOST_FOLLOWERS = 500
MOST_METRES = 2_000
LONGEST_NUMBER = 64  # characters; nothing longer was ever given to a case


class DynamoCases:
    """The cases in ``incidents``. May stand beside DynamoConversations in one process: they share the client."""

    def __init__(self, tables: Tables, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.session = bind(tables).session
        self._clock = clock

    def load(self, number: str) -> Case | None:
        if not is_number(number):
            return None
        with translated():
            try:
                return case_of(IncidentRow.get(number, consistent_read=True))
            except DoesNotExist:
                return None

    def save(self, case: Case) -> Case:
        """See ``Cases.save``. A write whose answer got lost is known again: it is no lost race."""
        saved = replace(case, version=case.version + 1)
        try:
            with translated():
                row_of_case(case).save(condition=unchanged(case))
        except LostRace:
            if self.load(case.id) != saved:
                raise
        return saved

    def delete(self, case: Case) -> None:
        """See ``Cases.delete``. Deleted already: done."""
        try:
            with translated():
                IncidentRow(case.id).delete(condition=unchanged(case))
        except LostRace:
            if self.load(case.id) is not None:
                raise

    def near(self, category: str, latitude: float, longitude: float, metres: float) -> tuple[Case, ...]:
        found = []
        for cell in geohash.cells(latitude, longitude, min(metres, MOST_METRES)):
            for case in self._in_cell(cell_key(category, cell)):
                if case.position is not None:
                    distance = geo.metres(latitude, longitude, case.position.latitude, case.position.longitude)
                    found.append((distance, case.id, case))
        return tuple(case for distance, _, case in sorted(found, key=lambda each: each[:2]) if distance <= metres)

    def _in_cell(self, key: str) -> list[Case]:
        with translated():
            return cases_of(IncidentRow.by_cell.query(key, scan_index_forward=False, limit=MOST_IN_A_CELL))

    def of(self, citizen: str) -> tuple[Case, ...]:
        if not citizen:
            return ()
        with translated():
            rows = IncidentRow.by_citizen.query(citizen, scan_index_forward=False, limit=MOST_OF_ONE)
            return tuple(cases_of(rows))

    def following(self, number: str) -> tuple[Case, ...]:
        if not is_number(number):
            return ()
        with translated():
            return tuple(cases_of(IncidentRow.by_original.query(number, limit=MOST_FOLLOWERS)))

    def waiting(self, watch: str, until: datetime, limit: int) -> tuple[str, ...]:
        with translated():
            rows = IncidentRow.by_watch.query(str(watch), IncidentRow.watch_at <= text(until), limit=limit)
            return tuple(row.id for row in islice(rows, limit))

    def search(self, wanted: Search) -> Page:
        """See ``Cases.search``. Raises BadInput for a cursor that this search did not give."""
        with translated():
            return search(wanted, self._clock())


def is_number(given: str) -> bool:
    """Whether a case can have this number; DynamoDB takes no other key, and the number may be typed by anybody."""
    return 0 < len(given) <= LONGEST_NUMBER


def cases_of(rows: Iterable[IncidentRow]) -> list[Case]:
    return [case_of(row) for row in rows]
