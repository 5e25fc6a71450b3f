"""When a case must be looked at again without anybody asking: work left to do, or a deadline.

Stored beside the case in a sparse index, so that the sweep finds in one query what needs it, and pays nothing when
nothing does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from canal.incidents.case import Case, Telling, What
from canal.incidents.states import State

DAYS_AT_META = timedelta(days=7)  # a photo's life under its media id
FORGOTTEN = "forgotten"  # the state of a file that goes with its citizen
AGAIN = "again"  # of an ESCALATED event: when it is said again, ISO 8601


class Watch(StrEnum):
    WORK = "work"  # to be routed, fetched, mailed, told or deleted
    DEADLINE = "deadline"  # to be resolved by then


def next_look(case: Case) -> tuple[Watch, datetime] | None:
    """Why and from when the case must be looked at; None where nothing is left.

    Work that was interrupted is due when its lease ends; a photo that could not be fetched, at its next try.
    """
    if has_work(case):
        moments = [moment for moment in (case.lease_until, _first_retry(case)) if moment]
        return Watch.WORK, max(moments, default=case.updated_at or case.created_at)
    if moment := deadline(case):
        return Watch.DEADLINE, moment
    return None


def deadline(case: Case) -> datetime | None:
    """When an open case is overdue, or overdue once more: what was said of it last counts, unless it is due anew."""
    if not case.open or not case.due_at:
        return None
    told = [event.details.get(AGAIN) for event in case.history if event.what == What.ESCALATED]
    return max([case.due_at, *(datetime.fromisoformat(moment) for moment in told if moment)])


def has_work(case: Case) -> bool:
    """Whether anything is left for ``route`` to do, now or at a file's next try."""
    return bool(work_now(case) or any(file.state == "pending" for file in case.files))


def work_now(case: Case) -> bool:
    """Whether anything but files is left to do."""
    return (
        case.erased
        or needs_department(case)
        or needs_mail(case)
        or any(event.telling == Telling.PENDING for event in case.history)
        or any(file.state == FORGOTTEN for file in case.files)
    )


def needs_department(case: Case) -> bool:
    """Whether it is still to be routed. Reopened, it may have none if it was closed before it came that far."""
    return case.state == State.RECEIVED or (case.state == State.REOPENED and not case.department)


def needs_mail(case: Case) -> bool:
    """Whether the case's department does not know of it yet."""
    return case.open and bool(case.department) and case.mailed_to != mail_mark(case)


def mail_mark(case: Case) -> str:
    """What ``mailed_to`` holds once the department knows of the case as it stands: a new mail for each escalation."""
    return f"{case.department}+{case.escalated}" if case.escalated else case.department


def _first_retry(case: Case) -> datetime | None:
    """The next try of a file, where nothing else is to be done before."""
    if work_now(case):
        return None
    waits = [file.retry_at for file in case.files if file.state == "pending"]
    known = [moment for moment in waits if moment]
    return min(known) if known and len(known) == len(waits) else None
