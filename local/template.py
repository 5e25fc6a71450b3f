"""``template.yaml`` as the local stack reads it: which functions there are, what calls them, what they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "template.yaml"


@dataclass(frozen=True, slots=True)
class Function:
    """One function: its file, the variables it wants (values as the template writes them), what calls it."""

    name: str
    file: Path
    handler: str
    variables: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...]
    timeout: int  # seconds

    def called_by(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """The properties of its events of one SAM type: "HttpApi", "SQS", "ScheduleV2"."""
        return (event["Properties"] for event in self.events if event["Type"] == kind)


def load(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template as it stands in the file."""
    template: dict[str, Any] = yaml_parse(path.read_text("utf-8"))
    return template


def resolved(value: Any, parameters: Mapping[str, Mapping[str, Any]]) -> Any:
    """``value``, or the default of the parameter that it refers to (``!Ref AlertWorkers``)."""
    return parameters[value["Ref"]]["Default"] if isinstance(value, Mapping) and "Ref" in value else value


def functions(template: Mapping[str, Any]) -> list[Function]:
    """Every function of the template."""
    shared = template.get("Globals", {}).get("Function", {}).get("Environment", {}).get("Variables", {})
    return [
        function(name, resource["Properties"], shared)
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    ]


def function(name: str, properties: Mapping[str, Any], shared: Mapping[str, Any]) -> Function:
    module, handler = properties["Handler"].rsplit(".", 1)
    own = properties.get("Environment", {}).get("Variables", {})
    return Function(
        name=name,
        file=ROOT / properties["CodeUri"] / f"{module}.py",
        handler=handler,
        variables={**shared, **own},
        events=tuple(properties.get("Events", {}).values()),
        timeout=properties["Timeout"],
    )
