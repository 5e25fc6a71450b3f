"""The gazetteer: the place that a sentence names, and the name of a pin."""

from __future__ import annotations

import random
from typing import Any

import pytest
from canal.subjects.gazetteer import Gazetteer, Spot
from canal.subjects.place_search import name_of
from hypothesis import given
from hypothesis import strategies as st

from tests.towns import alzira


def found(text: str) -> list[tuple[str, bool]]:
    return [(match.spot.id, match.sure) for match in alzira().gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("fanal trencat al carrer Sant Roc 12, davant del forn", "sant_roc:12"),
        ("c/ st roc nº12", "sant_roc:12"),
        ("C/ SAN ROQUE, 8", "sant_roc:8"),
        ("calle sant rok 12", "sant_roc:12"),
        ("al número 12 del carrer Sant Roc", "sant_roc:12"),
        ("carrer sant roc 12 de l'alquerieta", "sant_roc:12"),
        ("sant roc", "sant_roc"),
        ("carrer sant roc fa 3 dies", "sant_roc"),
        ("carrer sueca 3 faroles foses", "sueca"),
        ("farola rota en sueca 12", "sueca:12"),
        ("avda. Luis Suñer", "luis_suner"),
        ("av luis sunyer", "luis_suner"),
        ("Plaça Major", "major"),
        ("plaza mayor", "major"),
        ("pza del reino", "regne"),
        ("placa del regne de valencia", "regne"),
        ("semaforo estropeado en sants patrons", "sants_patrons"),
        ("ronda acequia real", "sequia_reial"),
        ("mercat", "mercat"),
        ("al mercat", "mercat"),
        ("davant del mercat", "mercat"),
        ("davant de l'hospital", "hospital"),
        ("hospitla", "hospital"),
        ("enfront de l'ajuntament hi ha un clot", "ajuntament"),
        ("al costat de l'institut parra", "ies_parra"),
        ("junto a la estación de autobuses", "estacio_autobusos"),
        ("clot al camí dels tollos", "tollos"),
    ],
)
def test_a_place_is_found_and_sure(text: str, spot: str) -> None:
    assert found(text)[:1] == [(spot, True)]


@pytest.mark.parametrize(
    ("text", "spots"),
    [
        ("cantó de Sant Roc amb Lisardo Piera", {"sant_roc", "lisardo_piera"}),
        ("prop de l'estació", {"estacio_renfe", "estacio_autobusos"}),
        ("av pompili", {"pare_pompili"}),  # there may be another that ends so
        ("carrer galdos 5", {"perez_galdos:5"}),
        ("plaça sant roc", {"sant_roc"}),  # the one that is known is a street
        ("carrer major 3", {"major:3"}),
        ("clot a l'alquerieta", {"alquerieta"}),  # a quarter is too wide
        ("a la garrofera hi ha un abocador", {"garrofera"}),
        ("em vaig trobar mal a l'hospital", {"hospital"}),
    ],
)
def test_a_place_that_may_be_meant_is_offered_and_not_taken(text: str, spots: set[str]) -> None:
    assert {spot for spot, _ in found(text)} == spots
    assert not any(sure for _, sure in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hi ha una farola fosa",
        "hi ha un problema major al carrer",
        "el mercat de treball està mal",
        "vaig a comprar al mercat i no hi ha faroles",
        "el parc està brut",
        "la clau del problema",
        "la vila està bruta",
        "els esports m'agraden",
        "he anat a gandia",
        "vivo en sueca",
        "l'ajuntament no fa res",
        "cortar la calle para descargar",
        "mas bancos en el paseo para los mayores",
        "tinc 12 anys",
        "12",
        "carrer",
        "davant de",
    ],
)
def test_a_sentence_without_a_place_names_none(text: str) -> None:
    assert found(text) == []


def test_a_spot_is_found_again_by_its_id() -> None:
    for text in ("carrer sant roc 12", "carrer sant roc 99", "plaça major", "davant del mercat"):
        spot = alzira().gazetteer.find(text)[0].spot
        assert alzira().gazetteer.spot(spot.id) == spot


@pytest.mark.parametrize(
    "identifier", ["", "gone", "gone:12", "sant_roc:", "sant_roc:12:3", "sant_roc:-1", "sant_roc:12345"]
)
def test_an_id_that_is_none_gives_no_spot_or_the_street(identifier: str) -> None:
    spot = alzira().gazetteer.spot(identifier)
    assert spot is None or spot.id == "sant_roc"


def test_a_house_has_its_own_position_if_known_else_that_of_its_street() -> None:
    gazetteer = alzira().gazetteer
    street, known, unknown = (gazetteer.spot(each) for each in ("sant_roc", "sant_roc:12", "sant_roc:99"))
    assert street
    assert known
    assert unknown
    assert (known.latitude, known.longitude) != (street.latitude, street.longitude)
    assert (unknown.latitude, unknown.longitude) == (street.latitude, street.longitude)


def test_a_label_is_in_the_citizens_language() -> None:
    spot = alzira().gazetteer.spot("major:3")
    assert spot
    assert (spot.label("ca"), spot.label("es")) == ("pl. Major, 3", "pl. Mayor, 3")
    assert Spot("a", "street", {"ca": "c/ A"}, "", None, None, "", False).label("es") == "c/ A"


def test_a_pin_is_said_by_the_nearest_place_within_reach() -> None:
    gazetteer = alzira().gazetteer
    near = gazetteer.near(39.15001, -0.43501)
    assert near
    assert near.id == "major"
    assert gazetteer.near(39.15001, -0.43501, within=0.5) is None
    assert gazetteer.near(40.0, -3.0) is None
    house = gazetteer.near(39.1491, -0.4364)
    assert house
    assert house.id == "sant_roc:12"


def test_a_place_without_coordinates_is_known_by_name_and_near_to_nothing() -> None:
    spot = alzira().gazetteer.spot("tollos")
    assert spot
    assert (spot.latitude, spot.longitude, spot.zone, spot.demo) == (None, None, "garrofera", False)


def test_every_position_of_alzira_is_marked_as_demonstration() -> None:
    assert all(place.demo for place in alzira().gazetteer.places if place.latitude is not None)


def test_an_empty_gazetteer_knows_nothing() -> None:
    empty = Gazetteer.from_content({"places": []})
    assert (empty.find("carrer sant roc 12"), empty.spot("a"), empty.near(39.15, -0.43)) == ((), None, None)


def test_the_type_and_the_small_words_are_no_part_of_a_name() -> None:
    assert name_of("Carrer de l'Hort dels Frares") == ("ort", "frares")  # as it sounds
    assert name_of("Carrer") == ("carrer",)


def large() -> Gazetteer:
    """2,000 streets of two invented words."""
    dice = random.Random(3)
    syllables = "bar ban cor mon tal ser vil por fer lan mir gol nus pal rec dor sim tur".split()

    def word() -> str:
        return "".join(dice.choices(syllables, k=dice.randint(2, 4))).capitalize()

    def street(number: int) -> dict[str, Any]:
        name = f"c/ {word()} {word()}"
        point = {"latitude": 39.15 + dice.uniform(-0.01, 0.01), "longitude": -0.435 + dice.uniform(-0.01, 0.01)}
        return {"id": f"s{number}", "kind": "street", "name": {"ca": name, "es": name}, **point}

    return Gazetteer.from_content({"places": [street(number) for number in range(2_000)]})


def test_one_street_of_two_thousand_is_found_in_a_long_sentence() -> None:
    gazetteer = large()
    name = gazetteer.places[700].name["ca"]
    text = f"bon dia, vull avisar que al {name} 15 hi ha un fanal que porta tres setmanes apagat i no es veu res"
    assert [(match.spot.id, match.sure) for match in gazetteer.find(text)][:1] == [("s700:15", True)]


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    gazetteer = alzira().gazetteer
    for match in gazetteer.find(text):
        assert gazetteer.spot(match.spot.id) == match.spot


@given(st.floats(), st.floats(), st.floats())
def test_any_pin_is_answered(latitude: float, longitude: float, within: float) -> None:
    spot = alzira().gazetteer.near(latitude, longitude, within)
    assert spot is None or spot.latitude is not None
