"""The staff API of notices: a CAP file that staff bring, good or bad."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from canal.cap.alert import Area
from canal.cap.writing import written
from canal.errors import Temporary

from tests.alerts import FAR, an_alert, an_info, packed, sample
from tests.desk import LIGHTING, Told
from tests.notice_desk import Station, station

PATH = "/api/campaigns/cap"
RAIN = written(an_alert("A1", an_info("es-ES"), an_info("ca-ES-valencia")))
ELSEWHERE = written(an_alert("A2", an_info(areas=(Area("Galicia", (FAR,)),))))


def bring(there: Station, raw: bytes) -> Told:
    return there.call("POST", PATH, {"file": base64.b64encode(raw).decode()})


def test_a_cap_file_is_a_draft_of_whoever_brings_it() -> None:
    there = station()
    told = there.call("POST", PATH, {"cap": RAIN.decode()})
    assert told.status == 201, told.text
    (row,) = told.json["campaigns"]
    assert (row["state"], row["source"], row["created_by"], told.json["unread"]) == (
        "draft",
        "cap",
        "anna@alzira.test",
        0,
    )
    view = there.get(f"/api/campaigns/{row['id']}").json
    assert (view["cap"]["severity"], view["cap"]["status"]) == ("Severe", "Actual")
    assert there.act(row["id"], "check").json["state"] == "checked"
    assert there.queues.jobs == []


def test_whoever_brought_it_is_no_second_person() -> None:
    there = station()
    (row,) = bring(there, RAIN).json["campaigns"]
    there.act(row["id"], "check")
    assert there.act(row["id"], "approve", {}).error == "second_person"


def test_the_same_file_twice_is_one_draft() -> None:
    there = station()
    (first,), (again,) = (bring(there, RAIN).json["campaigns"] for _ in range(2))
    assert first["id"] == again["id"]
    assert len(there.board.campaigns) == 1


def test_a_text_is_read_whatever_encoding_its_file_had() -> None:
    text = RAIN.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').replace("Avís", "Avís d’ací")
    told = station().call("POST", PATH, {"cap": f"\ufeff{text}"})
    assert told.json["campaigns"][0]["headline"]["ca"].startswith("Avís d’ací")


def test_an_archive_makes_a_draft_of_each_and_says_what_it_could_not_read() -> None:
    told = bring(station(), packed(RAIN, b"junk", ELSEWHERE))
    assert (told.status, len(told.json["campaigns"]), told.json["unread"]) == (201, 1, 1)


def test_an_archive_that_is_too_large_is_read_as_far_as_there_is_time() -> None:
    told = bring(station(), packed(RAIN, *[b" " * 1_000_000] * 9))
    assert (told.status, len(told.json["campaigns"]), told.json["unread"]) == (201, 1, 8)


@pytest.mark.parametrize(
    ("raw", "says", "reason"),
    [
        (b"junk", "No és un fitxer CAP", "it is no well-formed XML"),
        (b"<html/>", "No és un fitxer CAP", "it is neither CAP 1.2, RSS, Atom nor tar.gz"),
        (sample("entity-bomb.xml"), "No és un fitxer CAP", "it has a DOCTYPE or entities, which no alert needs"),
        (
            RAIN.replace(b"Actual", b"Real"),
            "té un error",
            "its status is none of Actual, Exercise, System, Test, Draft",
        ),
        (RAIN + b" " * 1_000_000, "massa gran", "it has more than 1,000,000 bytes"),
        (ELSEWHERE, "no afecta el municipi", "its area does not meet the municipality"),
        (RAIN.replace(b"Public", b"Private"), "no és pública", "it is not public"),
        (RAIN.replace(b">Alert<", b">Ack<"), "no diu res", "it is a Ack, which tells citizens nothing"),
        (packed(b"junk", ELSEWHERE), "cap alerta que afecte", "it is no well-formed XML"),
    ],
)
def test_a_file_of_which_nothing_can_be_made_says_why(raw: bytes, says: str, reason: str) -> None:
    there = station()
    told = bring(there, raw)
    assert (told.status, told.error) == (422, "bad_cap")
    assert says in told.json["message"]["ca"]
    assert told.json["message"]["es"] != told.json["message"]["ca"]
    assert told.json["details"][0] == {"field": "file", "reason": reason, "allowed": []}
    assert there.board.campaigns == {}


def test_an_alert_that_is_past_is_none() -> None:
    there = station()
    there.later(days=2)
    assert bring(there, RAIN).json["message"]["es"] == "La alerta ya ha terminado."


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({}, "cap", "cap_or_file"),
        ({"cap": "<a/>", "file": "PGEvPg=="}, "cap", "cap_or_file"),
        ({"file": "no base64!"}, "file", "not_base64"),
        ({"cap": "a" * 1_000_001}, "cap", "string_too_long"),
        ({"cap": "\ud800"}, "cap", "string_unicode"),
        ({"xml": "<a/>"}, "xml", "extra_forbidden"),
    ],
)
def test_a_body_that_is_no_file_gets_422_and_is_named(body: dict[str, Any], field: str, reason: str) -> None:
    told = station().call("POST", PATH, body)
    assert (told.status, told.error) == (422, "invalid")
    assert (told.json["details"][0]["field"], told.json["details"][0]["reason"]) == (field, reason)


def test_what_is_larger_than_any_file_may_be_is_not_even_read() -> None:
    told = station().call("POST", PATH, {"file": "a" * 1_500_000})
    assert (told.status, told.error) == (400, "too_long")


def test_departments_bring_nothing() -> None:
    there = station(groups=LIGHTING)
    assert (bring(there, RAIN).status, bring(there, RAIN).error) == (403, "not_your_role")
    assert there.board.campaigns == {}


@pytest.mark.parametrize("when", ["before save campaign", "after save campaign"])
def test_a_store_that_fails_while_it_is_kept_gets_503_and_again_makes_it_once(when: str) -> None:
    there = station()

    def fails(call: str) -> None:
        if call == when:
            raise Temporary("no answer")

    there.board.tap = fails
    assert bring(there, RAIN).status == 503
    there.board.tap = lambda call: None
    assert bring(there, RAIN).status == 201
    assert len(there.board.campaigns) == 1
