"""XML and JSON say the same, whatever is in it."""

from __future__ import annotations

import json

from canal.open311.formats import Document, Value, as_json, as_xml
from canal.open311.text import clean, without_markup
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from tests.open311 import as_text, plain

VALUES = st.none() | st.booleans() | st.integers(0, 999) | st.text() | st.sampled_from([39.15, -0.435, 1e-05, 40.0])
ROWS = st.lists(st.dictionaries(st.sampled_from(["description", "lat", "media_url"]), VALUES, min_size=1))


def test_a_list_is_wrapped_in_xml_and_bare_in_json() -> None:
    document = Document("services", [{"service_code": "a", "metadata": False}, {"service_code": "b", "metadata": True}])
    assert as_xml(document) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<services><service><service_code>a</service_code><metadata>false</metadata></service>"
        "<service><service_code>b</service_code><metadata>true</metadata></service></services>"
    )
    assert as_json(document) == '[{"service_code":"a","metadata":false},{"service_code":"b","metadata":true}]'


def test_what_is_not_known_is_null_and_an_empty_element() -> None:
    document = Document("service_requests", [{"address": None}])
    assert "<address />" in as_xml(document)
    assert as_json(document) == '[{"address":null}]'


def test_a_coordinate_has_no_exponent() -> None:
    assert "<long>0.00001</long>" in as_xml(Document("service_requests", [{"long": 0.00001}]))


def test_characters_that_xml_cannot_hold_are_gone_from_both() -> None:
    document = Document("errors", [{"description": "a\x00\x0b\ud800\uffffb & <c>"}])
    assert fromstring(as_xml(document))[0][0].text == "ab & <c>"
    assert json.loads(as_json(document)) == [{"description": "ab & <c>"}]


@given(ROWS)
def test_any_rows_are_the_same_in_both_formats(rows: list[dict[str, Value]]) -> None:
    document = Document("service_requests", rows)
    assert numbered(plain(fromstring(as_xml(document)))) == numbered(as_text(json.loads(as_json(document))))


def numbered(value: object) -> object:
    """Texts that are numbers as numbers: 0.00001 is 1e-05."""
    if isinstance(value, list):
        return [numbered(each) for each in value]
    if isinstance(value, dict):
        return {name: numbered(each) for name, each in value.items()}
    try:
        return float(value)  # type: ignore[arg-type]  # None is none
    except (TypeError, ValueError, OverflowError):
        return value


@given(st.text())
def test_cleaned_text_survives_xml(text: str) -> None:
    document = Document("errors", [{"description": clean(text)}])
    assert (fromstring(as_xml(document))[0][0].text or "") == clean(text)


def test_markup_is_taken_out_and_a_comparison_stays() -> None:
    assert without_markup("<b>Hi</b> ha <script src='x'>alert(1)</script>un forat") == "Hi ha alert(1)un forat"
    assert without_markup("3 < 4 i 5 > 2, t'estime <3") == "3 < 4 i 5 > 2, t'estime <3"
    assert without_markup("<scr<b>ipt>a<!-- <i> -->") == "a"


@given(st.text("<>ab/! -", max_size=200))
def test_no_tag_is_left_however_they_are_nested(text: str) -> None:
    left = without_markup(text)
    assert without_markup(left) == left
