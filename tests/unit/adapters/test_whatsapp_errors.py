"""Meta's codes in our words: the whole table of the documentation, and what is in no table."""

from __future__ import annotations

from typing import Any

import pytest
from canal.adapters.whatsapp_errors import RULES, Problem, from_code, from_response, problem_of, safe
from canal.errors import CanalError, Refused, Stopped, Temporary, Throttled, Undeliverable
from hypothesis import given
from hypothesis import strategies as st

CODES: dict[type[CanalError], set[int]] = {
    Temporary: {1, 2, 131000, 131016, 131057, 133000, 133004, 133015},
    Throttled: {4, 17, 32, 613, 80007, 130429, 131056, 132069, 133008, 133009, 133016},
    Undeliverable: {130403, 130472, 130497, 131021, 131026, 131030, 131047, 131049, 131050, 131062, 137000},
    Refused: {
        *(100, 131008, 131009, 131051, 131052, 131053, 131063, 131064),
        *(132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068),
        *(133005, 133006, 135000),
        *(2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299),
    },
    Stopped: {0, 3, 10, 33, 190, 200, 219, 299, 368, 131005, 131031, 131037, 131042, 131045, 131048, 133010},
}
EVERY_CODE = [(code, kind) for kind, codes in CODES.items() for code in sorted(codes)]


def body(code: object = 131026, **more: Any) -> dict[str, Any]:
    error = {"message": f"(#{code}) No", "type": "OAuthException", "code": code, "fbtrace_id": "Az8or2yhqkZ"}
    return {"error": error | {"error_data": {"messaging_product": "whatsapp", "details": "Not like this."}} | more}


@pytest.mark.parametrize(("code", "kind"), EVERY_CODE)
def test_every_code_is_one_kind_of_error_at_once_or_later(code: int, kind: type[CanalError]) -> None:
    assert type(from_response(400, body(code))) is kind
    assert type(from_code(code)) is kind


def test_no_code_of_the_table_is_untested() -> None:
    assert set(RULES) <= {code for code, _ in EVERY_CODE}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (403, Refused),
        (404, Refused),
        (408, Temporary),
        (429, Throttled),
        (500, Temporary),
        (503, Temporary),
    ],
)
def test_a_code_that_meta_has_yet_to_invent_goes_by_its_http_status(status: int, kind: type[CanalError]) -> None:
    assert type(from_response(status, body(999999))) is kind


@pytest.mark.parametrize(
    "answer", [None, "", "<html>Bad Gateway</html>", [], {"error": "no"}, {"error": {"code": True}}]
)
@pytest.mark.parametrize(
    ("status", "kind"), [(302, Temporary), (401, Stopped), (404, Refused), (429, Throttled), (502, Temporary)]
)
def test_an_answer_without_code_goes_by_its_http_status(answer: object, status: int, kind: type[CanalError]) -> None:
    assert type(from_response(status, answer)) is kind


def test_what_meta_calls_transient_is_tried_again() -> None:
    assert type(from_response(400, body(999999, is_transient=True))) is Temporary


def test_a_failed_status_with_a_new_code_is_final() -> None:
    assert type(from_code(999999)) is Refused
    assert type(from_code(None)) is Refused


def test_an_error_carries_its_code_details_and_trace() -> None:
    assert problem_of(from_response(400, body())) == Problem(131026, "Not like this.", "Az8or2yhqkZ", 400)
    assert str(from_response(400, body())) == "WhatsApp error 131026: Not like this. (HTTP 400) [trace Az8or2yhqkZ]"


def test_a_code_written_as_text_is_that_code() -> None:
    assert type(from_response(400, body("131056"))) is Throttled


def test_an_error_says_how_long_to_wait() -> None:
    waits = {code: found.retry_after for code in (131056, 130429, 131049) if (found := problem_of(from_code(code)))}
    assert waits == {131056: 4, 130429: 1, 131049: 24 * 3600}


@pytest.mark.parametrize(
    ("error", "details"),
    [
        ({"error_data": "plain words"}, "plain words"),
        ({"error_data": None}, "(#131026) No"),
        ({"error_data": {}, "message": None, "title": "A title"}, "A title"),
        ({"error_data": {"details": 7}, "message": ""}, ""),
    ],
)
def test_details_are_found_wherever_the_endpoint_puts_them(error: dict[str, Any], details: str) -> None:
    problem = problem_of(from_response(400, body(**error)))
    assert problem
    assert problem.details == details


def test_neither_token_nor_phone_number_gets_into_an_error() -> None:
    token = "EAAGm0PX4ZCpsBAKZCZBtoken"
    told = body(error_data={"details": f"Malformed access token {token} of +34 600 00 00 99, short-secret"})
    text = str(from_response(401, told, hide="short-secret"))
    assert token not in text
    assert "600" not in text
    assert "short-secret" not in text
    assert text.startswith("WhatsApp error 131026: Malformed access token")


@given(st.text())
def test_details_are_short_and_on_one_line(text: str) -> None:
    assert len(safe(text * 100)) <= 300
    assert "\n" not in safe(text)


def test_an_error_of_somebody_else_has_no_problem() -> None:
    assert problem_of(ValueError("no")) is None
    assert problem_of(ValueError()) is None
