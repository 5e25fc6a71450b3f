"""The account as WhatsApp last told it, on DynamoDB: ``Account``, and ``Lane``, which tells bulk of an alert."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from canal.adapters import dynamo_notes
from canal.adapters.dynamo_errors import is_unmet, translated
from canal.adapters.dynamo_models import Tables
from canal.adapters.moments import moment, text
from canal.adapters.notice_models import NoteRow, bind
from canal.adapters.notice_rows import health_of, limits_of, plain
from canal.broadcasts.outside import SILENCE, Health, Limits, Seen
from canal.errors import LostRace

TEMPLATE, ACCOUNT = "template", "account"
LIMITS, LANE, STATUSES = "limits", "lane", "statuses"


class DynamoAccount:
    """Notes in ``campaigns``."""

    def __init__(self, tables: Tables) -> None:
        self.session = bind(tables).session

    def limits(self) -> Limits:
        stored = dynamo_notes.read(ACCOUNT, LIMITS)
        return limits_of(stored) if stored else Limits()

    def save_limits(self, limits: Limits) -> None:
        def newer(stored: Mapping[str, Any] | None) -> dict[str, Any] | None:
            old = limits_of(stored).at if stored else None
            return None if is_older(limits.at, old) else {"tier": None, **plain(limits)}

        dynamo_notes.change(ACCOUNT, LIMITS, newer)

    def templates(self) -> tuple[Health, ...]:
        with translated():
            return tuple(health_of(row.body or {}) for row in NoteRow.query(TEMPLATE, consistent_read=True))

    def save_template(self, health: Health) -> None:
        def newer(stored: Mapping[str, Any] | None) -> dict[str, Any] | None:
            old = health_of(stored) if stored else None
            if old is not None and is_older(health.at, old.at):
                return None
            return {**(plain(old) if old else {}), **plain(health)}

        dynamo_notes.change(TEMPLATE, f"{health.name}.{health.language}", newer)

    def statuses_seen(self) -> Seen | None:
        row = dynamo_notes.row_at(ACCOUNT, STATUSES)
        since, until = (moment(row.since), moment(row.at)) if row is not None else (None, None)
        return Seen(since, until) if since and until else None

    def see_statuses(self, at: datetime) -> None:
        """One conditional write, a second after a silence; a moment before the one that is stored changes nothing."""
        stamp, before = text(at) or "", text(at - SILENCE) or ""
        if not self._seen([NoteRow.at.set(stamp)], (NoteRow.at >= before) & (NoteRow.at < stamp)):
            anew: Condition = NoteRow.at.does_not_exist() | (NoteRow.at < before)
            self._seen([NoteRow.at.set(stamp), NoteRow.since.set(stamp)], anew)

    def _seen(self, actions: list[Action], condition: Condition) -> bool:
        try:
            with translated():
                NoteRow(ACCOUNT, STATUSES).update(actions=actions, condition=condition)
        except LostRace as error:
            if not is_unmet(error):
                raise
            return False
        return True


class DynamoLane:
    """A note in ``campaigns`` that bulk senders read twice a second."""

    def __init__(self, tables: Tables) -> None:
        self.session = bind(tables).session

    def announce(self, since: datetime, until: datetime) -> None:
        """See ``Lane.announce``. An alert that runs still, or again, keeps the beginning of the first."""

        def joined(stored: Mapping[str, str] | None) -> dict[str, Any] | None:
            begin, end = since, until
            if stored and (old := lane_of(stored))[1] > since:
                begin, end = min(begin, old[0]), max(end, old[1])
                if (begin, end) == old:
                    return None
            return {"since": text(begin), "until": text(end)}

        dynamo_notes.change(ACCOUNT, LANE, joined)

    def alert(self) -> tuple[datetime, datetime] | None:
        stored = dynamo_notes.read(ACCOUNT, LANE)
        return lane_of(stored) if stored else None


def lane_of(stored: Mapping[str, str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(stored["since"]), datetime.fromisoformat(stored["until"])


def is_older(told: datetime | None, stored: datetime | None) -> bool:
    """Whether what is told is behind what is stored; what has no date is taken for news."""
    return told is not None and stored is not None and told < stored
