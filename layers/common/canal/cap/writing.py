"""A CAP message as XML, in the order of elements that the standard's schema asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from canal.cap.alert import NAMESPACE, Alert, Area, Circle, Info, Reference
from canal.cap.text import legal
from canal.subjects.municipality import Outline

HEADER = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def written(alert: Alert) -> bytes:
    """UTF-8. What ``reading.read`` makes of it equals ``alert``, but for texts that it would clean."""
    root = Element("alert", xmlns=NAMESPACE)
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", moment(alert.sent))
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.kind)
    _add(root, "scope", alert.scope)
    _add(root, "note", alert.note)
    _add(root, "references", " ".join(map(reference, alert.references)))
    for info in alert.infos:
        _info(SubElement(root, "info"), info)
    return HEADER + tostring(root, encoding="unicode").encode()


def _info(node: Element, info: Info) -> None:
    _add(node, "language", info.language)
    _each(node, "category", info.categories)
    _add(node, "event", info.event)
    _each(node, "responseType", info.responses)
    _add(node, "urgency", info.urgency)
    _add(node, "severity", info.severity)
    _add(node, "certainty", info.certainty)
    for name, when in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        _add(node, name, moment(when) if when else "")
    _add(node, "senderName", info.sender_name)
    _add(node, "headline", info.headline)
    _add(node, "description", info.description)
    _add(node, "instruction", info.instruction)
    _add(node, "web", info.web)
    _add(node, "contact", info.contact)
    for area in info.areas:
        _area(SubElement(node, "area"), area)


def _area(node: Element, area: Area) -> None:
    _add(node, "areaDesc", area.description)
    _each(node, "polygon", map(polygon, area.polygons))
    _each(node, "circle", map(circle, area.circles))
    for name, value in area.geocodes:
        code = SubElement(node, "geocode")
        SubElement(code, "valueName").text = legal(name)
        SubElement(code, "value").text = legal(value)


def moment(when: datetime) -> str:
    """To the second, with a zone in figures: the standard knows no "Z", and writes UTC as -00:00."""
    text = when.isoformat(timespec="seconds")
    return f"{text.removesuffix('+00:00')}-00:00" if text.endswith("+00:00") else text


def reference(other: Reference) -> str:
    return f"{other.sender},{other.identifier},{moment(other.sent)}"


def polygon(outline: Outline) -> str:
    """Closed: the first point stands at the end again."""
    return " ".join(f"{_degrees(latitude)},{_degrees(longitude)}" for latitude, longitude in (*outline, outline[0]))


def circle(around: Circle) -> str:
    return f"{_degrees(around.latitude)},{_degrees(around.longitude)} {_degrees(around.kilometres)}"


def _degrees(value: float) -> str:
    """Without an exponent, to a tenth of a metre."""
    text = f"{value:.6f}".rstrip("0").removesuffix(".")
    return "0" if text == "-0" else text


def _each(node: Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _add(node, name, text)


def _add(node: Element, name: str, text: str) -> None:
    """What is empty is left out."""
    if text:
        SubElement(node, name).text = legal(text)
