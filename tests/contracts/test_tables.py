"""The models say of the tables what ``template.yaml`` says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from canal.adapters.dynamo_models import CitizenRow, IncidentRow, TurnRow
from canal.adapters.dynamo_people import BY_PHONE
from canal.adapters.notice_models import CampaignRow, DeliveryRow, NoteRow, PlanRow, SubscriptionRow, ToldRow
from pynamodb.models import Model

from tests.contracts.tables import described

MODELS: dict[str, type[Model]] = {
    "citizens": CitizenRow,
    "turns": TurnRow,
    "incidents": IncidentRow,
    "campaigns": CampaignRow,
    "subscriptions": SubscriptionRow,
    "deliveries": DeliveryRow,
}


def keys(schema: Sequence[Any]) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in schema}


@pytest.mark.parametrize("name", MODELS)
def test_a_table_has_the_keys_of_its_model(name: str) -> None:
    assert keys(MODELS[name]._get_schema()["key_schema"]) == keys(described(name)["KeySchema"])


@pytest.mark.parametrize("model", [PlanRow, ToldRow, NoteRow])
def test_what_else_stands_in_campaigns_has_its_keys(model: type[Model]) -> None:
    assert keys(model._get_schema()["key_schema"]) == keys(described("campaigns")["KeySchema"])


@pytest.mark.parametrize("name", MODELS)
def test_a_table_has_the_indexes_of_its_model_with_what_they_hold(name: str) -> None:
    deployed = {index["IndexName"]: index for index in described(name).get("GlobalSecondaryIndexes", [])}
    modelled = {index["index_name"]: index for index in MODELS[name]._get_schema()["global_secondary_indexes"]}
    assert deployed.keys() - {BY_PHONE} == modelled.keys()
    for each in modelled:
        assert keys(deployed[each]["KeySchema"]) == keys(modelled[each]["key_schema"])
        assert held(deployed[each]["Projection"]) == held(modelled[each]["projection"])


def test_the_index_that_no_model_declares_is_there_with_what_is_read_of_it() -> None:
    (index,) = described("citizens")["GlobalSecondaryIndexes"]
    assert (index["IndexName"], keys(index["KeySchema"])) == (BY_PHONE, {"HASH": "phone"})
    assert held(index["Projection"]) == ("KEYS_ONLY", [])


def held(projection: dict[str, Any]) -> tuple[str, list[str]]:
    return projection["ProjectionType"], sorted(projection.get("NonKeyAttributes", []))


@pytest.mark.parametrize("name", MODELS)
def test_what_is_a_key_is_declared_and_nothing_else_is(name: str) -> None:
    """CloudFormation refuses an attribute that no key uses."""
    table = described(name)
    schemas = [table["KeySchema"], *(index["KeySchema"] for index in table.get("GlobalSecondaryIndexes", []))]
    used = {attribute for schema in schemas for attribute in keys(schema).values()}
    assert {attribute["AttributeName"] for attribute in table["AttributeDefinitions"]} == used


def test_dynamodb_takes_as_many_attributes_in_indexes_as_we_ask_for() -> None:
    indexes = described("incidents")["GlobalSecondaryIndexes"]
    assert sum(len(index["Projection"].get("NonKeyAttributes", [])) for index in indexes) <= 100
    assert len(indexes) <= 20
