"""The data resources of ``template.yaml``, created in moto's server, and what each function's variables become.

The template is transformed by SAM's own translator; of the result, tables, buckets and queues go through moto's
CloudFormation. Secrets it cannot make: those are made through their API and their references replaced. Nor can it make
the staff's accounts (``local.staff``) or the address that mail comes from.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import Any

import boto3
from samtranslator.translator.transform import transform

from local import addresses
from local.template import functions, load

CREATED = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"}
STACK = "canal-local"

PARAMETERS = {
    "PhoneNumberId": addresses.PHONE_NUMBER_ID,
    "GraphUrl": addresses.GRAPH_URL,
    "Stage": "staging",
    "MailFrom": "canal@canal.test",
    "DepartmentsMail": "departaments@canal.test",
    "StaffUrl": f"{addresses.API_URL}/admin",
    "MessagesPerSecond": os.environ.get("CANAL_MESSAGES_PER_SECOND") or "70",
}
SECRETS: Mapping[str, Mapping[str, Any]] = {
    "WebhookSecret": {"app_secret": addresses.APP_SECRET, "verify_token": addresses.VERIFY_TOKEN},
    "AccessTokenSecret": {"access_token": addresses.ACCESS_TOKEN},
    "Open311KeysSecret": {"keys": {addresses.OPEN311_KEY: "local"}},
}


class NoManagedPolicies:
    """The translator asks for the account's managed policies; the template names none."""

    def load(self) -> dict[str, str]:
        return {}


def create(endpoint: str) -> dict[str, str]:
    """Create the resources at ``endpoint`` and return the environment of the functions."""
    variables = credentials(endpoint)
    os.environ.update(variables)
    source = load()
    arns = {name: secret(name, value) for name, value in SECRETS.items() if name in source["Resources"]}
    wanted = {name: value for f in functions(source) for name, value in f.variables.items()}
    stack = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": source["Parameters"],
        "Conditions": source.get("Conditions", {}),
        "Resources": data_resources(source),
        "Outputs": {output(name): {"Value": referring(value, arns)} for name, value in wanted.items()},
    }
    boto3.client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
    return variables | {names(wanted)[key]: value for key, value in deploy(stack).items()}


def credentials(endpoint: str) -> dict[str, str]:
    """What makes any AWS client talk to ``endpoint`` and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": addresses.REGION,
        "AWS_DEFAULT_REGION": addresses.REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def data_resources(source: dict[str, Any]) -> dict[str, Any]:
    """The tables, buckets and queues of the transformed template, without what only AWS itself understands."""
    parameters = {name: str(p.get("Default", "")) for name, p in source["Parameters"].items()} | PARAMETERS
    transformed = transform(uploaded(source), parameters, NoManagedPolicies())
    return {
        name: {key: resource[key] for key in ("Type", "Properties", "Condition") if key in resource}
        for name, resource in transformed["Resources"].items()
        if resource["Type"] in CREATED
    }


def uploaded(source: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the template as after an upload: the translator takes code from S3 only."""
    copy: dict[str, Any] = json.loads(json.dumps(source))
    for resource in copy["Resources"].values():
        for key in {"CodeUri", "ContentUri"} & resource.get("Properties", {}).keys():
            resource["Properties"][key] = "s3://local/code"
    return copy


def deploy(stack: dict[str, Any]) -> dict[str, str]:
    """Create the stack and return its outputs."""
    cloudformation = boto3.client("cloudformation")
    known = [{"ParameterKey": k, "ParameterValue": v} for k, v in PARAMETERS.items() if k in stack["Parameters"]]
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(stack), Parameters=known)
    made = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    if made["StackStatus"] != "CREATE_COMPLETE":
        raise SystemExit(f"the resources of template.yaml could not be created: {made['StackStatus']}")
    return {entry["OutputKey"]: entry["OutputValue"] for entry in made.get("Outputs", ())}


def secret(name: str, value: Mapping[str, Any]) -> str:
    """Make a secret and return its ARN."""
    made = boto3.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(value))
    arn: str = made["ARN"]
    return arn


def referring(value: Any, arns: Mapping[str, str]) -> Any:
    """``value`` with references to secrets replaced; the rest is CloudFormation's to resolve."""
    if isinstance(value, Mapping) and value.get("Ref") in arns:
        return arns[value["Ref"]]
    return value


def output(variable: str) -> str:
    """An output's name may hold letters and digits only."""
    return re.sub(r"[^A-Za-z0-9]", "", variable)


def names(variables: Mapping[str, Any]) -> dict[str, str]:
    return {output(name): name for name in variables}
