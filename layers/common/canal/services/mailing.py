"""The mail that tells a department of a case: what it is, until when, and where to read it. Nothing about the citizen.

Mail is copied, forwarded and kept for years, so it says no more than is needed to know whose case it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town
from canal.incidents.case import Case


class Mail(Protocol):
    """The way to the departments."""

    def send(self, to: str, subject: str, body: str) -> None:
        """Send one mail. Raises Temporary, Permanent (an address that is none) or Stopped."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def letter(town: Town, case: Case, staff_url: str) -> Letter:
    """The mail about a case as it stands, in the town's languages, its own first."""
    languages = sorted(LANGUAGES, key=lambda language: language != town.language)
    subject = "mail.subject_overdue" if case.escalated else "mail.subject"
    subjects = [town.text(subject, code, number=case.id, what=what(town, case, code)) for code in languages]
    bodies = ["\n".join(_lines(town, case, code, staff_url)) for code in languages]
    return Letter(" / ".join(subjects), "\n\n---\n\n".join(bodies) + "\n")


def what(town: Town, case: Case, language: Language) -> str:
    """The category in words, else the kind."""
    category = town.incidents.category(case.category)
    return category.name[language] if category else town.text(f"mail.kinds.{case.kind}", language)


def _lines(town: Town, case: Case, language: Language, staff_url: str) -> Iterator[str]:
    department = town.incidents.department(case.department)
    name = department.name[language] if department else case.department
    yield town.text("mail.overdue" if case.escalated else "mail.new", language, department=name)
    if case.demo:
        yield town.text("mail.demo", language)
    yield ""
    yield town.text("mail.number", language, number=case.id)
    yield town.text("mail.kind", language, kind=town.text(f"mail.kinds.{case.kind}", language))
    if category := town.incidents.category(case.category):
        yield town.text("mail.category", language, category=category.name[language])
    if zone := town.municipality.zone(case.zone):
        yield town.text("mail.zone", language, zone=zone.name[language])
    if case.due_at:
        yield town.text("mail.due", language, day=_day(town.local(case.due_at)))
    if staff_url:
        yield ""
        yield town.text("mail.open", language, link=f"{staff_url.rstrip('/')}/?case={quote(case.id, safe='')}")
    yield ""
    yield town.text("mail.automatic", language)


def _day(day: datetime) -> str:
    return f"{day.day}/{day.month}/{day.year}"
