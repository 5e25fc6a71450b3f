"""XML of others, read without trusting it: no DOCTYPE, no entities, no great size or depth."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from canal.cap.alert import BadAlert

MOST_BYTES = 1_000_000
MOST_DEPTH = 20  # CAP needs five
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")


class _Shallow(TreeBuilder):
    """Builds the tree as long as it stays shallow."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise BadAlert(f"its elements lie more than {MOST_DEPTH} deep", "too_large")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parsed(raw: bytes, most: int = MOST_BYTES) -> Element:
    """The root. Raises BadAlert."""
    if len(raw) > most:
        raise BadAlert(f"it has more than {most:,} bytes", "too_large")
    try:
        return _tree(raw)
    except ParseError:
        if not _mislabelled(raw):
            raise BadAlert("it is no well-formed XML", "not_cap") from None
    try:
        return _tree(raw, "iso-8859-1")
    except ParseError:
        raise BadAlert("it is no well-formed XML", "not_cap") from None


def _tree(raw: bytes, encoding: str | None = None) -> Element:
    parser = DefusedXMLParser(target=_Shallow(), encoding=encoding, forbid_dtd=True)
    try:
        parser.feed(raw)
        root: Element = parser.close()
        return root
    except DefusedXmlException:
        raise BadAlert("it has a DOCTYPE or entities, which no alert needs", "not_cap") from None
    except (LookupError, ValueError):
        raise BadAlert("its encoding is not known", "not_cap") from None


def _mislabelled(raw: bytes) -> bool:
    """AEMET is known to send Latin-1 under the name of UTF-8: https://github.com/rldona/aemet-mcp."""
    declared = DECLARED.match(raw[:200])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:
        return True
    return False
