"""``incidents.yaml``: what can be reported, who solves it, the town's ground; every fault by its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from canal.content.ground import crosses_itself
from canal.content.incidents import compile_incidents
from canal.errors import BadContent
from canal.incidents.case import Kind
from canal.subjects.geo import metres
from canal.subjects.municipality import inside
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.towns import section

ALZIRA = Path(__file__).parents[3] / "content" / "alzira" / "incidents.yaml"
BOTH = {"ca": "a", "es": "b"}
BOX = [[39.1, -0.5], [39.2, -0.5], [39.2, -0.4], [39.1, -0.4]]
MADE_UP = {"name": BOTH, "demo": True}


def category(**other: Any) -> dict[str, Any]:
    return {
        "id": "light",
        "name": BOTH,
        "group": "street",
        "hint": BOTH,
        "words": {"ca": ["fanal"], "es": ["farola"]},
        "department": "works",
        "days": 5,
        "radius": 40,
        **other,
    }


def content(**other: Any) -> dict[str, Any]:
    return {
        "proposal": {"source": "ours"},
        "municipality": [{"id": "main", "outline": BOX, **MADE_UP}],
        "zones": [{"id": "centre", "words": {"ca": ["centre"], "es": ["centro"]}, **MADE_UP}],
        "departments": [{"id": "works", **MADE_UP}],
        "groups": [{"id": "street", "name": BOTH}],
        "categories": [category()],
        "kinds": {kind.value: {"department": "works", "days": 5} for kind in Kind},
        "reopen_days": 15,
        "escalate_after_days": 3,
        "tell": ["routed", "resolved"],
        **other,
    }


def compiled(folder: Path, **other: Any) -> dict[str, Any]:
    path = folder / "incidents.yaml"
    path.write_text(yaml.safe_dump(content(**other), allow_unicode=True), "utf-8")
    return compile_incidents(path)


def problems(folder: Path, **other: Any) -> str:
    with pytest.raises(BadContent) as caught:
        compiled(folder, **other)
    return "\n".join(caught.value.problems)


def test_a_plain_file_is_compiled(tmp_path: Path) -> None:
    made = compiled(tmp_path)
    assert made["categories"][0]["words"] == ["fanal", "farola"]
    assert made["categories"][0]["public"] is True
    assert made["zones"][0]["pieces"] == []
    assert made["municipality"][0]["outline"] == BOX
    assert (made["reopen_days"], made["tell"], made["source"]) == (15, ["routed", "resolved"], "ours")


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"department": "gone"}, "there is no «gone»; write one of works"),
        ({"group": "gone"}, "there is no «gone»; write one of street"),
        ({"by_zone": {"gone": "works"}}, "there is no zone «gone»; write one of centre"),
        ({"by_zone": {"centre": "gone"}}, "there is no «gone»; write one of works"),
        ({"name": {"ca": "x" * 25, "es": "b"}}, "has 25 characters; a list shows 24"),
        ({"name": {"ca": "a"}}, "«name» lacks text for «es»"),
        ({"hint": {"ca": "x" * 301, "es": "b"}}, "«hint» is over 300 characters"),
        ({"words": {"ca": ["fanal"], "es": []}}, "«words» lacks a list of words for «es»"),
        ({"words": {"ca": ["🙂"], "es": ["farola"]}}, "has a word without letters"),
        ({"days": 251}, "«days» must be from 0 to 250"),
        ({"days": 1.5}, "«days» must be a whole number"),
        ({"days": True}, "«days» must be a whole number"),
        ({"radius": -1}, "«radius» must be from 0 to 1000"),
        ({"public": "no"}, "«public» must be true or false"),
        ({"danger": {"ca": "a"}}, "«danger» lacks text for «es»"),
        ({"other_body": {"name": BOTH}}, "«about» is missing"),
        ({"id": "Light"}, "must be 1 to 40 of a-z"),
        ({"colour": "red"}, "«colour» is not a known key"),
    ],
)
def test_a_wrong_category_is_told_with_its_line(tmp_path: Path, other: dict[str, Any], sentence: str) -> None:
    told = problems(tmp_path, categories=[category(**other)])
    assert sentence in told
    assert "incidents.yaml, line " in told


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"categories": [category(), category()]}, "id «light» is used twice"),
        ({"categories": [category(), category(id="b")]}, "«fanal» stands under «light» and «b»"),
        ({"groups": [{"id": "street", "name": BOTH}, {"id": "empty", "name": BOTH}]}, "group «empty» has 0 categories"),
        ({"kinds": {}}, "«incident» is missing"),
        ({"tell": ["solved"]}, "there is no state «solved»"),
        ({"tell": ["received"]}, "there is no state «received» to tell of"),
        ({"reopen_days": None}, "«reopen_days» is missing"),
        ({"departments": [{"id": "works", "email": "nobody", **MADE_UP}]}, "email «nobody» must be as"),
        ({"departments": [{"id": "works", "name": BOTH}]}, "«source» is missing"),
        ({"proposal": None}, "«proposal» is missing"),
        ({"municipality": []}, "«municipality» lists nothing"),
    ],
)
def test_a_wrong_list_is_told(tmp_path: Path, other: dict[str, Any], sentence: str) -> None:
    assert sentence in problems(tmp_path, **other)


def test_a_group_holds_no_more_than_a_list_shows(tmp_path: Path) -> None:
    many = [category(id=f"c{n}", words={"ca": [f"u{n}"], "es": [f"u{n}"]}) for n in range(10)]
    assert "has 10 categories; it needs 1 to 9" in problems(tmp_path, categories=many)
    groups = [{"id": f"g{n}", "name": BOTH} for n in range(9)]
    assert "there are 9 groups; a list shows 8" in problems(tmp_path, groups=groups)


@pytest.mark.parametrize(
    ("outline", "sentence"),
    [
        (None, "«outline» is missing"),
        ([], "«outline» has 0 different corners"),
        ([[39.1, -0.5], [39.2, -0.5], [39.1, -0.5]], "has 2 different corners; it needs 3"),
        ([[-0.5, 39.1], [-0.5, 39.2], [-0.4, 39.2]], "each corner of «outline» must be [latitude, longitude] in Spain"),
        ([[39.1], [39.2, -0.5], [39.2, -0.4]], "each corner"),
        (["a", "b", "c"], "each corner"),
        ([[39.1, float("nan")], [39.2, -0.5], [39.2, -0.4]], "each corner"),
        ([[39.1, -0.5], [39.2, -0.4], [39.2, -0.5], [39.1, -0.4]], "«outline» crosses itself"),
        ("39.1, -0.5", "«outline» must be a list of corners"),
    ],
)
def test_an_outline_that_is_none_is_told(tmp_path: Path, outline: Any, sentence: str) -> None:
    assert sentence in problems(tmp_path, municipality=[{"id": "main", "outline": outline, **MADE_UP}])


def test_an_outline_closed_as_geojson_has_it_is_opened(tmp_path: Path) -> None:
    made = compiled(tmp_path, municipality=[{"id": "main", "outline": [*BOX, BOX[0]], **MADE_UP}])
    assert made["municipality"][0]["outline"] == BOX


def test_what_is_approximate_says_why(tmp_path: Path) -> None:
    rough = {"id": "main", "outline": BOX, "approximate": True, **MADE_UP}
    assert "«reason» is missing" in problems(tmp_path, municipality=[rough])
    assert compiled(tmp_path, municipality=[{**rough, "reason": "a box"}])["municipality"][0]["reason"] == "a box"


def test_a_circle_becomes_an_outline_of_that_radius(tmp_path: Path) -> None:
    around = {"latitude": 39.15, "longitude": -0.43, "metres": 400}
    zone = {"id": "centre", "words": {"ca": ["a"], "es": ["b"]}, "around": around, **MADE_UP}
    (outline,) = compiled(tmp_path, zones=[zone])["zones"][0]["pieces"]
    assert all(395 < metres(39.15, -0.43, *corner) < 405 for corner in outline)
    assert inside(outline, 39.15, -0.43)
    assert "«metres» must be from 1 to 20,000" in problems(
        tmp_path, zones=[{**zone, "around": {**around, "metres": 0}}]
    )


def test_neighbouring_sides_do_not_cross() -> None:
    assert not crosses_itself(((0, 0), (1, 0), (0, 1)))
    assert crosses_itself(((0, 0), (1, 1), (1, 0), (0, 1)))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(sorted(content())),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=4,
    )
)
def test_whatever_stands_in_the_file_it_is_compiled_or_told(tmp_path: Path, other: dict[str, Any]) -> None:
    told = []
    try:
        compiled(tmp_path, **other)
    except BadContent as fault:
        told = fault.problems
    assert all(problem.startswith("incidents.yaml") for problem in told)


def test_alzira_invents_no_address_and_claims_no_confirmation() -> None:
    made = section("incidents")
    assert [each["id"] for each in made["departments"] if "email" in each or "verified_at" in each] == []
    assert "verified_at" not in made
    assert "Proposal" in made["source"]


def test_alzira_fits_the_lists_of_a_phone() -> None:
    made = compile_incidents(ALZIRA)
    assert len(made["groups"]) <= 8  # one row is for what is in none of them, one to give up
    assert 30 <= len(made["categories"]) <= 45


def test_alzira_shows_nobody_where_people_are_or_whose_car_it_is() -> None:
    private = {each["id"] for each in section("incidents")["categories"] if each["private"] and not each["public"]}
    assert {"noise", "abandoned_vehicle", "parking", "people"} <= private


def test_alzira_warns_where_there_is_danger() -> None:
    warned = {each["id"] for each in section("incidents")["categories"] if each["danger"]}
    assert {"cables", "gas_smell", "building_risk", "burning"} <= warned
