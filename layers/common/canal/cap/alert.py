"""A CAP message as values. ``reading`` makes one from XML, ``message`` from a campaign, ``writing`` XML from one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from canal.errors import BadInput
from canal.subjects.municipality import Outline

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

# The standard's words, in its order; the last of three is what an unknown one is read as.
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = ("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE")
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")  # the worst first
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
USUAL_CATEGORY = "Other"
USUAL_LANGUAGE = "en-US"  # what the standard takes where none is said


class BadAlert(BadInput):
    """What was given is no CAP alert that can be relied on; the message says why, without repeating it.

    ``why`` is the same in a word: faulty (something in it is wrong), not_cap, too_large; of a good one that is not ours
    elsewhere, past, not_public, tells_nothing, mild; of several, none of them ours, nothing.
    """

    def __init__(self, sentence: str, why: str = "faulty") -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True, slots=True)
class Circle:
    """WGS 84 degrees and kilometres; a radius of 0 is a point."""

    latitude: float
    longitude: float
    kilometres: float


@dataclass(frozen=True, slots=True)
class Area:
    """Part of an alert's ground. Polygons are open: their last point joins the first. Geocodes: (name, value)."""

    description: str
    polygons: tuple[Outline, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """What an alert says in one language, of one event and one time. Empty texts were not given."""

    language: str
    event: str
    categories: tuple[str, ...] = (USUAL_CATEGORY,)
    responses: tuple[str, ...] = ()
    urgency: str = "Unknown"
    severity: str = "Unknown"
    certainty: str = "Unknown"
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """What names a CAP message: its sender, its identifier with that sender, and when it was sent."""

    sender: str
    identifier: str
    sent: datetime

    @property
    def item(self) -> str:
        """Under which a campaign is told once: ``cap:<digest>``. The same moment in another zone is the same."""
        moment = self.sent.astimezone(UTC).isoformat()
        return f"cap:{blake2b(repr((self.sender, self.identifier, moment)).encode(), digest_size=8).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Alert:
    """A message. ``kind`` is its msgType: one of TYPES."""

    identifier: str
    sender: str
    sent: datetime
    status: str = "Actual"
    kind: str = "Alert"
    scope: str = "Public"
    references: tuple[Reference, ...] = ()
    infos: tuple[Info, ...] = ()
    note: str = ""

    @property
    def reference(self) -> Reference:
        return Reference(self.sender, self.identifier, self.sent)


def severer(one: str, other: str) -> bool:
    """Whether ``one`` is worse than ``other``; what is unknown is the least."""
    return SEVERITIES.index(one) < SEVERITIES.index(other)


def reaches(severity: str, least: str) -> bool:
    """Whether a severity is ``least`` or worse; nothing reaches an empty one."""
    return bool(least) and not severer(least, severity)
