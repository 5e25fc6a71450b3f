"""Where it is, in the gazetteer's words and never in those of a citizen."""

from __future__ import annotations

from typing import Any

import pytest
from canal.incidents.case import Case, Position

from tests.fakes import FakeCases, FakeTowns
from tests.open311 import CENTRE, KEY, Window, incident, private, street, town_with

TRUE = {
    "id": "major",
    "kind": "street",
    "name": {"ca": "c/ Major de Prova", "es": "c/ Mayor de Prueba"},
    "latitude": CENTRE.latitude,
    "longitude": CENTRE.longitude,
    "zone": "centre",
}
MADE_UP = {**TRUE, "demo": True}
WRITTEN = "al c/ Major de Prova, que visc jo, Empar"


def window(place: dict[str, Any], *cases: Case) -> Window:
    return Window(FakeCases(*cases), towns=FakeTowns(town_with(gazetteer={"places": [place]})))


def address(place: dict[str, Any], case: Case, locale: str = "ca") -> Any:
    row = window(place, case).get(f"requests/{case.id}.json", locale=locale).content[0]
    assert row["description"] == (f"{row['service_name']}: {row['address']}" if row["address"] else row["service_name"])
    return row["address"]


def test_a_pin_is_named_after_what_stands_there_in_either_language() -> None:
    assert address(TRUE, incident(address="")) == "c/ Major de Prova"
    assert address(TRUE, incident(address=""), "es") == "c/ Mayor de Prueba"


def test_a_pin_far_from_everything_has_no_address() -> None:
    assert address(TRUE, incident(address="", position=Position(39.16, -0.44))) is None


@pytest.mark.parametrize("position", [None, CENTRE])
def test_of_an_address_as_written_only_the_street_is_shown(position: Position | None) -> None:
    assert address(TRUE, incident(address=WRITTEN, position=position)) == "c/ Major de Prova"


def test_a_private_category_has_no_address_even_where_it_is_known() -> None:
    assert address(TRUE, incident(address=WRITTEN, category=private().id)) is None


def test_a_made_up_position_names_no_true_pin_but_one_of_a_demonstration() -> None:
    assert address(MADE_UP, incident(address="")) is None
    assert address(MADE_UP, incident(address="", demo=True)) == "c/ Major de Prova"


def filed(place: dict[str, Any], words: str) -> Case:
    asked = window(place)
    reply = asked.post("requests.json", api_key=KEY, service_code=street().id, address_string=words)
    case = asked.cases.load(reply.content[0]["service_request_id"])
    assert case
    return case


def test_a_report_by_words_gets_the_position_and_the_zone_of_the_street() -> None:
    case = filed(TRUE, "C. Major de Prova")
    assert case.position == Position(CENTRE.latitude, CENTRE.longitude, "gazetteer")
    assert (case.zone, case.address) == ("centre", "C. Major de Prova")


def test_a_report_by_words_gets_no_position_that_is_made_up() -> None:
    case = filed(MADE_UP, "C. Major de Prova")
    assert (case.position, case.zone) == (None, "centre")
