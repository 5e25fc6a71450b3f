"""What both kinds of XML feeds share."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from canal.cap.text import legal

ATOM = "http://www.w3.org/2005/Atom"
CAP = "application/cap+xml"
register_namespace("atom", ATOM)


def put(node: Element, name: str, text: str) -> Element:
    child = SubElement(node, name)
    child.text = legal(text) or None
    return child


def text_of(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode()
