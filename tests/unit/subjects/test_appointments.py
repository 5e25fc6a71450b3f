"""Appointments: what is known to need one, by words."""

from __future__ import annotations

from canal.subjects.appointments import Appointments

BOTH = {"ca": "a", "es": "b"}
APPOINTMENTS = Appointments.from_content(
    {
        "booking": {"url": "https://cites.example", "about": BOTH, "source": "a page"},
        "bookable": [
            {
                "id": "letters",
                "name": BOTH,
                "about": BOTH,
                "where": BOTH,
                "bring": [BOTH],
                "words": ["carta de pagament", "impostos"],
                "source": "a page",
            }
        ],
        "bring": [BOTH, BOTH],
        "unknown": [BOTH],
        "ignored": ["cita"],
    }
)


def test_what_needs_an_appointment_is_found_by_words() -> None:
    assert [each.id for each in APPOINTMENTS.find("cita per a cartes de pagament")] == ["letters"]


def test_what_the_town_has_not_listed_is_not_guessed() -> None:
    assert APPOINTMENTS.find("cita per al padró") == ()


def test_everything_of_the_content_is_there() -> None:
    assert APPOINTMENTS.url == "https://cites.example"
    assert len(APPOINTMENTS.bring) == 2
    assert len(APPOINTMENTS.unknown) == 1
    assert APPOINTMENTS.get("letters") is not None
    assert APPOINTMENTS.get("x") is None
