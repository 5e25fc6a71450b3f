"""CAP files as they come: good ones, and every kind of bad one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from canal.cap.alert import Alert, BadAlert
from canal.cap.reading import read

from tests.alerts import sample

NAMESPACE = 'xmlns="urn:oasis:names:tc:emergency:cap:1.2"'
INFO = (
    "<info><language>es-ES</language><category>Met</category><event>Lluvia</event><urgency>Future</urgency>"
    "<severity>Severe</severity><certainty>Likely</certainty></info>"
)
HEAD = {
    "identifier": "A1",
    "sender": "avisos.example",
    "sent": "2026-11-23T10:00:00+01:00",
    "status": "Actual",
    "msgType": "Alert",
    "scope": "Public",
}


def xml(info: str = INFO, namespace: str = NAMESPACE, head: str = "", **changes: str) -> bytes:
    """An alert; a part that is changed to nothing is left out."""
    parts = "".join(f"<{name}>{value}</{name}>" for name, value in {**HEAD, **changes}.items() if value)
    return f"<alert {namespace}>{parts}{head}{info}</alert>".encode()


def with_area(area: str) -> bytes:
    return xml(INFO.replace("</info>", f"<area><areaDesc>Ribera</areaDesc>{area}</area></info>"))


def test_a_warning_in_two_languages_is_read_whole() -> None:
    alert = read(sample("rain-orange.xml"))
    assert (alert.status, alert.kind, alert.scope) == ("Actual", "Alert", "Public")
    assert [info.language for info in alert.infos] == ["es-ES", "en-GB"]
    spanish = alert.infos[0]
    assert (spanish.severity, spanish.urgency, spanish.certainty) == ("Severe", "Future", "Likely")
    assert spanish.onset == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert spanish.areas[0].geocodes == (("AEMET-Meteoalerta zona", "990001"),)
    assert len(spanish.areas[0].polygons[0]) == 4


def test_an_entity_bomb_is_refused() -> None:
    with pytest.raises(BadAlert, match="DOCTYPE"):
        read(sample("entity-bomb.xml"))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE alert>",
        '<!DOCTYPE alert SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE alert [<!ENTITY x SYSTEM "http://127.0.0.1/">]>',
    ],
)
def test_a_doctype_is_refused_even_if_it_does_nothing(doctype: str) -> None:
    with pytest.raises(BadAlert, match="DOCTYPE"):
        read(doctype.encode() + xml())


def test_what_is_too_large_is_not_even_parsed() -> None:
    with pytest.raises(BadAlert, match="1,000,000 bytes"):
        read(b"<" * 1_000_001)


def test_what_is_too_deep_is_refused() -> None:
    with pytest.raises(BadAlert, match="deep"):
        read(b"<a>" * 100_000)


@pytest.mark.parametrize("raw", [b"", b"no XML", b"<alert", b"\x00\x01", b"<a/><b/>", xml()[:-9], b"\xff\xfe<"])
def test_what_is_no_xml_is_told(raw: bytes) -> None:
    with pytest.raises(BadAlert, match="XML"):
        read(raw)


@pytest.mark.parametrize("encoding", ["utf-7", "klingon", "shift_jis"])
def test_an_encoding_that_is_not_known_is_told(encoding: str) -> None:
    with pytest.raises(BadAlert, match="encoding"):
        read(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + xml())


@pytest.mark.parametrize("namespace", ["", 'xmlns="urn:oasis:names:tc:emergency:cap:1.1"', 'xmlns="http://x"'])
def test_another_name_space_is_no_cap(namespace: str) -> None:
    with pytest.raises(BadAlert, match="name space"):
        read(xml(namespace=namespace))


@pytest.mark.parametrize("prologue", [b"", b'<?xml version="1.0" encoding="UTF-8"?>'])
def test_latin_1_under_the_name_of_utf_8_is_read_all_the_same(prologue: bytes) -> None:
    raw = prologue + xml(INFO.replace("Lluvia", "Previsión")).decode().encode("latin-1")
    assert read(raw).infos[0].event == "Previsión"


def test_honest_latin_1_and_utf_16_are_read() -> None:
    body = xml(INFO.replace("Lluvia", "Previsión")).decode()
    for name in ("iso-8859-1", "utf-16"):
        assert read(f'<?xml version="1.0" encoding="{name}"?>{body}'.encode(name)).infos[0].event == "Previsión"


def test_a_file_in_two_encodings_is_not_guessed_at_when_it_is_broken_too() -> None:
    with pytest.raises(BadAlert, match="well-formed"):
        read(b"<alert>\xe9<")


def test_without_info_an_alert_says_nothing() -> None:
    with pytest.raises(BadAlert, match="no info"):
        read(xml(""))


def test_a_cancel_needs_no_info_but_references() -> None:
    assert read(xml("", msgType="Cancel", references="s,A0,2026-11-23T09:00:00+01:00")).references[0].identifier == "A0"
    with pytest.raises(BadAlert, match="references"):
        read(xml("", msgType="Cancel"))


def test_without_a_language_it_is_english_by_the_standard() -> None:
    assert read(xml(INFO.replace("<language>es-ES</language>", ""))).infos[0].language == "en-US"


def test_a_language_that_is_no_tag_is_refused() -> None:
    with pytest.raises(BadAlert, match="language"):
        read(xml(INFO.replace("es-ES", "<b>es</b>".replace("<b>", "!").replace("</b>", "!"))))


@pytest.mark.parametrize("name", HEAD)
def test_what_an_alert_must_have_is_named_where_it_lacks(name: str) -> None:
    with pytest.raises(BadAlert, match=f"no {name}"):
        read(xml(**{name: ""}))


@pytest.mark.parametrize("name", ["event", "urgency", "severity", "certainty"])
def test_what_an_info_must_have_is_named_where_it_lacks(name: str) -> None:
    info = INFO.replace(f"<{name}>", f"<x{name}>").replace(f"</{name}>", f"</x{name}>")
    with pytest.raises(BadAlert, match=f"no {name}"):
        read(xml(info))


def test_what_stands_twice_is_not_chosen_from() -> None:
    with pytest.raises(BadAlert, match="more than 1 status"):
        read(xml(head="<status>Test</status>"))


@pytest.mark.parametrize("name", ["status", "msgType", "scope"])
def test_a_word_that_the_standard_does_not_have_is_refused_where_much_depends_on_it(name: str) -> None:
    with pytest.raises(BadAlert, match=name):
        read(xml(**{name: "Perhaps"}))


def test_an_unknown_severity_is_unknown() -> None:
    assert read(xml(INFO.replace("Severe", "Terrible"))).infos[0].severity == "Unknown"


@pytest.mark.parametrize(
    "sent",
    ["yesterday", "2026-11-23", "2026-11-23T10:00:00", "2026-02-31T10:00:00+01:00", "0001-01-01T00:00:00+14:00",
     "2026-11-23T25:00:00+01:00", "2026-11-23T10:00:00+99:00", "٢٠٢٦-11-23T10:00:00+01:00"],
)  # fmt: skip
def test_a_moment_that_is_none_is_never_guessed(sent: str) -> None:
    with pytest.raises(BadAlert, match="sent"):
        read(xml(sent=sent))
    with pytest.raises(BadAlert, match="expires"):
        read(xml(INFO.replace("</certainty>", f"</certainty><expires>{sent}</expires>")))


def test_a_z_is_understood_though_the_standard_has_none() -> None:
    assert read(xml(sent="2026-11-23T10:00:00Z")).sent == datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize("identifier", ["two words", "a,b", "a&lt;b", "x" * 251])
def test_an_identifier_that_could_not_be_referred_to_is_refused(identifier: str) -> None:
    with pytest.raises(BadAlert, match="identifier"):
        read(xml(identifier=identifier))


@pytest.mark.parametrize("references", ["A1", "a,b", "a,b,c,d", "a,b,yesterday", ",,2026-11-23T09:00:00+01:00"])
def test_a_reference_that_names_nothing_is_refused(references: str) -> None:
    with pytest.raises(BadAlert, match="reference"):
        read(xml(references=references))


@pytest.mark.parametrize(
    "shape",
    [
        "<polygon>junk</polygon>",
        "<polygon>39,0 39,1</polygon>",
        "<polygon>39,0 39,0 39,0 39,0</polygon>",
        "<polygon>39,0 nan,1 40,1</polygon>",
        "<polygon>39,0 1e999,1 40,1</polygon>",
        "<polygon>39,0 99,1 40,1</polygon>",
        "<polygon>39,0 39,1_0 40,1</polygon>",
        "<polygon>39 0 39 1 40 1</polygon>",
        f"<polygon>{'39,0 ' * 20_001}</polygon>",
        "<circle>39,0</circle>",
        "<circle>39,0 -1</circle>",
        "<circle>39,0 inf</circle>",
        "<circle>39,0 5 km</circle>",
        "<circle>x 5</circle>",
        "<geocode><valueName>a</valueName><value>b</value><value>c</value></geocode>",
    ],
)
def test_a_shape_that_cannot_be_relied_on_makes_a_bad_alert(shape: str) -> None:
    with pytest.raises(BadAlert):
        read(with_area(shape))


def test_an_open_polygon_is_closed_and_an_empty_one_is_none() -> None:
    area = read(with_area("<polygon>39,0 39,1\n40,1</polygon><polygon> </polygon><circle>39,0 12.5</circle>")).infos[0]
    assert area.areas[0].polygons == (((39.0, 0.0), (39.0, 1.0), (40.0, 1.0)),)
    assert area.areas[0].circles[0].kilometres == 12.5


def test_words_lose_what_nobody_sees_and_an_address_that_no_browser_opens() -> None:
    inside = "<headline>a\u202eb\u200b   c\n d</headline><web>javascript:alert(1)</web>"
    info = read(xml(INFO.replace("</certainty>", f"</certainty>{inside}"))).infos[0]
    assert (info.headline, info.web) == ("ab c d", "")


def test_elements_of_others_are_passed_over() -> None:
    signed: Alert = read(xml(head='<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><x/></Signature>'))
    assert signed == read(xml())
