"""The words of a notice that is made of a CAP alert. They are the sender's own; only their marks are the town's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from canal.broadcasts.campaign import Words
from canal.cap.alert import Alert, Info
from canal.cap.text import clean, line
from canal.dialogue.messages import LANGUAGES, Language
from canal.dialogue.town import Town

LONGEST_HEADLINE, LONGEST_SUMMARY, LONGEST_TEXT = 60, 470, 880  # what ``objections`` lets through, and WhatsApp
EARLY = datetime(1, 1, 1, tzinfo=UTC)


def spoken(tag: str) -> Language | None:
    """Which of the town's languages a tag means: "ca-ES-valencia" is ca."""
    return next((language for language in LANGUAGES if tag.lower().split("-")[0] == language), None)


def worded(alert: Alert, infos: Sequence[Info], language: Language, town: Town, source: str) -> Words:
    """``infos`` in one language, the earliest first, as one notice."""
    ordered = sorted(infos, key=lambda info: info.onset or EARLY)
    lead = ordered[0]
    headline = lead.headline or lead.event
    if alert.status != "Actual":
        headline = town.text("cap.test", language, headline=headline)
    said = list(dict.fromkeys(_said(info, town) for info in ordered))
    whom = town.text("cap.source", language, source=lead.sender_name or source or alert.sender)
    where = f"{whom}\n{lead.web}" if lead.web else whom
    body = clean("\n\n".join(filter(None, said)) or lead.event, LONGEST_TEXT - len(where) - 2)
    return Words(
        headline=line(headline, LONGEST_HEADLINE),
        text=f"{body}\n\n{where}",
        summary=line(f"{' '.join(filter(None, said)) or lead.event} {whom}", LONGEST_SUMMARY),
    )


def _said(info: Info, town: Town) -> str:
    """When, what, and what to do."""
    return "\n".join(filter(None, (_when(info, town), info.description, info.instruction)))


def _when(info: Info, town: Town) -> str:
    """From when to when on the town's clock, in figures that need no language; empty where the end is not said."""
    since = info.onset or info.effective
    if since is None or info.expires is None:
        return ""
    return f"🕒 {_moment(town, since)} → {_moment(town, info.expires)}"


def _moment(town: Town, moment: datetime) -> str:
    return f"{town.local(moment):%d/%m %H:%M}"
