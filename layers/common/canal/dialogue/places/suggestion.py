"""A suggestion to the town, in the citizen's words."""

from __future__ import annotations

from canal.dialogue.report.doors import rules
from canal.incidents.case import Kind

RULES = rules(Kind.SUGGESTION)
