"""Which WhatsApp Business Account a command talks to: options, the environment, or a deployed stack."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

GRAPH_URL, GRAPH_VERSION = "https://graph.facebook.com", "v26.0"
LOCAL_ACCOUNT, LOCAL_TOKEN = "100000000000001", "local-access-token"
SECRET, TABLE = "AccessTokenSecretArn", "CampaignsTable"

Clients = Callable[[str], Any]  # a boto3 client by the name of its service


class NoPlace(Exception):
    """It cannot be told where to go; the message says what to add."""


@dataclass(frozen=True, slots=True)
class Place:
    """An account at a Graph API. ``table``: where its templates' health is kept, empty where that is not reachable."""

    account: str
    token: str = field(repr=False)
    graph_url: str = GRAPH_URL
    graph_version: str = GRAPH_VERSION
    table: str = ""


def chosen(options: Namespace, environment: Mapping[str, str], clients: Clients) -> Place:
    """Where to go. An option counts over the environment, both over what the stack says. Raises NoPlace."""
    place = Place("", "")
    if options.local:
        port = environment.get("CANAL_GRAPH_PORT") or "8001"
        place = Place(LOCAL_ACCOUNT, LOCAL_TOKEN, f"http://127.0.0.1:{port}")
    elif options.stack:
        place = of_stack(options.stack, clients)
    given = {
        "account": options.account or environment.get("CANAL_ACCOUNT_ID"),
        "token": environment.get("CANAL_ACCESS_TOKEN"),
        "graph_url": options.graph_url or environment.get("CANAL_GRAPH_URL"),
        "graph_version": environment.get("CANAL_GRAPH_VERSION"),
    }
    place = replace(place, **{name: value for name, value in given.items() if value})
    if not place.token:
        raise NoPlace("There is no access token: set CANAL_ACCESS_TOKEN, or name a deployed stack with --stack.")
    if not place.account:
        raise NoPlace(
            "Which WhatsApp Business Account? Give its id with --account or CANAL_ACCOUNT_ID, or add it to the stack's "
            "secret as account_id. Meta's WhatsApp Manager shows it under Account tools."
        )
    return place


def of_stack(name: str, clients: Clients) -> Place:
    """What a deployed stack knows. Raises NoPlace where there is none, or this user may not look."""
    try:
        cloudformation = clients("cloudformation")
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
        parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
        text = clients("secretsmanager").get_secret_value(SecretId=outputs[SECRET])["SecretString"]
        asked = {"StackName": name, "LogicalResourceId": TABLE}
        table = cloudformation.describe_stack_resource(**asked)["StackResourceDetail"]["PhysicalResourceId"]
    except KeyError as error:
        raise NoPlace(f"The stack {name} has no {error.args[0]}: is it Canal's, and of this version?") from error
    except Exception as error:  # botocore's errors have no common root; none of them shows the secret
        raise NoPlace(f"The stack {name} cannot be read: {type(error).__name__}: {error}") from error
    secret = _object(text)
    return Place(
        account=str(secret.get("account_id") or ""),
        token=str(secret.get("access_token") or ""),
        graph_url=parameters.get("GraphUrl") or GRAPH_URL,
        graph_version=parameters.get("GraphVersion") or GRAPH_VERSION,
        table=table,
    )


def _object(text: str) -> dict[str, Any]:
    """The secret; nothing of what is no JSON object, without a word of it in an error."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
