"""What Meta accepts when a template is written: lengths, counts, and where a variable may stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from local.whatsapp.errors import GraphError
from local.whatsapp.template import VARIABLE, variables

NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
HEADER, BODY, FOOTER, BUTTON, BUTTONS, URL = 60, 1024, 60, 25, 10, 2000
BUTTON_TYPES = ("QUICK_REPLY", "URL", "PHONE_NUMBER", "REQUEST_CONTACT_INFO")
TTL = {"UTILITY": (30, 12 * 3600), "AUTHENTICATION": (30, 900)}


def refusal(subcode: int, details: str) -> GraphError:
    """Template faults share code 100; the subcode tells them apart."""
    return GraphError(100, details, subcode=subcode)


def check_new(body: Mapping[str, Any]) -> None:
    """Raise GraphError unless ``body`` may be created as a template."""
    if not isinstance(body.get("name"), str) or not NAME.fullmatch(body["name"]):
        raise GraphError(100, "name: lower-case letters, digits and underscores, at most 512.")
    if not isinstance(body.get("language"), str) or not LANGUAGE.fullmatch(body["language"]):
        raise GraphError(100, "language: a code such as ca, es or en_US.")
    if body.get("category") not in CATEGORIES:
        raise GraphError(100, f"category: one of {', '.join(CATEGORIES)}.")
    if str(body.get("parameter_format", "positional")).upper() not in ("POSITIONAL", "NAMED"):
        raise GraphError(100, "parameter_format: positional or named.")
    if "allow_category_change" in body:
        raise GraphError(100, 'Unexpected key "allow_category_change" on param "message_templates".')
    _check_ttl(body)
    check_components(body.get("components"))


def _check_ttl(body: Mapping[str, Any]) -> None:
    seconds = body.get("message_send_ttl_seconds")
    if seconds is None:
        return
    low, high = TTL.get(body["category"], (0, 0))
    if not isinstance(seconds, int) or not low <= seconds <= high:
        raise GraphError(100, f"message_send_ttl_seconds: between {low} and {high} for {body['category']}.")


def check_components(components: object) -> None:
    """One BODY, and each other kind at most once, each within its limits."""
    if not isinstance(components, list | tuple) or not all(isinstance(item, dict) for item in components):
        raise GraphError(100, "components: a list of objects.")
    kinds = [str(item.get("type", "")).upper() for item in components]
    if kinds.count("BODY") != 1 or len(set(kinds)) != len(kinds):
        raise GraphError(100, "components: one BODY, and each other kind at most once.")
    for kind, component in zip(kinds, components, strict=True):
        if kind not in CHECKS:
            raise GraphError(100, f"components: unknown type {kind!r}.")
        CHECKS[kind](component)


def _words(component: Mapping[str, Any], at_most: int, subcode: int) -> str:
    words = component.get("text")
    if not isinstance(words, str) or not words.strip():
        raise refusal(subcode, f"{component['type']}: text is required.")
    if len(words.encode("utf-16-le", "surrogatepass")) // 2 > at_most:
        raise refusal(2388040, f"{component['type']}: longer than {at_most} characters.")
    return words


def _check_header(component: Mapping[str, Any]) -> None:
    form = component.get("format")
    if form not in ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"):
        raise refusal(2388047, "HEADER: format must be TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.")
    if form == "TEXT" and len(variables(_words(component, HEADER, 2388047))) > 1:
        raise refusal(2388047, "HEADER: at most one variable.")


def _check_body(component: Mapping[str, Any]) -> None:
    words = _words(component, BODY, 2388072)
    wanted = variables(words)
    if wanted and "example" not in component:
        raise refusal(2388072, "BODY: an example for each variable is needed.")
    bare = words.strip()
    found = list(VARIABLE.finditer(bare))
    if found and (found[0].start() == 0 or found[-1].end() == len(bare)):
        raise refusal(2388299, "Variables can't be at the start or end of the template.")
    if re.search(r"\}\}\s*\{\{", bare):
        raise refusal(2388299, "Two variables stand side by side.")
    if len(VARIABLE.sub("", bare).split()) < 2 * len(wanted):
        raise refusal(2388293, "This template has too many variables for its length.")


def _check_footer(component: Mapping[str, Any]) -> None:
    if variables(_words(component, FOOTER, 2388073)):
        raise refusal(2388073, "FOOTER: no variables.")


def _check_buttons(component: Mapping[str, Any]) -> None:
    buttons = component.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS:
        raise GraphError(100, f"BUTTONS: 1 to {BUTTONS}.")
    kinds = [button.get("type") for button in buttons]
    if kinds.count("URL") > 2 or kinds.count("PHONE_NUMBER") > 1:
        raise GraphError(100, "BUTTONS: at most two of type URL and one of type PHONE_NUMBER.")
    for button in buttons:
        _check_button(button)


def _check_button(button: Mapping[str, Any]) -> None:
    kind = button.get("type")
    if kind not in BUTTON_TYPES:
        raise GraphError(100, f"BUTTONS: unknown type {kind!r}.")
    if kind != "REQUEST_CONTACT_INFO" and not 1 <= len(str(button.get("text", ""))) <= BUTTON:
        raise refusal(2388040, f"BUTTONS: text of 1 to {BUTTON} characters.")
    if kind == "URL" and not 1 <= len(str(button.get("url", ""))) <= URL:
        raise GraphError(100, f"BUTTONS: url of 1 to {URL} characters.")


CHECKS = {"HEADER": _check_header, "BODY": _check_body, "FOOTER": _check_footer, "BUTTONS": _check_buttons}
