"""The mail to a department: what it needs, in both languages, and nothing of the citizen's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from canal.incidents.case import Kind
from canal.incidents.states import State
from canal.services.mailing import letter

from tests.builders import NOON
from tests.fakes import FakeCases
from tests.office import Office, picture, record, report
from tests.towns import alzira

NUMBER = "VXK4M2P9"
SECRETS = {
    "words": "SECRETWORDS del ciutadà",
    "address": "c/ SECRETSTREET, 12",
    "citizen": "ES.SECRET",
    "contact": {"name": "SECRETNAME", "email": "secret@example.com", "phone": "600SECRET"},
}


def test_a_mail_holds_number_category_department_day_and_link_in_both_languages() -> None:
    hall = Office(FakeCases(report()))
    case = hall.look()
    ((_, subject, body),) = hall.mail.sent
    light, department = hall.town.incidents.category(case.category), hall.town.incidents.department(case.department)
    assert light is not None
    assert department is not None
    assert case.due_at is not None
    due = hall.town.local(case.due_at)
    for text in (subject, body):
        assert NUMBER in text
        assert light.name["ca"] in text
        assert light.name["es"] in text
    assert department.name["ca"] in body
    assert f"{due.day}/{due.month}/{due.year}" in body
    assert body.count("https://desk.canal.test/?case=VXK4M2P9") == 2
    assert body.index("Termini") < body.index("Plazo")


def test_a_mail_holds_nothing_of_the_citizens() -> None:
    secret = report(NUMBER, picture(caption="SECRETCAPTION"), **SECRETS)
    for case in (secret, replace(secret, escalated=1), replace(secret, kind=Kind.COMPLAINT, category="")):
        written = letter(alzira(), case, "https://desk.canal.test")
        text = f"{written.subject}\n{written.body}"
        assert "SECRET" not in text.upper()
        assert "media.1" not in text
        assert "39.15" not in text


def test_an_overdue_case_and_a_made_up_one_are_told_as_such() -> None:
    overdue = letter(alzira(), replace(report(), escalated=2, department="x", due_at=NOON), "")
    assert "Fora de termini" in overdue.subject
    assert "Fuera de plazo" in overdue.subject
    assert "demostraci" in letter(alzira(), report(demo=True), "").body
    assert "demostraci" not in overdue.body


@pytest.mark.parametrize("kind", list(Kind))
def test_a_case_without_category_zone_and_day_has_a_mail_too(kind: Kind) -> None:
    bare = report(kind=kind, category="gone", zone="", position=None, address="", department="gone")
    written = letter(alzira(), bare, "")
    assert "http" not in written.body
    assert alzira().text(f"mail.kinds.{kind}", "es") in written.subject
    assert "None" not in written.body


def test_a_link_cannot_be_broken_out_of() -> None:
    assert "case=A%26b%3D1" in letter(alzira(), report("A&b=1"), "https://desk.canal.test/").body


def test_departments_without_an_address_are_written_to_together_or_not_at_all() -> None:
    hall = Office(FakeCases(report()))
    for department in hall.town.incidents.departments:
        hall.cases.save(replace(hall.cases.rows[NUMBER], state=State.ROUTED, department=department.id))
        hall.look()
        assert hall.mail.sent[-1][0] == (department.email or "everybody@canal.test")


def test_without_a_sender_nobody_is_written_to_and_the_case_is_done() -> None:
    hall = Office(FakeCases(report()))
    outcome = hall.errands(lambda name, fake: None if name == "mail" else fake).run([record({"case": NUMBER})])
    assert outcome.errors == []
    assert hall.cases.rows[NUMBER].mailed_to
