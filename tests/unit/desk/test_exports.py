"""Tables and map layers: nothing that a citizen writes becomes a formula, nothing is lost."""

from __future__ import annotations

import csv
import io

import pytest
from canal.desk.exports import COLUMNS, FORMULA, as_csv, as_geojson, harmless
from canal.desk.present import row
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOON, a_case

HEADER = {column: column for column in COLUMNS}


def table(words: str, separator: str = ",") -> list[list[str]]:
    rows = [row(a_case(words=words), NOON)]
    text = as_csv(rows, HEADER, lambda column, identifier: identifier, lambda moment: moment, separator)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator))


@pytest.mark.parametrize("words", ["=1+1", "+34600000099", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_a_cell_cannot_become_a_formula(words: str) -> None:
    assert harmless(words) == f"'{words}"


@given(st.text(), st.sampled_from(",;"))
def test_whatever_is_written_stays_in_its_cell_and_calculates_nothing(words: str, separator: str) -> None:
    header, line = table(words, separator)
    cell = line[header.index("words")]
    assert cell in (words, f"'{words}")
    assert not cell.lstrip(" ").startswith(FORMULA)


def test_a_west_longitude_stays_a_number() -> None:
    header, line = table("x")
    assert float(line[header.index("longitude")]) == -0.4341


def test_a_case_without_a_position_is_in_the_layer_without_geometry() -> None:
    (feature,) = as_geojson([row(a_case(position=None), NOON)]).features
    assert (feature.id, feature.geometry, feature.properties["state"]) == ("K7Q2M4XA", None, "received")
