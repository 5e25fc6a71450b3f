"""What an address gives that is watched: an alert, many of them in a tar.gz, or an RSS or Atom index of where they are.

The content itself says which of these it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from canal.cap.alert import NAMESPACE, Alert, BadAlert
from canal.cap.reading import alert, read
from canal.cap.tarball import MOST_UNPACKED, files, is_packed
from canal.cap.xml import parsed

ATOM = "{http://www.w3.org/2005/Atom}"
MOST_INDEX = 3_000_000
CAP_TYPE = "application/cap+xml"


@dataclass(frozen=True, slots=True)
class Contents:
    """``faults``: what could not be read of it, one sentence each."""

    alerts: tuple[Alert, ...] = ()
    links: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def contents(raw: bytes, address: str, most: int = MOST_UNPACKED) -> Contents:
    """What ``raw``, which was at ``address``, holds: of an archive the first ``most`` bytes.

    Raises BadAlert if it is nothing of the kind.
    """
    if is_packed(raw):
        return _many(raw, most)
    root = parsed(raw, MOST_INDEX)
    if root.tag == f"{{{NAMESPACE}}}alert":
        return Contents((read(raw),))  # again, since the limit of an alert is lower
    if root.tag == "rss":
        return Contents(links=_addresses(map(_of_item, root.iter("item")), address))
    if root.tag == f"{ATOM}feed":
        return _of_feed(root, address)
    raise BadAlert("it is neither CAP 1.2, RSS, Atom nor tar.gz", "not_cap")


def _many(raw: bytes, most: int) -> Contents:
    alerts: list[Alert] = []
    faults: list[str] = []
    try:
        for each in files(raw, most):
            try:
                alerts.append(read(each))
            except BadAlert as fault:
                faults.append(str(fault))
    except BadAlert as fault:
        faults.append(str(fault))
    return Contents(tuple(alerts), faults=tuple(faults))


def _of_feed(root: Element, address: str) -> Contents:
    """An entry either holds its alert itself or links to it."""
    alerts: list[Alert] = []
    links: list[str] = []
    faults: list[str] = []
    for entry in root.iter(f"{ATOM}entry"):
        inner = entry.find(f"{ATOM}content/{{{NAMESPACE}}}alert")
        if inner is None:
            links.append(_of_entry(entry))
            continue
        try:
            alerts.append(alert(inner))
        except BadAlert as fault:
            faults.append(str(fault))
    return Contents(tuple(alerts), _addresses(links, address), tuple(faults))


def _of_entry(entry: Element) -> str:
    """The link that says that it is CAP, else the first that leads to the entry."""
    links = entry.findall(f"{ATOM}link")
    said = [link for link in links if link.get("type") == CAP_TYPE]
    plain = [link for link in links if link.get("rel", "alternate") in ("alternate", "enclosure", "related")]
    return next((link.get("href", "") for link in (*said, *plain)), "")


def _of_item(item: Element) -> str:
    enclosure = item.find("enclosure")
    if enclosure is not None and enclosure.get("type") == CAP_TYPE:
        return enclosure.get("url", "")
    return (item.findtext("link") or item.findtext("guid") or "").strip()


def _addresses(links: Iterable[str], address: str) -> tuple[str, ...]:
    """Whole web addresses, each once."""
    whole: dict[str, None] = {}
    for link in links:
        try:
            found = urljoin(address, link.strip()) if link.strip() else ""
        except ValueError:  # "http://[": not an address at all
            continue
        if found.startswith(("https://", "http://")):
            whole[found] = None
    return tuple(whole)
