"""API Gateway on one machine: which route a request is for, what its function is told, and who is let in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from local import api, staff
from local.api import Api
from local.routes import Route, most_exact_first
from local.template import Function

FUNCTION = Function("Example", Path("example.py"), "handler", {}, (), 20)


def echo(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answers with the event itself."""
    return {"statusCode": 200, "body": json.dumps(event), "headers": {"content-type": "application/json"}}


def client(*routes: tuple[str, str], for_staff: bool = False) -> Client:
    made = [Route(method, path, FUNCTION, echo, staff=for_staff) for method, path in routes]
    return Client(Api(most_exact_first(made)))


def event(client: Client, method: str, path: str, **more: Any) -> dict[str, Any]:
    response = client.open(path, method=method, **more)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    return answer


def test_a_path_written_out_comes_before_one_with_a_parameter() -> None:
    town = client(("GET", "/api/cases/{proxy+}"), ("GET", "/api/{name}"), ("GET", "/api/cases"))
    assert event(town, "GET", "/api/cases")["routeKey"] == "GET /api/cases"
    assert event(town, "GET", "/api/desk")["routeKey"] == "GET /api/{name}"
    assert event(town, "GET", "/api/cases/7/moves")["routeKey"] == "GET /api/cases/{proxy+}"


def test_a_method_of_its_own_comes_before_any() -> None:
    town = client(("ANY", "/x"), ("POST", "/x"))
    assert event(town, "POST", "/x")["routeKey"] == "POST /x"
    assert event(town, "DELETE", "/x")["routeKey"] == "ANY /x"


def test_a_dot_in_a_path_is_a_dot() -> None:
    town = client(("GET", "/api/cases.csv"))
    assert town.get("/api/cases.csv").status_code == 200
    assert town.get("/api/cases-csv").status_code == 404


def test_a_greedy_parameter_takes_the_rest_of_the_path() -> None:
    told = event(client(("ANY", "/open311/v2/{proxy+}")), "GET", "/open311/v2/requests/7.json?status=open")
    assert told["pathParameters"] == {"proxy": "requests/7.json"}
    assert told["queryStringParameters"] == {"status": "open"}


def test_a_body_that_is_no_text_is_handed_on_in_base64() -> None:
    told = event(client(("POST", "/x")), "POST", "/x", data=b"\xff\xd8", content_type="image/jpeg")
    assert (told["isBase64Encoded"], told["body"]) == (True, "/9g=")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic YTpi"])
def test_a_staff_route_answers_nobody_without_a_good_token(header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    town = client(("GET", "/api/cases"), for_staff=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff, "claims_of", refused)
        response = town.get("/api/cases", headers=headers)
    assert (response.status_code, response.get_json()) == (401, {"message": "Unauthorized"})


def refused(authorization: str) -> dict[str, str]:
    raise staff.NotSignedIn("no token")


def test_a_staff_route_is_told_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = {"email": "admin@canal.test", "cognito:groups": "[administrator]"}
    monkeypatch.setattr(staff, "claims_of", lambda authorization: claims)
    told = event(client(("GET", "/api/cases"), for_staff=True), "GET", "/api/cases")
    assert told["requestContext"]["authorizer"]["jwt"]["claims"] == claims


def test_a_public_route_is_told_of_no_claims() -> None:
    assert "authorizer" not in event(client(("GET", "/webhook")), "GET", "/webhook")["requestContext"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"email": 7, "password": "x"}', "no json"])
def test_a_sign_in_that_is_no_sign_in_is_told_so(body: str) -> None:
    assert Client(Api([])).post("/_local/sign-in", data=body).status_code == 400


def test_a_function_that_fails_is_an_internal_error() -> None:
    def broken(event: dict[str, Any], context: object) -> None:
        raise ValueError("a citizen's words")

    response = Client(Api([Route("GET", "/x", FUNCTION, broken)])).get("/x")
    assert (response.status_code, response.get_json()) == (500, {"message": "Internal Server Error"})


def test_a_body_over_ten_megabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MAX_BODY", 10)
    assert client(("POST", "/x")).post("/x", data=b"x" * 11).status_code == 413
