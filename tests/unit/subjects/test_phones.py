"""The phone book: by subject, by words, honest about what is not known."""

from __future__ import annotations

from typing import Any

from canal.subjects.phones import Phones


def both(text: str) -> dict[str, str]:
    return {"ca": text, "es": text}


def phone(identifier: str, subject: str, number: str, *words: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "subject": subject,
        "name": both(identifier),
        "number": number,
        "dial": number.replace(" ", ""),
        "words": [identifier, *words],
        "source": "a page",
    }


PHONES = Phones.from_content(
    {
        "subjects": [{"id": "town", "name": both("Town")}, {"id": "emergency", "name": both("Emergency")}],
        "phones": [
            phone("policia", "town", "96 245 52 33", "local"),
            phone("museu", "town", "96 201 76 49"),
            phone("bombers", "emergency", "112", "foc", "policia"),
        ],
        "unknown": [
            {
                "id": "hospital",
                "subject": "town",
                "name": both("Hospital"),
                "instead": both("ask 012"),
                "words": ["hospital"],
            }
        ],
        "ignored": ["telèfon"],
    }
)


def test_emergencies_come_first_wherever_the_file_has_them() -> None:
    assert [subject.id for subject in PHONES.subjects] == ["emergency", "town"]
    assert [each.number for each in PHONES.emergencies] == ["112"]
    assert PHONES.phones[0].is_emergency
    assert [each.id for each in PHONES.find("policia").known] == ["bombers", "policia"]


def test_a_subject_has_its_known_and_its_unknown_phones() -> None:
    assert [each.id for each in PHONES.of("town")] == ["policia", "museu"]
    assert [each.id for each in PHONES.unknown_of("town")] == ["hospital"]
    assert PHONES.of("nothing") == ()


def test_an_unknown_number_is_found_as_unknown() -> None:
    found = PHONES.find("telèfon de l'hospital")
    assert found.known == ()
    assert found.unknown[0].instead["ca"] == "ask 012"


def test_known_and_unknown_may_be_asked_at_once() -> None:
    found = PHONES.find("museu i hospital")
    assert [each.id for each in found.known] == ["museu"]
    assert [each.id for each in found.unknown] == ["hospital"]


def test_words_without_phone_find_nothing() -> None:
    assert PHONES.find("telèfon").known == ()


def test_ids_lead_to_their_record_or_to_nothing() -> None:
    museum = PHONES.get("museu")
    assert museum is not None
    assert museum.origin.source == "a page"
    assert PHONES.get("x") is None
    assert PHONES.subject("x") is None
