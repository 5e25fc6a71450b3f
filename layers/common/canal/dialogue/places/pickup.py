"""The pick-up of bulky waste: which things and where; the town tells the day."""

from __future__ import annotations

from canal.dialogue.report.doors import rules
from canal.incidents.case import Kind

RULES = rules(Kind.PICKUP)
