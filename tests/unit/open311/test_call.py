"""What a call says: its path, format and arguments."""

from __future__ import annotations

import base64

import pytest
from canal.open311.call import MOST_BYTES, Arguments, Call
from canal.open311.refusal import Refusal

from tests.open311 import event


@pytest.mark.parametrize(
    ("path", "meant", "format"),
    [
        ("requests.json", "requests", "json"),
        ("requests.xml", "requests", "xml"),
        ("requests/AB.CD.json", "requests/AB.CD", "json"),
        ("requests", "", "xml"),
        ("requests.yaml", "", "xml"),
        (".json", "", "json"),
        ("", "", "xml"),
    ],
)
def test_the_format_is_the_end_of_the_path(path: str, meant: str, format: str) -> None:
    call = Call.of(event("GET", path))
    assert (call.path, call.format) == (meant, format)


def test_a_stage_before_the_path_belongs_to_the_address() -> None:
    asked = event("GET", "services.xml")
    call = Call.of({**asked, "rawPath": f"/prod{asked['rawPath']}"})
    assert (call.path, call.address) == ("services", "https://api.canal.test/prod/open311/v2")


def test_an_empty_argument_is_an_absent_one() -> None:
    arguments = Call.of(event("GET", "requests.json", "status=&page=")).arguments()
    assert arguments.many("status") == ()
    assert arguments.number("page", 1, 5) == 1


def test_a_key_in_the_address_of_a_post_is_not_read_since_addresses_are_logged() -> None:
    call = Call.of(event("POST", "requests.json", "api_key=k&jurisdiction_id=t", body="service_code=a"))
    assert call.arguments().given == {"jurisdiction_id": ["t"], "service_code": ["a"]}


def test_a_body_may_be_base64() -> None:
    asked = event("POST", "requests.json", body=base64.b64encode(b"service_code=a").decode())
    assert Call.of({**asked, "isBase64Encoded": True}).arguments().one("service_code") == "a"


@pytest.mark.parametrize(
    ("body", "encoded", "status"),
    [
        ("description=%ff%fe", False, 400),
        ("\ud800", False, 400),
        ("====a", True, 400),
        (base64.b64encode(b"\xff\xfe=a").decode(), True, 400),
        ("a" * (MOST_BYTES + 1), False, 413),
        ("&".join(f"a{n}=b" for n in range(500)), False, 400),
    ],
    ids=["escapes", "surrogate", "no base64", "no utf-8", "too long", "too many"],
)
def test_a_body_that_cannot_be_read_is_refused(body: str, encoded: bool, status: int) -> None:
    call = Call.of({**event("POST", "requests.json", body=body), "isBase64Encoded": encoded})
    with pytest.raises(Refusal) as refusal:
        call.arguments()
    assert refusal.value.status == status


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=a", "text/plain"])
def test_only_a_form_is_taken(kind: str) -> None:
    call = Call.of(event("POST", "requests.json", body="{}", headers={"Content-Type": kind}))
    with pytest.raises(Refusal, match="must be a form"):
        call.arguments()


def test_one_argument_given_twice_is_refused_unless_it_is_the_same() -> None:
    assert Arguments({"lat": ["39", "39"]}).one("lat") == "39"
    with pytest.raises(Refusal, match="more than once"):
        Arguments({"lat": ["39", "40"]}).one("lat")


def test_a_list_is_divided_by_commas_or_repeated() -> None:
    assert Arguments({"status": ["open,closed", " open ,"]}).many("status") == ("open", "closed")


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "٣", "²", "99999999999999999999", "6"])
def test_a_page_is_a_whole_number_within_its_limit(value: str) -> None:
    with pytest.raises(Refusal, match="whole number"):
        Arguments({"page": [value]}).number("page", 1, 5)
