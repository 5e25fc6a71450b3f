"""The staff's sign-in against moto's Cognito: real tokens, and whatever API Gateway would refuse."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from local import addresses, staff
from local.staff import PASSWORD, NotSignedIn, check, claims_of, sign_in

POOL, CLIENT, NOW = "eu-south-2_abc", "client", 1_800_000_000.0
GOOD = {"iss": f"https://cognito-idp.eu-south-2.amazonaws.com/{POOL}", "aud": CLIENT, "exp": NOW + 60}


@pytest.fixture(scope="module")
def pool() -> Iterator[None]:
    """A pool with the accounts of the local stack, at a server of its own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name, value in staff.create(["serveis", "parcs"]).items():
            patch.setenv(name, value)
        yield
    server.stop()


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(
    ("email", "groups"),
    [
        ("admin@canal.test", "[administrator]"),
        ("comunicacio@canal.test", "[communications]"),
        ("serveis@canal.test", "[department department:serveis]"),
    ],
)
@pytest.mark.parametrize("token", ["id_token", "access_token"])
def test_who_signs_in_is_known_with_their_groups(email: str, groups: str, token: str) -> None:
    claims = claims_of(f"Bearer {sign_in(email, PASSWORD)[token]}")
    assert sorted(claims["cognito:groups"].strip("[]").split()) == groups.strip("[]").split()
    assert claims["cognito:groups"][0] + claims["cognito:groups"][-1] == "[]"
    assert all(isinstance(value, str) for value in claims.values())


@pytest.mark.usefixtures("pool")
def test_the_identity_token_says_the_address() -> None:
    assert claims_of(sign_in("serveis@canal.test", PASSWORD)["id_token"])["email"] == "serveis@canal.test"


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(("email", "password"), [("admin@canal.test", "wrong"), ("nobody@canal.test", PASSWORD)])
def test_another_password_or_account_signs_nobody_in(email: str, password: str) -> None:
    with pytest.raises(NotSignedIn):
        sign_in(email, password)


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic YTpi", "é"])
def test_what_is_no_token_is_refused(header: str) -> None:
    with pytest.raises(NotSignedIn):
        claims_of(header)


@pytest.mark.usefixtures("pool")
def test_a_token_with_other_claims_under_the_same_signature_is_refused() -> None:
    head, body, signature = sign_in("serveis@canal.test", PASSWORD)["id_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = json.dumps({**claims, "cognito:groups": ["administrator"]}).encode()
    with pytest.raises(NotSignedIn):
        claims_of(f"Bearer {head}.{base64.urlsafe_b64encode(forged).decode().rstrip('=')}.{signature}")


@pytest.mark.usefixtures("pool")
def test_a_token_without_a_signature_is_refused() -> None:
    body = sign_in("admin@canal.test", PASSWORD)["id_token"].split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    with pytest.raises(NotSignedIn):
        claims_of(f"Bearer {head}.{body}.")


def test_issuer_audience_and_hour_are_checked() -> None:
    assert addresses.REGION == "eu-south-2"
    check(GOOD, POOL, CLIENT, NOW)


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://example.org"},
        {"iss": None},
        {"aud": "another client"},
        {"exp": NOW},
        {"exp": NOW - 1},
        {"exp": None},
        {"exp": "tomorrow"},
    ],
    ids=str,
)
def test_a_token_of_another_pool_client_or_hour_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        check({**GOOD, **other}, POOL, CLIENT, NOW)
