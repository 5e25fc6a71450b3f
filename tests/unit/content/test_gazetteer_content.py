"""``gazetteer.csv``: a town's streets, squares and landmarks; every fault by its line, garbage included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from canal.content import gazetteer as importer
from canal.content.gazetteer import compile_gazetteer, zones_of
from canal.errors import BadContent
from canal.subjects.gazetteer import Gazetteer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ALZIRA = Path(__file__).parents[3] / "content" / "alzira"
HEAD = "id,kind,name_ca,name_es,also,number,latitude,longitude,zone,demo,source\n"
STREET = "roc,street,c/ Sant Roc,c/ San Roque,Roch|San Roc,,39.15,-0.43,,,a page\n"


def compiled(folder: Path, text: str | bytes, zones: set[str] | None = None) -> list[dict[str, Any]]:
    path = folder / "gazetteer.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    places: list[dict[str, Any]] = compile_gazetteer(path, zones)["places"]
    return places


def problems(folder: Path, text: str | bytes, zones: set[str] | None = None) -> str:
    with pytest.raises(BadContent) as caught:
        compiled(folder, text, zones)
    return "\n".join(caught.value.problems)


def test_a_street_is_read(tmp_path: Path) -> None:
    assert compiled(tmp_path, HEAD + STREET) == [
        {
            "id": "roc",
            "kind": "street",
            "name": {"ca": "c/ Sant Roc", "es": "c/ San Roque"},
            "also": ["Roch", "San Roc"],
            "zone": "",
            "latitude": 39.15,
            "longitude": -0.43,
            "source": "a page",
        }
    ]


def test_a_house_is_a_row_of_its_street_with_its_own_place(tmp_path: Path) -> None:
    (street,) = compiled(tmp_path, HEAD + "roc,,,,,12 B,39.16,-0.44,,,\n" + STREET)
    assert street["numbers"] == {"12b": [39.16, -0.44]}
    assert (street["latitude"], street["longitude"]) == (39.15, -0.43)


def test_a_street_of_houses_alone_stands_in_their_middle(tmp_path: Path) -> None:
    rows = "roc,calle,,San Roque,,1,39.1,-0.4,,,a page\nroc,calle,,San Roque,,3,39.2,-0.5,,,a page\n"
    (street,) = compiled(tmp_path, HEAD + rows)
    assert (street["latitude"], street["longitude"]) == (39.15, -0.45)
    assert sorted(street["numbers"]) == ["1", "3"]


def test_a_name_in_one_language_serves_for_both(tmp_path: Path) -> None:
    first, second = compiled(tmp_path, HEAD + "a,street,c/ A,,,,,,,,x\nb,street,,c/ B,,,,,,,x\n")
    assert (first["name"], second["name"]) == ({"ca": "c/ A", "es": "c/ A"}, {"ca": "c/ B", "es": "c/ B"})


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + STREET,
        (HEAD + STREET).replace(",", ";"),
        (HEAD + STREET).replace(",", "\t"),
        (HEAD + STREET).replace("\n", "\r\n"),
        (HEAD + STREET).replace(",", ";").replace("39.15", "39,15").replace("-0.43", "-0,43"),
        "ID;Tipus;Nom;Nombre;Altres noms;Número;Latitud;Longitud;Zona;demo;Font\n" + STREET.replace(",", ";"),
    ],
)
def test_a_sheet_is_read_however_it_was_saved(tmp_path: Path, text: str) -> None:
    assert compiled(tmp_path, text)[0]["latitude"] == 39.15


def test_older_windows_text_is_read(tmp_path: Path) -> None:
    places = compiled(tmp_path, (HEAD + "a,plaça,pl. Constitució,,,,,,,,x\n").encode("cp1252"))
    assert (places[0]["kind"], places[0]["name"]["ca"]) == ("square", "pl. Constitució")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Sant Roc,street,c/ A,,,,,,,,x", "must be 1 to 40 of a-z"),
        (",street,c/ A,,,,,,,,x", "must be 1 to 40 of a-z"),
        ("a,tunnel,c/ A,,,,,,,,x", "the kind «tunnel» is not known"),
        ("a,street,,,,,,,,,x", "the name is empty"),
        ("a,street,🙂,,,,,,,,x", "the name is empty"),
        (f"a,street,{'x' * 61},,,,,,,,x", "over 60 characters"),
        ("a,street,c/ A,,,,,,,,", "the source is empty"),
        ("a,street,c/ A,,,,39.1,,,,x", "must be degrees in Spain"),
        ("a,street,c/ A,,,,-0.43,39.1,,,x", "must be degrees in Spain"),
        ("a,street,c/ A,,,,nan,-0.4,,,x", "must be degrees in Spain"),
        ("a,street,c/ A,,,,1e400,-0.4,,,x", "must be degrees in Spain"),
        ("a,street,c/ A,,,12-14,39.1,-0.4,,,x", "the number «12-14» must be as 12"),
        ("a,street,c/ A,,,12,,,,,x", "a house needs its latitude and longitude"),
        ("a,landmark,Hospital,,,12,39.1,-0.4,,,x", "only streets and squares have house numbers"),
        ("a,street,c/ A,,,,,,moon,,x", "there is no zone «moon»; known are centre"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    told = problems(tmp_path, f"{HEAD}{STREET}{row}\n", {"centre"})
    assert "gazetteer.csv, line 3: " in told
    assert sentence in told


def test_what_stands_twice_is_told(tmp_path: Path) -> None:
    assert "line 3: the id «roc» is used twice" in problems(tmp_path, HEAD + STREET + STREET)
    house = "roc,,,,,12,39.1,-0.4,,,\n"
    assert "line 4: number 12 of «roc» stands twice" in problems(tmp_path, HEAD + STREET + house + house)


def test_zones_that_are_not_known_here_are_not_judged(tmp_path: Path) -> None:
    assert compiled(tmp_path, HEAD + "a,street,c/ A,,,,,,moon,,x\n")[0]["zone"] == "moon"


def test_a_file_without_ids_is_no_gazetteer(tmp_path: Path) -> None:
    assert "there is no column «id»" in problems(tmp_path, "street,number\nA,1\n")
    assert "there is no column «id»" in problems(tmp_path, "")


def test_a_huge_file_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "over 5,000,000 bytes" in problems(tmp_path, HEAD + "#" * 5_000_001)
    monkeypatch.setattr(importer, "MAX_ROWS", 3)
    assert "over 3 rows" in problems(tmp_path, HEAD + "".join(f"s{n},,c/ {n},,,,,,,,x\n" for n in range(4)))


def test_more_rows_than_other_tables_may_have_are_read(tmp_path: Path) -> None:
    rows = "".join(f"roc,,,,,{n},39.15,-0.43,,,\n" for n in range(1, 9_999))
    others = "".join(f"s{n},,c/ {n}a,,,,,,,,x\n" for n in range(12_000))
    assert len(compiled(tmp_path, HEAD + STREET + rows + others)) == 12_001


def test_a_town_without_the_file_has_an_empty_gazetteer(tmp_path: Path) -> None:
    assert compile_gazetteer(tmp_path / "gazetteer.csv") == {"places": []}


@pytest.mark.parametrize("text", ["zones: 5", "zones: [{id: [a]}]", "a: [", "zones:\n- {id: centre}"])
def test_the_zones_are_read_as_far_as_they_can_be(tmp_path: Path, text: str) -> None:
    path = tmp_path / "incidents.yaml"
    path.write_text(text, "utf-8")
    assert zones_of(path) in (None, set(), {"centre"}, {"['a']"})
    assert zones_of(tmp_path / "none.yaml") is None


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(lambda text: (HEAD + text).encode("utf-8", "replace"))
    | st.lists(st.lists(st.text(max_size=12), min_size=11, max_size=11), max_size=4).map(
        lambda rows: (HEAD + "\n".join(",".join(row) for row in rows)).encode("utf-8", "replace")
    )
)
def test_garbage_is_told_and_never_crashes(tmp_path: Path, raw: bytes) -> None:
    try:
        places = compiled(tmp_path, raw)
    except BadContent as fault:
        places = []
        told = fault.problems
    else:
        told = []
    assert all(problem.startswith(("gazetteer.csv", "…")) for problem in told)
    Gazetteer.from_content(json.loads(json.dumps({"places": places}))).find("carrer sant roc 12")


def test_alzira_is_read_and_says_where_each_name_comes_from() -> None:
    places = compile_gazetteer(ALZIRA / "gazetteer.csv", zones_of(ALZIRA / "incidents.yaml"))["places"]
    assert len(places) > 70
    assert all(place.get("source") for place in places)
