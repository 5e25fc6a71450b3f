"""Template messages: the right name and language, approved, with the variables that the template asks for."""

from __future__ import annotations

import re
from typing import Any

from local.whatsapp.checks.fields import Json, a_list, an_object, length, one_of, only, text
from local.whatsapp.checks.media import check_media
from local.whatsapp.checks.world import World
from local.whatsapp.errors import GraphError
from local.whatsapp.template import Template, filled, variables

BODY = 1024
PAYLOAD = 256
UNFIT = re.compile(r"[\n\r\t]| {5,}")  # what a variable may not hold
USUAL_HEADER = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document", "LOCATION": "location"}


def check_template(message: Json, world: World) -> Template:
    """The template that ``message`` names, if everything about it is in order."""
    given = an_object(message, "template", "template")
    only(given, ("name", "language", "components"), "template")
    name = text(given, "name", "template.name", 512)
    language = an_object(given, "language", "template.language")
    only(language, ("code", "policy"), "template.language")
    code = text(language, "code", "template.language.code", 20)
    template = _usable(world.template(name, code), name, code)
    components = a_list(given, "components", "template.components") if given.get("components") else []
    _check_components(template, components, world)
    return template


def _usable(template: Template | None, name: str, code: str) -> Template:
    if template is None:
        raise GraphError(132001, f"template name ({name}) does not exist in {code}")
    if template.status == "PAUSED":
        raise GraphError(132015, f"template name ({name}) in {code} is paused because of its low quality")
    if template.status == "DISABLED":
        raise GraphError(132016, f"template name ({name}) in {code} is disabled")
    if template.status != "APPROVED":
        raise GraphError(132001, f"template name ({name}) in {code} is not approved: {template.status}")
    return template


def _check_components(template: Template, components: list[Json], world: World) -> None:
    seen: dict[str, list[Json]] = {"header": [], "body": [], "button": []}
    for component in components:
        kind = one_of(component.get("type"), tuple(seen), "template.components.type", 132018)
        seen[kind].append(component)
    if len(seen["header"]) > 1 or len(seen["body"]) > 1:
        raise GraphError(132018, "template.components holds a component twice")
    _check_header(template, seen["header"], world)
    _check_text(template, "BODY", _parameters(seen["body"]))
    _check_buttons(template, seen["button"])


def _parameters(components: list[Json]) -> list[Json]:
    """The parameters of the one component there may be."""
    if not components:
        return []
    parameters = components[0].get("parameters", [])
    if not isinstance(parameters, list) or not all(isinstance(item, dict) for item in parameters):
        raise GraphError(131009, "parameters must be a list of objects")
    return parameters


def _check_header(template: Template, components: list[Json], world: World) -> None:
    header = template.component("HEADER")
    kind = USUAL_HEADER.get(header.get("format", "TEXT")) if header else None
    parameters = _parameters(components)
    if kind is None:
        _check_text(template, "HEADER", parameters)
    elif len(parameters) != 1 or parameters[0].get("type") != kind:
        raise GraphError(132012, f"header: the template asks for one parameter of type {kind}")
    elif kind != "location":
        check_media(parameters[0], kind, f"template.header.{kind}", world)


def _check_text(template: Template, kind: str, parameters: list[Json]) -> None:
    component = template.component(kind)
    wanted = variables(component.get("text", "")) if component else []
    where = kind.lower()
    if len(parameters) != len(wanted):
        details = f"{where}: number of localizable_params ({len(parameters)}) does not match"
        raise GraphError(132000, f"{details} the expected number of params ({len(wanted)})")
    values = dict(zip(wanted, (_value(item, where) for item in parameters), strict=True))
    if template.is_named:
        values = {_name(item, wanted, where): _value(item, where) for item in parameters}
        if set(values) != set(wanted):
            raise GraphError(132012, f"{where}: a parameter_name is given twice")
    if component and length(filled(component.get("text", ""), values)) > BODY:
        raise GraphError(132005, f"{where}: the filled text is longer than {BODY} characters")


def _name(parameter: Json, wanted: list[str], where: str) -> str:
    name = parameter.get("parameter_name")
    if name not in wanted:
        raise GraphError(132012, f"{where}: parameter_name {name!r} is not one of {', '.join(wanted)}")
    return str(name)


def _value(parameter: Json, where: str) -> str:
    if parameter.get("type") not in ("text", "currency", "date_time"):
        raise GraphError(132012, f"{where}: Parameter of type text expected")
    value: Any = parameter.get("text")
    if parameter["type"] != "text":
        value = (parameter.get(parameter["type"]) or {}).get("fallback_value")
    if not isinstance(value, str) or not value.strip():
        raise GraphError(131008, f"{where}: a parameter has no text")
    if UNFIT.search(value):
        raise GraphError(
            132018, f"{where}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        )
    return value


def _check_buttons(template: Template, components: list[Json]) -> None:
    buttons = template.buttons
    filled_ones = set()
    for component in components:
        only(component, ("type", "sub_type", "index", "parameters"), "template.components.button")
        index = str(component.get("index", ""))
        if not index.isdecimal() or int(index) >= len(buttons):
            raise GraphError(132018, f"button: the template has no button with index {index!r}")
        _check_button(buttons[int(index)], component, int(index))
        filled_ones.add(int(index))
    for number, button in enumerate(buttons):
        if button["type"] == "URL" and variables(button.get("url", "")) and number not in filled_ones:
            raise GraphError(131008, f"buttons: Button at index {number} of type Url requires a parameter")


def _check_button(button: Json, component: Json, index: int) -> None:
    kind = one_of(component.get("sub_type"), ("quick_reply", "url"), "button.sub_type", 132018).upper()
    if button["type"] != kind:
        raise GraphError(132018, f"button: Button at index {index} is of type {button['type']}, not {kind}")
    parameters = _parameters([component])
    if kind == "URL" and not variables(button.get("url", "")):
        raise GraphError(132018, f"button: Button at index {index} has no variable")
    if len(parameters) != 1:
        raise GraphError(132000, f"button: Button at index {index} takes one parameter, got {len(parameters)}")
    if kind == "QUICK_REPLY":
        text(parameters[0], "payload", "button.payload", PAYLOAD)
    else:
        _value(parameters[0], "button")
