"""The elements of CAP's own name space, by their names."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from canal.cap.alert import NAMESPACE, BadAlert


def many(node: Element, name: str, most: int) -> list[Element]:
    """All children of a name. Raises BadAlert if there are more than ``most``."""
    found = node.findall(f"{{{NAMESPACE}}}{name}")
    if len(found) > most:
        raise BadAlert(f"it has more than {most} {name}")
    return found


def values(node: Element, name: str, most: int = 100) -> list[str]:
    """The texts of all children of a name."""
    return [(each.text or "").strip() for each in many(node, name, most)]


def one(node: Element, name: str) -> str:
    """The text of the only child of a name, empty if there is none. Raises BadAlert if there are two."""
    return next(iter(values(node, name, 1)), "")


def required(node: Element, name: str) -> str:
    """Raises BadAlert if it is absent or empty too."""
    value = one(node, name)
    if not value:
        raise BadAlert(f"it has no {name}")
    return value
