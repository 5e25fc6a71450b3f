"""One message template: what it is made of, and how a filled one looks on the citizen's phone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    name: str
    language: str
    category: str
    status: str
    components: tuple[Json, ...]
    parameter_format: str = "POSITIONAL"
    edited_at: tuple[float, ...] = ()
    reason: str = "NONE"
    quality: str = "UNKNOWN"

    @property
    def is_named(self) -> bool:
        return self.parameter_format == "NAMED"

    def component(self, kind: str) -> Json | None:
        return next((item for item in self.components if item["type"] == kind), None)

    @property
    def buttons(self) -> list[Json]:
        component = self.component("BUTTONS")
        return list(component["buttons"]) if component else []

    def public(self) -> Json:
        """As Meta lists it."""
        return {
            "name": self.name,
            "parameter_format": self.parameter_format,
            "components": list(self.components),
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "id": self.id,
            "quality_score": {"score": self.quality},
            **({"rejected_reason": self.reason} if self.status == "REJECTED" else {}),
        }


def variables(words: str) -> list[str]:
    """The names or numbers in {{…}}, each once, in their order."""
    return list(dict.fromkeys(VARIABLE.findall(words)))


def filled(words: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), words)


def rendered(template: Template, given: Mapping[str, Any]) -> Json:
    """A template message as the phone shows it: header, body, footer and buttons with their variables filled in."""
    components = given.get("components") or []
    numbers = range(len(template.buttons))
    shown: Json = {"buttons": [_button(template, number, components) for number in numbers]}
    for kind in ("HEADER", "BODY", "FOOTER"):
        component = template.component(kind)
        parameters = _given(components, kind.lower())
        if component and "text" in component:
            shown[kind.lower()] = filled(component["text"], _values(template, component["text"], parameters))
        elif component and parameters:
            shown["header_media"] = parameters[0]
    return shown


def _given(components: Sequence[Json], kind: str) -> list[Json]:
    return next((list(item.get("parameters", [])) for item in components if item.get("type") == kind), [])


def _values(template: Template, words: str, parameters: Sequence[Json]) -> dict[str, str]:
    if template.is_named:
        return {str(item.get("parameter_name")): str(item.get("text", "")) for item in parameters}
    texts = (str(item.get("text", "")) for item in parameters)
    return dict(zip(variables(words), texts, strict=False))


def _button(template: Template, number: int, components: Sequence[Json]) -> Json:
    button = template.buttons[number]
    mine = (item for item in components if item.get("type") == "button" and str(item.get("index")) == str(number))
    parameter: Json = next(iter(next(mine, {}).get("parameters", [])), {})
    shown = {"type": button["type"], "text": button.get("text", "")}
    match button["type"]:
        case "QUICK_REPLY":
            return shown | {"payload": parameter.get("payload", button.get("text", ""))}
        case "URL":
            return shown | {"url": VARIABLE.sub(str(parameter.get("text", "")), button["url"])}
        case "PHONE_NUMBER":
            return shown | {"phone_number": button.get("phone_number", "")}
    return shown
