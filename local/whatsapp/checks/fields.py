"""The small questions that all checks ask of a JSON object: is it there, is it text, is it short enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from local.whatsapp.errors import GraphError

Json = dict[str, Any]


def length(text: str) -> int:
    """The length as WhatsApp counts it: UTF-16 code units, so an emoji is two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def only(parent: Json, allowed: Iterable[str], where: str) -> None:
    """Meta refuses misspelled keys (100)."""
    for key in parent:
        if key not in allowed:
            raise GraphError(100, f'Unexpected key "{key}" on param "{where}".')


def an_object(parent: Json, key: str, where: str) -> Json:
    value = parent.get(key)
    if value is None:
        raise GraphError(131008, f"Parameter {where} is required.")
    if not isinstance(value, dict):
        raise GraphError(131009, f"Parameter {where} must be an object.")
    return value


def a_list(parent: Json, key: str, where: str) -> list[Json]:
    """A list of objects with at least one item."""
    value = parent.get(key)
    if value is None:
        raise GraphError(131008, f"Parameter {where} is required.")
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise GraphError(131009, f"Parameter {where} must be a list of objects.")
    if not value:
        raise GraphError(131009, f"Parameter {where} must hold at least one item.")
    return value


def text(parent: Json, key: str, where: str, at_most: int, too_long: int = 131009) -> str:
    """Required text of 1 to ``at_most`` code units, not blank; ``too_long`` is Meta's code when it is longer."""
    value = parent.get(key)
    if value is None:
        raise GraphError(131008, f"Parameter {where} is required.")
    if not isinstance(value, str):
        raise GraphError(131009, f"Parameter {where} must be a string.")
    if not value.strip():
        raise GraphError(131009, f"Parameter {where} must not be empty. Min length: 1, Max length: {at_most}.")
    if length(value) > at_most:
        raise GraphError(too_long, f"Parameter {where} is too long: {length(value)}. Max length: {at_most}.")
    return value


def optional_text(parent: Json, key: str, where: str, at_most: int, too_long: int = 131009) -> str | None:
    """Text that may be absent, but not empty and not too long."""
    return text(parent, key, where, at_most, too_long) if key in parent else None


def one_of(value: object, allowed: Sequence[str], where: str, code: int = 131009) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise GraphError(code, f"Parameter {where} must be one of {', '.join(allowed)}.")
    return value


def number(parent: Json, key: str, where: str, lowest: float, highest: float) -> float:
    """A number; Meta also takes it written as a string."""
    value = parent.get(key)
    if value is None:
        raise GraphError(131008, f"Parameter {where} is required.")
    try:
        if isinstance(value, bool):
            raise ValueError
        amount = float(value)
    except (TypeError, ValueError):
        raise GraphError(131009, f"Parameter {where} must be a number.") from None
    if not lowest <= amount <= highest:
        raise GraphError(131009, f"Parameter {where} must be between {lowest:g} and {highest:g}.")
    return amount


def unique(values: Sequence[str], where: str) -> None:
    if len(set(values)) != len(values):
        raise GraphError(131009, f"Duplicated values in {where}.")


def web_address(parent: Json, key: str, where: str) -> str:
    address = text(parent, key, where, 2000)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(mark.isspace() for mark in address):
        raise GraphError(131009, f"Parameter {where} must be one http or https address.")
    return address
