"""A case that was filed: its department, photos, mail and news, whatever fails and whoever else is at work on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from canal.adapters.whatsapp_errors import from_code
from canal.dialogue.town import Town
from canal.errors import LostRace, Permanent, Stopped, Temporary, Undeliverable
from canal.incidents import changes
from canal.incidents.case import Case, Kind, Telling, What
from canal.incidents.states import State
from canal.incidents.watch import Watch, has_work, next_look
from canal.services.routing import zone_of

from tests.builders import NOON, citizen
from tests.fakes import FakeCases
from tests.office import Office, joined_to, picture, record, report
from tests.towns import alzira

NUMBER = "VXK4M2P9"
BAD_ERRANDS = ('{"case": 3}', '{"case": ""}', '{"what": "x"}', '{"case": "A", "citizen": "B"}')


def office(*cases: Case) -> Office:
    return Office(FakeCases(*(cases or (report(),))))


def event(case: Case, what: What) -> Any:
    (found,) = [each for each in case.history if each.what == what]
    return found


# --- the department -------------------------------------------------------------------------------


def test_a_new_case_gets_its_department_a_due_date_a_mail_and_its_citizen_is_told() -> None:
    hall = office(report(NUMBER, picture(1), picture(2))).with_files(1, 2)
    case = hall.look()
    light = hall.town.incidents.category(case.category)
    assert light is not None
    assert case.department == hall.town.incidents.route("incident", light.id, case.zone)
    assert case.state == State.ROUTED
    assert case.due_at is not None
    assert case.due_at > NOON + timedelta(days=light.days)
    assert case.lease_until is None
    assert [file.state for file in case.files] == ["stored", "stored"]
    assert {file.key for file in case.files} | {file.thumbnail for file in case.files} == hall.store.objects.keys()
    assert len(hall.mail.sent) == len(hall.outbox.sent) == 1
    assert event(case, What.ROUTED).told == {NUMBER: "sent"}
    assert not has_work(case)


def test_a_second_look_changes_nothing_and_writes_nothing() -> None:
    hall = office(report(NUMBER, picture())).with_files(1)
    before = hall.look()
    hall.cases.calls.clear()
    assert hall.look() == before
    assert hall.cases.calls == ["load"]
    assert len(hall.mail.sent) == len(hall.outbox.sent) == len(hall.media.fetched) == 1


def test_a_category_that_the_content_no_longer_has_goes_where_its_kind_goes() -> None:
    case = office(report(category="gone-since")).look()
    assert case.department == alzira().incidents.route("incident", "", case.zone)
    assert case.due_at


@pytest.mark.parametrize("kind", ["complaint", "suggestion", "question", "pickup", "person"])
def test_every_kind_of_case_finds_a_department(kind: str) -> None:
    case = office(report(kind=kind, category="", position=None, address="")).look()
    assert case.department
    assert case.state == State.ROUTED


def test_the_zone_is_that_of_the_pin_else_of_the_case_else_unknown() -> None:
    town = alzira()
    pin = report()
    assert pin.position is not None
    assert zone_of(town, pin) == town.municipality.zone_of(pin.position.latitude, pin.position.longitude)
    assert zone_of(town, replace(pin, position=None, zone="somewhere")) == "somewhere"
    assert zone_of(town, replace(pin, position=None, address="qwxz qwxz 999")) == ""


def test_who_is_told_of_the_department_is_the_contents_affair() -> None:
    hall = office()
    hall.town = silent(hall.town)
    case = hall.look()
    assert event(case, What.ROUTED).telling == Telling.NOBODY
    assert hall.outbox.sent == []


def silent(town: Town) -> Town:
    """The town without any state that is told."""
    quiet = Town({name: town._section(name) for name in town._data}, "quiet")
    quiet.__dict__["incidents"] = Silent(town.incidents)
    return quiet


class Silent:
    """Categories whose ``tell`` is empty."""

    def __init__(self, incidents: Any) -> None:
        self._incidents = incidents
        self.tell = frozenset[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._incidents, name)


def test_a_case_joined_to_another_has_its_photos_fetched_and_nothing_else() -> None:
    joined = replace(joined_to("ORIGINAL", NUMBER, "ES.1001"), files=(picture(),))
    hall = office(report("ORIGINAL"), joined).with_files(1)
    case = hall.look()
    assert (case.state, case.files[0].state) == (State.DUPLICATE, "stored")
    assert (hall.mail.sent, hall.outbox.sent) == ([], [])
    assert case.lease_until is None


# --- two at once ----------------------------------------------------------------------------------


def test_a_case_that_somebody_is_at_work_on_is_left_alone_until_the_lease_ends() -> None:
    hall = office(replace(report(), lease_until=NOON + timedelta(minutes=6)))
    assert hall.look().state == State.RECEIVED
    assert hall.later(minutes=2).look().state == State.ROUTED


class Between:
    """Runs something once, when a method of a fake is about to be called."""

    def __init__(self, fake: Any, method: str, first: Callable[[], None]) -> None:
        self._fake = fake
        self._method = method
        self._first: Callable[[], None] | None = first

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._fake, name)
        if name == self._method and self._first:
            first, self._first = self._first, None
            first()
        return found


def during(hall: Office, fake: str, method: str, happens: Callable[[], None]) -> Case:
    """Look at the case, while something happens right before a call."""
    errands = hall.errands(lambda name, own: Between(own, method, happens) if name == fake else own)
    assert errands.run([record({"case": NUMBER})]).failed == []
    return hall.cases.rows[NUMBER]


@pytest.mark.parametrize(
    ("fake", "method"),
    [("cases", "save"), ("media", "fetch"), ("store", "put"), ("mail", "send"), ("outbox", "send"), ("cases", "load")],
)
def test_two_workers_at_once_do_everything_once(fake: str, method: str) -> None:
    hall = office(report(NUMBER, picture(1), picture(2))).with_files(1, 2)

    def another() -> None:
        hall.errands().run([record({"case": NUMBER})])

    case = during(hall, fake, method, another)
    assert not has_work(case)
    assert [each.what for each in case.history] == [What.FILED, What.ROUTED]
    assert len(hall.mail.sent) == len(hall.outbox.sent) == 1
    assert len(hall.store.objects) == 4
    assert {file.key for file in case.files} | {file.thumbnail for file in case.files} == hall.store.objects.keys()


@pytest.mark.parametrize(("fake", "method"), [("media", "fetch"), ("mail", "send"), ("outbox", "send")])
def test_what_staff_change_meanwhile_stays_and_is_told_at_once(fake: str, method: str) -> None:
    hall = office(report(NUMBER, picture())).with_files(1)

    def staff() -> None:
        now = hall.cases.rows[NUMBER]
        hall.cases.save(changes.moved(now, hall.now, "serveis@canal.test", State.IN_PROGRESS, "Hi anem demà"))

    case = during(hall, fake, method, staff)
    assert case.state == State.IN_PROGRESS
    assert [each.what for each in case.history] == [What.FILED, What.ROUTED, What.MOVED]
    assert event(case, What.MOVED).told == {NUMBER: "sent"}
    assert case.files[0].state == "stored"
    assert len(hall.mail.sent) == 1
    assert len(hall.outbox.sent) == 2
    assert not has_work(case)


def test_a_photo_that_the_citizen_adds_meanwhile_is_fetched_in_the_same_look() -> None:
    hall = office(report(NUMBER, picture(1))).with_files(1, 2)

    def more() -> None:
        now = hall.cases.rows[NUMBER]
        hall.cases.save(changes.remarked(now, hall.now, "I un altre", [picture(2)]))

    case = during(hall, "mail", "send", more)
    assert [file.state for file in case.files] == ["stored", "stored"]
    assert event(case, What.REMARKED).words == "I un altre"


def test_a_case_rerouted_while_the_mail_goes_out_is_mailed_to_its_new_department_too() -> None:
    hall = office()
    first = hall.town.incidents.route("incident", report().category, "")
    other = next(each.id for each in hall.town.incidents.departments if each.id != first)

    def staff() -> None:
        now = hall.cases.rows[NUMBER]
        hall.cases.save(changes.rerouted(now, hall.now, "admin@canal.test", other, "no és nostre", None))

    case = during(hall, "mail", "send", staff)
    assert (case.department, case.mailed_to) == (other, other)
    assert len(hall.mail.sent) == 2


def test_a_case_that_changes_at_every_save_goes_back_to_the_queue() -> None:
    hall = office()

    class Busy:
        def __getattr__(self, name: str) -> Any:
            return getattr(hall.cases, name)

        def save(self, case: Case) -> Case:
            if case.lease_until and case.version == 1:
                return hall.cases.save(case)
            raise LostRace("again")

    outcome = hall.errands(lambda name, own: Busy() if name == "cases" else own).run([record({"case": NUMBER})])
    assert outcome.failed == ["sqs-1"]


# --- what fails -----------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [Temporary("SES: 503"), Stopped("SES: paused")])
def test_a_mail_that_cannot_go_now_holds_up_nothing_and_goes_later(error: Exception) -> None:
    hall = office()
    hall.mail.failures = [error]
    case = hall.look()
    assert (case.state, case.mailed_to, len(hall.outbox.sent)) == (State.ROUTED, "", 1)
    assert next_look(case) is not None
    assert hall.later(minutes=5).look().mailed_to == case.department
    assert len(hall.outbox.sent) == 1


def test_an_address_that_is_none_is_given_up_and_counted() -> None:
    hall = office()
    hall.mail.failures = [Permanent("SES: BadRequestException")]
    outcome = hall.errands().run([record({"case": NUMBER})])
    assert outcome.figures["MailsFailed"] == 1
    assert not has_work(hall.cases.rows[NUMBER])


@pytest.mark.parametrize("error", [Temporary("503"), Stopped("190")])
def test_news_that_cannot_go_now_holds_up_nothing_and_goes_later(error: Exception) -> None:
    hall = office(report(NUMBER, picture())).with_files(1)
    hall.outbox.failures = [error]
    case = hall.look()
    assert (case.department != "", case.mailed_to != "", case.files[0].state) == (True, True, "stored")
    assert event(case, What.ROUTED).telling == Telling.PENDING
    case = hall.later(minutes=5).look()
    assert event(case, What.ROUTED).told == {NUMBER: "sent"}
    assert len(hall.mail.sent) == 1


def test_a_fault_of_ours_in_one_piece_leaves_the_others_done_and_the_message_in_the_queue() -> None:
    hall = office(report(NUMBER, picture(1), picture(2))).with_files(1, 2)
    hall.media.failures = [KeyError("a fault of ours")]
    outcome = hall.errands().run([record({"case": NUMBER})])
    assert outcome.failed == ["sqs-1"]
    case = hall.cases.rows[NUMBER]
    assert [file.state for file in case.files] == ["pending", "stored"]
    assert len(hall.mail.sent) == len(hall.outbox.sent) == 1
    assert case.lease_until == hall.now
    assert [file.state for file in hall.look().files] == ["stored", "stored"]


def test_nothing_is_begun_when_the_time_is_nearly_up_and_the_sweep_finds_the_rest() -> None:
    hall = office(report(NUMBER, picture())).with_files(1)
    left = iter([50.0, 20.0, 20.0, 20.0, 20.0])
    hall.errands().run([record({"case": NUMBER})], lambda: next(left))
    case = hall.cases.rows[NUMBER]
    assert (case.state, case.files[0].state) == (State.ROUTED, "pending")
    assert case.lease_until == hall.now
    look = next_look(case)
    assert look is not None
    assert look[0] == Watch.WORK


def test_a_store_that_does_not_answer_gives_the_message_back() -> None:
    hall = office()

    class Broken:
        def load(self, number: str) -> Case | None:
            raise Temporary("DynamoDB: 500")

    outcome = hall.errands(lambda name, own: Broken() if name == "cases" else own).run([record({"case": NUMBER})])
    assert outcome.failed == ["sqs-1"]
    assert isinstance(outcome.errors[0][1], Temporary)


# --- records --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "null", "3", "[" * 9000, *BAD_ERRANDS],
)
def test_a_record_that_is_no_errand_is_dropped_and_told(body: str) -> None:
    outcome = office().errands().run([record(body, "bad"), record({"case": NUMBER}, "good")])
    assert [name for name, _ in outcome.dropped] == ["bad"]
    assert outcome.failed == []
    assert outcome.figures["CasesRouted"] == 1


def test_a_case_that_is_not_there_is_dropped_and_told() -> None:
    outcome = office().errands().run([record({"case": "UNKNOWN2"})])
    assert (len(outcome.dropped), outcome.failed) == (1, [])


def test_records_that_come_too_late_in_a_run_go_back_untouched() -> None:
    hall = office()
    outcome = hall.errands().run([record({"case": NUMBER})], lambda: 10.0)
    assert (outcome.failed, hall.cases.calls) == (["sqs-1"], [])


# --- erasure --------------------------------------------------------------------------------------


def test_an_erased_case_loses_its_files_and_then_its_row() -> None:
    hall = office(report(NUMBER, picture())).with_files(1)
    case = hall.look()
    hall.store.objects[f"files/{NUMBER}/forgotten-by-everybody"] = b"x"
    hall.cases.save(replace(case, citizen="", erased=True))
    hall.store.failures = [Temporary("S3: 503")]
    assert hall.errands().run([record({"case": NUMBER})]).failed == ["sqs-1"]
    assert NUMBER in hall.cases.rows
    hall.errands().run([record({"case": NUMBER})])
    assert (hall.cases.rows, hall.store.objects) == ({}, {})


def test_who_followed_an_erased_duplicate_follows_its_original() -> None:
    erased = replace(joined_to("ORIGINAL", NUMBER, ""), erased=True)
    hall = office(report("ORIGINAL"), erased, joined_to(NUMBER, "FOLLOWER", "ES.3"))
    hall.errands().run([record({"case": NUMBER})])
    assert hall.cases.rows["FOLLOWER"].duplicate_of == "ORIGINAL"


def test_who_followed_an_erased_case_takes_its_place_and_the_others_follow_them() -> None:
    erased = replace(
        report(NUMBER, kind="complaint", department="serveis", state=State.ROUTED), citizen="", erased=True
    )
    first = replace(joined_to(NUMBER, "FOLLOWER", "ES.1001"), kind=Kind.COMPLAINT)
    second = replace(joined_to(NUMBER, "SECOND22", "ES.3"), kind=Kind.COMPLAINT, created_at=NOON + timedelta(minutes=1))
    hall = office(erased, first, second)
    hall.errands().run([record({"case": NUMBER})])
    heir, other = hall.cases.rows["FOLLOWER"], hall.cases.rows["SECOND22"]
    assert (heir.state, heir.duplicate_of, heir.department) == (State.REOPENED, "", "serveis")
    assert (other.state, other.duplicate_of) == (State.DUPLICATE, "FOLLOWER")
    assert NUMBER not in hall.cases.rows
    hall.look("FOLLOWER")
    assert len(hall.mail.sent) == 1


def test_who_followed_an_erased_case_that_was_done_is_left_in_peace() -> None:
    erased = replace(report(NUMBER, kind="complaint", state=State.RESOLVED), citizen="", erased=True)
    hall = office(erased, joined_to(NUMBER, "FOLLOWER", "ES.1001"))
    hall.errands().run([record({"case": NUMBER})])
    assert hall.cases.rows["FOLLOWER"].state == State.DUPLICATE


def test_the_voice_of_a_forgotten_citizen_leaves_the_bucket_and_the_case_and_the_photo_stays() -> None:
    voice = picture(2, kind="audio", mime_type="audio/ogg")
    hall = office(report(NUMBER, picture(1), voice)).with_files(1, 2)
    case = hall.look()
    assert len(hall.store.objects) == 3
    hall.cases.save(changes.forgotten(case))
    hall.store.failures = [Temporary("S3: 503")]
    assert [file.id for file in hall.look().files] == ["f1", "f2"]
    case = hall.look()
    assert [file.id for file in case.files] == ["f1"]
    assert hall.store.objects.keys() == {case.files[0].key, case.files[0].thumbnail}
    assert not has_work(case)


def test_a_voice_note_that_was_being_fetched_when_its_citizen_was_forgotten_is_not_kept() -> None:
    hall = office(report(NUMBER, picture(kind="audio", mime_type="audio/ogg"))).with_files(1)

    def forget() -> None:
        hall.cases.save(changes.forgotten(hall.cases.rows[NUMBER]))

    case = during(hall, "store", "put", forget)
    assert (case.files, hall.store.objects) == ((), {})


def test_a_case_deleted_while_its_files_are_stored_leaves_none_behind() -> None:
    hall = office(report(NUMBER, picture())).with_files(1)

    def forgotten() -> None:
        hall.cases.rows.pop(NUMBER)

    errands = hall.errands(lambda name, own: Between(own, "send", forgotten) if name == "mail" else own)
    assert errands.run([record({"case": NUMBER})]).failed == []
    assert (hall.cases.rows, hall.store.objects) == ({}, {})


# --- deadlines ------------------------------------------------------------------------------------


def overdue() -> Office:
    hall = office()
    due = hall.look().due_at
    assert due is not None
    hall.now = due + timedelta(minutes=3)
    return hall


def test_an_overdue_case_is_escalated_by_a_mail_that_says_so_and_the_citizen_is_not_bothered() -> None:
    hall = overdue()
    told = len(hall.outbox.sent)
    case = hall.look()
    assert (case.escalated, case.mailed_to) == (1, f"{case.department}+1")
    assert "termini" in hall.mail.sent[-1][1]
    assert len(hall.outbox.sent) == told


def test_an_overdue_case_is_escalated_again_after_some_working_days_and_not_every_five_minutes() -> None:
    hall = overdue()
    for _ in range(3):
        case = hall.later(minutes=5).look()
    assert (case.escalated, len(hall.mail.sent)) == (1, 2)
    look = next_look(case)
    assert look is not None
    assert look[0] == Watch.DEADLINE
    hall.now = look[1] + timedelta(minutes=1)
    assert hall.look().escalated == 2
    assert hall.later(minutes=5).look().escalated == 2


def test_a_case_that_is_due_anew_escalates_when_that_is_over() -> None:
    hall = overdue()
    case = hall.look()
    until = hall.now + timedelta(days=90)
    other = next(each.id for each in hall.town.incidents.departments if each.id != case.department)
    hall.cases.save(changes.rerouted(case, hall.now, "admin@canal.test", other, "error", until))
    assert next_look(hall.look()) == (Watch.DEADLINE, until)


def test_a_closed_case_never_escalates() -> None:
    hall = overdue()
    hall.cases.save(changes.moved(hall.cases.rows[NUMBER], hall.now, "x@canal.test", State.RESOLVED))
    assert hall.look().escalated == 0


def test_a_due_date_counts_the_towns_working_days() -> None:
    friday = datetime(2026, 12, 4, 11, 0, tzinfo=UTC)  # before a weekend, the 7th and the holiday of the 8th
    hall = office(report(created_at=friday))
    hall.now = friday
    assert date(2026, 12, 8) in hall.town.holidays
    due = hall.look().due_at
    light = hall.town.incidents.category(report().category)
    assert due is not None
    assert light is not None
    assert hall.town.local(due).date() >= date(2026, 12, 5) + timedelta(days=light.days)


def test_news_of_nobody_is_done() -> None:
    hall = office(report(citizen="", channel="open311"))
    assert event(hall.look(), What.ROUTED).telling == Telling.DONE
    assert hall.outbox.sent == []


def test_a_citizen_who_blocked_us_is_noted_and_the_others_are_told() -> None:
    hall = office(report(), joined_to(NUMBER, "OTHER222", "ES.3"))
    hall.citizens.add(citizen("es", key="ES.3", user_id="ES.3", phone="34600000003"))
    hall.outbox.failures = [from_code(131026)]
    case = hall.look()
    assert event(case, What.ROUTED).told == {NUMBER: "failed: 131026", "OTHER222": "sent"}
    assert isinstance(from_code(131026), Undeliverable)


def test_a_worker_whose_lease_ran_out_leaves_the_lease_of_the_next_one_alone() -> None:
    hall = office(report(NUMBER, picture())).with_files(1)

    def another_took_it() -> None:
        now = hall.cases.rows[NUMBER]
        hall.cases.save(replace(now, lease_until=hall.now + timedelta(minutes=4)))

    case = during(hall, "mail", "send", another_took_it)
    assert case.lease_until == hall.now + timedelta(minutes=4)
    assert (case.files[0].state, case.mailed_to) == ("stored", case.department)
