"""CAP 1.2 as it comes, read into values. What an alert must have and has not, or has twice, is told as BadAlert;
what does not matter to a notice (resources, parameters, signatures) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.etree.ElementTree import Element

from canal.cap.alert import (
    CATEGORIES,
    CERTAINTIES,
    NAMESPACE,
    RESPONSES,
    SCOPES,
    SEVERITIES,
    STATUSES,
    TYPES,
    URGENCIES,
    USUAL_CATEGORY,
    USUAL_LANGUAGE,
    Alert,
    BadAlert,
    Info,
    Reference,
)
from canal.cap.areas import area
from canal.cap.nodes import many, one, required, values
from canal.cap.text import clean, line
from canal.cap.xml import parsed

NAME = re.compile(r"[^\s,<&\x00-\x1f]{1,250}")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
YEARS = range(2000, 2100)
MOST_INFOS, MOST_REFERENCES = 100, 200
LONGEST_LINE, LONGEST_TEXT = 500, 10_000


def read(raw: bytes) -> Alert:
    """The alert in ``raw``. Raises BadAlert."""
    return alert(parsed(raw))


def alert(root: Element) -> Alert:
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise BadAlert("it is no alert in the name space of CAP 1.2", "not_cap")
    found = Alert(
        identifier=_name(root, "identifier"),
        sender=_name(root, "sender"),
        sent=_moment(required(root, "sent"), "sent"),
        status=_known(required(root, "status"), STATUSES, "status"),
        kind=_known(required(root, "msgType"), TYPES, "msgType"),
        scope=_known(required(root, "scope"), SCOPES, "scope"),
        references=_references(one(root, "references")),
        infos=tuple(map(_info, many(root, "info", MOST_INFOS))),
        note=clean(one(root, "note"), LONGEST_TEXT),
    )
    if found.kind in ("Alert", "Update") and not found.infos:
        raise BadAlert("it has no info, so it says nothing")
    if found.kind == "Cancel" and not found.references:
        raise BadAlert("it cancels, but has no references to what")
    return found


def _info(node: Element) -> Info:
    language = one(node, "language") or USUAL_LANGUAGE
    if not LANGUAGE.fullmatch(language):
        raise BadAlert("a language is no language tag")
    return Info(
        language=language,
        event=line(required(node, "event"), LONGEST_LINE),
        categories=tuple(each for each in values(node, "category") if each in CATEGORIES) or (USUAL_CATEGORY,),
        responses=tuple(each for each in values(node, "responseType") if each in RESPONSES),
        urgency=_or_unknown(required(node, "urgency"), URGENCIES),
        severity=_or_unknown(required(node, "severity"), SEVERITIES),
        certainty=_or_unknown(required(node, "certainty"), CERTAINTIES),
        effective=_maybe(node, "effective"),
        onset=_maybe(node, "onset"),
        expires=_maybe(node, "expires"),
        sender_name=line(one(node, "senderName"), LONGEST_LINE),
        headline=line(one(node, "headline"), LONGEST_LINE),
        description=clean(one(node, "description"), LONGEST_TEXT),
        instruction=clean(one(node, "instruction"), LONGEST_TEXT),
        web=_web(one(node, "web")),
        contact=line(one(node, "contact"), LONGEST_LINE),
        areas=tuple(map(area, many(node, "area", 2_000))),
    )


def _name(root: Element, name: str) -> str:
    value = required(root, name)
    if not NAME.fullmatch(value):
        raise BadAlert(f"its {name} has spaces, commas or more than 250 characters")
    return value


def _known(value: str, known: Sequence[str], name: str) -> str:
    if value not in known:
        raise BadAlert(f"its {name} is none of {', '.join(known)}")
    return value


def _or_unknown(value: str, known: Sequence[str]) -> str:
    return value if value in known else "Unknown"


def _maybe(node: Element, name: str) -> datetime | None:
    value = one(node, name)
    return _moment(value, name) if value else None


def _moment(value: str, name: str) -> datetime:
    """The hour of an alert is never guessed: it has a zone, or the alert cannot be used."""
    try:
        if MOMENT.fullmatch(value) and (found := datetime.fromisoformat(value)).year in YEARS:
            return found
    except ValueError:
        pass  # a 31 February
    raise BadAlert(f"its {name} is no moment with a zone, as 2026-11-23T18:00:00+01:00")


def _references(text: str) -> tuple[Reference, ...]:
    found = text.split()
    if len(found) > MOST_REFERENCES:
        raise BadAlert(f"it has more than {MOST_REFERENCES} references", "too_large")
    return tuple(map(_reference, found))


def _reference(text: str) -> Reference:
    pieces = text.split(",")
    if len(pieces) != 3 or not all(pieces):
        raise BadAlert("a reference is not sender,identifier,sent")
    return Reference(pieces[0], pieces[1], _moment(pieces[2], "reference"))


def _web(text: str) -> str:
    """Only an address that a browser would open; anything else is left out."""
    return text if re.fullmatch(r"https?://[^\s<>\"]{1,500}", text) else ""
