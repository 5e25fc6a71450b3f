"""When a case must be looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from canal.incidents import changes
from canal.incidents.case import Case, File
from canal.incidents.states import State
from canal.incidents.watch import Watch, has_work, mail_mark, needs_department, needs_mail, next_look, work_now

from tests.builders import NOON, a_case

HOUR = timedelta(hours=1)
DUE = NOON + 48 * HOUR


def settled(**given: object) -> Case:
    """A routed case whose department knows, with nothing left to do."""
    routed = changes.routed(a_case(**given), NOON + HOUR, "lighting", "", DUE, tell=False)
    return replace(routed, mailed_to="lighting")


def photo(retry_at: datetime | None = None, **given: object) -> File:
    return replace(File("f1", "image", "1", NOON, retry_at=retry_at), **given)  # type: ignore[arg-type]


def test_a_new_case_is_work_from_the_moment_it_was_filed() -> None:
    assert next_look(a_case()) == (Watch.WORK, NOON)


def test_a_settled_case_is_looked_at_when_it_is_due() -> None:
    assert next_look(settled()) == (Watch.DEADLINE, DUE)


def test_a_settled_case_without_a_due_date_is_left_alone() -> None:
    assert next_look(replace(settled(), due_at=None)) is None


def test_a_closed_case_of_which_all_was_told_is_left_alone() -> None:
    assert next_look(changes.moved(settled(), NOON, "Pep", State.RESOLVED, tell=False)) is None


def test_what_is_to_be_told_is_work_open_or_closed() -> None:
    closed = changes.moved(settled(), NOON + 3 * HOUR, "Pep", State.RESOLVED, "Fet")
    assert next_look(closed) == (Watch.WORK, NOON + 3 * HOUR)
    told = changes.told(closed, closed.history[-1].id, {"K7Q2M4XA": "sent"}, done=True)
    assert next_look(told) is None


def test_a_case_to_be_deleted_is_work() -> None:
    assert has_work(replace(changes.moved(settled(), NOON, "Pep", State.RESOLVED, tell=False), erased=True))


def test_work_that_somebody_is_at_is_due_when_their_lease_ends() -> None:
    assert next_look(a_case(lease_until=NOON + 2 * HOUR)) == (Watch.WORK, NOON + 2 * HOUR)


@pytest.mark.parametrize("lease", [None, NOON])
def test_a_photo_that_could_not_be_fetched_is_due_at_its_next_try(lease: datetime | None) -> None:
    case = settled(files=(photo(NOON + 5 * HOUR),), lease_until=lease)
    assert next_look(case) == (Watch.WORK, NOON + 5 * HOUR)
    assert not work_now(case)


def test_of_several_photos_the_first_try_counts() -> None:
    files = (photo(NOON + 5 * HOUR), photo(NOON + 2 * HOUR, id="f2"), photo(id="f3", state="stored"))
    assert next_look(settled(files=files)) == (Watch.WORK, NOON + 2 * HOUR)


def test_a_photo_that_was_not_tried_yet_is_due_at_once() -> None:
    files = (photo(), photo(NOON + 2 * HOUR, id="f2"))
    assert next_look(settled(files=files)) == (Watch.WORK, NOON + HOUR)


def test_other_work_does_not_wait_for_a_photo() -> None:
    assert next_look(a_case(files=(photo(NOON + 5 * HOUR),))) == (Watch.WORK, NOON)


def test_an_overdue_case_is_looked_at_again_when_it_was_said_to_be() -> None:
    escalated = changes.escalated(settled(), DUE, DUE + 24 * HOUR)
    assert needs_mail(escalated)
    mailed = replace(escalated, mailed_to=mail_mark(escalated))
    assert next_look(mailed) == (Watch.DEADLINE, DUE + 24 * HOUR)


def test_a_department_hears_of_its_case_once_of_each_escalation_and_of_a_reopened_one() -> None:
    case = settled()
    assert not needs_mail(case)
    assert needs_mail(changes.rerouted(case, NOON, "Pep", "parks", "", DUE))
    assert needs_mail(changes.escalated(case, NOON))
    closed = changes.moved(case, NOON, "Pep", State.RESOLVED)
    assert not needs_mail(closed)
    assert needs_mail(changes.reopened(closed, NOON, "citizen", "", DUE))


def test_a_case_reopened_without_a_department_is_to_be_routed() -> None:
    closed = changes.moved(a_case(), NOON, "Pep", State.REJECTED, tell=False)
    again = changes.reopened(closed, NOON, "citizen", "", None)
    assert needs_department(again)
    assert next_look(again) == (Watch.WORK, NOON)
    assert not needs_department(changes.routed(again, NOON, "lighting", "", DUE, tell=False))
