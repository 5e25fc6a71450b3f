"""An incident: something broken, dirty or dangerous in the street, with a photo or words and a place."""

from __future__ import annotations

from canal.dialogue.report.doors import rules
from canal.incidents.case import Kind

RULES = rules(Kind.INCIDENT)
