"""Small notes in ``campaigns`` that several change at once: read, changed, and written if nobody came between."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import random
from typing import Any

from pynamodb.exceptions import DoesNotExist

from canal.adapters.dynamo_errors import translated
from canal.adapters.notice_models import NoteRow
from canal.errors import LostRace

RACES = 20  # planners of sixteen shards may want the same note
PAUSE = 0.05  # seconds at most before another try

Body = dict[str, Any]
Change = Callable[[Body | None], Body | None]


def read(part: str, name: str) -> Body | None:
    row = row_at(part, name)
    return row.body if row is not None else None


def change(part: str, name: str, by: Change, sleep: Callable[[float], None] = time.sleep) -> None:
    """Write what ``by`` makes of the stored body (None: there is none); where it gives None, nothing is written.

    When the answer of a write got lost, ``by`` may be given its own result and asked again. Raises LostRace when others
    are faster time and again.
    """
    for _ in range(RACES):
        row = row_at(part, name)
        body = by(row.body if row is not None else None)
        if body is None:
            return
        version = int(row.version or 0) if row is not None else 0
        unchanged = NoteRow.version == version if version else NoteRow.part.does_not_exist()
        try:
            with translated():
                NoteRow(part, name, body=body, version=version + 1).save(condition=unchanged)
            return
        except LostRace:
            sleep(PAUSE * random())  # noqa: S311  # no secret, only apart
    raise LostRace("a note changed at each of many tries")


def row_at(part: str, name: str) -> NoteRow | None:
    with translated():
        try:
            return NoteRow.get(part, name, consistent_read=True)
        except DoesNotExist:
            return None
