"""XML and JSON of the same document. XML is what the standard asks for; JSON is its "Spark" mapping, in which a
list stands without the element around it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from canal.open311.text import clean

Value = None | bool | float | str | Sequence["Value"] | Mapping[str, "Value"]
Row = Mapping[str, Value]

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}

# What one entry of a list is called.
ENTRIES = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}


@dataclass(frozen=True, slots=True)
class Document:
    """An answer before it has a format: the name of its root element, and its rows or its one row."""

    root: str
    content: Sequence[Row] | Row


def written(document: Document, format: str) -> str:
    """The document as text, in one of TYPES."""
    return as_json(document) if format == "json" else as_xml(document)


def as_json(document: Document) -> str:
    return json.dumps(_cleaned(document.content), ensure_ascii=False, separators=(",", ":"))


def as_xml(document: Document) -> str:
    root = Element(document.root)
    _fill(root, document.content)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}'


def _fill(element: Element, value: Value) -> None:
    if isinstance(value, Mapping):
        for name, each in value.items():
            _fill(SubElement(element, name), each)
    elif isinstance(value, str):
        element.text = clean(value)
    elif isinstance(value, Sequence):
        for each in value:
            _fill(SubElement(element, ENTRIES[element.tag]), each)
    elif value is not None:
        element.text = _plain(value)


def _plain(value: bool | float) -> str:
    """No exponent in a coordinate, and XML's words for yes and no."""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").removesuffix(".")
    return str(value).lower()


def _cleaned(value: Value) -> Value:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {name: _cleaned(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_cleaned(each) for each in value]
    return value
