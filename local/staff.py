"""The staff's sign-in on one machine: a Cognito pool in moto, its accounts, and the check of their tokens.

moto's CloudFormation knows no Cognito, so the pool is made through its API. The tokens are real ones: signed by the
pool's key, with the groups of whoever signed in.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from local import addresses

PASSWORD = "Canal-local-1"  # noqa: S105 - of this machine only
POOL, CLIENT = "CANAL_STAFF_POOL", "CANAL_STAFF_CLIENT"  # in the environment of the stack's processes
ROLES = ("administrator", "communications", "department")
ACCOUNTS: Mapping[str, tuple[str, ...]] = {
    "admin@canal.test": ("administrator",),
    "comunicacio@canal.test": ("communications",),
    "serveis@canal.test": ("department", "department:serveis"),
}


class NotSignedIn(Exception):
    """No token, or one that API Gateway would refuse."""


def create(departments: Iterable[str]) -> dict[str, str]:
    """Make the pool, its client, groups and accounts; gives the variables that the API needs to check tokens."""
    cognito = boto3.client("cognito-idp")
    pool = cognito.create_user_pool(
        PoolName="canal-local-staff",
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
    )["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="staff-page", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    known = {group for groups in ACCOUNTS.values() for group in groups}
    for group in sorted({*ROLES, *known, *(f"department:{name}" for name in departments)}):
        cognito.create_group(UserPoolId=pool, GroupName=group)
    for email, groups in ACCOUNTS.items():
        account(cognito, pool, email, groups)
    return {POOL: pool, CLIENT: client}


def account(cognito: Any, pool: str, email: str, groups: Iterable[str]) -> None:
    """One member of staff, who may sign in at once."""
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    cognito.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)
    for group in groups:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=group)


def sign_in(email: str, password: str) -> dict[str, Any]:
    """The tokens of an account. Raises NotSignedIn when there is no such account or the password is another."""
    try:
        answer = boto3.client("cognito-idp").initiate_auth(
            ClientId=os.environ[CLIENT],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )["AuthenticationResult"]
    except ClientError as error:
        raise NotSignedIn(error.response["Error"]["Code"]) from error
    return {
        "id_token": answer["IdToken"],
        "access_token": answer["AccessToken"],
        "refresh_token": answer["RefreshToken"],
        "expires_in": answer["ExpiresIn"],
    }


def claims_of(authorization: str) -> dict[str, str]:
    """The claims of a token as an HTTP API's JWT authorizer hands them on: all of them texts.

    ``authorization`` is the header, with or without "Bearer". Raises NotSignedIn.
    """
    kind, _, token = authorization.strip().rpartition(" ")
    if kind.lower() not in ("", "bearer") or not token:
        raise NotSignedIn("no token")
    try:
        claims = jwt.decode(token, key_set(os.environ[POOL]), algorithms=["RS256"]).claims
    except (JoseError, ValueError) as error:
        raise NotSignedIn(type(error).__name__) from error
    check(claims, os.environ[POOL], os.environ[CLIENT], time.time())
    return {name: as_text(value) for name, value in claims.items()}


def check(claims: Mapping[str, Any], pool: str, client: str, now: float) -> None:
    """Issuer, audience and hour; raises NotSignedIn. An access token names the client where others have an audience."""
    if claims.get("iss") != f"https://cognito-idp.{addresses.REGION}.amazonaws.com/{pool}":
        raise NotSignedIn("another issuer")
    if claims.get("aud", claims.get("client_id")) != client:
        raise NotSignedIn("for somebody else")
    until = claims.get("exp")
    if not isinstance(until, int | float) or until <= now:
        raise NotSignedIn("expired")


def as_text(value: Any) -> str:
    """API Gateway writes a list as "[a b]"."""
    if isinstance(value, list):
        return f"[{' '.join(map(str, value))}]"
    return json.dumps(value) if isinstance(value, bool | int | float) else str(value)


@cache
def key_set(pool: str) -> KeySet:
    """The public keys of the pool, fetched once."""
    url = f"{os.environ['AWS_ENDPOINT_URL']}/{pool}/.well-known/jwks.json"
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
        return KeySet.import_key_set(json.load(answer))
